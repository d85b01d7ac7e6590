"""Reminders from a list that an office keeps already: a line each, every wrong line named, nothing added twice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from core.calendar import local_date
from core.recurrence.dates import next_occurrences
from core.recurrence.reading import read_rule
from core.recurrence.result import Unclear, Unsure
from core.recurrence.saying import say_rule
from core.recurrence.stored import rule_to_json
from core.wards import fold
from handlers.desk_rules import Speaker
from handlers.reminder_draft import MOST_FIELDS, MOST_TITLE
from handlers.reminder_people import read_audience
from handlers.reminder_text import capital, first_day
from storage.models import Reminder
from storage.reminders import list_reminders
from storage.statuses import AnswerDemand


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the list: what, when, whom, and what shall be answered."""

    number: int
    what: str
    when: str
    whom: str
    answer: str = ""


@dataclass(slots=True)
class Listed:
    """What a list came to: reminders to add, those that stand already, and what is wrong with which line."""

    fresh: list[Reminder] = field(default_factory=list)
    known: int = 0
    wrong: list[tuple[int, str]] = field(default_factory=list)


def read_lines(text: str) -> list[Row]:
    """Lines of «việc; khi nào; nhắc ai; trả lời»; empty lines and those that begin with # are passed over."""
    rows = []
    for number, line in enumerate(text.splitlines(), start=1):
        cells = [cell.strip() for cell in line.split(";")]
        if line.strip() and not line.lstrip().startswith("#"):
            rows.append(Row(number, *(*cells, "", "", "", "")[:4]))
    return rows


def read_rows(caller: Speaker, rows: Iterable[Row]) -> Listed:
    """Each line as a reminder, or what is wrong with it."""
    listed = Listed()
    standing = {_same(one) for one in list_reminders(caller.session)}
    for row in rows:
        reminder = _reminder(caller, row)
        if isinstance(reminder, str):
            listed.wrong.append((row.number, reminder))
        elif _same(reminder) in standing:
            listed.known += 1
        else:
            standing.add(_same(reminder))
            listed.fresh.append(reminder)
    return listed


def _same(reminder: Reminder) -> tuple[str, str, tuple[str, ...]]:
    return fold(reminder.title), str(sorted(reminder.rule.items())), tuple(sorted(reminder.audience))


def _reminder(caller: Speaker, row: Row) -> Reminder | str:
    words, title = caller.house.words, " ".join(row.what.split())
    if not 3 <= len(title) <= MOST_TITLE:
        return words.text("reminders.bad_title", most=MOST_TITLE)
    reading = read_rule(row.when, local_date(caller.now))
    if isinstance(reading, Unclear):
        return words.text(f"recurrence.trouble.{reading.trouble}", part=reading.part)
    if isinstance(reading, Unsure):
        ways = " / ".join(capital(say_rule(rule, words)) for rule in reading.readings)
        return words.text("reminders.import.unsure", ways=ways)
    rule = reading.rule
    if not next_occurrences(rule, caller.house.calendar, first_day(rule, caller.now), 1):
        return words.text("reminders.no_dates", rule=capital(say_rule(rule, words)))
    tokens, unknown = read_audience(caller.session, caller.house, caller.staff, row.whom)
    if unknown or not tokens:
        return words.text("reminders.unknown_whom", part=unknown or row.whom)
    demand, fields = _demand(caller, row.answer)
    return Reminder(
        title=title,
        rule=rule_to_json(rule),
        audience=tokens,
        answer=demand.value,
        fields=fields,
        author_id=caller.staff.id if caller.staff else None,
        created_at=caller.now,
        since_at=caller.now,
    )


def _demand(caller: Speaker, text: str) -> tuple[AnswerDemand, list[str]]:
    """Empty or «không»: none; «có», «đã làm»: whether it is done; anything else names the figures."""
    said = fold(text)
    if not said or said in _phrases(caller, "answer_none"):
        return AnswerDemand.NONE, []
    if said in _phrases(caller, "answer_done"):
        return AnswerDemand.DONE, []
    return AnswerDemand.FIGURES, [capital(one.strip()) for one in text.split(",") if one.strip()][
        :MOST_FIELDS
    ]


def _phrases(caller: Speaker, key: str) -> set[str]:
    return {fold(line) for line in caller.words(f"reminders.typed.{key}").splitlines()}


def rows_of_table(cells: Iterable[Sequence[object]]) -> list[Row]:
    """The lines of a sheet whose first row are headings."""
    rows = []
    for number, line in enumerate(cells, start=1):
        said = [str(cell).strip() if cell is not None else "" for cell in line]
        if number > 1 and any(said):
            rows.append(Row(number, *(*said, "", "", "", "")[:4]))
    return rows
