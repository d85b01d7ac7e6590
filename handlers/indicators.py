"""/chitieu: the targets of the ward's plan, how far each is and who says so, and a new value in one line."""

from __future__ import annotations

import unicodedata
from datetime import date
from typing import Final

from core.calendar import local_date, spoken_date
from core.indicators import Indicator, Told, read_told
from core.messages import Content, MessageKind, Picture
from core.periods import Period
from handlers.cards import short_department
from handlers.desk_reading import words_after
from handlers.indicator_progress import Progress, chart_of_targets, count_states, list_progress
from handlers.privacy import mask
from handlers.turn import Turn
from storage.figures_book import span_of
from storage.indicators import Targets, add_value, count_answered, list_readings, list_values
from storage.models import IndicatorValue, Staff
from storage.staff import get_staff
from storage.statuses import StaffRole

_HISTORY: Final = 12
_NOTE: Final = 200


def applies(turn: Turn) -> bool:
    """True for the command, from the office or an overseer."""
    return _reader(turn) is not None and _order(turn) is not None


def respond(turn: Turn) -> None:
    """All targets, one with its history, or a new value of one."""
    if turn.chat.is_group:
        return turn.say("officer.leave_private")
    if not turn.house.ward.indicators:
        return turn.say("indicators.none")
    said = _order(turn) or ""
    if not said:
        return _show_all(turn)
    told = read_told(said, local_date(turn.now))
    indicator = turn.house.ward.find_indicator(told.number) if told is not None else None
    if told is None or indicator is None:
        return turn.say("indicators.unknown", count=len(turn.house.ward.indicators))
    if told.wrong:
        return turn.say("indicators.how", number=indicator.number)
    return _show(turn, indicator) if told.value is None else _record(turn, indicator, told, told.value)


def _show_all(turn: Turn) -> None:
    progress = _progress(turn)
    head = turn.words("indicators.head", plan=turn.house.ward.source)
    sums = turn.words("indicators.sums", **count_states(progress))
    lines = [head, sums, *(_line(turn, one) for one in progress), turn.words("indicators.more")]
    chart = chart_of_targets(turn.words, progress, turn.house.ward.source)
    pictures = (Picture.drawn(chart),) if chart is not None else ()
    turn.reply(Content("\n".join(lines), (), pictures))


def _show(turn: Turn, one: Indicator) -> None:
    ward = turn.house.ward
    now = next(found for found in _progress(turn) if found.indicator == one)
    lines = [turn.words("indicators.one", number=one.number, name=one.name)]
    lines.append(turn.words("indicators.target", target=one.spoken_target))
    if one.above:
        lines.append(turn.words("indicators.above", above=one.above))
    if one.lead:
        lines.append(turn.words("indicators.lead", department=short_department(turn, one.lead)))
    if one.together:
        lines.append(turn.words("indicators.together", others=one.together))
    lines += [turn.words("indicators.plan", plan=ward.source), _state_line(turn, now)]
    if one.counts:
        lines.append(turn.words("indicators.counted"))
    told = list_values(turn.session, one.key, _HISTORY)
    if told:
        lines += [turn.words("indicators.history"), *(_told_line(turn, one, row) for row in told)]
    if not one.counts and _may_record(_reader(turn), one):
        lines.append(turn.words("indicators.how", number=one.number))
    turn.reply(Content("\n".join(lines)))


def _record(turn: Turn, one: Indicator, told: Told, value: float) -> None:
    if one.counts:
        return turn.say("indicators.counts_itself", number=one.number)
    staff = turn.staff
    if staff is None or not _may_record(staff, one):
        key = "indicators.no_right" if one.lead else "indicators.leaders_only"
        return turn.say(key, number=one.number, department=short_department(turn, one.lead))
    if one.unit == "%" and value > 100:
        return turn.say("indicators.too_much", number=one.number)
    day = told.day or local_date(turn.now)
    row = IndicatorValue(
        plan=turn.house.ward.source,
        indicator=one.key,
        value=value,
        as_of_on=day,
        note=mask(told.note, turn.words("report.masked_number"))[:_NOTE],
        staff_id=staff.id or 0,
        created_at=turn.now,
    )
    add_value(turn.session, row)
    return turn.say(
        "indicators.recorded",
        number=one.number,
        value=one.spoken(value),
        day=spoken_date(day),
        target=one.spoken_target,
        state=turn.words(f"indicators.state.{Progress(one, value, day).state}"),
    )


def _progress(turn: Turn) -> tuple[Progress, ...]:
    """As of now; what counts itself since the beginning of the year."""
    today = local_date(turn.now)
    since, until = span_of(Period(date(today.year, 1, 1), today))
    targets = Targets(list_readings(turn.session, today), *count_answered(turn.session, since, until))
    return list_progress(turn.house.ward, targets, today)


def _line(turn: Turn, one: Progress) -> str:
    return turn.words(
        "indicators.line_unknown" if one.value is None else "indicators.line",
        number=one.indicator.number,
        name=one.name,
        value=one.spoken,
        target=one.indicator.spoken_target,
        state=turn.words(f"indicators.state.{one.state}"),
    )


def _state_line(turn: Turn, now: Progress) -> str:
    state = turn.words(f"indicators.state.{now.state}")
    if now.day is None:
        return turn.words("indicators.now_unknown", state=state)
    return turn.words("indicators.now", value=now.spoken, day=spoken_date(now.day), state=state)


def _told_line(turn: Turn, one: Indicator, row: IndicatorValue) -> str:
    fields = {
        "day": spoken_date(row.as_of_on),
        "value": one.spoken(row.value),
        "name": get_staff(turn.session, row.staff_id).name,
    }
    lines = [turn.words("indicators.told", **fields)]
    if row.note:
        lines.append(turn.words("indicators.note", note=row.note))
    if row.plan != turn.house.ward.source:
        lines.append(turn.words("indicators.older_plan", plan=row.plan))
    return " ".join(lines)


def _may_record(staff: Staff | None, one: Indicator) -> bool:
    """Leaders, and whoever leads the department in charge."""
    if staff is None or not staff.active:
        return False
    leads = staff.role == StaffRole.OFFICER and staff.is_head and staff.department == one.lead
    return staff.role == StaffRole.LEADER or leads


def _reader(turn: Turn) -> Staff | None:
    """Officers, leaders and overseers: figures of the ward, no case of anybody."""
    reader = turn.staff or turn.overseer
    return reader if reader is not None and reader.role != StaffRole.MEMBER else None


def _order(turn: Turn) -> str | None:
    if turn.message.kind is not MessageKind.TEXT or not turn.text.startswith("/"):
        return None
    return words_after(turn, unicodedata.normalize("NFC", turn.text), "indicators.typed.command")
