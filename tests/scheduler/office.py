"""A small office for tests of the clock: people, tickets and the house of the sample ward."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any, cast

from sqlmodel import Session, col, select

from core.calendar import LOCAL, WorkCalendar, load_calendar
from core.messages import Address
from core.ward import load_ward
from core.wording import load_wording
from faq.entry import Entry
from faq.library import Library
from handlers.house import House
from storage import staff
from storage.contacts import record_contact
from storage.models import Contact, Delivery, Ticket
from storage.statuses import StaffRole, TicketStatus
from storage.tickets import Actor, add_ticket


@cache
def house() -> House:
    """The sample ward without any answers."""
    ward = load_ward("mau")
    words = load_wording(ward.unit_words)
    if not words.has("announce.result"):
        result = "{sent}/{total} đã gửi, {unreachable} chặn, {unknown} chưa rõ, {waiting} chờ"
        words = replace(words, sentences={**words.sentences, "announce.result": result})
    return House(
        ward=ward,
        library=Library.of(()),
        lexicon=cast(Any, None),
        matcher=cast(Any, None),
        calendar=load_calendar(),
        words=words,
    )


def house_knowing(*entries: Entry) -> House:
    """The same ward with some answers."""
    return replace(house(), library=Library.of(entries))


def house_with(calendar: WorkCalendar) -> House:
    """The same ward in another year's calendar."""
    return replace(house(), calendar=calendar)


def local(text: str) -> datetime:
    """A moment as people write it: "2026-11-24 07:30"."""
    return datetime.fromisoformat(text).replace(tzinfo=LOCAL)


def person(session: Session, name: str, *, group: bool = False) -> Contact:
    """Somebody on Telegram."""
    made = record_contact(
        session, Address("telegram", "bot", name), local("2026-11-01 08:00"), is_group=group
    )
    made.name = name
    return made


def officer(session: Session, name: str, department: str) -> Contact:
    """An officer of a department."""
    contact = person(session, name)
    duty = staff.Duty(StaffRole.OFFICER, department)
    staff.enlist(session, contact, duty, name, local("2026-11-01 08:00"))
    return contact


def leader(session: Session, name: str) -> Contact:
    """A leader of the ward."""
    contact = person(session, name)
    staff.enlist(session, contact, staff.Duty(StaffRole.LEADER), name, local("2026-11-01 08:00"))
    return contact


def group_of(session: Session, name: str, officer_name: str) -> Contact:
    """A group chat, linked by an officer of the department."""
    group = person(session, name, group=True)
    linker = staff.find_staff(session, person(session, officer_name).id or 0)
    assert linker is not None
    staff.link_group(session, group, linker, local("2026-11-01 08:00"))
    return group


def ticket(
    session: Session,
    code: str,
    department: str,
    *,
    filed: str,
    due: str,
    status: TicketStatus = TicketStatus.NEW,
    closed: str | None = None,
    category: str = "",
) -> Ticket:
    """A citizen's report with words that must never leave the office."""
    citizen = person(session, "bà Lan 0912345678")
    row = Ticket(
        code=code,
        contact_id=citizen.id or 0,
        category=category or house().ward.categories[0].key,
        department=department,
        text="Nhà bà Lan số 5 bị ngập",
        status=status.value,
        created_at=local(filed),
        due_at=local(due),
        updated_at=local(filed),
        closed_at=local(closed) if closed else None,
    )
    return add_ticket(session, row, Actor("telegram", citizen.id))


def outbox(session: Session) -> dict[str, list[str]]:
    """What was queued, by the name of the one who gets it, oldest first."""
    query = select(Contact.external_id, Delivery.content).join(Delivery).order_by(col(Delivery.id))
    told: dict[str, list[str]] = {}
    for name, content in session.exec(query):
        told.setdefault(name, []).append(content["text"])
    return told


HOUR = timedelta(hours=1)
