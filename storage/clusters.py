"""Clusters of questions that nobody could answer: kept, grown, and settled by what the office made of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, or_, update
from sqlmodel import Session, col, func, select

from storage.models import AskedQuestion, KnowledgeRevision, QuestionCluster
from storage.statuses import ClusterStatus, RevisionStatus

EXAMPLES = 3
_TURNED_DOWN = (RevisionStatus.RETURNED.value, RevisionStatus.WITHDRAWN.value)


@dataclass(frozen=True, slots=True)
class NewCluster:
    """What a cluster begins with; the examples have their numbers covered."""

    features: Mapping[str, float]
    topic: str
    entry: str
    department: str


def list_known(session: Session) -> Sequence[QuestionCluster]:
    """All clusters, oldest first: a question that is like one of them is no news, settled or not."""
    return session.exec(select(QuestionCluster).order_by(col(QuestionCluster.id))).all()


def add_cluster(session: Session, new: NewCluster, now: datetime) -> QuestionCluster:
    """Keep a new one, still empty."""
    row = QuestionCluster(
        status=ClusterStatus.OPEN.value,
        features=dict(new.features),
        topic=new.topic,
        entry=new.entry,
        department=new.department,
        first_at=now,
        last_at=now,
    )
    session.add(row)
    session.flush()
    return row


def grow(
    session: Session, cluster: QuestionCluster, asked: Sequence[AskedQuestion], examples: Sequence[str]
) -> None:
    """These questions belong to it; the new examples come first, three are kept."""
    cluster.count += len(asked)
    cluster.examples = list(dict.fromkeys([*cluster.examples, *examples]))[:EXAMPLES]
    cluster.first_at = min([cluster.first_at, *(row.asked_at for row in asked)])
    cluster.last_at = max(row.asked_at for row in asked)
    session.add(cluster)
    ids = [row.id for row in asked]
    session.execute(update(AskedQuestion).where(col(AskedQuestion.id).in_(ids)).values(cluster_id=cluster.id))


def list_open(session: Session, departments: Sequence[str] | None, limit: int) -> Sequence[QuestionCluster]:
    """What nobody has settled, the most asked first: of these departments, or with None of all."""
    query = select(QuestionCluster).where(_is_open())
    if departments is not None:
        query = query.where(col(QuestionCluster.department).in_(departments))
    order = (col(QuestionCluster.count).desc(), col(QuestionCluster.last_at).desc(), col(QuestionCluster.id))
    return session.exec(query.order_by(*order).limit(limit)).all()


def count_open(session: Session, departments: Sequence[str] | None) -> int:
    """How many nobody has settled."""
    return len(list_open(session, departments, 10_000))


def list_most_asked(session: Session, since: datetime, limit: int) -> Sequence[tuple[QuestionCluster, int]]:
    """Clusters with how often they were asked since then, settled ones too: an alias may have missed its aim."""
    asked = func.count(col(AskedQuestion.id))
    query = (
        select(QuestionCluster, asked)
        .join(AskedQuestion, col(AskedQuestion.cluster_id) == col(QuestionCluster.id))
        .where(col(AskedQuestion.asked_at) >= since)
        .group_by(col(QuestionCluster.id))
        .order_by(asked.desc(), col(QuestionCluster.id))
    )
    return [(row, count) for row, count in session.exec(query.limit(limit))]


def lock_cluster(session: Session, cluster_id: int) -> QuestionCluster | None:
    """One cluster, held until the end of the transaction."""
    return session.get(QuestionCluster, cluster_id, with_for_update=True, populate_existing=True)


def is_open(session: Session, cluster: QuestionCluster) -> bool:
    """Not settled, or settled by a proposal that was turned down since."""
    query = select(QuestionCluster.id).where(col(QuestionCluster.id) == cluster.id, _is_open())
    return session.exec(query).first() is not None


def settle(
    session: Session,
    cluster: QuestionCluster,
    status: ClusterStatus,
    staff_id: int,
    now: datetime,
    revision_id: int | None = None,
) -> None:
    """What somebody of the office made of it; OPEN takes it back."""
    cluster.status, cluster.revision_id = status.value, revision_id
    cluster.decided_by, cluster.decided_at = staff_id, now
    session.add(cluster)
    session.flush()


def _is_open() -> ColumnElement[bool]:
    turned_down = select(KnowledgeRevision.id).where(col(KnowledgeRevision.status).in_(_TURNED_DOWN))
    return or_(
        col(QuestionCluster.status) == ClusterStatus.OPEN, col(QuestionCluster.revision_id).in_(turned_down)
    )
