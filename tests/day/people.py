"""Everybody with a telephone: chooses among what the screen offers, thinks for a while, errs now and then."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from core.messages import MessageKind
from core.wording import Wording
from tests.day.phones import Act, Phone, Seen
from tests.day.telling import Reader, Told

Step = tuple[timedelta, Act]


@dataclass
class Person:
    """What all share. `sees` answers a message with acts and how long after it they come."""

    phone: Phone
    words: Wording
    reader: Reader
    dice: random.Random
    told: list[Told] = field(default_factory=list)
    looks_at_last: bool = True

    def sees(self, seen: Seen, *, is_last: bool) -> Iterator[Step]:
        """Read a message, remember it, and react; `is_last`: nothing newer stands on the screen."""
        self.looks_at_last = is_last
        told = self.reader.read(seen.text)
        if told is not None and not seen.again:
            self.told.append(told)
        yield from self.reacts(seen, told)

    def reacts(self, seen: Seen, told: Told | None) -> Iterator[Step]:
        """What comes of it."""
        yield from ()

    def soon(self, least: float = 15, most: float = 90) -> timedelta:
        """As long as people take to read and type, in seconds."""
        return timedelta(seconds=self.dice.uniform(least, most))

    def title(self, key: str, **fields: object) -> str:
        """The words on a button."""
        return self.words.text(key, **fields)

    def choose(self, seen: Seen, *keys: str) -> Act | None:
        """The first of these choices that the message offers: tapped, or its number or title typed."""
        for key in keys:
            act = self.choose_title(seen, self.title(key) if "." in key else key)
            if act is not None:
                return act
        return None

    def choose_title(self, seen: Seen, title: str) -> Act | None:
        """By the words on it."""
        button = next((choice for choice in seen.choices if choice.title == title and choice.action), None)
        if button is not None and self.dice.random() < 0.9:
            return Act(kind=MessageKind.CHOICE.value, action=button.action)
        if button is not None:
            return Act(text=title)
        number = seen.number_of(title)
        return None if number is None else Act(text=number)
