"""What reading a line comes to: a rule, a question with the readings to choose from, or what was not understood."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from core.recurrence.rule import Rule


class Doubt(StrEnum):
    """Why a line can be read in several ways. The question for each is in core/wording/recurrence.toml."""

    WEEK = "week"
    ONCE_OR_ALWAYS = "once_or_always"
    WHICH_DAY = "which_day"
    WHICH_MONTH = "which_month"
    WHICH_WEEKDAY = "which_weekday"
    LIST_OR_RANGE = "list_or_range"
    SHIFT = "shift"


class Trouble(StrEnum):
    """Why a line cannot be used. The kind answer for each is in core/wording/recurrence.toml."""

    EMPTY = "empty"
    UNKNOWN = "unknown"
    NO_DATE = "no_date"
    NO_SUCH_DAY = "no_such_day"
    LUNAR = "lunar"
    NIGHT = "night"
    REVERSED = "reversed"
    ONLY_START = "only_start"
    EXPIRY_DATE = "expiry_date"
    YEAR_DAY = "year_day"
    TOO_LONG = "too_long"


@dataclass(frozen=True, slots=True)
class Understood:
    """One way to read the line."""

    rule: Rule


@dataclass(frozen=True, slots=True)
class Unsure:
    """Several ways; whoever wrote it chooses."""

    doubt: Doubt
    readings: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Unclear:
    """None; `part` is what was not understood, as it was written."""

    trouble: Trouble
    part: str = ""


Reading = Understood | Unsure | Unclear


class CannotRead(Exception):
    """Ends the reading of a line."""

    def __init__(self, trouble: Trouble, part: str = "") -> None:
        super().__init__(trouble)
        self.trouble, self.part = trouble, part
