"""Reads days within a month, a quarter or a year: «ngày 5 và 20», «thứ Sáu tuần thứ tư», «ngày làm việc cuối quý»."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from core.recurrence.line import Line, pattern
from core.recurrence.result import CannotRead, Trouble
from core.recurrence.rule import LAST, Spot, SpotKind
from core.recurrence.vocabulary import MONTH, NUMBERS, ORDINAL, WEEKDAY, number_of, ordinal_of, weekday_of

LENGTHS: Final = {"thang": 1, "quy": 3, "qui": 3, "6 thang": 6, "sau thang": 6, "nua nam": 6, "nam": 12}
UNIT: Final = r"(?:6 thang|sau thang|nua nam|thang|quy|qui|nam)"
_OF: Final = r"(?: cua| trong| moi| hang| o)*"
_DAYS: Final = (
    r"(?:cac )?(?:ngay|mung|mong) ?\d{1,2}(?![/.-]?\d|h|g)"
    r"(?:(?: ?(?:,|va|;|&|\+) ?)+(?:ngay |mung )?\d{1,2}(?![/.-]?\d| ?[hg](?![a-z])| ?(?:lan|buoi|nguoi)))*"
)
# «tháng cuối», «tháng thứ hai» of a longer period; never «tháng 6», which is a month of the year.
_WHICH_MONTH: Final = (
    r"thang (?P<which>(?:thu )?(?:nhat|dau tien|dau|giua|cuoi cung|cuoi|ap chot)"
    r"|thu (?:hai|ba|tu|nam|sau|\d{1,2}))"
)
_MONTH_OF_YEAR: Final = rf"thang (?P<month>{MONTH})(?!\d)"
_MOST_WORKDAY: Final = 23


@dataclass(frozen=True, slots=True)
class Spots:
    """Days with the length in months of the period that the words themselves name; 0 when they name none.

    `rows`: the same days read as rows of the month's calendar, where «tuần thứ tư» can mean both.
    """

    days: tuple[Spot, ...]
    length: int = 0
    rows: tuple[Spot, ...] = ()


def read_spots(line: Line, length: int) -> Spots | None:
    """The days that a line names; `length` is the period that it names elsewhere, 0 for none. None without any."""
    found: list[Spots] = []
    for read in (_in_week, _nth_weekday, _workday, _day_in_month_of, _edge, _numbered):
        while (one := read(line, length)) is not None:
            found.append(one)
    if not found:
        return None
    rows = found[0].rows if len(found) == 1 else ()
    days = dict.fromkeys(day for one in found for day in one.days)
    return Spots(tuple(days), max(one.length for one in found), rows)


def _in_week(line: Line, length: int) -> Spots | None:
    weeks = rf"tuan (?P<row>lich )?(?P<nth>{ORDINAL})(?! (?:ngay|lan))"
    tail = rf"(?:{_OF} (?:{_MONTH_OF_YEAR}|{_WHICH_MONTH}(?:{_OF} (?P<of>{UNIT}))?|thang))?"
    for words in (
        rf"(?P<day>{WEEKDAY}),?(?: cua| trong| thuoc| o| vao)* {weeks}{tail}",
        rf"{weeks}{_OF}(?: thang)?,?(?: vao)? (?P<day>{WEEKDAY})",
    ):
        found = line.take(words)
        if found is None:
            continue
        nth, weekday = ordinal_of(found["nth"]), weekday_of(found["day"])
        month, whole = _place(found, length, nth)
        row = Spot(month, SpotKind.WEEK_ROW, nth, weekday)
        which = Spot(month, SpotKind.NTH_WEEKDAY, nth, weekday)
        return Spots((row,), whole) if found["row"] else Spots((which,), whole, (row,))
    return None


def _nth_weekday(line: Line, length: int) -> Spots | None:
    # «thứ hai, thứ tư» is two days of a week; «thứ hai thứ tư» of a month is one of it.
    tail = rf"{_OF} (?:{_MONTH_OF_YEAR}|{_WHICH_MONTH}(?:{_OF} (?P<of>{UNIT}))?|thang)"
    words = rf"(?P<day>{WEEKDAY}) (?:lan |lan thu )?(?P<nth>{ORDINAL})"
    found = line.take(words + tail) or (line.take(words) if length else None)
    if found is None:
        return None
    nth = ordinal_of(found["nth"])
    month, whole = _place(found, length, nth)
    spot = Spot(month, SpotKind.NTH_WEEKDAY, nth, weekday_of(found["day"]))
    return Spots((spot,), whole)


def _workday(line: Line, length: int) -> Spots | None:
    number = rf"(?P<nth>(?:thu )?(?:\d{{1,2}}|sau|bay|tam|chin|muoi)(?!\d)|{ORDINAL})"
    back = r"(?P<back> (?:(?:tinh|ke|dem) )?(?:nguoc )?tu (?:ngay )?cuoi)?"
    tail = rf"(?:{_OF} (?:{_MONTH_OF_YEAR}|{_WHICH_MONTH}(?:{_OF} (?P<of>{UNIT}))?|(?P<unit>{UNIT})))?"
    found = line.take(rf"ngay lam viec (?:thu )?{number}{back}{tail}")
    if found is None:
        return None
    nth = ordinal_of(found["nth"])
    nth = -nth if found["back"] and nth > 0 else nth
    if not 1 <= abs(nth) <= _MOST_WORKDAY:
        raise CannotRead(Trouble.NO_SUCH_DAY, line.as_written(found).strip())
    if (month := _month(found)) is not None:
        return Spots((Spot(month, SpotKind.WORKDAY, nth),), 12)
    if found["which"]:
        whole = LENGTHS.get(_squeezed(found["of"]), 0) or length or 3
        return Spots((Spot(_which_month(found["which"], whole), SpotKind.WORKDAY, nth),), whole)
    whole = LENGTHS.get(_squeezed(found["unit"]), 0) or length
    return Spots((Spot(None, SpotKind.WORKDAY, nth),), whole) if whole else None


def _day_in_month_of(line: Line, length: int) -> Spots | None:
    """«ngày 20 tháng cuối quý», «ngày 15 tháng thứ hai», «ngày cuối tháng đầu quý»."""
    day = rf"(?:(?P<days>{_DAYS})|(?:ngay )?(?P<edge>cuoi cung|cuoi|dau tien|dau|giua))"
    place = rf"{_WHICH_MONTH}(?:{_OF} (?P<of>{UNIT}))?"
    found = line.take(rf"{day}(?: cua| trong)* {place}") or line.take(
        rf"{place},?(?: vao)? (?P<days>{_DAYS})(?P<edge>)"
    )
    if found is None:
        return None
    whole = LENGTHS.get(_squeezed(found["of"]), 0) or length
    if whole <= 1:
        whole = 3
    month = _which_month(found["which"], whole)
    days = _day_numbers(found["days"]) if found["days"] else [_edge_day(found["edge"])]
    return Spots(tuple(Spot(month, SpotKind.DAY, one) for one in days), whole)


def _edge(line: Line, length: int) -> Spots | None:
    """«cuối tháng», «ngày cuối quý», «giữa tháng», «cuối tháng 6»."""
    edges = r"(?P<edge>cuoi cung|cuoi|het|ket thuc|dau tien|dau|giua)"
    found = line.take(rf"(?:khi |ngay )?{edges}{_OF} (?:{_MONTH_OF_YEAR}|(?P<unit>{UNIT}))")
    if found is None and length:
        found = line.take(r"ngay (?P<edge>cuoi cung|cuoi|dau tien|dau)(?P<unit>)(?P<month>)")
    if found is None:
        return None
    edge, month = _edge_day(found["edge"]), _month(found)
    if month is not None:
        return Spots((Spot(month, SpotKind.DAY, edge),), 12)
    whole = LENGTHS.get(_squeezed(found["unit"]), 0) or length
    inner = whole if edge == LAST else 1 if edge == 1 else whole // 2 + 1
    # The middle of a half-year or a year is the end of its first half.
    spot = (
        Spot(whole // 2, SpotKind.DAY, LAST)
        if edge == 15 and whole % 2 == 0
        else Spot(inner, SpotKind.DAY, edge)
    )
    return Spots((spot,), whole)


def _numbered(line: Line, length: int) -> Spots | None:
    """«ngày 5 và 20», also «ngày 15 tháng 6 và tháng 12»."""
    months = rf"thang (?P<months>{MONTH}(?:(?: ?(?:,|va|;) ?)+(?:thang )?{MONTH})*)(?![/\d])"
    # «ngày 5 tháng 9» alone is one day, «hằng năm» makes it yearly; several months are.
    several = rf"(?=.*(?:,|va)\s*(?:thang\s+)?{MONTH}(?![/\d]))" if length < 12 else ""
    found = line.take(rf"{several}(?P<days>{_DAYS})(?: cua)?(?: cac)? {months}")
    if found is None and length >= 12:
        found = line.take(rf"{months},?(?: vao)? (?P<days>{_DAYS})")
    if found is not None and (length >= 12 or re.search(r",|va", found["months"])):
        numbers = [number_of(one) for one in pattern(MONTH).findall(found["months"].replace("thang", " "))]
        if any(not 1 <= one <= 12 for one in numbers):
            raise CannotRead(Trouble.NO_SUCH_DAY, line.as_written(found).strip())
        days = _day_numbers(found["days"])
        return Spots(tuple(Spot(month, SpotKind.DAY, day) for month in numbers for day in days), 12)
    found = line.take(rf"{_DAYS}(?! thang (?:{MONTH})(?![a-z]))")
    if found is None and length == 1 and re.fullmatch(r"[\d\s,;“”]+", line.rest()):
        # «25 hằng tháng»: a bare number, where nothing else is left.
        found = line.take(r"\d{1,2}(?:(?: ?(?:,|va|;) ?)+\d{1,2})*(?!\d|[/.:-])")
    if found is None:
        return None
    days = _day_numbers(found.group())
    if any(not 1 <= day <= 31 for day in days):
        raise CannotRead(Trouble.NO_SUCH_DAY, line.as_written(found).strip())
    return Spots(tuple(Spot(1, SpotKind.DAY, day) for day in days), 0)


def _place(found: re.Match[str], length: int, nth: int) -> tuple[int, int]:
    """The month of a weekday and the length of its period: of a year, of a longer period, or just of the month."""
    named = found.re.groupindex
    if (month := _month(found)) is not None:
        return month, 12
    if "which" in named and found["which"]:
        whole = LENGTHS.get(_squeezed(found["of"]), 0) or length or 3
        return _which_month(found["which"], whole), whole
    # «thứ Sáu cuối cùng hằng quý» lies in the last month, «thứ Hai đầu tiên» in the first.
    return (length or 1) if nth < 0 else 1, length or 1


def _day_numbers(text: str) -> list[int]:
    return sorted({int(number) for number in re.findall(r"\d+", text)})


def _edge_day(text: str) -> int:
    return 15 if text == "giua" else LAST if text in ("het", "ket thuc") else ordinal_of(text)


def _which_month(text: str, length: int) -> int:
    words = _squeezed(text)
    if words == "giua":
        return max(length // 2 + length % 2, 1)
    if words.endswith("sau"):
        return 6
    number = ordinal_of(words)
    number = length + 1 + number if number < 0 else number
    if not 1 <= number <= max(length, 1):
        raise CannotRead(Trouble.NO_SUCH_DAY, words)
    return number


def _month(found: re.Match[str]) -> int | None:
    said = found["month"] if "month" in found.re.groupindex else None
    if not said:
        return None
    words = _squeezed(said)
    month = NUMBERS[words] if words in NUMBERS else int(words)
    if not 1 <= month <= 12:
        raise CannotRead(Trouble.NO_SUCH_DAY, words)
    return month


def _squeezed(text: str | None) -> str:
    return " ".join((text or "").split())
