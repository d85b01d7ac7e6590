"""Who came too late for an announcement that is still valid: asked for it since, and has it on no channel."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, not_, or_
from sqlmodel import Session, col, select

from core.reach import Window
from storage.announcements import without_those_who_have_it
from storage.audiences import (
    Recipient,
    audience_of,
    has_row,
    is_alive,
    is_home,
    is_linked,
    reaches,
    with_best_channels,
)
from storage.models import Announcement, Contact, Delivery
from storage.statuses import AnnouncementStatus


def list_late_joiners(
    session: Session,
    announcement: Announcement,
    valid_until: datetime | None,
    windows: Mapping[str, Window],
    now: datetime,
    limit: int,
) -> list[Recipient]:
    """Up to `limit` of them in the order of `person_id`; those that are queued are not in the next call.

    None for what is over, has no end, is still going out, or was stopped. Whoever has a delivery of it (sent,
    waiting, cancelled at the own wish) is never meant again, on none of that person's channels.
    Queue each under the key of announcement and `person_id`, as in the first round: of two who do so at the same
    moment one writes the message.
    """
    ended = valid_until is None or valid_until <= now or announcement.status != AnnouncementStatus.SENT
    if ended or announcement.confirmed_at is None:
        return []
    found: list[Recipient] = []
    after_id = 0
    while len(found) < limit:
        query = select(Contact.id).where(
            col(Contact.id) > after_id,
            _came_since(announcement.confirmed_at),
            not_(_has(announcement.id or 0)),
            is_home(),
            is_alive(),
            reaches(audience_of(announcement)),
        )
        rows = session.exec(query.order_by(col(Contact.id)).limit(limit)).all()
        homes = [one for one in rows if one is not None]
        if not homes:
            break
        after_id = homes[-1]
        batch = with_best_channels(session, homes, windows, now)
        found += without_those_who_have_it(session, announcement, batch)
    return found[:limit]


def _came_since(moment: datetime) -> ColumnElement[bool]:
    """Whoever asked for something since then has written since then; of linked channels any may be the one."""
    return or_(col(Contact.last_interaction_at) > moment, is_linked())


def _has(announcement_id: int) -> ColumnElement[bool]:
    its = [
        col(Delivery.announcement_id) == announcement_id,
        col(Delivery.contact_id) == col(Contact.id),
    ]
    return has_row(its)
