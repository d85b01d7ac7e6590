"""What the page knows of the product: its addresses and how to get an invite, never its inner parts."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Offer:
    """An invite that the page offers: `group` is its button, `title` the choice beside the button."""

    key: str
    group: str
    title: str


@dataclass(frozen=True)
class Office:
    """`invite` makes a single-use invite for the key of an offer and returns what a person types."""

    name: str
    chat_url: str
    offers: tuple[Offer, ...]
    invite: Callable[[str], Awaitable[str]]
