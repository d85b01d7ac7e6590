"""Reminders with their rules, what was told and answered; links to a sheet of answers; citizens' own reminders."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_TO_REMINDER = "fk_download_reminder_id_reminder"


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "reminder",
        _number(),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("rule", sa.JSON(), nullable=False),
        sa.Column("audience", sa.JSON(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("preset", sa.String(), nullable=True),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("since_at", _MOMENT, nullable=False),
        sa.Column("paused_at", _MOMENT, nullable=True),
        sa.Column("ended_at", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["staff.id"], name="fk_reminder_author_id_staff"),
        sa.PrimaryKeyConstraint("id", name="pk_reminder"),
    )
    op.create_index("ix_reminder_preset", "reminder", ["preset"])
    op.create_index("ix_reminder_ended_at", "reminder", ["ended_at"])
    _create_told()
    _create_answers()
    _create_own()
    with op.batch_alter_table("download") as download:
        download.add_column(sa.Column("reminder_id", sa.Integer(), nullable=True))
        download.create_foreign_key(_TO_REMINDER, "reminder", ["reminder_id"], ["id"])


def downgrade() -> None:
    """Take it back. Links to answers would open all cases in an older version: they go."""
    op.execute("DELETE FROM download WHERE reminder_id IS NOT NULL")
    with op.batch_alter_table("download") as download:
        download.drop_constraint(_TO_REMINDER, type_="foreignkey")
        download.drop_column("reminder_id")
    for table in ("own_reminder", "reminder_answer", "reminder_told", "reminder"):
        op.drop_table(table)


def _create_told() -> None:
    op.create_table(
        "reminder_told",
        _number(),
        sa.Column("reminder_id", sa.Integer(), nullable=False),
        sa.Column("remind_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("recipients", sa.Integer(), nullable=False),
        *_of_reminder("reminder_told", "remind_on", "due_on"),
    )


def _create_answers() -> None:
    op.create_table(
        "reminder_answer",
        _number(),
        sa.Column("reminder_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("told_at", _MOMENT, nullable=False),
        sa.Column("chased_at", _MOMENT, nullable=True),
        sa.Column("escalated_at", _MOMENT, nullable=True),
        sa.Column("done", sa.Boolean(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("numbers", sa.JSON(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_reminder_answer_staff_id_staff"),
        *_of_reminder("reminder_answer", "due_on", "who"),
    )


def _create_own() -> None:
    op.create_table(
        "own_reminder",
        _number(),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("runs_out_on", sa.Date(), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("told_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name="fk_own_reminder_contact_id_contact"),
        sa.PrimaryKeyConstraint("id", name="pk_own_reminder"),
    )
    op.create_index("ix_own_reminder_contact_id", "own_reminder", ["contact_id"])
    op.create_index("ix_own_reminder_runs_out_on", "own_reminder", ["runs_out_on"])


def _number() -> sa.Column[int]:
    return sa.Column("id", sa.Integer(), nullable=False)


def _of_reminder(table: str, *unique: str) -> tuple[sa.Constraint, ...]:
    return (
        sa.ForeignKeyConstraint(["reminder_id"], ["reminder.id"], name=f"fk_{table}_reminder_id_reminder"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        sa.UniqueConstraint("reminder_id", *unique, name=f"uq_{table}_reminder_id_{'_'.join(unique)}"),
    )
