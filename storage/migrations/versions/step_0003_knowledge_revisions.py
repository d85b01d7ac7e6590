"""What the office changes in its knowledge: proposals and versions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_TABLE = "knowledge_revision"
_PROPOSED = sa.text("status = 'proposed'")


def upgrade() -> None:
    """Take the step."""
    texts = ("kind", "subject", "verb", "department", "status", "reason")
    numbers = ("number", "serial", "author_id", "decided_by")
    op.create_table(
        _TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("base", sa.Integer(), nullable=False),
        sa.Column("row", sa.JSON(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in texts),
        *(sa.Column(name, sa.Integer(), nullable=True) for name in numbers),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        *(_staff("author_id"), _staff("decided_by")),
        sa.PrimaryKeyConstraint("id", name=f"pk_{_TABLE}"),
        sa.UniqueConstraint("kind", "subject", "number", name=f"uq_{_TABLE}_kind_subject_number"),
        sa.UniqueConstraint("serial", name=f"uq_{_TABLE}_serial"),
    )
    op.create_index(
        f"ix_{_TABLE}_open",
        _TABLE,
        ["department", "id"],
        sqlite_where=_PROPOSED,
        postgresql_where=_PROPOSED,
    )


def downgrade() -> None:
    """Take it back; the index goes with its table."""
    op.drop_table(_TABLE)


def _staff(column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["staff.id"], name=f"fk_{_TABLE}_{column}_staff")
