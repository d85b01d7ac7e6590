"""The targets of a ward's plan, as the plan numbers them, and what somebody types to tell how far one of them is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Final, Literal

from pydantic import ConfigDict

from core.wards import STRICT

_NUMBER: Final = re.compile(r"(\d{1,3})(?:\s*:)?(?:\s+|$)")
_VALUE: Final = re.compile(r"(\d{1,3}(?:\.\d{3})+(?:,\d{1,2})?|\d{1,9}(?:[.,]\d{1,2})?)(?![\d.,/])")
_DAY: Final = re.compile(r"(\d{1,2})/(\d{1,2})(?:/(\d{4}))?")
_UNITS: Final = ("%", "lượt", "người", "cấp độ")


@dataclass(frozen=True, slots=True)
class Indicator:
    """A row of the plan's appendix. `lead` is the key of the department in charge, empty where the plan names none.

    `above` is what the level above asks, as written. `counts`: the program counts it itself («handled»: reports that
    came in this year and were answered). With «=» the target is reached from its value on.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    key: str
    number: int
    name: str
    target: float
    comparator: Literal["≥", ">", "="]
    unit: Literal["%", "lượt", "cấp độ"] = "%"
    lead: str = ""
    together: str = ""
    above: str = ""
    counts: Literal["", "handled"] = ""

    def is_met(self, value: float) -> bool:
        """True where the value reaches the target."""
        return value > self.target if self.comparator == ">" else value >= self.target

    def spoken(self, value: float) -> str:
        """A value of it as people write it: «3.200 lượt», «87,5%», «cấp độ 1»."""
        digits = f"{value:,.2f}".rstrip("0").rstrip(".").translate(str.maketrans(",.", ".,"))
        if self.unit == "cấp độ":
            return f"{self.unit} {digits}"
        return f"{digits}%" if self.unit == "%" else f"{digits} {self.unit}"

    @property
    def spoken_target(self) -> str:
        """What is to be reached: «≥ 90%»."""
        return f"{self.comparator} {self.spoken(self.target)}"


@dataclass(frozen=True, slots=True)
class Told:
    """What was typed behind the command: which indicator, and if told, its value, as of which day, and from where.

    `wrong`: there is something behind the number that is no value.
    """

    number: int
    value: float | None = None
    day: date | None = None
    note: str = ""
    wrong: bool = False


def read_told(text: str, today: date) -> Told | None:
    """«5», «5 87,5», «5 3.200 lượt 30/9: báo cáo quý»; None for what begins with no number."""
    text = text.strip()
    found = _NUMBER.match(text)
    if found is None:
        return None
    number, rest = int(found.group(1)), text[found.end() :].strip()
    if not rest:
        return Told(number)
    head, _, note = rest.partition(":")
    digits = _VALUE.match(head)
    if digits is None:
        return Told(number, wrong=True)
    value = _value(digits.group(1))
    after = head[digits.end() :].strip()
    unit = next((one for one in _UNITS if after.lower().startswith(one)), "")
    after = after[len(unit) :].strip()
    day = _past_day(after, today) if after else today
    return Told(number, value, day, note.strip(), wrong=day is None)


def _past_day(text: str, today: date) -> date | None:
    """A figure is of a day that was: without a year the last one of that date. None for what is no such day."""
    found = _DAY.fullmatch(text)
    if found is None:
        return None
    day, month, year = found.groups()
    for one in (int(year),) if year else (today.year, today.year - 1):
        try:
            told = date(one, int(month), int(day))
        except ValueError:
            continue
        if told <= today:
            return told
    return None


def _value(digits: str) -> float:
    """Written here: a dot between thousands, a comma before decimals; «87.5» is meant like «87,5»."""
    if re.match(r"\d{1,3}(?:\.\d{3})+(?:,|$)", digits):
        digits = digits.replace(".", "")
    return float(digits.replace(",", "."))
