"""Links may open the recordings of a ticket as well as a sheet of cases."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_TO_TICKET = "fk_download_ticket_id_ticket"


def upgrade() -> None:
    """Take the step: the links so far open sheets."""
    with op.batch_alter_table("download") as download:
        download.add_column(sa.Column("ticket_id", sa.Integer(), nullable=True))
        download.create_foreign_key(_TO_TICKET, "ticket", ["ticket_id"], ["id"])


def downgrade() -> None:
    """Take it back. Links to recordings would open all cases in an older version: they go."""
    op.execute("DELETE FROM download WHERE ticket_id IS NOT NULL")
    with op.batch_alter_table("download") as download:
        download.drop_constraint(_TO_TICKET, type_="foreignkey")
        download.drop_column("ticket_id")
