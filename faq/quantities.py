"""Money, shares and times as people type them: where they stand in a text, and which figure of the table they are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from faq.figures import RATE, REFERENCE, TERM, Figures
from faq.normalize import fold

_WORKING: Final = re.compile(r"\s+làm việc\b", re.IGNORECASE)
_NUMBER: Final = re.compile(r"\d[\d.,]*")
_TIMES: Final = {"nghin": 1_000, "ngan": 1_000, "trieu": 1_000_000, "ty": 1_000_000_000, "ti": 1_000_000_000}
_UNITS: Final = {"d": "dong", "vnd": "dong", "phan tram": "%", "tieng": "gio"}
_MONEY: Final = re.compile(r"\s*(?:đồng|đ|vnđ|vnd)(?!\w)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A figure typed in a text: its words, where they stand, and whether it is money or a share."""

    text: str
    start: int
    end: int
    is_rate: bool

    @property
    def value(self) -> tuple[Decimal, str] | None:
        """The amount and its unit, so that "50 nghìn đồng" and "50.000đ" are one; None if it cannot be read."""
        return value_of(self.text)


def find_quantities(text: str) -> list[Quantity]:
    """What is typed as a figure, in order; references to the table are none."""
    hidden = REFERENCE.sub(lambda hit: " " * len(hit[0]), text)
    found = [_widened(hidden, hit, is_rate=True) for hit in RATE.finditer(hidden)]
    found += [_widened(hidden, hit, is_rate=False) for hit in TERM.finditer(hidden)]
    return sorted(found, key=lambda one: one.start)


def value_of(text: str) -> tuple[Decimal, str] | None:
    """The amount and unit of one quantity, None if the text is none or more than one."""
    numbers = _NUMBER.findall(text)
    if len(numbers) != 1 or not (RATE.search(text) or TERM.search(text)):
        return None
    amount = _amount(numbers[0].rstrip(".,"))
    words = fold(_NUMBER.sub(" ", text)).split()
    for word in words:
        if word in _TIMES:
            amount *= _TIMES[word]
    rest = " ".join(word for word in words if word not in _TIMES)
    has_times = len(rest.split()) < len(words)
    # "50 nghìn" is money as well, "%" and "phần trăm" are one.
    unit = _UNITS.get(rest, rest) or ("dong" if has_times else "")
    return (amount.normalize(), unit) if unit else None


def list_figures(figures: Figures, quantity: Quantity) -> list[str]:
    """The keys of the figures that have this value in any of their periods."""
    value = quantity.value
    if value is None:
        return []
    return [
        key
        for key in figures.keys
        if any(row.value is not None and value_of(row.value) == value for row in figures.list_periods(key))
    ]


def find_new(text: str, old: str) -> Iterator[Quantity]:
    """What is typed in a text and did not stand in the old one: what stood there has been looked at before."""
    known = {quantity.value for quantity in find_quantities(old)}
    return (quantity for quantity in find_quantities(text) if quantity.value not in known)


def _amount(number: str) -> Decimal:
    """A dot before three digits parts thousands, as Vietnamese writes; any other mark is a decimal one."""
    plain = re.sub(r"\.(?=\d{3}(?!\d))", "", number).replace(",", ".")
    return Decimal(plain) if plain.count(".") <= 1 else Decimal(re.sub(r"\D", "", number))


def _widened(text: str, hit: re.Match[str], *, is_rate: bool) -> Quantity:
    """With the words that belong to it: "50 nghìn" goes on with "đồng", "3 ngày" with "làm việc"."""
    more = (_MONEY if is_rate and "%" not in hit[0] else _WORKING).match(text, hit.end())
    end = more.end() if more else hit.end()
    return Quantity(text[hit.start() : end], hit.start(), end, is_rate)
