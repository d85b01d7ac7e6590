"""What follows «thứ» in the name of a weekday, in plain letters, with Monday as 0."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

WEEKDAY_WORDS: Final[Mapping[str, int]] = MappingProxyType(
    {
        **{"hai": 0, "ba": 1, "tu": 2, "nam": 3, "sau": 4, "bay": 5},
        **{"2": 0, "3": 1, "4": 2, "5": 3, "6": 4, "7": 5},
    }
)
