"""An index of whose open tickets they are; and tickets that are over say so also where only their state did."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_INDEX = "ix_ticket_claimed"
_OPEN_AND_CLAIMED = sa.text("closed_at IS NULL AND officer_id IS NOT NULL")
# As the states were named when this step was written: a step must not change with the program.
_OVER = ("da_xu_ly", "tu_choi", "hoan_thanh", "rut")


def upgrade() -> None:
    """Take the step."""
    ticket = sa.table("ticket", sa.column("closed_at"), sa.column("updated_at"), sa.column("status"))
    # From now on «open» is asked of `closed_at` alone, which the indexes of open tickets hold.
    lost = ticket.update().where(ticket.c.closed_at.is_(None), ticket.c.status.in_(_OVER))
    op.get_bind().execute(lost.values(closed_at=ticket.c.updated_at))
    op.create_index(
        op.f(_INDEX),
        "ticket",
        ["officer_id", "due_at"],
        sqlite_where=_OPEN_AND_CLAIMED,
        postgresql_where=_OPEN_AND_CLAIMED,
    )


def downgrade() -> None:
    """Take it back; what was said of tickets that are over stays, for it is true."""
    op.drop_index(_INDEX, "ticket")
