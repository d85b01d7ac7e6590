"""The person at the machine as somebody who acts for the office: no chat, no role, the same verbs behind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from core.messages import Choice, Content
from handlers.house import House
from storage.models import Contact, Staff
from storage.outbox import Draft, enqueue
from storage.tickets import Actor


@dataclass(frozen=True)
class Operator:
    """A Speaker of the desk; nothing that a citizen or an officer can become."""

    session: Session
    house: House
    now: datetime
    staff: Staff | None = None

    @property
    def actor(self) -> Actor:
        """The author of a TicketEvent: nobody of the staff."""
        return Actor("terminal")

    def words(self, key: str, /, **fields: object) -> str:
        """A sentence of the wording."""
        return self.house.words.text(key, **fields)

    def choice(self, key: str, action: str, /, **fields: object) -> Choice:
        """A thing to tap, titled by the wording."""
        return Choice(self.words(key, **fields), action)

    def notify(
        self,
        contact: Contact,
        content: Content,
        kind: str,
        dedupe_key: str,
        ticket_id: int | None = None,
        ready_at: datetime | None = None,
    ) -> None:
        """Tell somebody, once for each `dedupe_key`."""
        key = f"{dedupe_key}:{contact.id}"
        draft = Draft(contact, content, kind, dedupe_key=key, ticket_id=ticket_id, ready_at=ready_at)
        enqueue(self.session, draft, self.now)
