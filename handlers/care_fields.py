"""The parts of an entry beside question and answer: steps, papers, fee, time, place, links, and the law behind it."""

from __future__ import annotations

from core.messages import Choice, Content
from handlers.care_draft import (
    FIELDS,
    ask,
    draft_row,
    drop_choice,
    field_text,
    is_drafting,
    keep_part,
    start_edit,
)
from handlers.care_rights import CareRefused
from handlers.care_show import FLOW
from handlers.turn import Turn
from storage.statuses import RevisionVerb

MENU = "parts"
_SHOWN = 120


def show_fields(turn: Turn, entry_id: str) -> None:
    """Which part? Each with what stands there now. Raises CareRefused."""
    _open(turn, entry_id)
    turn.go(FLOW, MENU)
    row = draft_row(turn)
    lines = [turn.words("care.parts", question=row.get("question", ""))]
    for field in FIELDS:
        text = " / ".join(field_text(row, field).splitlines()) or turn.words("care.part_empty")
        shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN].rstrip()}…"
        lines.append(turn.words("care.part", name=turn.words(f"care.field.{field}"), text=shown))
    subject = turn.data["subject"]
    choices = [Choice(turn.words(f"care.field.{field}"), f"care.part:{field}:{subject}") for field in FIELDS]
    turn.reply(Content("\n".join(lines), (*choices, drop_choice(turn))))


def start_field(turn: Turn, field: str, entry_id: str) -> None:
    """Ask for one part; the present text is shown to be copied. Raises CareRefused."""
    if field not in FIELDS:
        raise CareRefused("care.no_draft")
    _open(turn, entry_id)
    show_present(turn, field)
    ask(turn, field)


def show_present(turn: Turn, field: str) -> None:
    """What stands there now, as it is written, by itself in a message."""
    text = field_text(draft_row(turn), field)
    if text:
        turn.reply(Content(text))


def clear_field(turn: Turn, field: str) -> bool:
    """Leave a part out. True when the whole can be looked at."""
    if not is_drafting(turn) or turn.conversation.step != field or field not in FIELDS:
        raise CareRefused("care.no_draft")
    return keep_part(turn, field, None)


def back(turn: Turn) -> None:
    """To the choice of parts, with what was changed so far."""
    if not is_drafting(turn):
        raise CareRefused("care.no_draft")
    show_fields(turn, str(turn.data["subject"]))


def _open(turn: Turn, entry_id: str) -> None:
    """Go on with the draft of this entry, or begin one."""
    data = turn.data
    going = is_drafting(turn) and data["verb"] == RevisionVerb.EDIT
    if going and entry_id in ("", data["subject"]):
        return
    start_edit(turn, entry_id)
