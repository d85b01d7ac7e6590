"""Audiences of announcements beyond areas, what people chose to hear of, and channels linked to one person."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take the step: announcements so far were for all subscribers of their areas."""
    op.create_table(
        "preference",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("wanted", sa.Boolean(), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("inbox_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_preference_contact_id_contact")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_preference")),
        sa.UniqueConstraint("contact_id", "kind", "key", name=op.f("uq_preference_contact_id_kind_key")),
    )
    with op.batch_alter_table("announcement") as announcement:
        announcement.add_column(sa.Column("audience", sa.JSON(), nullable=False, server_default="{}"))
    with op.batch_alter_table("announcement") as announcement:
        announcement.alter_column("audience", server_default=None)
    op.create_table(
        "contact_link",
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        *(
            sa.ForeignKeyConstraint([name], ["contact.id"], name=op.f(f"fk_contact_link_{name}_contact"))
            for name in ("contact_id", "person_id")
        ),
        sa.PrimaryKeyConstraint("contact_id", name=op.f("pk_contact_link")),
    )
    op.create_index(op.f("ix_contact_link_person_id"), "contact_link", ["person_id"])
    op.create_table(
        "link_code",
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_link_code_contact_id_contact")),
        sa.PrimaryKeyConstraint("contact_id", name=op.f("pk_link_code")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_link_code_code_hash")),
    )
    op.create_index("ix_delivery_announcement", "delivery", ["announcement_id", "contact_id"])
    op.drop_index(op.f("ix_delivery_announcement_id"), "delivery")
    op.add_column("delivery", sa.Column("knocked_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Take it back. What was for some people only must not go to all: it is no draft and no order any more."""
    op.execute(
        "UPDATE announcement SET status = 'cancelled' "
        "WHERE CAST(audience AS VARCHAR) <> '{}' AND status IN ('draft', 'sending')"
    )
    op.drop_column("delivery", "knocked_at")
    op.create_index(op.f("ix_delivery_announcement_id"), "delivery", ["announcement_id"])
    op.drop_index("ix_delivery_announcement", "delivery")
    op.drop_table("link_code")
    op.drop_table("contact_link")
    with op.batch_alter_table("announcement") as announcement:
        announcement.drop_column("audience")
    op.drop_table("preference")
