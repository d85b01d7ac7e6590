"""What people asked, counted by week and topic, and which entries most: numbers only, for whoever leads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from sqlmodel import Session, col, func, select

from storage.models import AskedQuestion
from storage.statuses import AskedDecision, Verdict

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Tally:
    """Questions by what became of them. `found` was answered at once, `picked` among what was offered."""

    asked: int = 0
    found: int = 0
    picked: int = 0
    unpicked: int = 0
    sent_on: int = 0
    missing: int = 0
    good: int = 0
    bad: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(Tally)))


@dataclass(frozen=True, slots=True)
class Week:
    """One week from its first instant, and its tallies by topic; "" stands for no topic."""

    begins: datetime
    topics: Mapping[str, Tally]

    @property
    def total(self) -> Tally:
        """All topics together."""
        return sum(self.topics.values(), Tally())


def count_weeks(session: Session, first: datetime, weeks: int) -> list[Week]:
    """So many weeks, one after the other, the oldest first; `first` is where the oldest begins."""
    return [_week(session, first + number * WEEK) for number in range(weeks)]


def list_top_entries(session: Session, since: datetime, limit: int) -> Sequence[tuple[str, int]]:
    """The entries that were answered with most since then, by id, with how often."""
    times = func.count(col(AskedQuestion.id))
    query = (
        select(AskedQuestion.entry, times)
        .where(AskedQuestion.entry != "", col(AskedQuestion.asked_at) >= since)
        .group_by(AskedQuestion.entry)
        .order_by(times.desc(), AskedQuestion.entry)
    )
    return [(entry, count) for entry, count in session.exec(query.limit(limit))]


def _week(session: Session, begins: datetime) -> Week:
    columns = (AskedQuestion.topic, AskedQuestion.decision, AskedQuestion.picked, AskedQuestion.verdict)
    query = (
        select(*columns, func.count(col(AskedQuestion.id)))  # type: ignore[call-overload]
        .where(col(AskedQuestion.asked_at) >= begins, col(AskedQuestion.asked_at) < begins + WEEK)
        .group_by(*columns)
    )
    topics: dict[str, Tally] = defaultdict(Tally)
    for topic, decision, picked, verdict, count in session.exec(query):
        topics[topic] += _tally(AskedDecision(decision), picked, verdict, count)
    return Week(begins, dict(topics))


def _tally(decision: AskedDecision, picked: bool, verdict: str, count: int) -> Tally:
    offered = decision is AskedDecision.OFFERED
    return Tally(
        asked=count,
        found=count * (decision is AskedDecision.ANSWERED),
        picked=count * (offered and picked),
        unpicked=count * (offered and not picked),
        sent_on=count * (decision in (AskedDecision.STUB, AskedDecision.REPORT, AskedDecision.HUMAN)),
        missing=count * (decision is AskedDecision.NONE),
        good=count * (verdict == Verdict.GOOD),
        bad=count * (verdict == Verdict.BAD),
    )
