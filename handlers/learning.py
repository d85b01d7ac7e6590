"""Turns the week's unanswered questions into clusters that an office can settle: for the clock and for the chat."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel import Session

from faq.clusters import Cluster, Known, gather
from handlers.care_rights import LEADERS, owner_key
from handlers.house import House
from handlers.turn import Turn
from storage.asked import list_unlearned
from storage.clusters import NewCluster, add_cluster, count_open, grow, list_known
from storage.models import AskedQuestion, QuestionCluster, Staff
from storage.statuses import AskedDecision, StaffRole

BACK = timedelta(days=30)
"""So long the words of a question are kept; older ones cannot be read any more."""

MOST = 2000
"""Questions that are put together at once: two seconds of work, and more than a ward is asked in a month."""


def gather_unanswered(session: Session, house: House, now: datetime) -> dict[str, int]:
    """Put what is in no cluster yet into one, known or new; returns how many questions and new clusters."""
    rows = list_unlearned(session, now - BACK, MOST)
    if not rows:
        return {"questions": 0, "clusters": 0}
    known = list_known(session)
    texts = [row.words or "" for row in rows]
    found = gather(house.matcher, texts, [Known(one.features, one.count) for one in known])
    for one in found:
        members = [rows[number] for number in one.members]
        cluster = _new(session, house, one, members, now) if one.known is None else known[one.known]
        cluster.features = dict(one.features)
        grow(session, cluster, members, [texts[number] for number in one.members])
    return {"questions": len(rows), "clusters": sum(one.known is None for one in found)}


def departments_of(staff: Staff) -> list[str] | None:
    """Whose unanswered questions somebody is shown: leaders all, officers theirs and what nobody is known for."""
    return None if staff.role == StaffRole.LEADER else [staff.department or LEADERS, LEADERS]


def count_waiting(turn: Turn, staff: Staff) -> int:
    """How many clusters wait for somebody of the office, those of this very hour too."""
    gather_unanswered(turn.session, turn.house, turn.now)
    return count_open(turn.session, departments_of(staff))


def _new(
    session: Session, house: House, found: Cluster, members: Sequence[AskedQuestion], now: datetime
) -> QuestionCluster:
    """With the entry that comes nearest; whose it is counts only where the topic is likely or a person chose it."""
    near = [(row, house.library.find(row.nearest)) for row in members]
    sure = (
        entry
        for row, entry in near
        if entry and (row.topic == entry.topic or row.decision == AskedDecision.ANSWERED)
    )
    entry = next(sure, None)
    nearest = entry or next((one for _, one in near if one is not None), None)
    new = NewCluster(
        features=found.features,
        topic=entry.topic if entry is not None else "",
        entry=nearest.id if nearest is not None else "",
        department=owner_key(house, entry) if entry is not None else LEADERS,
    )
    return add_cluster(session, new, now)
