"""Announcements that wait for a second person: approvers are reminded once, the author hears when the hour passes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlmodel import Session

from core.calendar import LOCAL, at, local_date, spoken_moment
from core.messages import Choice, Content
from handlers.announce_base import author_of, list_approvers
from handlers.announce_content import short
from handlers.announce_launch import is_passed
from handlers.announce_state import named_choices
from handlers.house import House
from storage.announcing import CLOCK, list_pending_to_tell, list_steps_since_submitted, record_step
from storage.contacts import get_contact
from storage.models import Announcement, Contact
from storage.outbox import Draft, enqueue
from storage.staff import list_leaders
from storage.statuses import AfterDoubt, AnnouncementStep

REMIND_AFTER = timedelta(hours=2)
"""Of the ward's office hours, without the noon break: what was handed in at eleven is reminded of at three."""


def run(session: Session, house: House, now: datetime) -> dict[str, int]:
    """What was told stands in the history, written by whoever holds the row: so each thing is told once."""
    counts = {"reminded": 0, "passed": 0}
    for found in list_pending_to_tell(session):
        steps = list_steps_since_submitted(session, found.id or 0)
        done = {step.kind for step in steps}
        if is_passed(found, now):
            if AnnouncementStep.PASSED not in done:
                _tell_passed(session, house, found, now)
                counts["passed"] += 1
        elif steps and AnnouncementStep.REMINDED not in done and _waits_long(house, steps[0].at, now):
            _remind(session, house, found, steps[0].at, now)
            counts["reminded"] += 1
    return {name: count for name, count in counts.items() if count}


def _waits_long(house: House, since: datetime, now: datetime) -> bool:
    """True from two office hours on, and only while the office is open and nobody is to be left in peace."""
    spans = house.ward.working_spans
    hour, works = now.astimezone(LOCAL).time(), house.calendar.is_working_day(local_date(now))
    is_open = works and any(begins <= hour < ends for begins, ends in spans)
    if not is_open or house.ward.quiet.covers(now):
        return False
    waited = sum((house.calendar.working_time(since, now, *span) for span in spans), timedelta(0))
    return waited > REMIND_AFTER


def _remind(session: Session, house: House, found: Announcement, since: datetime, now: datetime) -> None:
    """Everybody who may decide; where nobody is left who can, the author hears that instead."""
    record_step(session, found, AnnouncementStep.REMINDED, CLOCK, now)
    author, words = author_of(session, found), house.words
    people = [one for _, one in list_approvers(session, house, author) if one.unreachable_at is None]
    if not people:
        total, limit = found.recipients, house.ward.approve_above
        text = words.text("announce.nobody_approves", total=total, limit=limit)
        content = Content(text, named_choices(words, found, "emergency", "discard"))
        return _tell(session, found, _answerable(session, found), content, "nobody", now)
    when = spoken_moment(found.scheduled_at) if found.scheduled_at else words.text("announce.at_once")
    text = words.text(
        "announce.approval_reminder",
        short=short(found),
        author=author.name,
        since=spoken_moment(since),
        when=when,
    )
    look = Choice(words.text("announce.button.look_and_approve"), f"announce.ask_decision:{found.id}")
    return _tell(session, found, people, Content(text, (look,)), "remind", now, _until(house, now))


def _until(house: House, now: datetime) -> datetime:
    """Beyond the office day, or in quiet hours, nobody reads it any more: the next digest says it."""
    today = local_date(now)
    ends = [at(today, house.ward.closes), at(today, house.ward.quiet_from)]
    return min(moment for moment in ends if moment > now)


def _tell_passed(session: Session, house: House, found: Announcement, now: datetime) -> None:
    record_step(session, found, AnnouncementStep.PASSED, CLOCK, now)
    over = found.valid_until is not None and found.valid_until <= now
    key = "waited_past_validity" if over else "waited_past_hour"
    names = ("revise", "discard") if over else ("now_approved", "change_when", "discard")
    when = spoken_moment(found.scheduled_at) if found.scheduled_at else ""
    text = house.words.text(f"announce.{key}", short=short(found), when=when)
    content = Content(text, named_choices(house.words, found, *names))
    _tell(session, found, _answerable(session, found), content, "passed", now)


def _answerable(session: Session, found: Announcement) -> list[Contact]:
    """The author; when no longer in service, the leaders, who may do with it what the author may."""
    if author_of(session, found).active:
        return [get_contact(session, found.chat_id)]
    return [contact for _, contact in list_leaders(session)]


def _tell(
    session: Session,
    found: Announcement,
    people: Iterable[Contact],
    content: Content,
    occasion: str,
    now: datetime,
    until: datetime | None = None,
) -> None:
    for contact in people:
        draft = Draft(
            contact=contact,
            content=content,
            kind="announcement_office",
            after_doubt=AfterDoubt.PARK if occasion == "remind" else AfterDoubt.RESEND,
            dedupe_key=f"announcement:{found.id}:{occasion}:{found.revision}:{contact.id}",
            expires_at=until,
        )
        enqueue(session, draft, now)
