"""Numbers and addresses against what the office knows: sealed before anything is looked up or kept."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from core.private_numbers import NumberKind, phone_key
from faq.scam.links import LinkKind
from faq.scam.reading import Reading
from handlers.house import House
from handlers.turn import Turn
from storage.models import ScamMark
from storage.scam import list_marks_of
from storage.statuses import ScamVerdict

_ENDS: Final = 3
_SHORTEST_SHOWN: Final = 8
_LOOKED_UP: Final = (NumberKind.PHONE, NumberKind.ACCOUNT, NumberKind.CARD, NumberKind.IDENTITY)
# An address below a host that anybody can open says nothing about the other pages of the host.
_SHARED: Final = frozenset({LinkKind.CHAT, LinkKind.SHORTENED})


@dataclass(frozen=True, slots=True)
class Known:
    """What the office knows of a message's numbers and addresses."""

    warned: tuple[ScamMark, ...]
    ours: tuple[ScamMark, ...]
    hotlines: tuple[str, ...]

    @property
    def is_ours_alone(self) -> bool:
        """True when everything known about it is that it is the ward's."""
        return not self.warned and bool(self.ours or self.hotlines)


def look_up(turn: Turn, reading: Reading) -> Known:
    """The standing marks of what a message leads to, and the ward's own telephones in it by their names."""
    hosts = [link.host for link in reading.links if link.kind not in _SHARED]
    digits = [number.digits for number in reading.numbers if number.kind in _LOOKED_UP]
    seals = [*seal_hosts(turn.house, hosts), *seal_numbers(turn.house, digits)]
    marks = list_marks_of(turn.session, seals)
    return Known(
        tuple(mark for mark in marks if mark.verdict == ScamVerdict.WARNED),
        tuple(mark for mark in marks if mark.verdict == ScamVerdict.OURS),
        tuple(ward_hotlines(turn.house, digits)),
    )


def seal_numbers(house: House, numbers: Iterable[str]) -> list[str]:
    """Keyed hashes of digits; one telephone has one, however it is written. Raises ValueError without a key."""
    return [_seal(house, f"number:{phone_key(digits)}") for digits in numbers]


def seal_hosts(house: House, hosts: Iterable[str]) -> list[str]:
    """Keyed hashes of hosts. Raises ValueError without a key."""
    return [_seal(house, f"host:{host.lower()}") for host in hosts]


def shown_number(digits: str) -> str:
    """A number with its middle covered: enough to tell two rows of a list apart."""
    if len(digits) < _SHORTEST_SHOWN:
        return f"{'•' * (len(digits) - 2)}{digits[-2:]}"
    return f"{digits[:_ENDS]}{'•' * (len(digits) - 2 * _ENDS)}{digits[-_ENDS:]}"


def ward_hotlines(house: House, numbers: Sequence[str]) -> list[str]:
    """The names of the ward's telephones among some numbers."""
    asked = {phone_key(digits) for digits in numbers}
    known = [(line.label, "".join(filter(str.isdigit, line.number or ""))) for line in house.ward.hotlines]
    return [label for label, digits in known if digits and phone_key(digits) in asked]


def _seal(house: House, text: str) -> str:
    if not house.number_key:
        raise ValueError("this House was made without a key to seal numbers with")
    return hmac.new(house.number_key, text.encode(), "sha256").hexdigest()
