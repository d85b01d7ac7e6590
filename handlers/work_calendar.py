"""/lich: days off and swapped working days, shown to everybody of the office and set by leaders, with a way back."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Final

from core.calendar import DayRule, WorkCalendar, local_date, spoken_date, spoken_moment
from core.messages import Content, MessageKind
from handlers.desk_reading import words_after
from handlers.turn import Action, Turn
from handlers.work_calendar_plan import (
    Plan,
    PlanRefused,
    Wish,
    between_words,
    checked,
    grouped,
    read_plan,
    restored,
    span_words,
)
from storage.calendar_days import add_days, list_change, list_days, list_recent, rules_of, take_turns
from storage.models import CalendarDay, Staff, Ticket
from storage.promises import list_moved, move
from storage.staff import get_staff
from storage.statuses import StaffRole

FLOW, PREVIEW = "calendar", "preview"
PREFIX: Final = "calendar."
_SHOWN_AHEAD: Final = timedelta(days=365)
_MOST_LINES, _MOST_HISTORY = 20, 60


def applies(turn: Turn) -> bool:
    """True for the command and its buttons, from somebody of the office."""
    if turn.staff is None:
        return False
    if turn.action is not None:
        return turn.action.name.startswith(PREFIX)
    return _order(turn) is not None


def respond(turn: Turn) -> None:
    """Show the days, ask before a change, do it, or take it back."""
    try:
        if turn.action is not None:
            return _tap(turn, turn.action)
        return _run(turn, _order(turn) or "")
    except PlanRefused as refused:
        if turn.in_flow(FLOW):
            turn.end()
        return turn.say(refused.key, **refused.fields)


def _run(turn: Turn, rest: str) -> None:
    if turn.in_flow(FLOW):
        turn.end()
    for wish in Wish:
        words = words_after(turn, rest, f"calendar.typed.{wish}") if rest else None
        if words is not None:
            _need_leader(turn)
            return _preview(turn, read_plan(wish, words, local_date(turn.now)))
    if rest and words_after(turn, rest, "calendar.typed.history") == "":
        return _history(turn)
    if rest:
        raise PlanRefused("calendar.how")
    return _show(turn)


def _tap(turn: Turn, action: Action) -> None:
    number = next((int(arg) for arg in action.args if arg.isdecimal()), 0)
    if action.name == "calendar.save":
        return _save(turn, number)
    if action.name == "calendar.undo":
        return _undo(turn, number)
    if action.name == "calendar.history":
        return _history(turn)
    if action.name == "calendar.drop" and turn.in_flow(FLOW):
        turn.end()
        return turn.say("calendar.dropped")
    return _show(turn)


def _show(turn: Turn) -> None:
    today = local_date(turn.now)
    groups = grouped(_calendar(turn).list_special(today, today + _SHOWN_AHEAD))[:_MOST_LINES]
    lines = [
        turn.words("calendar.head" if groups else "calendar.none"),
        *(_line(turn, group) for group in groups),
    ]
    if any(not group[0].confirmed for group in groups):
        lines.append(turn.words("calendar.unconfirmed_why"))
    leads = turn.staff is not None and turn.staff.role == StaffRole.LEADER
    lines.append(turn.words("calendar.how_leader" if leads else "calendar.how_others"))
    turn.reply(Content("\n".join(lines), (turn.choice("calendar.button.history", "calendar.history"),)))


def _line(turn: Turn, group: Sequence[DayRule]) -> str:
    rule = group[0]
    key = "calendar.line_work" if rule.working else "calendar.line_off"
    line = turn.words(key, days=between_words(rule.on, group[-1].on), reason=rule.reason or "–")
    return line if rule.confirmed else turn.words("calendar.line_unconfirmed", line=line)


def _preview(turn: Turn, wanted: Plan) -> None:
    rows = list_days(turn.session)
    plan = checked(_with_reason(turn, wanted), _calendar(turn), local_date(turn.now))
    count = len(_moved(turn, [*rows, *_rows(turn, plan)]))
    turn.go(FLOW, PREVIEW, **plan.stored(), shown=turn.inbox_id)
    choices = (
        turn.choice("calendar.button.save", f"calendar.save:{turn.inbox_id}"),
        turn.choice("calendar.button.drop", "calendar.drop"),
    )
    lines = [
        turn.words(f"calendar.preview_{plan.wish}"),
        *_day_lines(turn, plan),
        turn.words("calendar.preview_tickets", count=count),
    ]
    turn.reply(Content("\n".join(lines), choices))


def _day_lines(turn: Turn, plan: Plan) -> list[str]:
    """Each run of days that change, and how many within the span are so already."""
    rules = [DayRule(day, plan.wish is Wish.WORK, plan.reason) for day in plan.days]
    lines = [
        turn.words("calendar.preview_days", days=between_words(group[0].on, group[-1].on), count=len(group))
        for group in grouped(rules)
    ]
    if plan.wish is not Wish.DROP:
        lines.append(turn.words("calendar.preview_reason", reason=plan.reason))
    same = (plan.last - plan.first).days + 1 - len(plan.days)
    if same:
        lines.append(turn.words(f"calendar.preview_same_{plan.wish}", count=same))
    return lines


def _save(turn: Turn, shown: int) -> None:
    _need_leader(turn)
    data = turn.data
    if not turn.in_flow(FLOW) or data.get("shown") != shown:
        raise PlanRefused("calendar.no_draft")
    take_turns(turn.session)
    plan = checked(restored(data), _calendar(turn), local_date(turn.now))
    turn.end()
    number, count = _write(turn, _rows(turn, plan))
    choices = (
        turn.choice("calendar.button.undo", f"calendar.undo:{number}"),
        turn.choice("calendar.button.show", "calendar.show"),
    )
    turn.say(f"calendar.saved_{plan.wish}", choices=choices, days=span_words(plan), count=count)


def _undo(turn: Turn, number: int) -> None:
    """Each day is again what it was before that change, unless somebody has changed it since."""
    _need_leader(turn)
    take_turns(turn.session)
    change, rows = list_change(turn.session, number), list_days(turn.session)
    newest = {row.day_on: row for row in rows}
    today = local_date(turn.now)
    if not change:
        raise PlanRefused("calendar.no_draft")
    if any(newest[row.day_on].id != row.id for row in change):
        raise PlanRefused("calendar.changed_since")
    if change[0].day_on < today:
        raise PlanRefused("calendar.past", day=spoken_date(change[0].day_on))
    earlier = {row.day_on: row for row in rows if (row.id or 0) < number}
    _, count = _write(turn, [_as_before(turn, row.day_on, earlier.get(row.day_on)) for row in change])
    days = between_words(change[0].day_on, change[-1].day_on)
    show = turn.choice("calendar.button.show", "calendar.show")
    turn.say("calendar.undone", choices=(show,), days=days, count=count)


def _as_before(turn: Turn, day: date, earlier: CalendarDay | None) -> CalendarDay:
    if earlier is None or earlier.working is None:
        return _row(turn, day, None, turn.words("calendar.reason_undo"))
    return _row(turn, day, earlier.working, earlier.reason)


def _history(turn: Turn) -> None:
    rows = list_recent(turn.session, _MOST_HISTORY)
    if not rows:
        return turn.say("calendar.history_none")
    lines = [turn.words("calendar.history_head")]
    for (_, author), group in groupby(rows, key=lambda row: (row.created_at, row.author_id)):
        change = sorted(group, key=lambda row: row.day_on)
        row = change[0]
        verb = "drop" if row.working is None else "work" if row.working else "off"
        lines.append(
            turn.words(
                f"calendar.history_{verb}",
                when=spoken_moment(row.created_at),
                name=get_staff(turn.session, author).name,
                days=between_words(row.day_on, change[-1].day_on),
                reason=row.reason,
            )
        )
    show = turn.choice("calendar.button.show", "calendar.show")
    return turn.reply(Content("\n".join(lines[: _MOST_LINES + 1]), (show,)))


def _write(turn: Turn, rows: Sequence[CalendarDay]) -> tuple[int, int]:
    """Keep the days and move the open tickets; the number of the change and how many tickets moved."""
    number = add_days(turn.session, rows)
    moved = _moved(turn, list_days(turn.session))
    move(turn.session, moved)
    turn.changed_knowledge = True
    return number, len(moved)


def _moved(turn: Turn, rows: Sequence[CalendarDay]) -> list[tuple[Ticket, datetime]]:
    hourly = [one.key for one in turn.house.ward.categories if one.deadline_hours is not None]
    return list_moved(turn.session, turn.house.calendar, rows, hourly, turn.now)


def _calendar(turn: Turn) -> WorkCalendar:
    """As the books have it at this moment: another replica may have written a second ago."""
    return turn.house.calendar.with_own(rules_of(list_days(turn.session)))


def _rows(turn: Turn, plan: Plan) -> list[CalendarDay]:
    working = None if plan.wish is Wish.DROP else plan.wish is Wish.WORK
    return [_row(turn, day, working, plan.reason) for day in plan.days]


def _row(turn: Turn, day: date, working: bool | None, reason: str) -> CalendarDay:
    staff = _need_leader(turn)
    return CalendarDay(
        day_on=day, working=working, reason=reason, author_id=staff.id or 0, created_at=turn.now
    )


def _with_reason(turn: Turn, plan: Plan) -> Plan:
    return plan if plan.reason else replace(plan, reason=turn.words(f"calendar.reason_{plan.wish}"))


def _need_leader(turn: Turn) -> Staff:
    if turn.staff is None or not turn.staff.active or turn.staff.role != StaffRole.LEADER:
        raise PlanRefused("calendar.no_right")
    return turn.staff


def _order(turn: Turn) -> str | None:
    """What follows /lich; «/lịch sử» is the history of a ticket, also when typed as two words."""
    if turn.message.kind is not MessageKind.TEXT or not turn.text.startswith("/"):
        return None
    text = unicodedata.normalize("NFC", turn.text)
    if words_after(turn, text, "officer.typed.history") is not None:
        return None
    return words_after(turn, text, "calendar.typed.command")
