"""When an announcement leaves: at once, at its hour, or not before people are awake; the same for chat and clock."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from core.calendar import spoken_moment
from handlers.house import House
from storage.announcing import record_step
from storage.models import Announcement
from storage.statuses import AnnouncementStatus, AnnouncementStep
from storage.tickets import Actor


def must_rest(house: House, found: Announcement, moment: datetime) -> bool:
    """True when nothing of it may go out at that moment: quiet hours, no urgent matter, no reason given."""
    return house.ward.quiet.covers(moment) and not found.urgent and not found.night_reason


def needs_approval(house: House, found: Announcement, total: int) -> bool:
    """True when a second person has to read it first."""
    return total > house.ward.approve_above and found.approved_by is None


def is_passed(found: Announcement, now: datetime) -> bool:
    """True when it waited for a second person beyond its hour, or beyond the day until which it holds."""
    ends = [moment for moment in (found.scheduled_at, found.valid_until) if moment is not None]
    return found.status == AnnouncementStatus.PENDING and any(moment <= now for moment in ends)


def launch(
    session: Session, house: House, found: Announcement, total: int, actor: Actor, now: datetime
) -> bool:
    """Send it, now or at its hour. True when it is under way; False when it waits for its hour.

    What may not go out at night and has no hour of its own waits for the morning.
    """
    at = found.scheduled_at if found.scheduled_at and found.scheduled_at > now else now
    if must_rest(house, found, at):
        at = house.ward.quiet.over_at(at)
    if at > now:
        found.status, found.scheduled_at, found.recipients = AnnouncementStatus.SCHEDULED.value, at, total
        session.add(found)
        record_step(session, found, AnnouncementStep.SCHEDULED, actor, now, spoken_moment(at))
        return False
    start(session, found, total, actor, now)
    return True


def start(session: Session, found: Announcement, total: int, actor: Actor, now: datetime) -> None:
    """From now on the job writes its deliveries; the audience is frozen."""
    found.status = AnnouncementStatus.SENDING.value
    found.confirmed_at, found.recipients = now, total
    session.add(found)
    record_step(session, found, AnnouncementStep.STARTED, actor, now)


def make_draft_again(session: Session, found: Announcement) -> None:
    """Nobody's approval holds any more, and no button under what was seen before."""
    found.status, found.approved_by = AnnouncementStatus.DRAFT.value, None
    found.revision += 1
    session.add(found)
