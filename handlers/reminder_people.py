"""Whom a reminder concerns: read from words, said in words, checked against rights, and who that is today."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlmodel import Session

from core.wards import fold
from handlers.house import House
from storage.contacts import get_contact
from storage.models import Contact, Staff
from storage.staff import get_staff, list_members, list_officers, list_staff, list_team_leads
from storage.statuses import StaffRole

AREAS: Final = "areas"
ROLES: Final = ("leader", "head", "officer", "team_lead", "member")
_BETWEEN: Final = re.compile(r"\s*(?:[,;+&]|(?<=\s)và(?=\s)|(?<=\s)va(?=\s))\s*")
_MOST: Final = 20


@dataclass(frozen=True, slots=True)
class Target:
    """One who shall do it; a department or area answers once, whoever of it answers. `people` may be nobody."""

    who: str
    label: str
    people: tuple[tuple[Staff, Contact], ...] = ()


def read_audience(session: Session, house: House, staff: Staff | None, text: str) -> tuple[list[str], str]:
    """The tokens for «các khu phố, Phòng KT, Hạnh», and the first part that names nobody ("" when all do)."""
    found: list[str] = []
    for part in [one for one in _BETWEEN.split(text) if one.strip()][:_MOST]:
        token = _read_one(session, house, staff, part.strip())
        if token is None:
            return [], part.strip()
        found.append(token)
    return list(dict.fromkeys(found)), ""


def _read_one(session: Session, house: House, staff: Staff | None, text: str) -> str | None:
    said = fold(text)
    if staff is not None and said in _phrases(house, "self"):
        return f"staff:{staff.id}"
    if staff is not None and staff.department and said in _phrases(house, "own_department"):
        return f"department:{staff.department}"
    if said in _phrases(house, "areas"):
        return AREAS
    role = next((role for role in ROLES if said in _phrases(house, f"role_{role}")), None)
    if role is not None:
        return f"role:{role}"
    named = re.sub(r"^(?:can bo |lanh dao |to vien |anh |chi |ong |ba )?", "", said)
    people = [one for one, _ in list_staff(session) if named in (fold(one.name), fold(one.name).split()[-1])]
    if len(people) == 1:
        return f"staff:{people[0].id}"
    department = house.ward.find_department(text) or house.ward.find_department(re.sub(r"^ca ", "", said))
    if department is not None:
        return f"department:{department.key}"
    area = house.ward.find_area(text)
    return f"area:{area.key}" if area is not None else None


def _phrases(house: House, key: str) -> set[str]:
    return {fold(line) for line in house.words.text(f"reminders.typed.{key}").splitlines()}


def may_remind(session: Session, staff: Staff | None, token: str) -> bool:
    """Leaders everybody; heads their department, its people, all areas and those who lead their teams; others
    themselves and their own area, and whoever leads the team of one its people.

    Without a staff row it is the operator of the machine, who may do all.
    """
    if staff is None or staff.role == StaffRole.LEADER:
        return True
    kind, _, key = token.partition(":")
    if kind == "staff":
        other = get_staff(session, int(key))
        ours = staff.is_head and other.department == staff.department
        team = staff.leads_team and other.role == StaffRole.MEMBER and other.area == staff.area
        return other.id == staff.id or ours or team
    if staff.is_head:
        return kind in (AREAS, "area") or token in (f"department:{staff.department}", "role:team_lead")
    return staff.role == StaffRole.MEMBER and token == f"area:{staff.area}"


def say_token(session: Session, house: House, token: str) -> str:
    """One of the audience in words."""
    kind, _, key = token.partition(":")
    if kind == "staff":
        return get_staff(session, int(key)).name
    if kind == "department":
        return next((one.name for one in house.ward.departments if one.key == key), key)
    if kind == "area":
        return next((one.name for one in house.ward.areas if one.key == key), key)
    return house.words.text("reminders.all_areas" if kind == AREAS else f"reminders.role.{key}")


def say_audience(session: Session, house: House, tokens: Sequence[str]) -> str:
    """The whole audience in words."""
    return ", ".join(say_token(session, house, token) for token in tokens)


def list_targets(session: Session, house: House, tokens: Sequence[str]) -> list[Target]:
    """Who that is today, each once, in the order in which they were named."""
    found: dict[str, Target] = {}
    for token in tokens:
        for target in _targets_of(session, house, token):
            found.setdefault(target.who, target)
    return list(found.values())


def _targets_of(session: Session, house: House, token: str) -> list[Target]:
    kind, _, key = token.partition(":")
    if kind == "staff":
        staff = get_staff(session, int(key))
        people = ((staff, get_contact(session, staff.contact_id)),) if staff.active else ()
        return [Target(token, staff.name, people)]
    if kind == "role":
        return [
            Target(f"staff:{one.id}", one.name, ((one, contact),))
            for one, contact in _with_role(session, key)
        ]
    label = say_token(session, house, token)
    if kind == "department":
        return [Target(token, label, tuple(list_officers(session, key)))]
    if kind == "area":
        return [Target(token, label, tuple(list_members(session, key)))]
    return [one for area in house.ward.areas for one in _targets_of(session, house, f"area:{area.key}")]


def _with_role(session: Session, role: str) -> list[tuple[Staff, Contact]]:
    if role == "head":
        return [pair for pair in list_staff(session) if pair[0].is_head]
    if role == "team_lead":
        return list(list_team_leads(session))
    return [pair for pair in list_staff(session) if pair[0].role == role]


def may_answer(staff: Staff | None, who: str) -> bool:
    """True for the person, an officer of the department, a member of the area."""
    if staff is None or not staff.active:
        return False
    kind, _, key = who.partition(":")
    if kind == "staff":
        return str(staff.id) == key
    if kind == "department":
        return staff.role == StaffRole.OFFICER and staff.department == key
    return staff.role == StaffRole.MEMBER and staff.area == key
