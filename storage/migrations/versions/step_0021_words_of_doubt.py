"""An index over what people say against the end of a case: few among very many events."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_DISPUTED = sa.text("kind = 'disputed'")


def upgrade() -> None:
    """Take the step."""
    op.create_index(
        "ix_ticket_event_disputed",
        "ticket_event",
        ["ticket_id"],
        sqlite_where=_DISPUTED,
        postgresql_where=_DISPUTED,
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_index("ix_ticket_event_disputed", "ticket_event")
