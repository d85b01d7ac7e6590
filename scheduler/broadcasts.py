"""Turns announcements into deliveries, batch by batch, and tells the author what became of them."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from core.messages import Choice, Content
from handlers.announce_content import content_of
from handlers.announce_launch import must_rest
from handlers.house import House
from scheduler.announcement_hours import start_due
from scheduler.job import MORE
from storage.announcements import (
    cancel_announcement,
    drop_leavers,
    list_recipients_after,
    list_sending,
    without_those_who_have_it,
)
from storage.announcing import CLOCK, hold_unsent, list_paused, list_still_valid, record_step, release_held
from storage.bulk import BulkDraft, enqueue_for
from storage.contacts import get_contact
from storage.late_joiners import list_late_joiners
from storage.models import Announcement
from storage.outbox import Draft, count_by_status, enqueue
from storage.rerouting import claim_other_channels
from storage.statuses import (
    UNSETTLED_DELIVERIES,
    AfterDoubt,
    AnnouncementStatus,
    AnnouncementStep,
    DeliveryStatus,
)

# Written far faster than any provider lets us send, and in transactions short enough for people who wait.
BATCH = 2_000
# A newcomer's first minute is no flood; the rest stands on the ward's page.
_MOST_LATE = 3
# The job looks every five seconds; nothing may leave between the hour and its next look.
_AHEAD = timedelta(seconds=10)
# As long as a message that a sender had in its hands may come back into the queue; later nothing does.
_SETTLES = timedelta(minutes=10)


def run(session: Session, house: House, now: datetime) -> dict[str, int]:
    """Start what is due; one batch of each announcement under way; finish those whose last delivery is settled."""
    counts = {"started": start_due(session, house, now), "written": 0, "finished": 0, "cancelled": 0}
    counts["held"] = keep_quiet(session, house, now)
    for announcement in list_sending(session):
        if _rests(house, announcement, now):
            continue
        counts["released"] = counts.get("released", 0) + _release(session, announcement, now)
        written = _write_batch(session, house, announcement, now)
        counts["written"] += written
        if written == BATCH:
            # What was not taken is looked for when all is written: among many it costs more than a batch.
            counts[MORE] = counts.get(MORE, 0) + 1
            continue
        rerouted = _reroute(session, house, announcement, now)
        if written == rerouted == 0 and _finish(session, house, announcement, now):
            counts["finished"] += 1
    counts["late"] = _write_late(session, house, now)
    for announcement in _half_cancelled(session):
        counts["cancelled"] += cancel_announcement(session, announcement, now)
    return {name: count for name, count in counts.items() if count or name in _ALWAYS}


_ALWAYS = ("written", "finished", "cancelled")


def keep_quiet(session: Session, house: House, now: datetime) -> int:
    """Hold back what is paused, and in quiet hours what is not urgent. Asked also before the program says a word."""
    resting = [one for one in list_sending(session) if _rests(house, one, now)]
    held = 0
    for announcement in [*resting, *list_paused(session)]:
        if announcement.held_at is None:
            announcement.held_at = now
            session.add(announcement)
        if now - announcement.held_at <= _SETTLES:
            held += hold_unsent(session, announcement.id or 0)
    return held


def _rests(house: House, announcement: Announcement, now: datetime) -> bool:
    return must_rest(house, announcement, now) or must_rest(house, announcement, now + _AHEAD)


def _release(session: Session, announcement: Announcement, now: datetime) -> int:
    if announcement.held_at is None:
        return 0
    announcement.held_at = None
    session.add(announcement)
    return release_held(session, announcement.id or 0, now)


def _write_batch(session: Session, house: House, announcement: Announcement, now: datetime) -> int:
    after = announcement.cursor
    recipients = list_recipients_after(session, announcement, after, BATCH, house.windows, now)
    if not recipients:
        return 0
    written = without_those_who_have_it(session, announcement, recipients)
    draft = _draft(house, announcement)
    # By the person: on whichever channel it comes, it comes once.
    enqueue_for(session, draft, {one.contact_id: str(one.person_id) for one in written}, now)
    drop_leavers(session, announcement, written, now)
    announcement.cursor = recipients[-1].person_id
    session.add(announcement)
    return len(recipients)


def _draft(house: House, announcement: Announcement) -> BulkDraft:
    return BulkDraft(
        content=content_of(house, announcement),
        kind="announcement",
        key=f"announcement:{announcement.id}",
        # Twice the same announcement annoys; a doubtful one is shown to the author instead. An urgent one that
        # somebody misses harms.
        after_doubt=AfterDoubt.RESEND if announcement.urgent else AfterDoubt.PARK,
        announcement_id=announcement.id,
        expires_at=announcement.valid_until,
    )


def _reroute(session: Session, house: House, announcement: Announcement, now: datetime) -> int:
    """What one channel of a person did not take goes to another one that does now."""
    others = claim_other_channels(session, announcement, house.windows, now)
    if others:
        keys = {one.contact_id: f"{one.person_id}:{one.contact_id}" for one in others}
        enqueue_for(session, _draft(house, announcement), keys, now)
    return len(others)


def _write_late(session: Session, house: House, now: datetime) -> int:
    """Whoever joined after the start gets what still holds: the newest few, in the order in which they came."""
    late = 0
    for announcement in reversed(list_still_valid(session, now, _MOST_LATE)):
        if _rests(house, announcement, now):
            continue
        until = announcement.valid_until
        joiners = list_late_joiners(session, announcement, until, house.windows, now, BATCH)
        if joiners:
            keys = {one.contact_id: str(one.person_id) for one in joiners}
            enqueue_for(session, _draft(house, announcement), keys, now)
            drop_leavers(session, announcement, joiners, now)
            late += len(joiners)
    return late


def _finish(session: Session, house: House, announcement: Announcement, now: datetime) -> bool:
    """Tell the author once, when nothing of it is under way. Those who left in between count nowhere."""
    counts = count_by_status(session, announcement.id or 0)
    if any(counts.get(status) for status in (*UNSETTLED_DELIVERIES, DeliveryStatus.HELD)):
        return False
    numbers = {
        "sent": counts.get(DeliveryStatus.SENT, 0),
        "unreachable": counts.get(DeliveryStatus.FAILED, 0),
        "unknown": counts.get(DeliveryStatus.UNKNOWN, 0),
        "waiting": counts.get(DeliveryStatus.WAITING, 0),
    }
    numbers["total"] = sum(numbers.values())
    author = get_contact(session, announcement.chat_id)
    report = Choice(house.words.text("announce.button.report"), f"announce.progress:{announcement.id}")
    content = Content(house.words.text("announce.result", **numbers), (report,))
    key = f"announcement:{announcement.id}:result"
    enqueue(session, Draft(author, content, "announcement_result", dedupe_key=key), now)
    announcement.status, announcement.finished_at = AnnouncementStatus.SENT.value, now
    announcement.progress = dict(numbers)
    session.add(announcement)
    told = f"{numbers['sent']}/{numbers['total']}"
    record_step(session, announcement, AnnouncementStep.FINISHED, CLOCK, now, told)
    return True


def _half_cancelled(session: Session) -> list[Announcement]:
    """Cancelled in a way that left its queue standing."""
    query = select(Announcement).where(
        Announcement.status == AnnouncementStatus.CANCELLED, col(Announcement.finished_at).is_(None)
    )
    return list(session.exec(query.with_for_update(skip_locked=True)).all())
