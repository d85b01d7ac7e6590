"""Short ways to put rows into a test database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlmodel import Session

from core.messages import Address, Content, Envelope
from storage.contacts import record_contact
from storage.models import Contact
from storage.outbox import Draft

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def envelope(number: int, sender: str = "lan", album: str | None = None) -> Envelope:
    """An event of a person."""
    return Envelope("telegram", "bot", str(number), f"telegram/bot/{sender}", f"raw {number}", album)


def contact(session: Session, name: str = "lan") -> Contact:
    """A person on Telegram."""
    return record_contact(session, Address("telegram", "bot", name), NOW)


def draft(to: Contact, text: str = "Dạ", key: str | None = None, **fields: object) -> Draft:
    """A message to a person."""
    return Draft(to, Content(text), "reply", dedupe_key=key, **fields)  # type: ignore[arg-type]
