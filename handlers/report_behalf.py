"""A report for somebody else: who it is for, how that person is reached, and whether the person agreed."""

from __future__ import annotations

from dataclasses import replace

from core.messages import Choice, Content
from core.private_numbers import NumberKind, find_private_numbers, phone_key
from handlers.desk_reading import words_after
from handlers.origin import covered
from handlers.phrases import is_said
from handlers.privacy import mask
from handlers.report_draft import FLOW, ReportDraft
from handlers.report_taken import Step, Taken, leave_choices, shorten
from handlers.turn import Turn
from storage.inbox import redact

_MAX_NAME = 60
_MOST_MISSES = 2


def asked_text(turn: Turn) -> str | None:
    """What stands behind the command, if somebody of the office begins a report for another; else None."""
    if turn.staff is None or turn.chat.is_group or turn.action is not None or not turn.text:
        return None
    if turn.text.startswith("/"):
        return words_after(turn, turn.text, "report.typed.behalf")
    # The bare words are an answer in the midst of something else.
    free = turn.conversation.flow is None and is_said(turn.text, turn.words("report.typed.behalf"))
    return "" if free else None


def settle(turn: Turn, draft: ReportDraft, agreed: str) -> ReportDraft:
    """Agreed: noted with the moment. Not asked yet: neither name nor number is kept."""
    if agreed == "yes":
        return replace(draft, settled=True, agreed_at=turn.now.isoformat())
    return replace(draft, settled=True, whose="", reach="", agreed_at="")


def written(turn: Turn, draft: ReportDraft) -> list[str]:
    """The line of the summary; the number is covered, because a screen is looked at by others, too."""
    if not draft.behalf:
        return []
    parts = [draft.whose or turn.words("report.nobody_named"), covered(draft.reach) if draft.reach else ""]
    return [turn.words("report.summary_behalf", person=", ".join(part for part in parts if part))]


def _say(turn: Turn, draft: ReportDraft, lead: str, key: str, choices: list[Choice]) -> None:
    text = turn.words(key)
    shown = (*choices, *leave_choices(turn, draft))
    turn.reply(Content(f"{lead}\n{text}" if lead else text, shown))


def _ask_whose(turn: Turn, draft: ReportDraft, lead: str) -> None:
    _say(turn, draft, lead, "report.ask_whose", [turn.choice("report.choose_no_name", "report.skip:whose")])


def _read_whose(turn: Turn, draft: ReportDraft) -> Taken:
    if is_said(turn.text, turn.words("report.typed.skip")):
        return Taken(replace(draft, named=True))
    name = mask(shorten(turn.text, _MAX_NAME), turn.words("report.masked_number"))
    return Taken(replace(draft, whose=name, named=True))


def _ask_reach(turn: Turn, draft: ReportDraft, lead: str) -> None:
    _say(turn, draft, lead, "report.ask_reach", [turn.choice("report.choose_no_reach", "report.skip:reach")])
    # A number is an answer here, never the place of a button.
    turn.ask_freely()


def _read_reach(turn: Turn, draft: ReportDraft) -> Taken:
    redact(turn.session, turn.inbox_id)
    found = [one for one in find_private_numbers(turn.text) if one.kind is NumberKind.PHONE]
    if len(found) == 1:
        return Taken(replace(draft, reach=phone_key(found[0].digits), reached=True, misses=0))
    none = f"{turn.words('report.typed.skip')}\n{turn.words('report.typed.no_reach')}"
    if is_said(turn.text, none) or draft.misses >= _MOST_MISSES:
        return Taken(replace(draft, reached=True, misses=0))
    return Taken(replace(draft, misses=draft.misses + 1), turn.words("report.reach_unclear"))


def _ask_consent(turn: Turn, draft: ReportDraft, lead: str) -> None:
    choices = [
        turn.choice("report.choose_agreed", "report.agreed:yes"),
        turn.choice("report.choose_not_agreed", "report.agreed:no"),
    ]
    _say(turn, draft, lead, "report.ask_consent", choices)


def _read_consent(turn: Turn, draft: ReportDraft) -> Taken:
    if is_said(turn.text, turn.words("report.typed.agreed")):
        return Taken(settle(turn, draft, "yes"))
    return Taken(draft, turn.words("report.consent_unclear"))


BEHALF_STEPS = (
    Step(
        "whose",
        lambda draft: draft.named or not draft.behalf,
        _ask_whose,
        _read_whose,
        lambda draft: replace(draft, named=False, whose="", settled=False),
    ),
    Step(
        "reach",
        lambda draft: draft.reached or not draft.behalf,
        _ask_reach,
        _read_reach,
        lambda draft: replace(draft, reached=False, reach="", settled=False),
    ),
    Step(
        "consent",
        lambda draft: draft.settled or not draft.behalf,
        _ask_consent,
        _read_consent,
        lambda draft: replace(draft, settled=False, agreed_at=""),
    ),
)


def is_behalf(turn: Turn) -> bool:
    """True in the midst of a report for somebody else: what it tells passes the doors like a citizen's own words."""
    return turn.in_flow(FLOW) and bool(turn.data.get("behalf"))
