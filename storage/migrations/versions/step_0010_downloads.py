"""Links to sheets of cases, for one person and a short time; the rows tell later who took what out."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_TABLE = "download"


def upgrade() -> None:
    """Take the step."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        _TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("department", sa.String(), nullable=True),
        sa.Column("since", moment, nullable=True),
        sa.Column("until", moment, nullable=True),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("expires_at", moment, nullable=False),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.Column("used_at", moment, nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=f"fk_{_TABLE}_staff_id_staff"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{_TABLE}"),
        sa.UniqueConstraint("token_hash", name=f"uq_{_TABLE}_token_hash"),
    )
    op.create_index(op.f(f"ix_{_TABLE}_staff_id"), _TABLE, ["staff_id"])


def downgrade() -> None:
    """Take it back."""
    op.drop_index(op.f(f"ix_{_TABLE}_staff_id"), _TABLE)
    op.drop_table(_TABLE)
