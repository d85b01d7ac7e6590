"""Who an audience is in the database: one condition for everybody that is asked for, by indexes, in batches by id."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, exists, false, func, not_, or_, select
from sqlmodel import Session, col

from core.audience import Audience, audience_from
from core.reach import Reach, Reached, Window
from storage.models import Announcement, Contact, Preference, Staff, Subscription
from storage.statuses import PreferenceKind, StaffRole


def audience_of(announcement: Announcement) -> Audience:
    """For whom an announcement is."""
    return audience_from(announcement.areas, announcement.audience)


def aim(announcement: Announcement, audience: Audience) -> None:
    """Give an announcement its audience."""
    announcement.areas, announcement.audience = list(audience.areas), audience.beside_areas


def reaches(audience: Audience, at: datetime | None = None) -> ColumnElement[bool]:
    """True of a contact that the audience means; with `at`, of those who had asked for it by then.

    Every part looks up one contact by a unique index, so that a batch costs as much as it is long, however many
    people there are, and a person who is asked for twice is still one row.
    """
    parts = [_citizens(audience, at)] if audience.for_citizens else []
    if audience.staff_roles:
        parts.append(_staff(audience, at))
    return or_(false(), *parts)


def measure(session: Session, audience: Audience, windows: Mapping[str, Window], now: datetime) -> Reached:
    """How many people the audience is, by channel and by how they can be written to at this moment."""
    way = _way(windows, now).label("way")
    query = select(col(Contact.channel), way, func.count()).where(reaches(audience))
    rows = session.execute(query.group_by(col(Contact.channel), way)).all()
    counts = {(channel, Reach(one)): count for channel, one, count in rows}
    everybody = Audience(areas=audience.areas, roles=audience.roles)
    if audience == everybody and not audience.for_citizens:
        return Reached(counts)
    anyone = session.execute(
        select(func.count()).select_from(Contact).where(_lives(audience, None))
    ).scalar_one()
    return Reached(counts, max(anyone - sum(counts.values()), 0))


def count_contacts(session: Session, audience: Audience) -> int:
    """How many contacts the audience means, as far as the provider lets us write to them."""
    query = select(func.count()).select_from(Contact).where(gets(audience))
    return int(session.execute(query).scalar_one())


def _lives(audience: Audience, at: datetime | None) -> ColumnElement[bool]:
    """Whoever subscribed to the place at all, whatever was chosen beside; staff beside them is meant by duty."""
    parts = [_subscribed(audience, at)] if audience.for_citizens else []
    return or_(false(), *parts, *([_staff(audience, at)] if audience.staff_roles else []))


def _way(windows: Mapping[str, Window], now: datetime) -> ColumnElement[str]:
    """`Window.reach` as the database computes it."""
    last = col(Contact.last_interaction_at)
    whens: list[tuple[ColumnElement[bool], str]] = [
        (col(Contact.unreachable_at).is_not(None), Reach.UNREACHABLE.value)
    ]
    for channel, window in windows.items():
        if window.free is not None:
            here = col(Contact.channel) == channel
            whens.append((and_(here, last >= now - window.free), Reach.FREE.value))
            whens.append((and_(here, last >= now - window.paid), Reach.PAID.value))
            whens.append((here, Reach.TEMPLATE.value))
    return case(*whens, else_=Reach.FREE.value)


def list_contacts_after(
    session: Session, audience: Audience, at: datetime | None, after_id: int, limit: int
) -> Sequence[int]:
    """The contacts' ids of the next batch, in their order."""
    query = select(col(Contact.id)).where(col(Contact.id) > after_id, gets(audience, at))
    return session.execute(query.order_by(col(Contact.id)).limit(limit)).scalars().all()


def gets(audience: Audience, at: datetime | None = None) -> ColumnElement[bool]:
    """`reaches`, of those to whom the provider lets us write."""
    return and_(_alive(), reaches(audience, at))


def _alive() -> ColumnElement[bool]:
    return col(Contact.unreachable_at).is_(None)


def _citizens(audience: Audience, at: datetime | None) -> ColumnElement[bool]:
    """Whoever subscribed to the place, and chose what is asked for; danger passes over the topics."""
    here = _subscribed(audience, at)
    if audience.urgent:
        asked = _chose(PreferenceKind.URGENT, True, _places(audience), at)
        wants = or_(and_(here, not_(_chose(PreferenceKind.URGENT, False))), asked)
    else:
        wants = and_(here, _hears(audience.wanted_topics, at))
    if audience.business:
        wants = and_(wants, _chose(PreferenceKind.BUSINESS, True, at=at))
    if audience.ages:
        wants = and_(wants, _chose(PreferenceKind.AGE, True, [age.value for age in audience.ages], at))
    return wants


def _hears(topics: Sequence[str], at: datetime | None) -> ColumnElement[bool]:
    """Whoever chose one of the topics, and whoever chose none at all unless they declined each of these."""
    chose_some = _chose(PreferenceKind.TOPIC, True)
    declined = [_chose(PreferenceKind.TOPIC, False, [topic]) for topic in topics]
    return or_(
        _chose(PreferenceKind.TOPIC, True, list(topics), at), and_(not_(chose_some), not_(and_(*declined)))
    )


def _subscribed(audience: Audience, at: datetime | None) -> ColumnElement[bool]:
    found = [col(Subscription.contact_id) == col(Contact.id), col(Subscription.ended_at).is_(None)]
    places = _places(audience)
    if places is not None:
        found.append(col(Subscription.area).in_(places))
    if at is not None:
        found.append(col(Subscription.started_at) <= at)
    return _looked_up(found)


def _chose(
    kind: PreferenceKind, wanted: bool, keys: Sequence[str] | None = None, at: datetime | None = None
) -> ColumnElement[bool]:
    found = [
        col(Preference.contact_id) == col(Contact.id),
        col(Preference.kind) == kind.value,
        col(Preference.wanted).is_(wanted),
    ]
    if keys is not None:
        found.append(col(Preference.key).in_(keys))
    if at is not None:
        found.append(col(Preference.chosen_at) <= at)
    return _looked_up(found)


def _places(audience: Audience) -> list[str] | None:
    """The keys of the places that count: whoever wants to hear of the whole ward hears of each area. None: any."""
    return [*audience.areas, ""] if audience.areas else None


def _staff(audience: Audience, at: datetime | None) -> ColumnElement[bool]:
    """Those in service with one of the roles; members of the areas, where areas are named."""
    found = [
        col(Staff.contact_id) == col(Contact.id),
        col(Staff.active).is_(True),
        col(Staff.role).in_([StaffRole(role.value).value for role in audience.staff_roles]),
    ]
    if audience.areas:
        found.append(col(Staff.area).in_(audience.areas))
    if at is not None:
        found.append(col(Staff.joined_at) <= at)
    return _looked_up(found)


def _looked_up(found: Sequence[ColumnElement[bool]]) -> ColumnElement[bool]:
    """A row looked up by its index for each contact.

    Without an offset PostgreSQL reads all rows into a table first, anew for each batch: among 100,000 contacts that
    costs four times as much.
    """
    return exists(select(1).where(*found).offset(0))
