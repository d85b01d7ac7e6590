"""Writing a reminder: what, when, whom, what is to be answered; nothing is kept before it was seen with its dates."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from core.calendar import local_date
from core.messages import Choice, Content
from core.recurrence.dates import next_occurrences
from core.recurrence.reading import read_rule
from core.recurrence.result import Trouble, Unclear, Unsure
from core.recurrence.rule import Rule
from core.recurrence.saying import say_rule
from core.recurrence.stored import rule_from_json, rule_to_json
from handlers.desk_rules import Refused
from handlers.reminder_memory import FLOW, Draft, draft_of, keep_draft
from handlers.reminder_rights import need_own, need_staff, next_date
from handlers.reminder_text import capital, describe, first_day, short_dates
from handlers.reminder_whom import check_rights, read_whom, whom_choices
from handlers.turn import Turn
from storage.models import Reminder, Staff
from storage.reminders import add_reminder
from storage.statuses import AnswerDemand

WHAT, WHEN, PICK, WHOM, ANSWER, FIELDS, PREVIEW = (
    "what",
    "when",
    "pick",
    "whom",
    "answer",
    "fields",
    "preview",
)
MOST_TITLE, MOST_FIELDS = 120, 6


def begin(turn: Turn, line: str = "") -> None:
    """A new reminder: step by step, or from one line «việc; khi nào; nhắc ai»."""
    need_staff(turn)
    turn.end()
    title, when, whom, *_ = (*(part.strip() for part in line.split(";")), "", "", "")
    draft = Draft(title=_clean(title))
    if title and not _fits(draft.title):
        draft = replace(draft, title="")
    if whom:
        draft = replace(draft, audience=tuple(read_whom(turn, whom)), answer=AnswerDemand.NONE.value)
    if not draft.title:
        keep_draft(turn, WHAT, draft)
        return _ask(turn, "reminders.bad_title" if title else "reminders.ask_what", most=MOST_TITLE)
    if when:
        return _take_when(turn, draft, when)
    return _next(turn, draft)


def edit(turn: Turn, reminder: Reminder, part: str) -> None:
    """Change one part of a reminder; the others stay as they are."""
    draft = Draft(
        title=reminder.title,
        rule=reminder.rule,
        audience=tuple(reminder.audience),
        answer=reminder.answer,
        fields=tuple(reminder.fields),
        number=reminder.id,
    )
    turn.end()
    edit_draft(turn, draft, part)


def edit_draft(turn: Turn, draft: Draft, part: str) -> None:
    """Ask for one part of the draft anew."""
    emptied = {
        WHAT: replace(draft, title=""),
        WHEN: replace(draft, rule=None),
        WHOM: replace(draft, audience=()),
        ANSWER: replace(draft, answer="", fields=()),
    }
    _next(turn, emptied.get(part, draft))


def take_words(turn: Turn) -> None:
    """What was written for the step at hand."""
    need_staff(turn)
    draft, text = draft_of(turn), turn.text
    steps: dict[str | None, Callable[[], None]] = {
        WHAT: lambda: _take_title(turn, draft, text),
        WHEN: lambda: _take_when(turn, draft, _completed(draft, text)),
        PICK: lambda: _take_when(turn, draft, text),
        WHOM: lambda: _take_whom(turn, draft, read_whom(turn, text)),
        FIELDS: lambda: _take_fields(turn, draft, text),
    }
    steps.get(turn.conversation.step, lambda: _next(turn, draft))()


def _take_title(turn: Turn, draft: Draft, text: str) -> None:
    title = _clean(text)
    if not _fits(title):
        return _ask(turn, "reminders.bad_title", most=MOST_TITLE)
    return _next(turn, replace(draft, title=title))


def _completed(draft: Draft, text: str) -> str:
    """A bare date after «trước khi hết hạn 30 và 7 ngày» is the one on which it runs out."""
    return f"{draft.line}, hết hạn {text}" if draft.line and re.fullmatch(r"\s*\d[\d/. -]*", text) else text


def _take_when(turn: Turn, draft: Draft, line: str) -> None:
    today, words = local_date(turn.now), turn.house.words
    reading = read_rule(line, today)
    if isinstance(reading, Unclear):
        kept = line if reading.trouble is Trouble.EXPIRY_DATE else ""
        keep_draft(turn, WHEN, replace(draft, rule=None, line=kept))
        said = turn.words(f"recurrence.trouble.{reading.trouble}", part=reading.part)
        helps = reading.trouble not in (Trouble.EXPIRY_DATE, Trouble.YEAR_DAY)
        lines = [said, turn.words("recurrence.trouble.examples")] if helps else [said]
        return turn.reply(Content("\n".join(lines), (_drop(turn),)))
    if isinstance(reading, Unsure):
        rules = tuple(rule_to_json(rule) for rule in reading.readings)
        keep_draft(turn, PICK, replace(draft, readings=rules))
        lines = [turn.words(f"recurrence.doubt.{reading.doubt}")]
        lines += [_pick_line(turn, number, rule) for number, rule in enumerate(reading.readings, start=1)]
        choices = [
            Choice(capital(say_rule(rule, words)), f"remind.pick:{number}")
            for number, rule in enumerate(reading.readings)
        ]
        return turn.reply(Content("\n".join(lines), (*choices, _drop(turn))))
    return _accept(turn, draft, reading.rule)


def _pick_line(turn: Turn, number: int, rule: Rule) -> str:
    dates = short_dates(rule, turn.house.calendar, first_day(rule, turn.now), 6)
    return turn.words("reminders.pick", number=number, rule=say_rule(rule, turn.house.words), dates=dates)


def pick(turn: Turn, number: int) -> None:
    """One of the readings that were offered."""
    draft = draft_of(turn)
    if not turn.in_flow(FLOW) or turn.conversation.step != PICK or number >= len(draft.readings):
        raise Refused("reminders.lost_draft")
    _accept(turn, draft, rule_from_json(draft.readings[number]))


def _accept(turn: Turn, draft: Draft, rule: Rule) -> None:
    if not next_occurrences(rule, turn.house.calendar, first_day(rule, turn.now), 1):
        keep_draft(turn, WHEN, replace(draft, rule=None, line=""))
        said = capital(say_rule(rule, turn.house.words))
        return _ask(turn, "reminders.no_dates", rule=said)
    return _next(turn, replace(draft, rule=rule_to_json(rule), readings=(), line=""))


def choose_whom(turn: Turn, token: str) -> None:
    """A tapped audience."""
    _need_draft(turn)
    check_rights(turn, [token])
    _take_whom(turn, draft_of(turn), [token])


def _take_whom(turn: Turn, draft: Draft, tokens: list[str]) -> None:
    _next(turn, replace(draft, audience=tuple(tokens)))


def choose_answer(turn: Turn, demand: str) -> None:
    """Whether an answer is asked for."""
    _need_draft(turn)
    if demand not in set(AnswerDemand):
        raise Refused("reminders.lost_draft")
    draft = replace(draft_of(turn), answer=demand)
    if demand == AnswerDemand.FIGURES:
        keep_draft(turn, FIELDS, draft)
        return _ask(turn, "reminders.ask_fields", most=MOST_FIELDS)
    return _next(turn, draft)


def _take_fields(turn: Turn, draft: Draft, text: str) -> None:
    names = [" ".join(one.split())[:40] for one in re.split(r"[,;\n]| và ", text) if one.strip()]
    if not 1 <= len(names) <= MOST_FIELDS:
        return _ask(turn, "reminders.ask_fields", most=MOST_FIELDS)
    return _next(turn, replace(draft, fields=tuple(capital(one) for one in names)))


def _need_draft(turn: Turn) -> None:
    need_staff(turn)
    if not turn.in_flow(FLOW):
        raise Refused("reminders.lost_draft")


def _next(turn: Turn, draft: Draft) -> None:
    """Ask for what is missing still; show the whole when nothing is."""
    if not draft.title:
        keep_draft(turn, WHAT, draft)
        return _ask(turn, "reminders.ask_what")
    if draft.rule is None:
        keep_draft(turn, WHEN, draft)
        lines = [turn.words("reminders.ask_when"), turn.words("recurrence.trouble.examples")]
        return turn.reply(Content("\n".join(lines), (_drop(turn),)))
    if not draft.audience:
        keep_draft(turn, WHOM, draft)
        return turn.say("reminders.ask_whom", choices=(*whom_choices(turn), _drop(turn)))
    if not draft.answer:
        keep_draft(turn, ANSWER, draft)
        choices = [turn.choice(f"reminders.demand.{one}", f"remind.answer:{one}") for one in AnswerDemand]
        return turn.say("reminders.ask_answer", choices=(*choices, _drop(turn)))
    return _preview(turn, draft)


def _preview(turn: Turn, draft: Draft) -> None:
    keep_draft(turn, PREVIEW, draft)
    turn.keep(shown=turn.inbox_id)
    lines = describe(turn.session, turn.house, draft.as_reminder(turn), turn.now)
    choices = (
        turn.choice("reminders.button.save", f"remind.save:{turn.inbox_id}"),
        turn.choice("reminders.button.edit", "remind.again"),
        _drop(turn),
    )
    turn.reply(Content("\n".join([turn.words("reminders.preview"), *lines]), choices))


def save(turn: Turn, shown: int) -> None:
    """Keep what was seen; what was changed since then is not saved by an old button."""
    staff = need_staff(turn)
    if not turn.in_flow(FLOW) or turn.conversation.step != PREVIEW or turn.data.get("shown") != shown:
        raise Refused("reminders.lost_draft")
    draft = draft_of(turn)
    check_rights(turn, list(draft.audience))
    turn.end()
    if draft.number is None:
        reminder = add_reminder(turn.session, draft.as_reminder(turn))
    else:
        reminder = _changed(turn, staff, draft)
    key = "reminders.saved" if draft.number is None else "reminders.changed"
    turn.say(key, number=reminder.id, date=next_date(turn, reminder))


def _changed(turn: Turn, staff: Staff, draft: Draft) -> Reminder:
    reminder = need_own(turn, staff, draft.number or 0)
    changed_rule = reminder.rule != draft.rule
    reminder.title, reminder.rule, reminder.audience = draft.title, draft.rule or {}, list(draft.audience)
    reminder.answer, reminder.fields = draft.answer, list(draft.fields)
    # What a new rule would have told in the past is nobody's business.
    reminder.since_at = turn.now if changed_rule else reminder.since_at
    turn.session.add(reminder)
    return reminder


def _drop(turn: Turn) -> Choice:
    return turn.choice("reminders.button.drop", "remind.drop")


def _ask(turn: Turn, key: str, **fields: object) -> None:
    turn.reply(Content(turn.words(key, **fields), (_drop(turn),)))


def _clean(text: str) -> str:
    return " ".join(text.split()).strip(" .,;:")


def _fits(title: str) -> bool:
    return 3 <= len(title) <= MOST_TITLE and any(letter.isalpha() for letter in title)
