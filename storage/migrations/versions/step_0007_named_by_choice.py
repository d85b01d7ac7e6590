"""Whoever was never asked is not named in public: only a choice makes a ticket a named one."""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take the step. No ticket has had a choice before it."""
    op.execute("UPDATE ticket SET privacy = 'hidden_public' WHERE privacy = 'named'")


def downgrade() -> None:
    """Take it back: the words stay, because what somebody chose since cannot be told from the rest."""
