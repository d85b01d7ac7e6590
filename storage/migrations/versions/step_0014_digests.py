"""Digests at the hour that each person chose, once a day; and indexes by which months are counted among years."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_CLOSED = sa.text("closed_at IS NOT NULL")


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "digest_plan",
        sa.Column(
            "contact_id",
            sa.Integer,
            sa.ForeignKey("contact.id", name=op.f("fk_digest_plan_contact_id_contact")),
        ),
        sa.Column("minute", sa.Integer, nullable=False),
        sa.Column("weekdays", sa.String, nullable=False),
        sa.Column("is_off", sa.Boolean, nullable=False),
        sa.Column("with_picture", sa.Boolean, nullable=False),
        sa.Column(
            "changed_by",
            sa.Integer,
            sa.ForeignKey("staff.id", name=op.f("fk_digest_plan_changed_by_staff")),
            nullable=False,
        ),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("contact_id", name=op.f("pk_digest_plan")),
    )
    op.create_table(
        "digest_slot",
        sa.Column("day_on", sa.Date, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column(
            "contact_id",
            sa.Integer,
            sa.ForeignKey("contact.id", name=op.f("fk_digest_slot_contact_id_contact")),
            nullable=False,
        ),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("day_on", "kind", "contact_id", name=op.f("pk_digest_slot")),
    )
    op.create_table(
        "report_book",
        sa.Column("first_on", sa.Date, nullable=False),
        sa.Column("last_on", sa.Date, nullable=False),
        sa.Column("facts", sa.JSON, nullable=False),
        sa.Column("others", sa.JSON, nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("first_on", "last_on", name=op.f("pk_report_book")),
    )
    op.add_column("download", sa.Column("report", sa.String, nullable=True))
    op.create_index(op.f("ix_ticket_created_at"), "ticket", ["created_at"])
    for name, columns in (
        ("ix_ticket_closed_of", ["department", "closed_at"]),
        ("ix_ticket_closed_at", ["closed_at"]),
    ):
        op.create_index(op.f(name), "ticket", columns, sqlite_where=_CLOSED, postgresql_where=_CLOSED)


def downgrade() -> None:
    """Take it back."""
    for name in ("ix_ticket_closed_at", "ix_ticket_closed_of", "ix_ticket_created_at"):
        op.drop_index(op.f(name), "ticket")
    op.drop_column("download", "report")
    for table in ("report_book", "digest_slot", "digest_plan"):
        op.drop_table(table)
