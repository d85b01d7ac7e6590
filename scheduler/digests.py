"""Digests: everybody of the office hears at the own hour what lies on the desk; the slot is (person, day)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time

from sqlmodel import Session

from core.calendar import at, local_date
from core.messages import Content
from handlers.digest_morning import Morning
from handlers.digest_text import Reader, morning_content, open_morning
from handlers.digest_times import is_due
from handlers.house import House
from storage.conversations import load_conversation
from storage.digests import (
    SlotKind,
    list_plans,
    list_readers,
    list_reading_groups,
    list_taken,
    take_slot,
)
from storage.models import Contact
from storage.outbox import Draft, enqueue
from storage.statuses import AfterDoubt


def run(session: Session, house: House, now: datetime) -> dict[str, int]:
    """Queue the digests whose minute has come, each in the transaction that takes its slot."""
    today = local_date(now)
    plans, taken = list_plans(session), list_taken(session, [today])
    due = [
        one
        for one in _readers(session)
        if (today, SlotKind.MORNING.value, one.contact.id or 0) not in taken
        and is_due(plans.get(one.contact.id or 0), one.since, house.calendar, now)
    ]
    if not due:
        return {}
    morning = open_morning(session, house, now)
    counts = {"digests": 0, "leaders": 0, "nothing": 0}
    for reader in due:
        # Taken also when there is nothing to say: what comes at eight is no morning of half past seven.
        if not take_slot(session, SlotKind.MORNING, reader.contact.id or 0, today, now):
            continue
        content = morning_content(session, morning, reader)
        if content is None:
            counts["nothing"] += 1
            continue
        plan = plans.get(reader.contact.id or 0)
        pictures = content.pictures if plan is None or plan.with_picture else ()
        _queue(session, morning, reader.contact, Content(content.text, content.choices, pictures))
        counts["leaders" if reader.leads else "digests"] += 1
    return counts


def _readers(session: Session) -> Iterator[Reader]:
    for staff, contact in list_readers(session):
        yield Reader(contact, staff.joined_at, staff)
    for group, contact in list_reading_groups(session):
        yield Reader(contact, group.linked_at, department=group.department)


def _queue(session: Session, morning: Morning, to: Contact, content: Content) -> None:
    draft = Draft(
        contact=to,
        content=content,
        kind="digest",
        after_doubt=AfterDoubt.PARK,
        dedupe_key=f"digest:{morning.today}:{to.id}",
        expires_at=at(morning.today, time.max),
    )
    if enqueue(session, draft, morning.now) is not None and not to.is_group:
        _offer(session, to, content, morning.now)


def _offer(session: Session, to: Contact, content: Content, now: datetime) -> None:
    """A number can be typed for a ticket, as after any answer; whoever is in the midst of something stays there."""
    conversation = load_conversation(session, to.id or 0, to.id or 0, now)
    if conversation.flow is None and content.choices:
        conversation.choices = [[one.title, one.action] for one in content.choices if one.action]
        session.add(conversation)
