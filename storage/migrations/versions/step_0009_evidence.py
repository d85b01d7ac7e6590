"""What kind of evidence a finished ticket has."""

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
    """Take the step. No ticket has had evidence of a kind before it."""
    op.add_column("ticket", sa.Column("evidence_kind", sa.String(), nullable=True))
    op.create_index(_INDEX, "ticket", ["closed_at"], sqlite_where=_WITHOUT, postgresql_where=_WITHOUT)


def downgrade() -> None:
    """Take it back."""
    op.drop_index(_INDEX, "ticket")
    with op.batch_alter_table("ticket") as table:
        table.drop_column("evidence_kind")
