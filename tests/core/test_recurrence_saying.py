"""A rule that is said reads back as the same rule: with and without tone marks, whatever the rule."""

from __future__ import annotations

from datetime import date, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from core.recurrence.line import plain
from core.recurrence.reading import read_rule
from core.recurrence.result import Understood
from core.recurrence.rule import (
    LAST,
    NIGHT_BEGINS,
    Daily,
    Expiry,
    Hours,
    Lead,
    LunarDays,
    OnDates,
    Periodic,
    Quota,
    Rule,
    Shift,
    Span,
    Spot,
    SpotKind,
    Weekly,
    When,
    WorkDaily,
    YearlySpan,
)
from core.recurrence.saying import say_rule
from core.wording import load_wording
from tests.examples import examples

TODAY = date(2026, 11, 26)
WORDS = load_wording({"unit": "phường", "ward": "phường Mẫu", "area": "khu phố", "Unit": "Phường"})

days = st.dates(date(2026, 1, 1), date(2035, 12, 31))
weekdays = st.integers(0, 6)
nth = st.sampled_from([1, 2, 3, 4, 5, LAST])
lengths = st.sampled_from([1, 2, 3, 4, 5, 6, 9, 12, 24, 60])
lunar_days = (
    st.lists(st.tuples(st.integers(1, 12), st.integers(1, 30)), min_size=1, max_size=3, unique=True)
    | st.lists(st.tuples(st.just(0), st.integers(1, 30)), min_size=1, max_size=3, unique=True)
).map(lambda some: LunarDays(tuple(sorted(some))))
month_days = st.dates(date(2026, 1, 1), date(2026, 12, 31)).map(lambda day: (day.month, day.day))


@st.composite
def spots(draw: st.DrawFn, months: int) -> tuple[Spot, ...]:
    kind = draw(st.sampled_from(SpotKind))
    month = draw(st.integers(1, min(months, 12)))
    if kind is SpotKind.DAY:
        # Short of the 29th, so that the day is one of every month that is drawn.
        chosen = draw(st.lists(st.integers(1, 28), min_size=1, max_size=3, unique=True))
        return tuple(Spot(month, kind, day) for day in sorted(chosen))
    if kind is SpotKind.WORKDAY:
        place = None if months == 1 or draw(st.booleans()) else month
        return (Spot(place, kind, draw(st.integers(1, 20)) * draw(st.sampled_from([1, -1]))),)
    return (Spot(month, kind, draw(nth), draw(weekdays)),)


@st.composite
def whens(draw: st.DrawFn) -> When:
    months = draw(lengths)
    stretch = draw(st.tuples(days, st.integers(1, 400)))
    when: When = draw(
        st.one_of(
            st.lists(days, min_size=1, max_size=4, unique=True).map(
                lambda some: OnDates(tuple(sorted(some)))
            ),
            days.map(Expiry),
            st.just(Span(stretch[0], stretch[0] + timedelta(days=stretch[1]))),
            st.tuples(month_days, month_days)
            .filter(lambda two: two[0] < two[1])
            .map(lambda two: YearlySpan(*two)),
            st.tuples(st.integers(1, 12), st.integers(1, 12)).map(
                lambda two: YearlySpan((two[0], 1), (two[1], 31))
            ),
            st.integers(1, 60).map(Daily),
            st.just(WorkDaily()),
            st.tuples(st.sets(weekdays, min_size=1), st.integers(1, 6)).map(
                lambda two: Weekly(tuple(sorted(two[0])), two[1])
            ),
            spots(months).map(lambda some: Periodic(months, some)),
            lunar_days,
            st.tuples(st.integers(1, 9), st.sampled_from([0, 1, 3, 6, 12]), st.booleans()).map(
                lambda three: Quota(*three)
            ),
        )
    )
    return when


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    when = draw(whens())
    bounded = not isinstance(when, OnDates | Expiry | Span | YearlySpan)
    counted = isinstance(when, Daily | Weekly) and when.every > 1
    counted = counted or (isinstance(when, Periodic) and not when.is_calendar)
    starts = draw(days) if counted or (bounded and draw(st.booleans())) else None
    ends = None
    if bounded and draw(st.booleans()):
        ends = (starts or date(2026, 12, 1)) + timedelta(days=draw(st.integers(1, 900)))
    minutes = draw(st.integers(7 * 60, 20 * 60 + 50))
    at = time(minutes // 60, minutes % 60)
    until = draw(st.sampled_from([None, NIGHT_BEGINS]))
    ahead = draw(
        st.sets(st.tuples(st.integers(1, 90), st.booleans()), max_size=3).map(
            lambda some: tuple(
                sorted((Lead(*one) for one in some), key=lambda lead: (-lead.days, lead.working))
            )
        )
    )
    leads = (*ahead, Lead(0)) if not ahead or draw(st.booleans()) else ahead
    return Rule(
        when=when,
        leads=leads,
        shift=draw(st.sampled_from(Shift)),
        hours=Hours(at, until),
        starts=starts,
        ends=ends,
        catch_up_days=draw(st.sampled_from([0, 1, 3, 10])),
    )


@settings(max_examples=examples(500), deadline=None)
@given(rules())
def test_what_is_said_reads_back_as_the_same_rule(rule: Rule) -> None:
    said = say_rule(rule, WORDS)
    assert read_rule(said, TODAY) == Understood(rule), said


@settings(max_examples=examples(250), deadline=None)
@given(rules())
def test_also_without_tone_marks_and_in_capitals(rule: Rule) -> None:
    said = plain(say_rule(rule, WORDS)).upper()
    assert read_rule(said, TODAY) == Understood(rule), said


@settings(deadline=None)
@given(st.text(max_size=120))
def test_no_text_at_all_breaks_the_reading(text: str) -> None:
    read_rule(text, TODAY)
