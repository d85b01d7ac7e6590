"""What was asked, without who asked; and the questions that nobody could answer, put together."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_CLUSTER, _ASKED = "question_cluster", "asked_question"
_LOOSE = sa.text("words IS NOT NULL AND cluster_id IS NULL")


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        _CLUSTER,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("features", sa.JSON(), nullable=False),
        sa.Column("examples", sa.JSON(), nullable=False),
        *_texts("status", "topic", "entry", "department"),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revision_id", sa.Integer(), nullable=True),
        _to(_CLUSTER, "decided_by", "staff"),
        _to(_CLUSTER, "revision_id", "knowledge_revision"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{_CLUSTER}"),
    )
    op.create_index(op.f("ix_question_cluster_status"), _CLUSTER, ["status"])
    op.create_table(
        _ASKED,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        *_texts("channel", "decision", "topic", "entry", "nearest", "verdict", "reason"),
        sa.Column("picked", sa.Boolean(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("remark", sa.String(), nullable=True),
        sa.Column("words", sa.String(), nullable=True),
        sa.Column("cluster_id", sa.Integer(), nullable=True),
        _to(_ASKED, "cluster_id", _CLUSTER),
        sa.PrimaryKeyConstraint("id", name=f"pk_{_ASKED}"),
    )
    for name in ("asked_at", "entry", "cluster_id"):
        op.create_index(op.f(f"ix_asked_question_{name}"), _ASKED, [name])
    op.create_index(
        "ix_asked_question_loose", _ASKED, ["asked_at"], sqlite_where=_LOOSE, postgresql_where=_LOOSE
    )


def downgrade() -> None:
    """Take it back; indexes go with their tables."""
    op.drop_table(_ASKED)
    op.drop_table(_CLUSTER)


def _texts(*names: str) -> tuple[sa.Column[str], ...]:
    return tuple(sa.Column(name, sa.String(), nullable=False) for name in names)


def _to(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=f"fk_{table}_{column}_{target}")
