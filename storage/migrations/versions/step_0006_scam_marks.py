"""Numbers and addresses that officers warn of or know as the ward's: kept sealed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_TABLE = "scam_mark"
_STANDING = sa.text("removed_at IS NULL")


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        _TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("seal", "shown", "verdict", "reason")),
        sa.Column("added_by", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_by", sa.Integer(), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        *(_staff("added_by"), _staff("removed_by")),
        sa.PrimaryKeyConstraint("id", name=f"pk_{_TABLE}"),
    )
    op.create_index(
        f"uq_{_TABLE}_seal",
        _TABLE,
        ["seal"],
        unique=True,
        sqlite_where=_STANDING,
        postgresql_where=_STANDING,
    )


def downgrade() -> None:
    """Take it back; the index goes with its table."""
    op.drop_table(_TABLE)


def _staff(column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["staff.id"], name=f"fk_{_TABLE}_{column}_staff")
