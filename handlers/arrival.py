"""Covers private numbers when a message arrives, before anything of it can be kept: no route has to think of it."""

from __future__ import annotations

from dataclasses import replace

from core.messages import IncomingMessage, MessageKind
from core.private_numbers import NumberKind, cover
from storage.models import Staff

_PAPERS = frozenset({NumberKind.IDENTITY, NumberKind.CARD})
"""What also somebody of the office has no reason to write in a chat. Telephones and accounts are their daily work:
they stand in answers, announcements and the list of warnings."""


def covered(
    message: IncomingMessage, staff: Staff | None, instead: str
) -> tuple[IncomingMessage, frozenset[NumberKind]]:
    """The message with its private numbers replaced by `instead`, and what they were.

    Of a citizen's every kind. A command of the office is left as it is: it says itself what it does with numbers.
    """
    if not any(sign.isdecimal() for sign in message.text):
        return message, frozenset()
    if staff is not None and message.text.lstrip().startswith("/"):
        return message, frozenset()
    safe = cover(message.text, instead, only=None if staff is None else _PAPERS)
    return (replace(message, text=safe.text) if safe.kinds else message), safe.kinds


def must_be_forgotten(message: IncomingMessage, kinds: frozenset[NumberKind]) -> bool:
    """True when the recorded event holds what may not stay: a covered number, or somebody's shared card."""
    return bool(kinds) or message.kind is MessageKind.PHONE


def caution_key(kinds: frozenset[NumberKind]) -> str:
    """The one line that the sender reads: of codes and cards also that nobody may have them."""
    return "scam.covered_code" if kinds & {NumberKind.CODE, NumberKind.CARD} else "scam.covered"
