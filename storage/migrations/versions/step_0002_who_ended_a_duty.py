"""Who ended a duty: the same person, a leader, or nobody of the staff."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_KEY = "fk_staff_left_by_staff"


def upgrade() -> None:
    """Take the step."""
    with op.batch_alter_table("staff") as staff:
        staff.add_column(sa.Column("left_by", sa.Integer(), nullable=True))
        staff.create_foreign_key(op.f(_KEY), "staff", ["left_by"], ["id"])


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("staff") as staff:
        staff.drop_constraint(op.f(_KEY), type_="foreignkey")
        staff.drop_column("left_by")
