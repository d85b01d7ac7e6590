"""Digests: everybody of the office hears at the own hour what lies on the desk; the slot is (person, day)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, time

from sqlmodel import Session

from core.calendar import at, local_date
from core.messages import Content
from handlers.digest_morning import Morning
from handlers.digest_text import Reader, morning_content, open_morning
from handlers.digest_times import is_begun, is_due
from handlers.digest_week import Span, hears_of, span_content, spans_of
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
from storage.models import Contact, DigestPlan
from storage.outbox import Draft, enqueue
from storage.statuses import AfterDoubt

Plans = Mapping[int, DigestPlan]


def run(session: Session, house: House, now: datetime) -> dict[str, int]:
    """Queue the digests whose minute has come, each in the transaction that takes its slot."""
    today, spans = local_date(now), spans_of(now)
    plans = list_plans(session)
    taken = list_taken(session, [today, *(span.told_on for span in spans)])
    due = [
        one
        for one in _readers(session)
        if is_due(plans.get(one.contact.id or 0), one.since, house.calendar, now)
    ]
    counts: Counter[str] = Counter()
    mornings = [one for one in due if (today, SlotKind.MORNING.value, one.contact.id or 0) not in taken]
    if mornings:
        morning = open_morning(session, house, now)
        for reader in mornings:
            counts[_tell_morning(session, morning, reader, plans)] += 1
    for span in spans:
        for reader in due:
            plan = plans.get(reader.contact.id or 0)
            begun = is_begun(plan, span.told_on, house.calendar, today)
            if begun and (span.told_on, span.kind.value, reader.contact.id or 0) not in taken:
                counts[_tell_span(session, house, span, reader, plans, now)] += 1
    return {name: count for name, count in counts.items() if name}


def _tell_morning(session: Session, morning: Morning, reader: Reader, plans: Plans) -> str:
    # Taken also when there is nothing to say: what comes at eight is no morning of half past seven.
    if not take_slot(session, SlotKind.MORNING, reader.contact.id or 0, morning.today, morning.now):
        return ""
    content = morning_content(session, morning, reader)
    if content is None:
        return "nothing"
    _queue(session, reader.contact, content, f"digest:{morning.today}", plans, morning.now)
    return "leaders" if reader.leads else "digests"


def _tell_span(
    session: Session, house: House, span: Span, reader: Reader, plans: Plans, now: datetime
) -> str:
    """Private, never to a group: a head's figures are not everybody's."""
    sight = hears_of(reader.staff, span.kind) if reader.staff is not None else None
    contact = reader.contact.id or 0
    if sight is None or not take_slot(session, span.kind, contact, span.told_on, now):
        return ""
    content = span_content(session, house, span, sight, now)
    if content is None:
        return "nothing"
    _queue(session, reader.contact, content, f"digest:{span.kind}:{span.told_on}", plans, now)
    return f"{span.kind}s"


def _readers(session: Session) -> Iterator[Reader]:
    for staff, contact in list_readers(session):
        yield Reader(contact, staff.joined_at, staff)
    for group, contact in list_reading_groups(session):
        yield Reader(contact, group.linked_at, department=group.department)


def _queue(session: Session, to: Contact, content: Content, about: str, plans: Plans, now: datetime) -> None:
    plan = plans.get(to.id or 0)
    if plan is not None and not plan.with_picture:
        content = replace(content, pictures=())
    draft = Draft(
        contact=to,
        content=content,
        kind="digest",
        after_doubt=AfterDoubt.PARK,
        dedupe_key=f"{about}:{to.id}",
        expires_at=at(local_date(now), time.max),
    )
    if enqueue(session, draft, now) is not None and not to.is_group:
        _offer(session, to, content, now)


def _offer(session: Session, to: Contact, content: Content, now: datetime) -> None:
    """A number can be typed for a ticket, as after any answer; whoever is in the midst of something stays there."""
    conversation = load_conversation(session, to.id or 0, to.id or 0, now)
    if conversation.flow is None and content.choices:
        conversation.choices = [[one.title, one.action] for one in content.choices if one.action]
        session.add(conversation)
