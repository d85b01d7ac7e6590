"""One message for many people: written by the database itself, so that a hundred thousand cost seconds."""

from __future__ import annotations

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
    """What everybody gets. `key` and the contact's number make the key by which nobody gets it twice."""

    content: Content
    kind: str
    key: str
    after_doubt: AfterDoubt
    announcement_id: int | None = None
    expires_at: datetime | None = None
    ready_at: datetime | None = None


def enqueue_for(session: Session, draft: BulkDraft, whom: ColumnElement[bool], now: datetime) -> int:
    """Queue it for the contacts of this condition, once each; returns for how many it was new."""
    session.flush()
    written = {
        "contact_id": col(Contact.id),
        "channel": col(Contact.channel),
        "lane": literal(Lane.BULK.value),
        "kind": literal(draft.kind),
        "content": literal(content_to_json(draft.content), Delivery.content.type),  # type: ignore[attr-defined]
        "dedupe_key": literal(f"{draft.key}:") + cast(col(Contact.id), String),
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
    people = select(*written.values()).where(whom).order_by(col(Contact.id))
    statement = insert_into(session, Delivery).from_select(list(written), people).on_conflict_do_nothing()
    return int(session.execute(statement).rowcount)  # type: ignore[attr-defined]
