"""Reads a rule as people in an office write it, with or without tone marks; asks where it can mean two things."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from core.recurrence.dates import day_of, month_start
from core.recurrence.line import Line
from core.recurrence.reading_extras import (
    LeadTimes,
    doubts_shift,
    read_catch_up,
    read_hours,
    read_leads,
    read_shift,
    takes_deadline,
)
from core.recurrence.reading_limits import Limits, read_limits, read_near_period
from core.recurrence.reading_lunar import mentions_lunar, read_lunar
from core.recurrence.reading_when import Ways, read_when
from core.recurrence.result import CannotRead, Doubt, Reading, Trouble, Unclear, Understood, Unsure
from core.recurrence.rule import (
    ON_THE_DAY,
    Daily,
    Expiry,
    Lead,
    OnDates,
    Periodic,
    Rule,
    Shift,
    Span,
    SpotKind,
    Weekly,
    When,
    YearlySpan,
    usual_shift,
)
from core.recurrence.vocabulary import DATE, RELATIVE, NotADay, read_date, read_relative

_LONGEST: Final = 300
_LIMIT: Final = r"(?:tu|den|toi)(?: het)? (?:ngay )?\d{1,2}/\d{1,2}/\d{4}"
_DAY_BEFORE: Final = LeadTimes((Lead(1, working=True),))
_RUNS_OUT: Final = r"(?:ngay )?(?:het han|dao han|het hieu luc|den han|toi han)(?: vao| ngay| la|:|,)*"
_WORDS: Final = (
    r"(?:cham nhat(?: la)?|muon nhat(?: la)?|han (?:cuoi|chot|nop|la)|deadline|hoan thanh|xong|lap lai)"
)


def read_rule(text: str, today: date) -> Reading:
    """The rule in a line, or why it cannot be one; `today` is what «tuần sau» and dates without a year count from."""
    if not text.strip():
        return Unclear(Trouble.EMPTY)
    if len(text) > _LONGEST:
        return Unclear(Trouble.TOO_LONG, text[:40].strip() + "…")
    try:
        return _read(Line(" ".join(text.split()).strip(" .;,!?")), today)
    except CannotRead as cannot:
        return Unclear(cannot.trouble, cannot.part)


def _read(line: Line, today: date) -> Reading:
    shift = read_shift(line)
    asks_shift = shift is None and doubts_shift(line)
    catch_up = read_catch_up(line)
    leads = read_leads(line)
    hours = read_hours(line)
    line.take_all(_WORDS)
    ways, limits = _expiry(line, leads, today), Limits()
    if ways is None:
        deadline = takes_deadline(line)
        ways, limits = _dated(line, today)
        leads = leads or (_DAY_BEFORE if deadline else None)
    if rest := line.rest():
        raise CannotRead(Trouble.UNKNOWN, rest)
    base = Rule(
        when=OnDates(()),
        leads=leads.leads if leads else ON_THE_DAY,
        hours=hours,
        starts=limits.first,
        ends=limits.last,
        catch_up_days=catch_up,
    )
    return _answer(base, ways, shift, today, asks_shift)


def _dated(line: Line, today: date) -> tuple[Ways, Limits]:
    if mentions_lunar(line) is None:
        limits = read_near_period(line, today) or read_limits(line, today)
        return read_when(line, limits, today), limits
    # With its year only: «từ 10/3 đến 15/3 âm lịch» are no days of the sun.
    limits = read_limits(line, today) if line.find(_LIMIT) else Limits()
    return read_lunar(line, today), limits


def _expiry(line: Line, leads: LeadTimes | None, today: date) -> Ways | None:
    """«hết hạn 31/12/2026», wherever in the line; nothing runs out by the moon."""
    if mentions_lunar(line) is not None:
        return None
    day = rf"({DATE}|{RELATIVE})"
    found = line.take(rf"{_RUNS_OUT} {day}")
    if found is None and leads is not None and leads.expires:
        line.take(_RUNS_OUT)
        found = line.take(rf"(?:vao |la )?{day}")
        if found is None:
            if rest := line.rest():
                raise CannotRead(Trouble.UNKNOWN, rest)
            raise CannotRead(Trouble.EXPIRY_DATE)
    if found is None:
        return None
    words = " ".join(found[1].split())
    try:
        written = words[:1].isdigit() or (words.startswith(("ngay ", "mung ")) and "kia" not in words)
        return Ways(
            (Expiry(read_date(words, today).upcoming(today) if written else read_relative(words, today)),)
        )
    except NotADay:
        raise CannotRead(Trouble.NO_SUCH_DAY, line.as_written(found, 1).strip()) from None


def _answer(base: Rule, ways: Ways, shift: Shift | None, today: date, asks_shift: bool) -> Reading:
    rules = tuple(_complete(base, when, ways, shift, today) for when in ways.whens)
    if ways.limits is not None:
        bounded = tuple(replace(rule, starts=ways.limits.first, ends=ways.limits.last) for rule in rules)
        rules = (bounded[0], *rules[1:]) if ways.doubt is Doubt.ONCE_OR_ALWAYS else bounded
    if asks_shift and len(rules) == 1:
        return Unsure(
            Doubt.SHIFT, (replace(rules[0], shift=Shift.AFTER), replace(rules[0], shift=Shift.BEFORE))
        )
    if len(rules) > 1 and ways.doubt is not None:
        return Unsure(ways.doubt, rules)
    return Understood(rules[0])


def _complete(base: Rule, when: When, ways: Ways, shift: Shift | None, today: date) -> Rule:
    if when == OnDates(()) and isinstance(weekly := ways.whens[0], Weekly):
        # «thứ Hai», said alone: the next one.
        when = OnDates((today + timedelta(days=(weekly.weekdays[0] - today.weekday()) % 7),))
    rule = replace(base, when=when, shift=usual_shift(when) if shift is None else shift)
    if isinstance(when, OnDates | Span | YearlySpan | Expiry):
        rule = replace(rule, starts=None, ends=None)
    return rule if rule.starts is not None else replace(rule, starts=_beginning(when, today))


def _beginning(when: When, today: date) -> date | None:
    """Where «every second week» is counted from: so that the next such day is the first."""
    match when:
        case Daily(every=every) if every > 1:
            return today
        case Weekly(weekdays=weekdays, every=every) if every > 1:
            return today + timedelta(days=min((day - today.weekday()) % 7 for day in weekdays))
        case Periodic(months=months, spots=spots) if not when.is_calendar:
            first = date(today.year, 1, 1) if months % 12 == 0 else today.replace(day=1)
            begins = month_start(when.anchor(first) + (spots[0].month or 1) - 1)
            passed = day_of(begins.year, begins.month, spots[0].number) < today
            step = 12 if months % 12 == 0 else 1
            is_day = spots[0].kind is SpotKind.DAY
            return month_start(when.anchor(first) + (step if is_day and passed else 0))
    return None
