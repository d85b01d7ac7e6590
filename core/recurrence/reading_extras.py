"""Reads what stands around the dates of a rule: lead times, hours, days off, catching up."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time
from typing import Final

from core.recurrence.line import Line, pattern
from core.recurrence.result import CannotRead, Trouble
from core.recurrence.rule import (
    DEFAULT_AT,
    DEFAULT_CATCH_UP,
    NIGHT_BEGINS,
    NIGHT_ENDS,
    Hours,
    Lead,
    Shift,
)
from core.recurrence.vocabulary import (
    COUNT,
    TIME,
    number_of,
)

_MOST_LEAD: Final = 365
_WHEN_OFF: Final = (
    r"(?:(?:neu|khi|ma|truong hop) )*(?:trung|roi vao|roi|gap|vuong|dinh|nham)(?: vao)?(?: dip)?(?: ngay)?"
    r"(?: (?:nghi le|nghi|le|cuoi tuan|thu bay|t7|chu nhat|cn|tet|va|hoac|hay))*,?(?: thi)?"
)
_TO_WORK: Final = r"(?: (?:sang|qua|den|toi|vao|ve|len|xuong|lai))*(?: ngay)?(?: lam viec| lam)?"
_MOVE: Final = r"(?:lui|doi|chuyen|day|de|nhac|lam|keo|bao|gui)"
_SHIFTS: Final = (
    (Shift.KEEP, r"(?:van )?(?:giu nguyen|nhac binh thuong|van nhac|khong doi|khong chuyen)(?: ngay)?"),
    (Shift.BEFORE, rf"(?:nhac|bao|gui) som{_TO_WORK} (?:truoc(?: do)?|lien truoc)"),
    (Shift.AFTER, rf"{_MOVE}{_TO_WORK} (?:sau(?: do| ngay nghi)?|tiep theo|ke tiep|tiep|lien sau|hom sau)"),
    (Shift.AFTER, r"(?:lui|doi|chuyen|day) (?:xuong|lai sau|ra sau)"),
    (Shift.BEFORE, rf"{_MOVE}{_TO_WORK} (?:truoc(?: do| ngay nghi| ngay)?|som hon|som|lien truoc|hom truoc)"),
    (Shift.BEFORE, r"(?:doi|chuyen|day|keo) (?:len|som)"),
)
_ALWAYS: Final = r"(?:ke ca|ca|bat ke|bat ke ca|gom ca) (?:vao )?(?:ngay )?(?:nghi le|nghi|le|cuoi tuan)"
_ITEM: Final = rf"{COUNT}(?![/.]\d)(?: ?(?:ngay lam viec|ngay|hom|tuan|thang)(?![a-z]))?"
_MEASURED: Final = rf"{COUNT} ?(?:ngay lam viec|ngay|hom|tuan)"
_SEPARATOR: Final = r"(?: ?(?:,|va|;|\+|cung|lan) ?)+"
_ON_DAY: Final = (
    r"(?:(?:vao|dung|trong|ca|chinh|sang) )*(?:ngay han|dung han|dung ngay|trong ngay|ngay do|hom do"
    r"|ngay (?:den|toi|het) han)"
)
_LIST: Final = rf"{_ITEM}(?:{_SEPARATOR}{_ITEM})*"
_RUNS_OUT: Final = r"(?:het han|den han|toi han|dao han|het hieu luc)"
_PARTS: Final = {"sang": (time(8), time(11, 30)), "trua": (time(11, 30), time(13, 30))}
_PARTS_LATER: Final = {"chieu": (time(14), time(17)), "toi": (time(19), time(20, 30))}


@dataclass(frozen=True, slots=True)
class LeadTimes:
    """How long ahead; `expires`: it is about something that runs out."""

    leads: tuple[Lead, ...]
    expires: bool = False


def read_shift(line: Line) -> Shift | None:
    """What a day off does to the date; None when it is not said, or not clearly."""
    if line.take(_ALWAYS):
        return Shift.KEEP
    for shift, words in _SHIFTS:
        if line.take(rf"{_WHEN_OFF} {words}") or line.take(rf"{words} {_WHEN_OFF}"):
            return shift
    return None


def doubts_shift(line: Line) -> bool:
    """True for «nếu trùng ngày nghỉ thì lùi»: to some earlier, to others later."""
    return bool(line.take(rf"{_WHEN_OFF}(?: {_MOVE}(?: lai| ngay)?)?"))


def read_catch_up(line: Line) -> int:
    """Days in which a late reminder is still sent."""
    if line.take(r"khong (?:can )?gui bu"):
        return 0
    found = line.take(rf"gui bu (?:(?:trong|toi da|nhieu nhat|vong|cham nhat) )*({COUNT}) ngay")
    return min(number_of(found[1]), 30) if found else DEFAULT_CATCH_UP


def read_leads(line: Line) -> LeadTimes | None:
    """«nhắc trước 3 ngày và đúng ngày», «trước khi hết hạn 30 và 7 ngày», «trước ngày 25»."""
    before = line.find(
        rf"(?P<word>truoc) (?:khi )?(?:het|cuoi|ket thuc) (?:thang|quy|qui|nam) (?P<list>{_LIST})"
    )
    if before is not None:
        line.drop(before, "word")
        line.drop(before, "list")
        return LeadTimes(_leads(before["list"]))
    runs_out = (
        rf"truoc (?:khi |luc |ngay )?{_RUNS_OUT}(?: la)? (?P<list>{_LIST})",
        rf"(?P<list>{_LIST}) truoc (?:khi |luc |ngay )?{_RUNS_OUT}",
    )
    for words in runs_out:
        if (found := line.take(words)) is not None:
            return LeadTimes(_leads(found["list"]), expires=True)
    said = r"(?:nhac|bao|gui|nho)(?: lai| nho| viec)? (?:truoc|som)(?: han)?"
    tail = rf"(?P<day>{_SEPARATOR}{_ON_DAY})?(?: moi lan)?"
    units = r"(?=[^,;]*(?:ngay|hom|tuan|thang))"
    for words in (
        rf"{said} {units}(?P<list>{_LIST}){tail}",
        rf"(?:{said} )?(?P<list>{_LIST}) truoc(?= (?:ngay|mung|ram|thu|khi|han|cuoi|het|\d))",
        rf"truoc(?: do| han)? {units}(?P<list>{_MEASURED}(?:{_SEPARATOR}{_ITEM})*){tail}",
    ):
        if (found := line.take(words)) is not None:
            leads = _leads(found["list"])
            day = "day" in found.re.groupindex and found["day"]
            return LeadTimes((*leads, Lead(0)) if day else leads)
    return None


def takes_deadline(line: Line) -> bool:
    """True for «trước ngày 25»: without another lead time the working day before is meant."""
    return bool(line.take(r"truoc(?= (?:ngay|mung|mong|ram|thu|t[2-7]|chu|cn|\d{1,2}/))"))


def _leads(text: str) -> tuple[Lead, ...]:
    found: list[Lead] = []
    unit = "ngay"
    for item in reversed(pattern(rf"({COUNT})( ?(?:ngay lam viec|ngay|hom|tuan|thang))?").findall(text)):
        unit = " ".join(item[1].split()) or unit
        days = number_of(item[0]) * {"tuan": 7, "thang": 30}.get(unit, 1)
        if days > _MOST_LEAD:
            raise CannotRead(Trouble.TOO_LONG, text.strip())
        found.append(Lead(days, unit == "ngay lam viec"))
    return tuple(dict.fromkeys(sorted(found, key=lambda lead: (-lead.days, lead.working))))


def read_hours(line: Line) -> Hours:
    """«lúc 8h», «8g30 sáng», «từ 8h đến 10h», «buổi chiều». Raises CannotRead for the night."""
    between = line.take(rf"(?:tu |trong khoang |khoang |luc |vao )?({TIME}) ?(?:-|den|toi) ?({TIME})")
    if between is not None:
        at, until = _time(between[1]), _time(between[2])
        if until <= at:
            raise CannotRead(Trouble.REVERSED, line.as_written(between).strip())
        return _by_day(Hours(at, until), line.as_written(between))
    part = r"(?: ?(?:buoi )?(sang|trua|chieu|toi|dem))?"
    before = line.take(rf"truoc (?:luc )?({TIME}){part}")
    if before is not None:
        # A deadline within the day: told in the morning, and not after it.
        until = _time(before[1], before[2])
        if until <= DEFAULT_AT:
            raise CannotRead(Trouble.NIGHT, line.as_written(before).strip())
        return _by_day(Hours(until=until), line.as_written(before))
    single = line.take(rf"(?:vao luc |luc |vao hoi |hoi |vao )?(?:khoang )?({TIME}){part}")
    if single is not None:
        return _by_day(Hours(_time(single[1], single[2])), line.as_written(single))
    return _part_of_day(line)


def _part_of_day(line: Line) -> Hours:
    found = line.take(r"(?:vao )?(?:moi )?(?:buoi|dau gio|dau buoi) (sang|trua|chieu|toi|dem)")
    found = found or line.take(r"(?:vao )?(sang|chieu)(?= (?:thu|t[2-7]|chu|cn|ngay|moi|hang|cac)| mai)")
    evening = line.find(r"(toi)(?= (?:thu|t[2-7]|chu|cn))") if found is None else None
    if evening is not None and line.as_written(evening).lower() == "tối":
        # «tới thứ sáu» is until Friday: only with its mark it is the evening.
        line.drop(evening)
        found = evening
    if found is None:
        if line.take(r"cuoi gio(?: (?:chieu|lam viec))?"):
            return Hours(time(16), time(17))
        return Hours()
    if found[1] == "dem":
        raise CannotRead(Trouble.NIGHT, line.as_written(found).strip())
    at, until = {**_PARTS, **_PARTS_LATER}[found[1]]
    return Hours(at, until)


def _time(text: str, part: str | None = None) -> time:
    numbers = [int(number) for number in re.findall(r"\d+", text)]
    hour, minute = numbers[0], numbers[1] if len(numbers) > 1 else 30 if "ruoi" in text else 0
    if hour > 24 or minute > 59:
        raise CannotRead(Trouble.UNKNOWN, text.strip())
    if part in ("chieu", "toi") and hour < 12:
        hour += 12
    return time(hour % 24, minute)


def _by_day(hours: Hours, written: str) -> Hours:
    late = hours.until or hours.at
    if not (NIGHT_ENDS <= hours.at < NIGHT_BEGINS and late <= NIGHT_BEGINS):
        raise CannotRead(Trouble.NIGHT, written.strip())
    return hours
