"""Conversations: what a contact is in the midst of, kept as one row a chat, so that a restart changes nothing."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col

from storage.models import Conversation


def load_conversation(session: Session, contact_id: int, chat_id: int, now: datetime) -> Conversation:
    """The conversation of a contact in a chat, made when there is none."""
    found = session.get(Conversation, (contact_id, chat_id), with_for_update=True)
    if found is not None:
        return found
    made = Conversation(contact_id=contact_id, chat_id=chat_id, updated_at=now)
    session.add(made)
    return made


def find_conversation(session: Session, contact_id: int, chat_id: int) -> Conversation | None:
    """The conversation of a contact in a chat, for reading."""
    return session.get(Conversation, (contact_id, chat_id))


def break_off(session: Session, contact_id: int) -> None:
    """Whatever a contact was in the midst of, in any chat, is over, and what was offered is offered no more."""
    own = update(Conversation).where(col(Conversation.contact_id) == contact_id)
    session.execute(own.values(flow=None, step=None, choices=[]))
