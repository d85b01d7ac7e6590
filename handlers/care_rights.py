"""Who looks after which answers: rights to change and to approve, and who is asked as the second person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from core.calendar import local_date
from faq.entry import Entry
from handlers.house import House
from handlers.turn import Turn
from storage.asked import list_called_wrong
from storage.knowledge import find_newest
from storage.models import Contact, KnowledgeRevision, Staff
from storage.staff import list_leaders, list_officers
from storage.statuses import KnowledgeKind, StaffRole

LEADERS = ""
"""Stands in the place of a department's key for what the leaders look after themselves."""


DOUBTS, DOUBT_WEEK = 3, timedelta(days=7)
"""So many people in so long a time: one may be mistaken, three are a reason to look."""


class CareRefused(Exception):
    """Nothing was changed; `key` and `fields` are the sentence for whoever tried."""

    def __init__(self, key: str, **fields: Any) -> None:
        super().__init__(key)
        self.key = key
        self.fields = fields


def caretaker(turn: Turn) -> Staff:
    """Whoever writes, if of the office or of a community team. Raises CareRefused."""
    if turn.staff is None or not turn.staff.active:
        raise CareRefused("care.no_right")
    return turn.staff


def owner_key(house: House, entry: Entry) -> str:
    """The key of the department that looks after an entry, LEADERS where the ward has none."""
    department = house.ward.find_owner(entry.owner)
    return department.key if department else LEADERS


def keeper_name(house: House, department: str) -> str:
    """Who looks after something, as officers call them."""
    found = next((one for one in house.ward.departments if one.key == department), None)
    return found.name if found else house.words.text("care.leaders")


def may_change(staff: Staff, department: str) -> bool:
    """Leaders everything, officers what their department looks after; members propose ways of asking only."""
    if staff.role == StaffRole.LEADER:
        return True
    return staff.role == StaffRole.OFFICER and department == staff.department


def need_change(turn: Turn, department: str) -> Staff:
    """Whoever writes, if they may change what this department looks after. Raises CareRefused."""
    staff = caretaker(turn)
    if staff.role == StaffRole.MEMBER:
        raise CareRefused("care.member")
    if not may_change(staff, department):
        raise CareRefused("care.other_department", department=keeper_name(turn.house, department))
    return staff


def may_decide(staff: Staff, revision: KnowledgeRevision) -> bool:
    """Those who may change it, but never the author: what citizens read has been seen by two people."""
    return may_change(staff, revision.department) and staff.id != revision.author_id


def list_deciders(session: Session, department: str, author_id: int) -> Sequence[tuple[Staff, Contact]]:
    """Whom a proposal is shown to: the author's colleagues, or where there are none the leaders."""
    officers = list_officers(session, department) if department != LEADERS else ()
    colleagues = [one for one in officers if one[0].id != author_id]
    return colleagues or [one for one in list_leaders(session) if one[0].id != author_id]


def list_due(session: Session, house: House, now: datetime) -> dict[str, list[Entry]]:
    """The entries to look through again, by the department that looks after them.

    First those that people call wrong, then those past their date of review, longest overdue first.
    """
    today, due = local_date(now), dict[str, list[Entry]]()
    late = sorted(house.library.list_to_review(today), key=lambda one: one.review_by or today)
    for entry in dict.fromkeys([*list_doubted(session, house, now), *late]):
        due.setdefault(owner_key(house, entry), []).append(entry)
    return due


def list_doubted(session: Session, house: House, now: datetime) -> list[Entry]:
    """Entries that several people called wrong or old within a week, unless they were looked through since."""
    doubted = []
    for entry_id, times in list_called_wrong(session, now - DOUBT_WEEK, DOUBTS).items():
        entry, newest = house.library.find(entry_id), find_newest(session, KnowledgeKind.ENTRY, entry_id)
        since = newest.decided_at if newest is not None else None
        fresh = times if since is None else [at for at in times if at > since]
        if entry is not None and len(fresh) >= DOUBTS:
            doubted.append(entry)
    return doubted
