"""The inbox: records events once, and hands them out one person at a time, oldest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Integer, bindparam, func, literal_column, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from core.messages import Envelope
from storage.insertion import table_of
from storage.models import InboxItem
from storage.statuses import InboxStatus

ALBUM_PAUSE = timedelta(seconds=1.5)
LEASE = timedelta(seconds=60)
MAX_FAILURES = 3
REDACTED = '{"redacted": true}'
# A message that is claimed again and again without ever failing or finishing kills the process each time.
MAX_CLAIMS = 8
# From here on a message is claimed only while no other such one is under way: the one that kills the process must
# not take along those that were merely claimed beside it.
SUSPECT_CLAIMS = 3
# And only by a process that has lived so long: it has shown that it lives without that message. A process that is
# killed again and again soon after its start must not make the messages look guilty that it was handling.
LIVED_ENOUGH = timedelta(seconds=10)
_NEVER_SO_OFTEN = 1 << 30
_BACK_OFF = (timedelta(seconds=2), timedelta(seconds=15))


@dataclass(frozen=True, slots=True)
class Claim:
    """Parts of one message that we alone may handle now; `claims` is the fence of its first part."""

    ids: tuple[int, ...]
    envelopes: tuple[Envelope, ...]
    received_at: datetime
    claims: int
    failures: int


def record_event(session: Session, envelope: Envelope, now: datetime) -> int | None:
    """Keep an event; returns its id, or None when it was known already. Source: docs/architecture.md 3."""
    return record_events(session, [envelope], now)[0]


def record_events(session: Session, envelopes: Sequence[Envelope], now: datetime) -> list[int | None]:
    """Keep events in their order, in one statement; for each its id, or None when it was known already."""
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        # Else the later of two messages of one person could be committed first, be handled, and then be
        # joined by the earlier one. Always in the same order, so that two batches never wait for each other.
        # SQLite has one writer.
        connection.execute(_LOCK_SENDERS, {"senders": sorted({e.sender_key for e in envelopes})})
    rows = [_new_row(envelope, now) for envelope in envelopes]
    made = {tuple(key): number for number, *key in connection.execute(_RECORD[connection.dialect.name], rows)}
    # An event that comes twice in one batch is new once.
    return [made.pop((e.channel, e.account, e.external_id), None) for e in envelopes]


_TABLE = table_of(InboxItem)
_KEY = (_TABLE.c.channel, _TABLE.c.account, _TABLE.c.external_id)
_RECORD = {
    name: dialect.insert(_TABLE).on_conflict_do_nothing().returning(_TABLE.c.id, *_KEY)
    for name, dialect in (("postgresql", postgresql), ("sqlite", sqlite))
}
_LOCK_SENDERS = text(
    "SELECT pg_advisory_xact_lock(hashtextextended(sender, 0)) FROM unnest(CAST(:senders AS text[])) AS sender"
)


def _new_row(envelope: Envelope, now: datetime) -> dict[str, object]:
    return {
        "channel": envelope.channel,
        "account": envelope.account,
        "external_id": envelope.external_id,
        "sender_key": envelope.sender_key,
        "album": envelope.album,
        "raw": envelope.raw,
        "status": InboxStatus.NEW.value,
        "received_at": now,
        "ready_at": now + ALBUM_PAUSE if envelope.album else now,
        "claims": 0,
        "failures": 0,
    }


def claim_messages(
    session: Session, owner: str, now: datetime, limit: int, *, suspects: bool = True
) -> list[Claim]:
    """Win the oldest unhandled message of up to `limit` people; nobody else gets those people meanwhile.

    Without `suspects` none that was claimed often already: for a process that has not lived LIVED_ENOUGH.
    """
    claims = []
    for item in _apart(session, _oldest_ready(session, now, limit, suspects), now):
        parts = _album_parts(session, item, now)
        if parts is None:
            continue
        for part in parts:
            part.claimed_by, part.claimed_until, part.claims = owner, now + LEASE, part.claims + 1
            session.add(part)
        claims.append(
            Claim(
                ids=tuple(part.id or 0 for part in parts),
                envelopes=tuple(_envelope(part) for part in parts),
                received_at=parts[0].received_at,
                claims=parts[0].claims,
                failures=parts[0].failures,
            )
        )
    session.flush()
    return claims


def _is_new(status: Any) -> ColumnElement[bool]:
    # Written out, as in the partial indexes: with a placeholder SQLite could not use them.
    is_new: ColumnElement[bool] = status == literal_column(f"'{InboxStatus.NEW.value}'")
    return is_new


# Statements of the way that every message goes are built once: building costs more than running them.
_EARLIER = aliased(InboxItem)
_IS_FIRST = ~(
    select(col(_EARLIER.id))
    .where(_EARLIER.sender_key == InboxItem.sender_key, _is_new(_EARLIER.status))
    .where(col(_EARLIER.id) < col(InboxItem.id))
    .exists()
)
_OLDEST_READY = (
    select(InboxItem)
    .where(_is_new(InboxItem.status), col(InboxItem.ready_at) <= bindparam("now"))
    .where(col(InboxItem.claimed_until).is_(None) | (col(InboxItem.claimed_until) < bindparam("now")))
    .where(_IS_FIRST)
    .where(col(InboxItem.claims) < bindparam("often"))
    .order_by(col(InboxItem.id))
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True, of=InboxItem)
)


def _oldest_ready(session: Session, now: datetime, limit: int, suspects: bool) -> Sequence[InboxItem]:
    """The first unhandled row of each person, if it is ready and nobody holds it."""
    often = _NEVER_SO_OFTEN if suspects else SUSPECT_CLAIMS
    return session.exec(_OLDEST_READY, params={"now": now, "most": limit, "often": often}).all()


_SUSPECT_UNDER_WAY = (
    select(col(InboxItem.id))
    .where(_is_new(InboxItem.status), col(InboxItem.claims) > SUSPECT_CLAIMS)
    .where(col(InboxItem.claimed_until) >= bindparam("now"))
    .limit(1)
)


def _apart(session: Session, ready: Sequence[InboxItem], now: datetime) -> list[InboxItem]:
    """All that are above suspicion, and of the others at most one at a time."""
    calm = [item for item in ready if item.claims < SUSPECT_CLAIMS]
    suspects = [item for item in ready if item.claims >= SUSPECT_CLAIMS]
    if suspects and session.exec(_SUSPECT_UNDER_WAY, params={"now": now}).first() is None:
        calm.append(suspects[0])
    return calm


def _album_parts(session: Session, first: InboxItem, now: datetime) -> list[InboxItem] | None:
    """All waiting parts of the album that begins with `first`; None while a part may still be on its way."""
    if first.album is None:
        return [first]
    query = (
        select(InboxItem)
        .where(InboxItem.sender_key == first.sender_key, InboxItem.status == InboxStatus.NEW)
        .order_by(col(InboxItem.id))
    )
    parts = []
    for item in session.exec(query):
        if item.album != first.album:
            break
        parts.append(item)
    if any(part.ready_at > now for part in parts):
        return None
    return parts


def _envelope(item: InboxItem) -> Envelope:
    return Envelope(item.channel, item.account, item.external_id, item.sender_key, item.raw, item.album)


_PARTS = select(InboxItem).where(col(InboxItem.id).in_(bindparam("ids", expanding=True)))
_PARTS = _PARTS.order_by(col(InboxItem.id)).with_for_update()


def hold_claim(session: Session, claim: Claim, owner: str) -> bool:
    """True if the claim is still ours, checked in the transaction that handles the message."""
    parts = session.exec(_PARTS, params={"ids": claim.ids}).all()
    ours = all(
        part.status == InboxStatus.NEW and part.claimed_by == owner and part.claims >= 1 for part in parts
    )
    return ours and len(parts) == len(claim.ids) and parts[0].claims == claim.claims


_FIRST = _TABLE.alias()
_FENCE = select(_FIRST.c.claims).where(_FIRST.c.id == bindparam("first")).scalar_subquery()
_OURS = (
    update(_TABLE)
    .where(_TABLE.c.id.in_(bindparam("ids", expanding=True)), _is_new(_TABLE.c.status))
    .where(bindparam("fence", type_=Integer) == _FENCE)
)
_HANDLED = _OURS.values(status=InboxStatus.DONE.value, handled_at=bindparam("moment"), claimed_until=None)


def settle_handled(session: Session, claim: Claim, now: datetime) -> None:
    """The message is answered; runs in the transaction that wrote the answer."""
    session.connection().execute(_HANDLED, {**_fence(claim), "moment": now})


def settle_failed(session: Session, claim: Claim, error: str, now: datetime) -> bool:
    """Count a failure; True when the message now steps aside for good. `error` names no person."""
    failures = claim.failures + 1
    if failures >= MAX_FAILURES:
        park(session, claim, error, now)
        return True
    wait = _BACK_OFF[min(failures, len(_BACK_OFF)) - 1]
    _set(session, claim, failures=failures, error=error, ready_at=now + wait, claimed_until=None)
    return False


def park(session: Session, claim: Claim, error: str, now: datetime) -> None:
    """Step aside, so that the person's next messages are handled; the raw event stays for a look."""
    _set(
        session,
        claim,
        status=InboxStatus.PARKED.value,
        failures=claim.failures + 1,
        error=error,
        handled_at=now,
        claimed_until=None,
    )


def redact(session: Session, inbox_id: int) -> None:
    """Forget what an event said, with all parts of its album; that it came stays known, so it stays unique."""
    item = session.get_one(InboxItem, inbox_id)
    same = col(InboxItem.id) == inbox_id
    if item.album is not None:
        same = (col(InboxItem.sender_key) == item.sender_key) & (col(InboxItem.album) == item.album)
    session.execute(update(InboxItem).where(same).values(raw=REDACTED))


def release_claims(session: Session, now: datetime) -> int:
    """At the start of the only process of a SQLite file: whoever held claims before is dead."""
    statement = (
        update(InboxItem)
        .where(col(InboxItem.status) == InboxStatus.NEW, col(InboxItem.claimed_until) > now)
        .values(claimed_until=None)
    )
    return int(session.execute(statement).rowcount)  # type: ignore[attr-defined]


def _set(session: Session, claim: Claim, **values: object) -> None:
    session.connection().execute(_OURS.values(**values), _fence(claim))


def _fence(claim: Claim) -> dict[str, object]:
    return {"ids": claim.ids, "first": claim.ids[0], "fence": claim.claims}


def count_waiting(session: Session) -> int:
    """How many events are recorded and not yet handled."""
    query = select(func.count()).select_from(InboxItem).where(InboxItem.status == InboxStatus.NEW)
    return session.exec(query).one()
