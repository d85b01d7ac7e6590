"""Who leads the digital-tech team of an area."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take the step."""
    with op.batch_alter_table("staff") as staff:
        staff.add_column(sa.Column("leads_team", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("staff") as staff:
        staff.alter_column("leads_team", server_default=None)


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("staff") as staff:
        staff.drop_column("leads_team")
