"""Documents that go with announcements."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_FILE, _ANNOUNCEMENT = "stored_file", "announcement"
_TO_ANNOUNCEMENT = "fk_stored_file_announcement_id_announcement"
_INDEX = "ix_stored_file_announcement_id"


def upgrade() -> None:
    """Take the step. Announcements of before have no document."""
    with op.batch_alter_table(_FILE) as file:
        file.add_column(sa.Column("title", sa.String(), nullable=True))
        file.add_column(sa.Column("refusal", sa.String(), nullable=True))
        file.add_column(sa.Column("announcement_id", sa.Integer(), nullable=True))
        file.create_foreign_key(_TO_ANNOUNCEMENT, _ANNOUNCEMENT, ["announcement_id"], ["id"])
    op.create_index(_INDEX, _FILE, ["announcement_id"])
    with op.batch_alter_table(_ANNOUNCEMENT) as announcement:
        announcement.add_column(sa.Column("document", sa.JSON(), nullable=False, server_default="{}"))
    # A value for the rows of before only: from here on the program says it.
    with op.batch_alter_table(_ANNOUNCEMENT) as announcement:
        announcement.alter_column("document", server_default=None)


def downgrade() -> None:
    """Take it back. An older version knows no way to delete such files: their names stay in the rows."""
    with op.batch_alter_table(_ANNOUNCEMENT) as announcement:
        announcement.drop_column("document")
    op.drop_index(_INDEX, _FILE)
    with op.batch_alter_table(_FILE) as file:
        file.drop_constraint(_TO_ANNOUNCEMENT, type_="foreignkey")
        for name in ("announcement_id", "refusal", "title"):
            file.drop_column(name)
