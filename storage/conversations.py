"""Conversations: what a contact is in the midst of, kept as one row a chat, so that a restart changes nothing."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from storage.models import Conversation


def load_conversation(session: Session, contact_id: int, chat_id: int, now: datetime) -> Conversation:
    """The conversation of a contact in a chat, made when there is none."""
    found = session.get(Conversation, (contact_id, chat_id), with_for_update=True)
    if found is not None:
        return found
    made = Conversation(contact_id=contact_id, chat_id=chat_id, updated_at=now)
    session.add(made)
    session.flush()
    return made
