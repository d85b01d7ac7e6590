"""Says a rule in one line of Vietnamese: it reads back as the same rule."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time
from typing import Final

from core.recurrence.rule import (
    DEFAULT_AT,
    DEFAULT_CATCH_UP,
    LAST,
    ON_THE_DAY,
    Daily,
    Expiry,
    Lead,
    LunarDays,
    OnDates,
    Periodic,
    Quota,
    Rule,
    Span,
    Spot,
    SpotKind,
    Weekly,
    When,
    YearlySpan,
    usual_shift,
)
from core.wording import Wording

_PREFIX: Final = "recurrence."
# Up to the tenth people say «mùng», and «rằm» for the fifteenth.
LAST_EARLY, FULL_MOON = 10, 15


def say_rule(rule: Rule, words: Wording) -> str:
    """ "thứ Sáu thứ tư của tháng hằng tháng, nhắc trước 3 ngày, lúc 8:30": what goes without saying is left out."""
    parts = [
        _say_when(rule.when, words),
        _say_limits(rule, words),
        _say_leads(rule.leads, words) if rule.leads != ON_THE_DAY else "",
        _say_hours(rule, words),
        _word(words, f"shift.{rule.shift}") if rule.shift is not usual_shift(rule.when) else "",
        _say_catch_up(rule.catch_up_days, words),
    ]
    return _word(words, "comma").join(part for part in parts if part)


def _say_when(when: When, words: Wording) -> str:
    match when:
        case OnDates(days=days):
            return _listed(words, [_word(words, "day", day=_date(day)) for day in days])
        case Expiry(on=day):
            return _word(words, "expiry", day=_date(day))
        case Span(first=first, last=last):
            return _word(words, "span", first=_date(first), last=_date(last))
        case YearlySpan():
            return _say_yearly(when, words)
        case Daily(every=every):
            return _word(words, "daily") if every == 1 else _word(words, "daily_many", count=every)
        case Weekly():
            return _say_weekly(when, words)
        case Quota():
            key = "quota_by_area" if when.by_area else "quota"
            return _word(words, key, count=when.count, period=_word(words, f"period.{when.months}"))
        case LunarDays():
            return _say_lunar(when, words)
        case Periodic():
            return _say_periodic(when, words)
    return _word(words, "work_daily")


def _say_yearly(when: YearlySpan, words: Wording) -> str:
    (first, begins), (last, ends) = when.first, when.last
    if begins == 1 and ends == 31:
        return _word(words, "yearly_month" if first == last else "yearly_months", first=first, last=last)
    return _word(words, "yearly_span", first=f"{begins}/{first}", last=f"{ends}/{last}")


def _say_weekly(when: Weekly, words: Wording) -> str:
    days = [_word(words, f"weekday.{day}") for day in when.weekdays]
    in_a_row = when.weekdays == tuple(range(when.weekdays[0], when.weekdays[-1] + 1))
    if len(days) > 2 and in_a_row and when.every == 1:
        return _word(words, "weekly_range", first=days[0], last=days[-1])
    if when.every == 1:
        return _word(words, "weekly", days=_listed(words, days))
    return _word(words, "weekly_many", days=_listed(words, days), count=when.every)


def _say_periodic(when: Periodic, words: Wording) -> str:
    days = _listed(words, [_say_spot(spot, when.months, words) for spot in when.spots])
    if when.is_calendar:
        often = _word(words, f"often.{when.months}")
    elif when.months % 12 == 0:
        often = _word(words, "often.years", count=when.months // 12)
    else:
        often = _word(words, "often.months", count=when.months)
    plain = when.months in (1, 12)
    plain = plain and all(spot.kind is SpotKind.DAY and spot.number > 0 for spot in when.spots)
    return _word(words, "periodic" if plain else "periodic_apart", days=days, often=often)


def _say_lunar(when: LunarDays, words: Wording) -> str:
    said = []
    for month, day in when.days:
        name = _word(words, f"lunar.{_lunar_day(day)}", number=day)
        called = {1: "first", 12: "last"}.get(month, "other")
        said.append(_word(words, f"lunar.{called}_month", day=name, month=month) if month else name)
    monthly = all(month == 0 for month, _ in when.days)
    return _word(words, "lunar.monthly" if monthly else "lunar.yearly", days=_listed(words, said))


def _lunar_day(day: int) -> str:
    if day == FULL_MOON:
        return "full_moon"
    return "early" if day <= LAST_EARLY else "late"


def _say_spot(spot: Spot, months: int, words: Wording) -> str:
    if spot.kind is SpotKind.DAY and spot.number > 0:
        if months % 12 == 0:
            return _word(words, "spot.date", number=spot.number, month=spot.month)
        if months == 1:
            return _word(words, "spot.day", number=spot.number)
        return _word(words, "spot.day_of", number=spot.number, place=_place(spot, months, words))
    if spot.kind is SpotKind.DAY:
        whole = spot.month == months and months in (3, 6, 12)
        place = _word(words, f"period.{months}") if whole else _place(spot, months, words)
        return _word(words, "spot.last_day", place=place)
    if spot.kind is SpotKind.WORKDAY:
        return _say_workday(spot, months, words)
    return _word(
        words,
        f"spot.{spot.kind}",
        weekday=_word(words, f"weekday.{spot.weekday}"),
        nth=_word(words, f"nth.{spot.number}"),
        place=_place(spot, months, words),
    )


def _say_workday(spot: Spot, months: int, words: Wording) -> str:
    if spot.number in (1, LAST):
        key, fields = "workday", {"nth": _word(words, f"nth.{spot.number}")}
    else:
        key, fields = (
            "workday_number" if spot.number > 0 else "workday_back",
            {"number": str(abs(spot.number))},
        )
    if spot.month is None and months not in (1, 3, 6, 12):
        return _word(words, f"spot.{key}_alone", **fields)
    place = _word(words, f"period.{months}") if spot.month is None else _place(spot, months, words)
    return _word(words, f"spot.{key}", place=place, **fields)


def _place(spot: Spot, months: int, words: Wording) -> str:
    if months == 1:
        return _word(words, "place.month")
    if months % 12 == 0:
        return _word(words, "place.month_of_year", month=spot.month)
    if months in (3, 6):
        return _word(words, "place.month_of", month=spot.month, period=_word(words, f"period.{months}"))
    return _word(words, "place.month_in", month=spot.month)


def _say_limits(rule: Rule, words: Wording) -> str:
    if rule.starts and rule.ends:
        return _word(words, "limits", first=_date(rule.starts), last=_date(rule.ends))
    if rule.starts:
        return _word(words, "starts", day=_date(rule.starts))
    return _word(words, "ends", day=_date(rule.ends)) if rule.ends else ""


def _say_leads(leads: Sequence[Lead], words: Wording) -> str:
    said = [
        _word(words, "lead_workdays" if lead.working else "lead_days", days=lead.days)
        if lead.days
        else _word(words, "lead_on_day")
        for lead in leads
    ]
    return _word(words, "leads", leads=_listed(words, said))


def _say_hours(rule: Rule, words: Wording) -> str:
    hours = rule.hours
    if hours.until is not None:
        return _word(words, "between", at=_clock(hours.at), until=_clock(hours.until))
    return "" if hours.at == DEFAULT_AT else _word(words, "at", at=_clock(hours.at))


def _say_catch_up(days: int, words: Wording) -> str:
    if days == DEFAULT_CATCH_UP:
        return ""
    return _word(words, "catch_up", days=days) if days else _word(words, "catch_up_none")


def _listed(words: Wording, said: Sequence[str]) -> str:
    *before, last = said
    return _word(words, "comma").join(before) + _word_and(words) + last if before else last


def _word_and(words: Wording) -> str:
    # The loader strips blanks at the ends of a sentence.
    return f" {_word(words, 'and').strip()} "


def _word(words: Wording, key: str, **fields: object) -> str:
    said = words.text(_PREFIX + key, **fields)
    return f"{said} " if key == "comma" else said


def _date(day: date) -> str:
    return f"{day.day}/{day.month}/{day.year}"


def _clock(moment: time) -> str:
    return f"{moment.hour}:{moment.minute:02d}"
