"""What an announcement carries beside its words, when it goes, who approved it; and its history."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_TABLE, _EVENTS = "announcement", "announcement_event"
_INSTANTS = ("changed_at", "valid_until", "scheduled_at", "held_at", "on_board_at")
_TEXTS = ("link", "night_reason")


def upgrade() -> None:
    """Take the step. Announcements of before are ordinary ones, of words alone."""
    moment = sa.DateTime(timezone=True)
    told = (
        ("revision", sa.Integer(), "1"),
        ("pictures", sa.JSON(), "[]"),
    )
    with op.batch_alter_table(_TABLE) as table:
        for name in _INSTANTS:
            table.add_column(sa.Column(name, moment, nullable=True))
        for name in _TEXTS:
            table.add_column(sa.Column(name, sa.String(), nullable=True))
        table.add_column(sa.Column("approved_by", sa.Integer(), nullable=True))
        table.create_foreign_key(op.f(f"fk_{_TABLE}_approved_by_staff"), "staff", ["approved_by"], ["id"])
        for name, kind, before in told:
            table.add_column(sa.Column(name, kind, nullable=False, server_default=before))
    # A value for the rows of before only: from here on the program says it.
    with op.batch_alter_table(_TABLE) as table:
        for name, _, _ in told:
            table.alter_column(name, server_default=None)
    op.create_table(
        _EVENTS,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("announcement_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["announcement_id"], [f"{_TABLE}.id"], name=f"fk_{_EVENTS}_announcement_id_{_TABLE}"
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=f"fk_{_EVENTS}_staff_id_staff"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{_EVENTS}"),
    )
    op.create_index(op.f(f"ix_{_EVENTS}_announcement_id"), _EVENTS, ["announcement_id"])


def downgrade() -> None:
    """Take it back; what was under way in a way that is not known then has ended."""
    op.drop_index(op.f(f"ix_{_EVENTS}_announcement_id"), _EVENTS)
    op.drop_table(_EVENTS)
    table = sa.table(_TABLE, sa.column("status"))
    unknown = table.c.status.in_(["pending", "scheduled", "paused"])
    op.get_bind().execute(table.update().where(unknown).values(status="cancelled"))
    delivery = sa.table("delivery", sa.column("status"))
    op.get_bind().execute(delivery.update().where(delivery.c.status == "held").values(status="cancelled"))
    with op.batch_alter_table(_TABLE) as table_:
        table_.drop_constraint(op.f(f"fk_{_TABLE}_approved_by_staff"), type_="foreignkey")
        for name in (*_INSTANTS, *_TEXTS, "approved_by", "revision", "pictures"):
            table_.drop_column(name)
