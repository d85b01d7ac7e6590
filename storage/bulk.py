"""One message for many people: written by the database itself, so that a hundred thousand cost seconds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, String, cast, literal
from sqlmodel import Session, col, select

from core.messages import Content
from core.serial import content_to_json
from storage.insertion import insert_into
from storage.models import Contact, Delivery
from storage.statuses import AfterDoubt, DeliveryStatus, Lane


@dataclass(frozen=True, slots=True)
class BulkDraft:
    """What everybody gets. `key` and what `enqueue_for` is given make the key by which nobody gets it twice."""

    content: Content
    kind: str
    key: str
    after_doubt: AfterDoubt
    announcement_id: int | None = None
    expires_at: datetime | None = None
    ready_at: datetime | None = None


def enqueue_for(session: Session, draft: BulkDraft, keys: Mapping[int, str], now: datetime) -> int:
    """Queue it for these contacts, once for each key; returns for how many it was new.

    `keys` gives each contact what makes its key: its own number, or where it stands for another contact that one's.
    """
    own = [contact for contact, key in keys.items() if key == str(contact)]
    others = [contact for contact in keys if keys[contact] != str(contact)]
    its_number: ColumnElement[str] = cast(col(Contact.id), String)
    written = _insert(session, draft, own, its_number, now)
    return written + sum(_insert(session, draft, [one], literal(keys[one]), now) for one in others)


def _insert(
    session: Session, draft: BulkDraft, contacts: Sequence[int], key: ColumnElement[str], now: datetime
) -> int:
    if not contacts:
        return 0
    session.flush()
    told = {
        "contact_id": col(Contact.id),
        "channel": col(Contact.channel),
        "lane": literal(Lane.BULK.value),
        "kind": literal(draft.kind),
        "content": literal(content_to_json(draft.content), Delivery.content.type),  # type: ignore[attr-defined]
        "dedupe_key": literal(f"{draft.key}:") + key,
        "after_doubt": literal(draft.after_doubt.value),
        "status": literal(DeliveryStatus.QUEUED.value),
        "attempt": literal(0),
        "parts_sent": literal(0),
        "external_ids": literal([], Delivery.external_ids.type),  # type: ignore[attr-defined]
        "created_at": literal(now, Delivery.created_at.type),  # type: ignore[attr-defined]
        "due_at": literal(draft.ready_at or now, Delivery.due_at.type),  # type: ignore[attr-defined]
        "expires_at": literal(draft.expires_at, Delivery.expires_at.type),  # type: ignore[union-attr]
        "announcement_id": literal(draft.announcement_id, Delivery.announcement_id.type),  # type: ignore[union-attr]
    }
    people = select(*told.values()).where(col(Contact.id).in_(contacts)).order_by(col(Contact.id))
    statement = insert_into(session, Delivery).from_select(list(told), people).on_conflict_do_nothing()
    return int(session.execute(statement).rowcount)  # type: ignore[attr-defined]
