"""Reads a message as a person would: which sentence of the wording it is, and what stands in its blanks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from string import Formatter

from core.wording import Wording

# What people must recognise; the rest of what the assistant says they only read.
KEYS = (
    "report.filed",
    "report.too_many",
    "tickets.own.joined",
    "tickets.own.reopened",
    "tickets.own.noted",
    "tickets.own.withdrawn",
    "tickets.own.added",
    *(
        f"tickets.tell.{kind}"
        for kind in (
            *("claimed", "answered", "asked", "forwarded", "resolved", "rejected", "reopened"),
            *("extended", "promised", "paused", "resumed", "sent_out", "merged", "parted", "still_done"),
        )
    ),
    "lookup.rated",
    "lookup.rated_bad",
    "public.ask",
    "lookup.ask_because",
    "lookup.ask_reopening",
    "lookup.ask_dispute",
    "lookup.ask_addition",
    "fallback.apology",
    "officer.done.claimed",
    "officer.citizen.added_text",
)


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence with its blanks filled."""

    key: str
    fields: dict[str, str]

    @property
    def code(self) -> str:
        """The ticket that it is about."""
        return self.fields.get("code", "")


class Reader:
    """Knows the sentences of one ward."""

    def __init__(self, words: Wording) -> None:
        self._patterns = [(key, re.compile(_pattern(words, key), re.DOTALL)) for key in KEYS]

    def read(self, text: str) -> Told | None:
        """The sentence that a message is, with or without a menu in numbers below; None for any other."""
        for key, pattern in self._patterns:
            found = pattern.fullmatch(text)
            if found:
                return Told(
                    key, {name: value for name, value in found.groupdict().items() if value is not None}
                )
        return None


def _pattern(words: Wording, key: str) -> str:
    made, seen = "", set()
    for literal, name, _, _ in Formatter().parse(words.sentences[key]):
        made += re.escape(literal)
        if not name:
            continue
        if name in words.always:
            made += re.escape(words.always[name])
        elif name in seen:
            made += f"(?P={name})"
        else:
            seen.add(name)
            made += f"(?P<{name}>.+?)"
    return made + r"(?:\n\n1\. .+)?"
