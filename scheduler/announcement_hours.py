"""Announcements whose hour has come: started, or given back to their author when that would be wrong by now."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import Session

from core.calendar import spoken_moment
from core.messages import Choice, Content
from handlers.announce_base import author_of, still_reaches
from handlers.announce_content import short
from handlers.announce_launch import launch, make_draft_again, must_rest
from handlers.house import House
from storage.announcements import cancel_announcement, count_recipients
from storage.announcing import CLOCK, list_due, record_step
from storage.audiences import audience_of
from storage.contacts import get_contact
from storage.models import Announcement, Contact
from storage.outbox import Draft, enqueue
from storage.staff import list_leaders
from storage.statuses import AnnouncementStep

# After a longer standstill «sáng nay» may be over: a person looks before it goes.
LATE = timedelta(hours=2)


def start_due(session: Session, house: House, now: datetime) -> int:
    """Start what is due; returns how many are under way from now on."""
    return sum(_start(session, house, one, now) for one in list_due(session, now))


def _start(session: Session, house: House, found: Announcement, now: datetime) -> bool:
    at, author = found.scheduled_at or now, author_of(session, found)
    if found.valid_until is not None and found.valid_until <= now:
        _end(session, house, found, now, "announce.due_not_valid")
        return False
    if not author.active and found.approved_by is None:
        _end(session, house, found, now, "announce.due_author_left", leaders=True)
        return False
    total = count_recipients(session, audience_of(found))
    late = now - at > LATE and not must_rest(house, found, at)
    if late or total == 0 or not still_reaches(author, found):
        key = "announce.due_missed" if late else "announce.due_nobody"
        _give_back(session, house, found, now, key)
        return False
    if not launch(session, house, found, total, CLOCK, now):
        return False
    choices = _choices(house, found, "progress", "pause", "cancel")
    _tell_author(session, house, found, now, "announce.due_started", choices, total=total)
    return True


def _give_back(session: Session, house: House, found: Announcement, now: datetime, key: str) -> None:
    when = spoken_moment(found.scheduled_at or now)
    make_draft_again(session, found)
    found.scheduled_at, found.changed_at = None, now
    record_step(session, found, AnnouncementStep.MISSED, CLOCK, now, when)
    _tell_author(session, house, found, now, key, _choices(house, found, "revise"), when=when)


def _end(
    session: Session, house: House, found: Announcement, now: datetime, key: str, *, leaders: bool = False
) -> None:
    cancel_announcement(session, found, now)
    record_step(session, found, AnnouncementStep.DROPPED, CLOCK, now)
    if not leaders:
        return _tell_author(session, house, found, now, key, ())
    for _, contact in list_leaders(session):
        _tell(session, house, found, contact, now, key, ())
    return None


def _tell_author(
    session: Session,
    house: House,
    found: Announcement,
    now: datetime,
    key: str,
    choices: tuple[Choice, ...],
    **fields: object,
) -> None:
    _tell(session, house, found, get_contact(session, found.chat_id), now, key, choices, **fields)


def _tell(
    session: Session,
    house: House,
    found: Announcement,
    contact: Contact,
    now: datetime,
    key: str,
    choices: tuple[Choice, ...],
    **fields: object,
) -> None:
    text = house.words.text(key, short=short(found), **fields)
    once = f"{key}:{found.id}:{found.revision}:{contact.id}"
    enqueue(session, Draft(contact, Content(text, choices), "announcement_office", dedupe_key=once), now)


def _choices(house: House, found: Announcement, *names: str) -> tuple[Choice, ...]:
    return tuple(
        Choice(house.words.text(f"announce.button.{name}"), f"announce.{name}:{found.id}") for name in names
    )
