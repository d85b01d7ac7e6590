"""What keeps other people waiting stands above the rest of a morning: a line with its own buttons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.calendar import spoken_date
from core.messages import Choice, Content
from handlers.digest_morning import Morning


@dataclass(frozen=True, slots=True)
class Lead:
    """A line under the head, and the buttons that stand before all others."""

    line: str
    choices: tuple[Choice, ...]


def led(morning: Morning, content: Content | None, leads: Sequence[Lead], name: str) -> Content | None:
    """The morning with these lines under its head; `name` heads them where nothing else is told."""
    if not leads:
        return content
    told = content or Content(morning.words("head", department=name, date=spoken_date(morning.today)))
    head, *lines = told.text.split("\n")
    choices = [choice for lead in leads for choice in lead.choices]
    text = "\n".join([head, *(lead.line for lead in leads), *lines])
    return replace(told, text=text, choices=(*choices, *told.choices))
