"""What kind of evidence a finished ticket has; until when an answer can be taken back, and to what."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_INDEX = "ix_ticket_without_evidence"
_WITHOUT = sa.text("evidence_kind = 'reason'")


def upgrade() -> None:
    """Take the step. Nothing of before has either."""
    op.add_column("ticket", sa.Column("evidence_kind", sa.String(), nullable=True))
    op.add_column("ticket_event", sa.Column("held_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("ticket_event", sa.Column("before", sa.JSON(), nullable=True))
    op.create_index(_INDEX, "ticket", ["closed_at"], sqlite_where=_WITHOUT, postgresql_where=_WITHOUT)


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("ticket_event") as event:
        event.drop_column("before")
        event.drop_column("held_until")
    op.drop_index(_INDEX, "ticket")
    with op.batch_alter_table("ticket") as table:
        table.drop_column("evidence_kind")
