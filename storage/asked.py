"""Questions that were handled: one row each, what became of it, and what people said of the answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, update
from sqlmodel import Session, col, select

from storage.models import AskedQuestion
from storage.statuses import AskedDecision, Reason, Verdict


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it was handled. `words` have their numbers covered already, "" keeps none."""

    channel: str
    decision: AskedDecision
    topic: str = ""
    entry: str = ""
    nearest: str = ""
    score: int | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What people said of one entry: thumbs, how often each reason, and the newest remarks in their words."""

    good: int = 0
    bad: int = 0
    reasons: Mapping[str, int] = field(default_factory=dict)
    remarks: Sequence[str] = ()


def record_asked(session: Session, asked: Asked, now: datetime) -> int:
    """Keep one row; returns its id."""
    row = AskedQuestion(
        asked_at=now,
        channel=asked.channel,
        decision=asked.decision.value,
        topic=asked.topic,
        entry=asked.entry,
        nearest=asked.nearest,
        score=asked.score,
        words=asked.words or None,
    )
    session.add(row)
    session.flush()
    return row.id or 0


def note_picked(session: Session, asked_id: int, entry: str, topic: str) -> None:
    """Something of what was offered was it: found after all, so the words are not needed."""
    _change(session, asked_id, picked=True, entry=entry, topic=topic, words=None)


def note_meant(session: Session, asked_id: int, entry: str) -> None:
    """The answer was not it, this entry was: whoever adds a way of asking is shown where it belongs."""
    _change(session, asked_id, nearest=entry)


def note_verdict(session: Session, asked_id: int, verdict: Verdict, words: str = "") -> None:
    """A thumb; with a thumb down the words of the question come back, if they are still known."""
    _change(session, asked_id, verdict=verdict.value)
    if words and verdict is Verdict.BAD:
        _change(session, asked_id, words=words)


def note_reason(session: Session, asked_id: int, reason: Reason, remark: str = "") -> None:
    """Why the thumb was down, once: the first reason stays."""
    only = col(AskedQuestion.reason) == ""
    _change(session, asked_id, only, reason=reason.value, remark=remark or None)


def verdicts_of(session: Session, entry: str, since: datetime) -> Verdicts:
    """What people said of an entry since then."""
    query = select(AskedQuestion).where(AskedQuestion.entry == entry, AskedQuestion.verdict != "")
    rows = session.exec(
        query.where(col(AskedQuestion.asked_at) >= since).order_by(col(AskedQuestion.id).desc())
    ).all()
    bad = [row for row in rows if row.verdict == Verdict.BAD]
    return Verdicts(
        good=len(rows) - len(bad),
        bad=len(bad),
        reasons=Counter(row.reason for row in bad if row.reason),
        remarks=[row.remark for row in bad if row.remark],
    )


def list_called_wrong(session: Session, since: datetime, least: int) -> Mapping[str, Sequence[datetime]]:
    """Entries that at least so many people called wrong or out of date since then: when, newest first."""
    query = (
        select(AskedQuestion.entry, AskedQuestion.asked_at)
        .where(AskedQuestion.reason == Reason.WRONG, col(AskedQuestion.asked_at) >= since)
        .order_by(col(AskedQuestion.asked_at).desc())
    )
    called: dict[str, list[datetime]] = {}
    for entry, at in session.exec(query):
        called.setdefault(entry, []).append(at)
    return {entry: times for entry, times in called.items() if entry and len(times) >= least}


def list_unlearned(session: Session, since: datetime, limit: int) -> Sequence[AskedQuestion]:
    """Questions without a right answer that are in no cluster yet, oldest first; none that another puts there now."""
    unanswered = col(AskedQuestion.decision).in_([AskedDecision.NONE, AskedDecision.OFFERED])
    # A thumb down because an answer is old or hard to read is a matter of that answer, not of the question.
    wanted_other = (col(AskedQuestion.verdict) == Verdict.BAD) & col(AskedQuestion.reason).in_(
        ["", Reason.NOT_ASKED.value]
    )
    query = (
        select(AskedQuestion)
        .where(col(AskedQuestion.words).is_not(None), col(AskedQuestion.cluster_id).is_(None))
        .where(col(AskedQuestion.asked_at) >= since, col(AskedQuestion.picked).is_(False))
        .where(unanswered | wanted_other)
        .order_by(col(AskedQuestion.id))
    )
    return session.exec(query.limit(limit).with_for_update(skip_locked=True)).all()


def _change(
    session: Session, asked_id: int, only: ColumnElement[bool] | None = None, **values: object
) -> None:
    statement = update(AskedQuestion).where(col(AskedQuestion.id) == asked_id)
    session.execute((statement if only is None else statement.where(only)).values(**values))
