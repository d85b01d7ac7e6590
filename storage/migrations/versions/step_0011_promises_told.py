"""When a citizen was told the due date of a ticket, and which: days off may move it, never before what was told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_COLUMNS = ("told_at", "told_due_at")


def upgrade() -> None:
    """Take the step: nothing has moved so far."""
    with op.batch_alter_table("ticket") as ticket:
        for name in _COLUMNS:
            ticket.add_column(sa.Column(name, sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("ticket") as ticket:
        for name in reversed(_COLUMNS):
            ticket.drop_column(name)
