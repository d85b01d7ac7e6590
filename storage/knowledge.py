"""The knowledge that the office keeps: proposals, their decisions, and the versions that are in force."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, text
from sqlmodel import Session, col, select

from storage.insertion import insert_into
from storage.models import KnowledgeRevision
from storage.statuses import KnowledgeKind, RevisionOutcome, RevisionStatus, RevisionVerb

# "know": held while a change comes into force, so that serials are seen in the order in which they were given.
_LOCK = 0x6B6E6F77
_IN_FORCE = RevisionStatus.IN_FORCE.value


@dataclass(frozen=True, slots=True)
class Proposal:
    """What somebody wants to change, and which version they looked at."""

    kind: KnowledgeKind
    subject: str
    verb: RevisionVerb
    row: Mapping[str, Any]
    base: int
    author_id: int
    department: str


def add_proposal(session: Session, proposal: Proposal, now: datetime) -> KnowledgeRevision:
    """Keep a proposal; it changes nothing until somebody else approves it."""
    revision = KnowledgeRevision(
        kind=proposal.kind.value,
        subject=proposal.subject,
        verb=proposal.verb.value,
        row=dict(proposal.row),
        base=proposal.base,
        author_id=proposal.author_id,
        department=proposal.department,
        created_at=now,
    )
    session.add(revision)
    session.flush()
    return revision


def bring_into_force(
    session: Session, revision_id: int, decided_by: int, shipped: Mapping[str, Any] | None, now: datetime
) -> RevisionOutcome:
    """Make a proposal the newest version of its subject, unless it is decided or made from an older version.

    `shipped` is what the product brought for this subject; it is kept as version 0 with the first change.
    """
    _take_turns(session)
    revision = lock_revision(session, revision_id)
    if revision is None or revision.status != RevisionStatus.PROPOSED:
        return RevisionOutcome.DECIDED
    kind, subject = KnowledgeKind(revision.kind), revision.subject
    if newest_number(session, kind, subject) != revision.base:
        return RevisionOutcome.STALE
    if revision.base == 0 and shipped is not None:
        _keep_shipped(session, revision, shipped, now)
    revision.number, revision.serial = revision.base + 1, knowledge_version(session) + 1
    revision.status, revision.decided_by, revision.decided_at = _IN_FORCE, decided_by, now
    session.add(revision)
    session.flush()
    return RevisionOutcome.DONE


def turn_down(
    session: Session, revision_id: int, status: RevisionStatus, decided_by: int, reason: str, now: datetime
) -> RevisionOutcome:
    """Return or withdraw a proposal; one that is decided already stays as it is."""
    revision = lock_revision(session, revision_id)
    if revision is None or revision.status != RevisionStatus.PROPOSED:
        return RevisionOutcome.DECIDED
    revision.status, revision.reason = status.value, reason
    revision.decided_by, revision.decided_at = decided_by, now
    session.add(revision)
    session.flush()
    return RevisionOutcome.DONE


def lock_revision(session: Session, revision_id: int) -> KnowledgeRevision | None:
    """One revision, held until the end of the transaction."""
    return session.get(KnowledgeRevision, revision_id, with_for_update=True, populate_existing=True)


def knowledge_version(session: Session) -> int:
    """A number that rises with every change that comes into force; 0 before the first."""
    return session.exec(select(func.max(KnowledgeRevision.serial))).one() or 0


def list_in_force_after(session: Session, version: int) -> Sequence[KnowledgeRevision]:
    """What came into force after this knowledge version, in order: replayed it gives the present knowledge."""
    query = select(KnowledgeRevision).where(col(KnowledgeRevision.serial) > version)
    return session.exec(query.order_by(col(KnowledgeRevision.serial))).all()


def newest_number(session: Session, kind: KnowledgeKind, subject: str) -> int:
    """The version of a subject that is in force; 0 for what was shipped and never changed, or is not there yet."""
    newest = find_newest(session, kind, subject)
    return newest.number or 0 if newest else 0


def find_newest(session: Session, kind: KnowledgeKind, subject: str) -> KnowledgeRevision | None:
    """The version of a subject that is in force; None if it was never changed."""
    return next(iter(list_versions(session, kind, subject, 1)), None)


def list_versions(
    session: Session, kind: KnowledgeKind, subject: str, limit: int = 100
) -> Sequence[KnowledgeRevision]:
    """The versions of a subject, newest first, down to what was shipped."""
    query = select(KnowledgeRevision).where(
        KnowledgeRevision.kind == kind.value,
        KnowledgeRevision.subject == subject,
        col(KnowledgeRevision.number).is_not(None),
    )
    return session.exec(query.order_by(col(KnowledgeRevision.number).desc()).limit(limit)).all()


def find_version(
    session: Session, kind: KnowledgeKind, subject: str, number: int
) -> KnowledgeRevision | None:
    """One version of a subject."""
    return next((one for one in list_versions(session, kind, subject) if one.number == number), None)


def list_proposals(session: Session, department: str | None, limit: int) -> Sequence[KnowledgeRevision]:
    """Proposals that wait for a decision, oldest first: a department's, or with None all."""
    query = select(KnowledgeRevision).where(KnowledgeRevision.status == RevisionStatus.PROPOSED)
    if department is not None:
        query = query.where(KnowledgeRevision.department == department)
    return session.exec(query.order_by(col(KnowledgeRevision.id)).limit(limit)).all()


def list_proposals_about(session: Session, kind: KnowledgeKind, subject: str) -> Sequence[KnowledgeRevision]:
    """Proposals about one subject that wait for a decision, oldest first."""
    query = select(KnowledgeRevision).where(
        KnowledgeRevision.status == RevisionStatus.PROPOSED,
        KnowledgeRevision.kind == kind.value,
        KnowledgeRevision.subject == subject,
    )
    return session.exec(query.order_by(col(KnowledgeRevision.id))).all()


def list_changed(session: Session, kind: KnowledgeKind) -> Sequence[KnowledgeRevision]:
    """The newest version of every subject of a kind that was ever changed, the last changed first."""
    newest = (
        select(func.max(KnowledgeRevision.serial))
        .where(KnowledgeRevision.kind == kind.value)
        .group_by(col(KnowledgeRevision.subject))
    )
    query = select(KnowledgeRevision).where(col(KnowledgeRevision.serial).in_(newest))
    return session.exec(query.order_by(col(KnowledgeRevision.serial).desc())).all()


def is_known_subject(session: Session, kind: KnowledgeKind, subject: str) -> bool:
    """True when any revision, also a returned one, speaks of this subject: its name is taken."""
    query = select(KnowledgeRevision.id).where(
        KnowledgeRevision.kind == kind.value, KnowledgeRevision.subject == subject
    )
    return session.exec(query.limit(1)).first() is not None


def _keep_shipped(
    session: Session, revision: KnowledgeRevision, shipped: Mapping[str, Any], now: datetime
) -> None:
    statement = insert_into(session, KnowledgeRevision).values(
        kind=revision.kind,
        subject=revision.subject,
        number=0,
        verb=RevisionVerb.SHIPPED.value,
        row=dict(shipped),
        base=0,
        department=revision.department,
        status=_IN_FORCE,
        reason="",
        created_at=now,
    )
    session.execute(statement.on_conflict_do_nothing())


def _take_turns(session: Session) -> None:
    """SQLite has one writer; on PostgreSQL changes come into force one after the other."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
