"""What a ticket needs to be trusted: whose it is, who else has the trouble, what it repeats, how it was rated."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_TEXTS = ("outside_code", "on_behalf_of", "reach", "outside_agency", "evidence", "rating", "rating_reason")
_INSTANTS = ("consent_at", "paused_at", "asked_at")
_DATES = ("promised_on", "outside_due_on")
_KEYS = {"filed_by": "staff", "parent_id": "ticket", "recurs_of_id": "ticket"}
_INDEXED = ("parent_id", "recurs_of_id")
_TABLES = ("ticket_follower", "absence", "canned_reply", "calendar_day")


def upgrade() -> None:
    """Take the step. Tickets of before are named, came by chat and stand for themselves."""
    with op.batch_alter_table("ticket") as ticket:
        for name in _TEXTS:
            ticket.add_column(sa.Column(name, sa.String(), nullable=True))
        for name in _INSTANTS:
            ticket.add_column(sa.Column(name, sa.DateTime(timezone=True), nullable=True))
        for name in _DATES:
            ticket.add_column(sa.Column(name, sa.Date(), nullable=True))
        for name, target in _KEYS.items():
            ticket.add_column(sa.Column(name, sa.Integer(), nullable=True))
            ticket.create_foreign_key(op.f(f"fk_ticket_{name}_{target}"), target, [name], ["id"])
        for name, kind, before in (
            ("privacy", sa.String(), "named"),
            ("source", sa.String(), "chat"),
            ("reopened", sa.Integer(), "0"),
        ):
            ticket.add_column(sa.Column(name, kind, nullable=False, server_default=before))
    # A value for the rows of before only: from here on the program says it.
    with op.batch_alter_table("ticket") as ticket:
        for name in ("privacy", "source", "reopened"):
            ticket.alter_column(name, server_default=None)
    for name in _INDEXED:
        op.create_index(op.f(f"ix_ticket_{name}"), "ticket", [name])
    with op.batch_alter_table("staff") as staff:
        staff.add_column(sa.Column("is_head", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("staff") as staff:
        staff.alter_column("is_head", server_default=None)
    _followers()
    _absences()
    _replies()
    _days()


def downgrade() -> None:
    """Take it back; indexes go with their tables."""
    for table in reversed(_TABLES):
        op.drop_table(table)
    with op.batch_alter_table("staff") as staff:
        staff.drop_column("is_head")
    for name in _INDEXED:
        op.drop_index(op.f(f"ix_ticket_{name}"), "ticket")
    with op.batch_alter_table("ticket") as ticket:
        for name, target in _KEYS.items():
            ticket.drop_constraint(op.f(f"fk_ticket_{name}_{target}"), type_="foreignkey")
        for name in (*_TEXTS, *_INSTANTS, *_DATES, *_KEYS, "privacy", "source", "reopened"):
            ticket.drop_column(name)


def _followers() -> None:
    op.create_table(
        "ticket_follower",
        *(_number("id"), _number("ticket_id"), _number("contact_id")),
        *(_instant("joined_at"), _instant("left_at", null=True)),
        *(_to("ticket_follower", "ticket_id", "ticket"), _to("ticket_follower", "contact_id", "contact")),
        sa.PrimaryKeyConstraint("id", name="pk_ticket_follower"),
        sa.UniqueConstraint("ticket_id", "contact_id", name="uq_ticket_follower_ticket_id_contact_id"),
    )
    op.create_index(op.f("ix_ticket_follower_contact_id"), "ticket_follower", ["contact_id"])


def _absences() -> None:
    op.create_table(
        "absence",
        *(_number("id"), _number("staff_id"), _number("stand_in_id", null=True)),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        *(_instant("created_at"), _instant("ended_at", null=True)),
        *(_to("absence", "staff_id", "staff"), _to("absence", "stand_in_id", "staff")),
        sa.PrimaryKeyConstraint("id", name="pk_absence"),
    )
    op.create_index(op.f("ix_absence_staff_id"), "absence", ["staff_id"])


def _replies() -> None:
    op.create_table(
        "canned_reply",
        *(_number("id"), _text("department", null=True), _text("category", null=True)),
        *(_text("verb"), _text("title"), _text("text"), _number("author_id")),
        *(_instant("created_at"), _instant("retired_at", null=True)),
        _to("canned_reply", "author_id", "staff"),
        sa.PrimaryKeyConstraint("id", name="pk_canned_reply"),
    )
    op.create_index(op.f("ix_canned_reply_department"), "canned_reply", ["department"])


def _days() -> None:
    op.create_table(
        "calendar_day",
        _number("id"),
        sa.Column("day_on", sa.Date(), nullable=False),
        sa.Column("working", sa.Boolean(), nullable=True),
        *(_text("reason"), _number("author_id"), _instant("created_at")),
        _to("calendar_day", "author_id", "staff"),
        sa.PrimaryKeyConstraint("id", name="pk_calendar_day"),
    )
    op.create_index(op.f("ix_calendar_day_day_on"), "calendar_day", ["day_on"])


def _number(name: str, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=null)


def _text(name: str, *, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=null)


def _instant(name: str, *, null: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=null)


def _to(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=f"fk_{table}_{column}_{target}")
