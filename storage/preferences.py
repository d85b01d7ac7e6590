"""What a person chose to hear of, and what the person is: each choice with its moment and its proof."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete
from sqlmodel import Session, col, select

from storage.insertion import insert_into
from storage.models import Preference
from storage.statuses import PreferenceKind


def choose(
    session: Session,
    contact_id: int,
    kind: PreferenceKind,
    key: str,
    inbox_id: int | None,
    now: datetime,
    *,
    wanted: bool = True,
) -> None:
    """Note a choice with its proof; saying the same again changes nothing, saying the opposite replaces it."""
    fresh = {"wanted": wanted, "chosen_at": now, "inbox_id": inbox_id}
    statement = insert_into(session, Preference).values(
        contact_id=contact_id, kind=kind.value, key=key, **fresh
    )
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["contact_id", "kind", "key"],
            set_=fresh,
            where=col(Preference.wanted).is_not(wanted),
        )
    )


def forget(session: Session, contact_id: int, kind: PreferenceKind, key: str | None = None) -> int:
    """Take choices of a kind back, or the one of a key; returns how many there were."""
    statement = delete(Preference).where(
        col(Preference.contact_id) == contact_id, col(Preference.kind) == kind.value
    )
    if key is not None:
        statement = statement.where(col(Preference.key) == key)
    return int(session.execute(statement).rowcount)  # type: ignore[attr-defined]


def list_preferences(session: Session, contact_id: int) -> Sequence[Preference]:
    """All choices of a contact, the oldest first."""
    query = select(Preference).where(Preference.contact_id == contact_id)
    return session.exec(query.order_by(col(Preference.id))).all()
