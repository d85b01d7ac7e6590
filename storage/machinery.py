"""Leases, cursors, job slots, alarms and facts of the house: small rows that keep several processes honest."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, update
from sqlmodel import Session, col, select

from storage.insertion import insert_into
from storage.models import Alarm, Cursor, HouseFact, JobRun, Lease


def claim_lease(session: Session, name: str, owner: str, now: datetime, life: timedelta) -> bool:
    """Win or prolong a lease. True when it is ours until `now + life`."""
    until = now + life
    row = session.execute(
        insert_into(session, Lease)
        .values(name=name, owner=owner, until=until)
        .on_conflict_do_update(
            index_elements=["name"],
            set_={"owner": owner, "until": until},
            where=(col(Lease.owner) == owner) | (col(Lease.until) < now),
        )
        .returning(col(Lease.owner))
    ).first()
    return row is not None


def drop_lease(session: Session, name: str, owner: str) -> None:
    """Give a lease back at a planned stop, so that another need not wait for its end."""
    session.execute(delete(Lease).where(col(Lease.name) == name, col(Lease.owner) == owner))


def drop_all_leases(session: Session) -> None:
    """At the start of the only process of a SQLite file: whoever held leases before is dead."""
    session.execute(delete(Lease))


def find_cursor(session: Session, channel: str, account: str) -> str | None:
    """How far a polled channel was read."""
    row = session.get(Cursor, (channel, account))
    return row.value if row else None


def save_cursor(session: Session, channel: str, account: str, value: str) -> None:
    """Move the cursor, in the transaction that records what was read."""
    session.execute(
        insert_into(session, Cursor)
        .values(channel=channel, account=account, value=value)
        .on_conflict_do_update(index_elements=["channel", "account"], set_={"value": value})
    )


def claim_slot(session: Session, job: str, fire_at: datetime, now: datetime) -> bool:
    """Win a slot of a job: true for exactly one of all who try, ever."""
    statement = (
        insert_into(session, JobRun)
        .values(job=job, fire_at=fire_at, ran_at=now, counts={})
        .on_conflict_do_nothing()
        .returning(col(JobRun.job))
    )
    return session.execute(statement).first() is not None


def record_counts(session: Session, job: str, fire_at: datetime, counts: dict[str, int]) -> None:
    """What the run did, beside its slot."""
    session.execute(
        update(JobRun).where(col(JobRun.job) == job, col(JobRun.fire_at) == fire_at).values(counts=counts)
    )


def raise_alarm(session: Session, kind: str, subject: str, detail: str, now: datetime) -> bool:
    """Note that a person must look; True when it is news. `detail` holds no citizen's text and no token."""
    query = select(Alarm).where(Alarm.kind == kind, Alarm.subject == subject, col(Alarm.settled_at).is_(None))
    row = session.exec(query).first()
    if row is None:
        session.add(Alarm(kind=kind, subject=subject, detail=detail, first_at=now, last_at=now))
        return True
    row.count, row.last_at, row.detail = row.count + 1, now, detail
    session.add(row)
    return False


def subject_of_message(channel: str, number: int) -> str:
    """The subject of an alarm about a single message: by its number the row in inbox or outbox is found."""
    return f"{channel} #{number}"


def place_of_subject(subject: str) -> str:
    """What an alarm is about without the single message: the channel, or the department."""
    return subject.partition(" #")[0]


def settle_alarm(session: Session, kind: str, subject: str, now: datetime) -> None:
    """It is well again."""
    _settle(session, now, col(Alarm.kind) == kind, col(Alarm.subject) == subject)


def settle_all_of_kind(session: Session, kind: str, now: datetime) -> None:
    """The cause is gone for every subject at once."""
    _settle(session, now, col(Alarm.kind) == kind)


def settle_other_channels(session: Session, channels: Collection[str], now: datetime) -> None:
    """A channel that is switched off is no longer expected to be up."""
    _settle(session, now, col(Alarm.kind).startswith("channel_"), col(Alarm.subject).not_in(channels))


def settle_alarms(session: Session, numbers: Collection[int], now: datetime) -> int:
    """A person has seen to these; returns how many of them were open."""
    return _settle(session, now, col(Alarm.id).in_(numbers))


def _settle(session: Session, now: datetime, *which: ColumnElement[bool]) -> int:
    statement = update(Alarm).where(col(Alarm.settled_at).is_(None), *which).values(settled_at=now)
    return int(session.execute(statement).rowcount)  # type: ignore[attr-defined]


def list_alarms(session: Session, *, settled: bool = False) -> Sequence[Alarm]:
    """What is open, or with `settled` also what was, newest first."""
    query = select(Alarm).order_by(col(Alarm.last_at).desc(), col(Alarm.id).desc())
    return session.exec(query if settled else query.where(col(Alarm.settled_at).is_(None))).all()


def find_fact(session: Session, name: str) -> str | None:
    """A fact about this installation."""
    row = session.get(HouseFact, name)
    return row.value if row else None


def save_fact(session: Session, name: str, value: str) -> None:
    """Keep or change a fact."""
    row = session.get(HouseFact, name) or HouseFact(name=name, value=value)
    row.value = value
    session.add(row)


def drop_fact(session: Session, name: str) -> None:
    """Forget a fact."""
    session.execute(delete(HouseFact).where(col(HouseFact.name) == name))
