"""Officers, leaders and members: who they are, the groups that get cards, the invites that let them in."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, bindparam, update
from sqlmodel import Session, col, select

from storage.links import unlink
from storage.models import Contact, Invite, Staff, StaffGroup
from storage.statuses import StaffRole

INVITE_LIFE = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Duty:
    """What an invite makes of somebody: a role, with a department for officers and an area for members."""

    role: StaffRole
    department: str | None = None
    area: str | None = None


_ACTIVE = select(Staff).where(Staff.contact_id == bindparam("contact"), col(Staff.active).is_(True))


def find_staff(session: Session, contact_id: int) -> Staff | None:
    """The active staff row of a contact."""
    return session.exec(_ACTIVE, params={"contact": contact_id}).first()


def get_staff(session: Session, staff_id: int) -> Staff:
    """By id, also when no longer active. Raises NoResultFound."""
    return session.get_one(Staff, staff_id)


def lock_staff(session: Session, staff_id: int) -> Staff | None:
    """By id, freshly read, held against others until the end of the transaction; also when no longer active."""
    return session.get(Staff, staff_id, with_for_update=True, populate_existing=True)


def list_staff(session: Session, *, former: bool = False) -> Sequence[tuple[Staff, Contact]]:
    """Everybody in service, or with `former` everybody who ever was, with where they are reached."""
    query = select(Staff, Contact).join(Contact, col(Contact.id) == Staff.contact_id).order_by(col(Staff.id))
    return session.exec(query if former else query.where(col(Staff.active).is_(True))).all()


def list_officers(session: Session, department: str) -> Sequence[tuple[Staff, Contact]]:
    """The active officers of a department, with where they are reached."""
    return _list(session, StaffRole.OFFICER, department)


def list_heads(session: Session, department: str) -> Sequence[tuple[Staff, Contact]]:
    """The heads of a department, mostly one."""
    return [pair for pair in list_officers(session, department) if pair[0].is_head]


def list_leaders(session: Session) -> Sequence[tuple[Staff, Contact]]:
    """The active leaders."""
    return _list(session, StaffRole.LEADER, None)


def list_members(session: Session, area: str) -> Sequence[tuple[Staff, Contact]]:
    """The active members of the digital-tech team of an area, by its key."""
    return [pair for pair in _list(session, StaffRole.MEMBER, None) if pair[0].area == area]


def list_team_leads(session: Session, area: str | None = None) -> Sequence[tuple[Staff, Contact]]:
    """Who leads the team of an area, mostly one; without `area` of all."""
    members = _list(session, StaffRole.MEMBER, None)
    return [pair for pair in members if pair[0].leads_team and area in (None, pair[0].area)]


def _list(session: Session, role: StaffRole, department: str | None) -> Sequence[tuple[Staff, Contact]]:
    query = (
        select(Staff, Contact)
        .join(Contact, col(Contact.id) == Staff.contact_id)
        .where(Staff.role == role.value, col(Staff.active).is_(True))
        .order_by(col(Staff.id))
    )
    if department is not None:
        query = query.where(Staff.department == department)
    return session.exec(query).all()


def list_groups(session: Session, department: str) -> Sequence[Contact]:
    """The group chats that get the cards of a department; none that was linked by somebody who has left."""
    query = (
        select(Contact)
        .join(StaffGroup, col(StaffGroup.contact_id) == col(Contact.id))
        .join(Staff, col(Staff.id) == StaffGroup.linked_by)
        .where(StaffGroup.department == department, col(Staff.active).is_(True))
        .order_by(col(Contact.id))
    )
    return session.exec(query).all()


def find_group_department(session: Session, group_id: int) -> str | None:
    """The department whose cards a group gets, while whoever linked it is in service."""
    query = (
        select(StaffGroup.department)
        .join(Staff, col(Staff.id) == StaffGroup.linked_by)
        .where(StaffGroup.contact_id == group_id, col(Staff.active).is_(True))
    )
    return session.exec(query).first()


def link_group(
    session: Session, group: Contact, staff: Staff, now: datetime, department: str | None = None
) -> None:
    """From now on the group gets the cards of the officer's department, or of the one a leader names."""
    key = department or staff.department or ""
    row = session.get(StaffGroup, group.id)
    if row is None:
        row = StaffGroup(contact_id=group.id or 0, department=key, linked_by=staff.id or 0, linked_at=now)
    row.department, row.linked_by, row.linked_at = key, staff.id or 0, now
    session.add(row)


def unlink_group(session: Session, group_id: int) -> bool:
    """The group gets no more cards. False when it got none."""
    row = session.get(StaffGroup, group_id)
    if row is not None:
        session.delete(row)
    return row is not None


def unlink_groups_of(session: Session, staff_id: int) -> list[Contact]:
    """The groups that this person linked get no more cards; returns them, so that they can be told."""
    query = select(StaffGroup, Contact).join(Contact, col(Contact.id) == StaffGroup.contact_id)
    found = session.exec(query.where(StaffGroup.linked_by == staff_id).order_by(col(Contact.id))).all()
    for row, _ in found:
        session.delete(row)
    return [contact for _, contact in found]


def add_invite(session: Session, code: str, duty: Duty, now: datetime) -> Invite:
    """Keep a new invite; the code itself is only shown, never stored."""
    invite = Invite(
        code_hash=_hash(code),
        role=duty.role.value,
        department=duty.department,
        area=duty.area,
        created_at=now,
        expires_at=now + INVITE_LIFE,
    )
    session.add(invite)
    session.flush()
    return invite


def claim_invite(session: Session, code: str, contact: Contact, now: datetime) -> Duty | None:
    """Use an invite once: of many who try at the same moment one wins, the others get None."""
    statement = (
        update(Invite)
        .where(col(Invite.code_hash) == _hash(code))
        .where(col(Invite.used_at).is_(None), col(Invite.expires_at) > now)
        .values(used_at=now, used_by=contact.id)
        .returning(col(Invite.role), col(Invite.department), col(Invite.area))
    )
    row = session.execute(statement).first()
    return Duty(StaffRole(row[0]), row[1], row[2]) if row else None


def list_invites(session: Session, now: datetime) -> Sequence[Invite]:
    """Those that still let somebody in, the oldest first; the codes themselves are nowhere."""
    query = select(Invite).where(col(Invite.used_at).is_(None), col(Invite.expires_at) > now)
    return session.exec(query.order_by(col(Invite.id))).all()


def find_invite(session: Session, code: str) -> Invite | None:
    """The invite of a code, used or not."""
    return session.exec(select(Invite).where(Invite.code_hash == _hash(code))).first()


def withdraw_invite(session: Session, invite: Invite, now: datetime) -> bool:
    """It lets nobody in any more. False when it was used or had ended already."""
    statement = (
        update(Invite)
        .where(col(Invite.id) == invite.id, col(Invite.used_at).is_(None), col(Invite.expires_at) > now)
        .values(expires_at=now)
    )
    return bool(session.execute(statement).rowcount)  # type: ignore[attr-defined]


def void_invites(session: Session, duty: Duty, now: datetime) -> int:
    """Unused invites to the same duty let nobody in any more; returns how many there were."""
    statement = (
        update(Invite)
        .where(col(Invite.role) == duty.role.value)
        .where(_same(Invite.department, duty.department), _same(Invite.area, duty.area))
        .where(col(Invite.used_at).is_(None), col(Invite.expires_at) > now)
        .values(expires_at=now)
    )
    return int(session.execute(statement).rowcount)  # type: ignore[attr-defined]


def _same(column: str | None, value: str | None) -> ColumnElement[bool]:
    return col(column).is_(None) if value is None else col(column) == value


def enlist(session: Session, contact: Contact, duty: Duty, name: str, now: datetime) -> Staff:
    """Make the contact an officer, member or leader; a former one is taken on again with the new duty."""
    query = select(Staff).where(Staff.contact_id == contact.id)
    staff = session.exec(query).first() or Staff(
        contact_id=contact.id or 0, role=duty.role.value, name=name, joined_at=now
    )
    staff.joined_at = staff.joined_at if staff.active else now
    staff.role, staff.department, staff.area = duty.role.value, duty.department, duty.area
    staff.name, staff.active, staff.left_at, staff.left_by = name, True, None, None
    staff.is_head = staff.is_head and staff.role == StaffRole.OFFICER
    staff.leads_team = False
    # What goes to a duty must not come out at a channel that somebody joined as a citizen.
    unlink(session, contact.id or 0, now)
    session.add(staff)
    session.flush()
    return staff


def dismiss(session: Session, staff: Staff, now: datetime, by: int | None = None) -> None:
    """The person leaves: from the next message on an ordinary citizen, and no group of theirs gets cards.

    `by` is the staff id of whoever ends the duty, None for the machine's operator.
    """
    staff.active, staff.left_at, staff.left_by = False, now, by
    staff.is_head = staff.leads_team = False
    session.add(staff)


def _hash(code: str) -> str:
    # 50 random bits behind the hash and a life of a day: a slow hash would add nothing.
    return hashlib.sha256(f"invite:{code}".encode()).hexdigest()
