"""Who an audience is in the database: one condition for everybody that is asked for, by indexes, in batches by id."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, exists, false, func, not_, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from core.audience import Audience, audience_from
from core.reach import Reach, Reached, Window, best_door
from storage.models import Announcement, Contact, ContactLink, Preference, Staff, Subscription
from storage.persons import list_doors
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


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody who gets an announcement: the contact at which the wishes are kept, and the one it goes to."""

    person_id: int
    contact_id: int


def measure(session: Session, audience: Audience, windows: Mapping[str, Window], now: datetime) -> Reached:
    """How many people the audience is, by channel and by how they can be written to at this moment."""
    way = _way(windows, now).label("way")
    query = select(col(Contact.channel), way, func.count()).where(not_(is_linked()), reaches(audience))
    rows = session.execute(query.group_by(col(Contact.channel), way)).all()
    counts = Counter({(channel, Reach(one)): count for channel, one, count in rows})
    linked = select(col(Contact.id)).where(is_linked(), is_home(), reaches(audience))
    for doors in list_doors(session, session.execute(linked).scalars().all()).values():
        door = best_door(doors, windows, now)
        counts[door.channel, door.reach(windows, now)] += 1
    if not audience.for_citizens:
        return Reached(counts)
    passed_over = [is_home(), _lives(audience), not_(reaches(audience))]
    unasked = session.execute(select(func.count()).select_from(Contact).where(*passed_over)).scalar_one()
    return Reached(counts, unasked)


def count_contacts(session: Session, audience: Audience) -> int:
    """How many people the audience means, as far as a provider lets us write to them on one of their channels."""
    query = select(func.count()).select_from(Contact).where(is_home(), is_alive(), reaches(audience))
    return int(session.execute(query).scalar_one())


def list_recipients(
    session: Session,
    audience: Audience,
    at: datetime | None,
    after_id: int,
    limit: int,
    windows: Mapping[str, Window],
    now: datetime,
) -> list[Recipient]:
    """The next batch in the order of `person_id`, each with the best of the person's channels."""
    query = select(col(Contact.id)).where(
        col(Contact.id) > after_id, is_home(), is_alive(), reaches(audience, at)
    )
    homes = session.execute(query.order_by(col(Contact.id)).limit(limit)).scalars().all()
    return with_best_channels(session, homes, windows, now)


def with_best_channels(
    session: Session, homes: Sequence[int], windows: Mapping[str, Window], now: datetime
) -> list[Recipient]:
    """Each person once, at the channel where a message goes now."""
    doors = list_doors(session, homes)
    best = {person: best_door(several, windows, now).contact_id for person, several in doors.items()}
    return [Recipient(home, best.get(home, home)) for home in homes]


def is_home() -> ColumnElement[bool]:
    """True of the contact at which a person's wishes are kept: every contact that is not linked to another one."""
    elsewhere = [
        col(ContactLink.contact_id) == col(Contact.id),
        col(ContactLink.person_id) != col(Contact.id),
    ]
    return not_(has_row(elsewhere))


def is_linked() -> ColumnElement[bool]:
    """True of a contact of a person with several channels."""
    return has_row([col(ContactLink.contact_id) == col(Contact.id)])


def is_alive() -> ColumnElement[bool]:
    """True of a person with a channel that is not blocked."""
    other = aliased(Contact)
    open_ = (
        select(1)
        .select_from(ContactLink)
        .join(other, col(other.id) == col(ContactLink.contact_id))
        .where(col(ContactLink.person_id) == col(Contact.id), col(other.unreachable_at).is_(None))
    )
    return or_(col(Contact.unreachable_at).is_(None), exists(open_.offset(0)))


def _lives(audience: Audience) -> ColumnElement[bool]:
    """Whoever subscribed to the place at all, whatever was chosen beside; staff beside them is meant by duty."""
    staff = [_staff(audience, None)] if audience.staff_roles else []
    return or_(_subscribed(audience, None), *staff)


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
    return has_row(found)


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
    return has_row(found)


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
    return has_row(found)


def has_row(found: Sequence[ColumnElement[bool]]) -> ColumnElement[bool]:
    """A row looked up by its index for each contact.

    Without an offset PostgreSQL reads all rows into a table first, anew for each batch: among 100,000 contacts that
    costs four times as much.
    """
    return exists(select(1).where(*found).offset(0))
