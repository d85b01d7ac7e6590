"""Claims on the outbox: one sender wins a message, and settles it exactly once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy
from sqlalchemy import ColumnElement, bindparam, literal_column, or_, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from core.messages import Address, Content
from core.serial import content_from_json
from storage.insertion import table_of
from storage.models import Contact, Delivery
from storage.statuses import AfterDoubt, DeliveryStatus, Lane

# Longer than the longest send (15 s each for a few parts), so that a slow send is never taken for a dead one.
LEASE = timedelta(seconds=60)
_OPEN = [DeliveryStatus.QUEUED.value, DeliveryStatus.CLAIMED.value]


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A claimed delivery: all that a sender needs, without a session. `doubtful` may have arrived already."""

    id: int
    attempt: int
    address: Address
    contact_id: int
    is_group: bool
    content: Content
    lane: Lane
    kind: str
    after_doubt: AfterDoubt
    parts_sent: int
    external_ids: tuple[str, ...]
    last_interaction_at: datetime | None
    expires_at: datetime | None
    doubtful: bool
    knocked: bool = False


_TABLE = table_of(Delivery)


def is_open(status: Any) -> ColumnElement[bool]:
    """True of what is queued or held by a sender."""
    # Written out, in the order of the partial indexes: with placeholders SQLite would read the whole history.
    found: ColumnElement[bool] = status.in_([literal_column(f"'{one}'") for one in _OPEN])
    return found


# Built once, because the sender asks it after every message, and building costs more than asking.
_EARLIER = aliased(Delivery)
_IS_FIRST = ~(
    select(col(_EARLIER.id))
    .where(_EARLIER.contact_id == Delivery.contact_id, _EARLIER.lane == Delivery.lane)
    .where(is_open(_EARLIER.status), col(_EARLIER.id) < col(Delivery.id))
    # What was never tried and is not due yet is held back on purpose: nobody waits behind it.
    .where(or_(col(_EARLIER.attempt) > 0, col(_EARLIER.due_at) <= bindparam("now")))
    .exists()
)
_IS_FREE = (col(Delivery.status) == DeliveryStatus.QUEUED) & (col(Delivery.due_at) <= bindparam("now"))
_IS_ORPHANED = (col(Delivery.status) == DeliveryStatus.CLAIMED) & (
    col(Delivery.claimed_until) < bindparam("now")
)
# Columns and no rows: a broadcast claims thousands, and a row that the session watches costs several times as much.
_DUE = (
    sqlalchemy.select(
        _TABLE.c.id,
        _TABLE.c.status,
        _TABLE.c.attempt,
        _TABLE.c.contact_id,
        _TABLE.c.content,
        _TABLE.c.lane,
        _TABLE.c.kind,
        _TABLE.c.after_doubt,
        _TABLE.c.parts_sent,
        _TABLE.c.external_ids,
        _TABLE.c.expires_at,
        _TABLE.c.knocked_at,
        col(Contact.channel),
        col(Contact.account),
        col(Contact.external_id),
        col(Contact.is_group),
        col(Contact.last_interaction_at),
    )
    .select_from(Delivery)
    .join(Contact, col(Contact.id) == Delivery.contact_id)
    .where(_TABLE.c.channel == bindparam("channel"), _TABLE.c.lane == bindparam("lane"))
    .where(is_open(Delivery.status))
    .where(_IS_FREE | _IS_ORPHANED, _IS_FIRST)
    .order_by(col(Delivery.id))
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True, of=Delivery)
)


def claim_due(
    session: Session, channel: str, lane: Lane, owner: str, now: datetime, limit: int
) -> list[Outgoing]:
    """Win up to `limit` due messages of a lane, at most one of a person, each person's oldest first."""
    # What the session has not written yet may be due as well.
    session.flush()
    connection = session.connection()
    asked = {"channel": channel, "lane": lane.value, "now": now, "most": limit}
    found = connection.execute(_DUE, asked).all()
    if found:
        claim = {"claimed": [row.id for row in found], "owner": owner, "until": now + LEASE}
        connection.execute(_CLAIM, claim)
    return [_outgoing(row) for row in found]


_CLAIM = (
    update(_TABLE)
    .where(_TABLE.c.id.in_(bindparam("claimed", expanding=True)))
    .values(
        status=DeliveryStatus.CLAIMED.value,
        attempt=_TABLE.c.attempt + 1,
        claimed_by=bindparam("owner"),
        claimed_until=bindparam("until"),
    )
)


def _outgoing(row: Any) -> Outgoing:
    return Outgoing(
        id=row.id,
        attempt=row.attempt + 1,
        address=Address(row.channel, row.account, row.external_id),
        contact_id=row.contact_id,
        is_group=row.is_group,
        content=content_from_json(row.content),
        lane=Lane(row.lane),
        kind=row.kind,
        after_doubt=AfterDoubt(row.after_doubt),
        parts_sent=row.parts_sent,
        external_ids=tuple(row.external_ids),
        last_interaction_at=row.last_interaction_at,
        expires_at=row.expires_at,
        doubtful=row.status == DeliveryStatus.CLAIMED,
        knocked=row.knocked_at is not None,
    )


def settle_part(session: Session, sent: Outgoing, external_ids: Sequence[str], now: datetime) -> bool:
    """One part of a long message left; the next attempt goes on behind it. False when the claim was lost."""
    row = session.get_one(Delivery, sent.id, with_for_update=True)
    row.external_ids = [*row.external_ids, *external_ids]
    session.add(row)
    if row.attempt != sent.attempt or row.status != DeliveryStatus.CLAIMED:
        return False
    row.parts_sent += 1
    row.claimed_until = now + LEASE
    return True


def settle_sent(session: Session, sent: Outgoing, external_ids: Sequence[str], now: datetime) -> bool:
    """The last part left. Recorded even if the fence was lost meanwhile: the message is on the screen.

    True when the message had been given up before, so that an alarm about it is over.
    """
    ids = [*sent.external_ids, *external_ids]
    done: dict[str, Any] = {"of": sent.id, "fence": sent.attempt, "parts": sent.parts_sent}
    done |= {"ids": ids, "last": ids[-1] if ids else None, "now": now}
    # Nearly always the claim holds and nothing of it was settled since: then no row need be read.
    if session.connection().execute(_SETTLE, done).rowcount:
        return False
    row = session.get_one(Delivery, sent.id, with_for_update=True)
    given_up = row.status == DeliveryStatus.FAILED
    row.parts_sent += 1
    row.external_ids = [*row.external_ids, *external_ids]
    row.external_id = row.external_ids[-1] if row.external_ids else None
    row.status, row.sent_at, row.error = DeliveryStatus.SENT.value, now, None
    row.claimed_until = None
    session.add(row)
    return given_up


_SETTLE = (
    update(_TABLE)
    .where(_TABLE.c.id == bindparam("of"), _TABLE.c.attempt == bindparam("fence"))
    .where(_TABLE.c.parts_sent == bindparam("parts"))
    .where(_TABLE.c.status == DeliveryStatus.CLAIMED.value)
    .values(
        status=DeliveryStatus.SENT.value,
        parts_sent=bindparam("parts") + 1,
        external_ids=bindparam("ids"),
        external_id=bindparam("last"),
        sent_at=bindparam("now"),
        error=None,
        claimed_until=None,
    )
)


def settle_later(session: Session, sent: Outgoing, due_at: datetime, error: str) -> bool:
    """Back into the queue. False when another sender has taken it since."""
    return _settle(session, sent, status=DeliveryStatus.QUEUED, due_at=due_at, error=error)


def settle_as(session: Session, sent: Outgoing, status: DeliveryStatus, error: str) -> bool:
    """Out of the queue without having been sent for sure: failed, unknown, waiting or cancelled."""
    return _settle(session, sent, status=status, error=error)


def settle_knocked(session: Session, sent: Outgoing, now: datetime) -> bool:
    """The person was told, in words that the provider allows, that a message waits for the next word from there."""
    return _settle(session, sent, status=DeliveryStatus.WAITING, error="knocked", knocked_at=now)


def _settle(session: Session, sent: Outgoing, status: DeliveryStatus, **values: object) -> bool:
    statement = (
        update(Delivery)
        .where(col(Delivery.id) == sent.id, col(Delivery.attempt) == sent.attempt)
        .where(col(Delivery.status) == DeliveryStatus.CLAIMED)
        .values(status=status.value, claimed_until=None, **values)
    )
    return bool(session.execute(statement).rowcount)  # type: ignore[attr-defined]


def release_claims(session: Session, now: datetime) -> int:
    """At the start of the only process of a SQLite file: claims of the dead one are in doubt at once."""
    statement = (
        update(Delivery)
        .where(col(Delivery.status) == DeliveryStatus.CLAIMED, col(Delivery.claimed_until) > now)
        .values(claimed_until=now - timedelta(seconds=1))
    )
    return int(session.execute(statement).rowcount)  # type: ignore[attr-defined]
