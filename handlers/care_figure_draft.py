"""A figure in the making: value, day, source and certainty asked one by one, then seen as citizens will read it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from core.calendar import local_date
from core.messages import Choice, Content
from faq.days import read_date
from faq.entry import CONFIDENCES, ContentError
from faq.figure_periods import add_period, as_checked
from faq.figures import RATE, TERM, Figure, parse_figure
from faq.normalize import clean, fold
from faq.overlay import periods_from_json, periods_to_json
from handlers.care_decide import submit
from handlers.care_draft import drop_choice
from handlers.care_figures import (
    citizen_texts,
    keeper_of,
    listed,
    may_propose,
    need_office,
    period_lines,
    periods_of,
    standing_periods,
    user_lines,
)
from handlers.care_reading import read_confidence
from handlers.care_rights import LEADERS, CareRefused, keeper_name, list_deciders
from handlers.care_show import FLOW
from handlers.care_texts import read_part
from handlers.turn import Turn
from storage.knowledge import Proposal, is_known_subject, newest_number
from storage.models import KnowledgeRevision, Staff
from storage.statuses import KnowledgeKind, RevisionVerb

NAME, VALUE, SINCE, SOURCE, CONFIDENCE = (
    "figure_name",
    "figure_value",
    "figure_since",
    "figure_source",
    "figure_confidence",
)
PREVIEW = "figure_preview"
PARTS = (NAME, VALUE, SINCE, SOURCE, CONFIDENCE)
_LONGEST_VALUE, _LONGEST_KEY = 60, 30
_EARLIEST, _AHEAD = date(2000, 1, 1), timedelta(days=3 * 366)
_LETTERS = re.compile(r"[a-z]+")


def start_change(turn: Turn, key: str) -> None:
    """Another value of a figure. Raises CareRefused."""
    staff = need_office(turn)
    periods, number = standing_periods(turn, key)
    if not may_propose(turn, staff, key):
        raise CareRefused("care.other_department", department=keeper_name(turn.house, keeper_of(turn, key)))
    turn.end()
    _keep(turn, verb=RevisionVerb.EDIT.value, subject=key, base=number, figure={NAME: periods[0].name})
    _ask_next(turn)


def start_new(turn: Turn) -> None:
    """A figure that the table does not have yet."""
    need_office(turn)
    turn.end()
    _keep(turn, verb=RevisionVerb.ADD.value, subject="", base=0, figure={})
    _ask_next(turn)


def start_restore(turn: Turn, version: KnowledgeRevision) -> None:
    """The rows of an earlier version once more, as a new one. Raises CareRefused."""
    staff, key = need_office(turn), version.subject
    _, number = standing_periods(turn, key)
    if not may_propose(turn, staff, key):
        raise CareRefused("care.other_department", department=keeper_name(turn.house, keeper_of(turn, key)))
    rows = periods_to_json(as_checked(periods_of(version), local_date(turn.now)))
    turn.end()
    _keep(turn, verb=RevisionVerb.RESTORE.value, subject=key, base=number, figure={}, periods=rows)
    _preview(turn)


def ask_again(turn: Turn) -> None:
    """All of it once more."""
    data = turn.data
    if not _is_drafting(turn) or data["verb"] == RevisionVerb.RESTORE:
        raise CareRefused("care.no_draft")
    if data["verb"] == RevisionVerb.ADD:
        _keep(turn, figure={}, subject="")
    else:
        _keep(turn, figure={NAME: data["figure"][NAME]})
    _ask_next(turn)


def ask(turn: Turn, step: str, lead: str = "") -> None:
    """Ask for one part; `lead` says why it is asked once more."""
    turn.go(FLOW, step)
    choices: list[Choice] = []
    if step == CONFIDENCE:
        choices = [turn.choice(f"care.confidence.{one}", f"care.figure_sure:{one}") for one in CONFIDENCES]
    if step == SINCE:
        choices = [turn.choice("care.button.today", "care.figure_today")]
    text = turn.words(f"care.ask.{step}", name=turn.data["figure"].get(NAME, ""))
    content = "\n\n".join(part for part in (lead, text) if part)
    turn.reply(Content(content, (*choices, drop_choice(turn))))
    if step not in (CONFIDENCE, SINCE):
        turn.ask_freely()


def take(turn: Turn, step: str, text: str) -> None:
    """One part in words. Raises CareRefused for what cannot be taken."""
    if not _is_drafting(turn) or turn.conversation.step != step:
        raise CareRefused("care.no_draft")
    readers: dict[str, Callable[[], str]] = {
        NAME: lambda: str(read_part("question", text)),
        VALUE: lambda: _read_value(text),
        SINCE: lambda: _read_since(turn, text),
        SOURCE: lambda: str(read_part("source", text)),
        CONFIDENCE: lambda: read_confidence(text),
    }
    _keep(turn, figure={**turn.data["figure"], step: readers[step]()})
    _ask_next(turn)


def is_asking(turn: Turn) -> bool:
    """True while a part of a figure is asked for."""
    return _is_drafting(turn) and turn.conversation.step in PARTS


def send(turn: Turn, shown: int) -> None:
    """To a second person; an old button sends nothing. Raises CareRefused."""
    staff, data = need_office(turn), turn.data
    if not _is_drafting(turn) or turn.conversation.step != PREVIEW or data.get("shown") != shown:
        raise CareRefused("care.no_draft")
    periods, key, base = _drafted(turn), str(data["subject"]), int(data["base"])
    if newest_number(turn.session, KnowledgeKind.FIGURE, key) != base:
        turn.end()
        raise CareRefused("care.changed_meanwhile", question=periods[0].name)
    row = {"name": periods[0].name, "periods": periods_to_json(periods)}
    department = keeper_of(turn, key, staff.department or LEADERS)
    verb = RevisionVerb(data["verb"])
    submit(turn, Proposal(KnowledgeKind.FIGURE, key, verb, row, base, staff.id or 0, department))


def _ask_next(turn: Turn) -> None:
    missing = next((part for part in PARTS if part not in turn.data["figure"]), None)
    if missing is not None:
        return ask(turn, missing)
    if not turn.data["subject"]:
        _keep(turn, subject=_new_key(turn, str(turn.data["figure"][NAME])))
    return _preview(turn)


def _preview(turn: Turn) -> None:
    """The figure as it shall be, an answer with it as citizens will read it, and what must be read again."""
    periods, key = _drafted(turn), str(turn.data["subject"])
    turn.go(FLOW, PREVIEW, shown=turn.inbox_id)
    for text in citizen_texts(turn, key, periods):
        turn.reply(Content(text))
    lines = [turn.words("care.figure_preview", name=periods[0].name)]
    lines += [*listed(turn, period_lines(turn, periods)), *user_lines(turn, "care.figure_will_mark", key)]
    lines += ["", _who(turn, need_office(turn), key)]
    choices = [turn.choice("care.button.send", f"care.send_figure:{turn.inbox_id}")]
    if turn.data["verb"] != RevisionVerb.RESTORE:
        choices.append(turn.choice("care.button.again", "care.again_figure"))
    turn.reply(Content("\n".join(lines), (*choices, drop_choice(turn))))


def _who(turn: Turn, staff: Staff, key: str) -> str:
    department = keeper_of(turn, key, staff.department or LEADERS)
    people = list_deciders(turn.session, department, staff.id or 0)
    if not people:
        return turn.words("care.no_decider", owner=keeper_name(turn.house, department))
    return turn.words("care.deciders", names=", ".join(one.name for one, _ in people))


def _drafted(turn: Turn) -> tuple[Figure, ...]:
    """The rows as they shall be. Raises CareRefused."""
    data, key, today = turn.data, str(turn.data["subject"]), local_date(turn.now)
    try:
        if data["verb"] == RevisionVerb.RESTORE:
            return periods_from_json(key, data["periods"])
        told = data["figure"]
        new = parse_figure(
            {
                "key": key,
                "name": told[NAME],
                "value": told[VALUE],
                "since": date.fromisoformat(told[SINCE]),
                "source": told[SOURCE],
                "confidence": told[CONFIDENCE],
                "checked_on": today,
            },
            key,
        )
    except (ContentError, KeyError, ValueError):
        raise CareRefused("care.no_draft") from None
    old = standing_periods(turn, key)[0] if data["verb"] == RevisionVerb.EDIT else ()
    return add_period(old, new)


def _is_drafting(turn: Turn) -> bool:
    return turn.in_flow(FLOW) and "figure" in turn.data and "verb" in turn.data


def _keep(turn: Turn, **data: Any) -> None:
    turn.go(FLOW, turn.conversation.step or PREVIEW, kind=KnowledgeKind.FIGURE.value, **data)


def _read_value(text: str) -> str:
    value = " ".join(clean(text).split()).rstrip(".")
    if not 1 <= len(value) <= _LONGEST_VALUE or not (RATE.search(value) or TERM.search(value)):
        raise CareRefused("care.figure_needs_unit")
    if "{" in value or "}" in value:
        raise CareRefused("care.figure_needs_unit")
    return value


def _read_since(turn: Turn, text: str) -> str:
    today = local_date(turn.now)
    day = today if fold(text) in ("hom nay", "bay gio") else read_date(text)
    if day is None or not _EARLIEST <= day <= today + _AHEAD:
        raise CareRefused("care.figure_needs_day")
    return day.isoformat()


def _new_key(turn: Turn, name: str) -> str:
    """Readable, of letters and hyphens only as keys of figures are, and not taken."""
    key = ""
    for word in _LETTERS.findall(fold(name)):
        if len(key) + len(word) > _LONGEST_KEY:
            break
        key = f"{key}-{word}" if key else word
    key = key or "con-so"
    while turn.house.library.figures.list_periods(key) or is_known_subject(
        turn.session, KnowledgeKind.FIGURE, key
    ):
        key += "-b"
    return key
