"""The first tables: people, the office's work, the traffic between them, and what keeps the machine honest."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_NEW = sa.text("status = 'new'")
_UNSETTLED = sa.text("status IN ('queued', 'claimed')")
# In the order in which they are made: whatever refers to a table comes after it.
_TABLES = (
    *("alarm", "credential", "cursor", "house_fact", "job_run", "lease"),
    *("contact", "conversation", "web_session", "staff", "staff_group", "invite", "subscription"),
    *("announcement", "ticket", "ticket_event", "inbox", "delivery", "stored_file"),
)


def upgrade() -> None:
    """Take the step."""
    _machinery()
    _contacts()
    _staff()
    _subscriptions()
    _announcements()
    _tickets()
    _inbox()
    _deliveries()
    _stored_files()


def downgrade() -> None:
    """Take it back; indexes go with their tables."""
    for table in reversed(_TABLES):
        op.drop_table(table)


def _text(name: str, *, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=null)


def _number(name: str, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=null)


def _instant(name: str, *, null: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=null)


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=False)


def _json(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.JSON(), nullable=False)


def _key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*columns or ("id",), name=f"pk_{table}")


def _once(table: str, *columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(*columns, name=f"uq_{table}_{'_'.join(columns)}")


def _to(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=f"fk_{table}_{column}_{target}")


def _index(table: str, *columns: str, name: str = "", where: sa.TextClause | None = None) -> None:
    label = name or f"ix_{table}_{'_'.join(columns)}"
    op.create_index(label, table, list(columns), sqlite_where=where, postgresql_where=where)


def _machinery() -> None:
    op.create_table(
        "alarm",
        *(_number("id"), _text("kind"), _text("subject"), _text("detail"), _number("count")),
        *(_instant("first_at"), _instant("last_at"), _instant("settled_at", null=True), _key("alarm")),
    )
    _index("alarm", "kind")
    op.create_table(
        "credential",
        *(_text("channel"), _text("account"), _text("access"), _text("refresh")),
        *(_instant("expires_at"), _instant("renewed_at"), _key("credential", "channel", "account")),
    )
    cursor_key = _key("cursor", "channel", "account")
    op.create_table("cursor", _text("channel"), _text("account"), _text("value"), cursor_key)
    op.create_table("house_fact", _text("name"), _text("value"), _key("house_fact", "name"))
    op.create_table(
        "job_run",
        *(_text("job"), _instant("fire_at"), _instant("ran_at"), _json("counts")),
        _key("job_run", "job", "fire_at"),
    )
    op.create_table("lease", _text("name"), _text("owner"), _instant("until"), _key("lease", "name"))


def _contacts() -> None:
    op.create_table(
        "contact",
        *(_number("id"), _text("channel"), _text("account"), _text("external_id"), _flag("is_group")),
        *(_text("name", null=True), _text("phone", null=True), _text("area", null=True)),
        *(_instant("created_at"), _instant("last_interaction_at", null=True)),
        *(_instant("greeted_at", null=True), _instant("unreachable_at", null=True)),
        _instant("paused_until", null=True),
        *(_key("contact"), _once("contact", "channel", "account", "external_id")),
    )
    op.create_table(
        "conversation",
        *(_number("contact_id"), _number("chat_id"), _text("flow", null=True), _text("step", null=True)),
        *(_json("data"), _json("choices"), _instant("updated_at")),
        _key("conversation", "contact_id", "chat_id"),
        *(_to("conversation", "contact_id", "contact"), _to("conversation", "chat_id", "contact")),
    )
    op.create_table(
        "web_session",
        *(_text("token_hash"), _text("external_id"), _instant("created_at"), _instant("last_seen_at")),
        *(_key("web_session", "token_hash"), _once("web_session", "external_id")),
    )


def _staff() -> None:
    op.create_table(
        "staff",
        *(_number("id"), _number("contact_id"), _text("role"), _text("name")),
        *(_text("department", null=True), _text("area", null=True), _flag("active")),
        *(_instant("joined_at"), _instant("left_at", null=True)),
        *(_key("staff"), _once("staff", "contact_id"), _to("staff", "contact_id", "contact")),
    )
    op.create_table(
        "staff_group",
        *(_number("contact_id"), _text("department"), _number("linked_by"), _instant("linked_at")),
        *(_key("staff_group", "contact_id"), _to("staff_group", "contact_id", "contact")),
        _to("staff_group", "linked_by", "staff"),
    )
    _index("staff_group", "department")
    op.create_table(
        "invite",
        *(_number("id"), _text("code_hash"), _text("role")),
        *(_text("department", null=True), _text("area", null=True), _instant("created_at")),
        *(_instant("expires_at"), _instant("used_at", null=True), _number("used_by", null=True)),
        *(_key("invite"), _once("invite", "code_hash"), _to("invite", "used_by", "contact")),
    )


def _subscriptions() -> None:
    op.create_table(
        "subscription",
        *(_number("id"), _number("contact_id"), _text("area"), _instant("started_at")),
        *(_instant("ended_at", null=True), _number("inbox_id", null=True)),
        *(_key("subscription"), _once("subscription", "contact_id", "area")),
        _to("subscription", "contact_id", "contact"),
    )
    _index("subscription", "contact_id")
    _index("subscription", "area")


def _announcements() -> None:
    op.create_table(
        "announcement",
        *(_number("id"), _number("staff_id"), _number("chat_id"), _text("text"), _json("areas")),
        *(_text("status"), _number("recipients"), _instant("created_at")),
        *(_instant("confirmed_at", null=True), _number("cursor"), _number("last_recipient_id")),
        *(_instant("finished_at", null=True), _json("progress"), _key("announcement")),
        *(_to("announcement", "staff_id", "staff"), _to("announcement", "chat_id", "contact")),
    )


def _tickets() -> None:
    op.create_table(
        "ticket",
        *(_number("id"), _text("code"), _number("contact_id"), _text("category"), _text("department")),
        *(_text("status"), _text("text"), _text("area", null=True), _text("place", null=True)),
        *(sa.Column("latitude", sa.Float()), sa.Column("longitude", sa.Float())),
        *(_instant("created_at"), _instant("due_at"), _instant("updated_at")),
        *(_instant("closed_at", null=True), _number("officer_id", null=True), _text("answer", null=True)),
        *(_number("version"), _key("ticket"), _once("ticket", "code")),
        *(_to("ticket", "contact_id", "contact"), _to("ticket", "officer_id", "staff")),
    )
    for column in ("contact_id", "department", "status"):
        _index("ticket", column)
    op.create_table(
        "ticket_event",
        *(_number("id"), _number("ticket_id"), _text("kind"), _instant("at")),
        *(_number("contact_id", null=True), _number("staff_id", null=True), _text("channel")),
        *(_text("from_status", null=True), _text("to_status", null=True), _text("text")),
        *(_flag("citizen_sees"), _key("ticket_event"), _to("ticket_event", "ticket_id", "ticket")),
        *(_to("ticket_event", "contact_id", "contact"), _to("ticket_event", "staff_id", "staff")),
    )
    _index("ticket_event", "ticket_id")


def _inbox() -> None:
    op.create_table(
        "inbox",
        *(_number("id"), _text("channel"), _text("account"), _text("external_id"), _text("sender_key")),
        *(_text("album", null=True), _text("raw"), _text("status")),
        *(_instant("received_at"), _instant("ready_at"), _text("claimed_by", null=True)),
        *(_instant("claimed_until", null=True), _number("claims"), _number("failures")),
        *(_text("error", null=True), _instant("handled_at", null=True)),
        *(_key("inbox"), _once("inbox", "channel", "account", "external_id")),
    )
    _index("inbox", "sender_key", "id", name="ix_inbox_open", where=_NEW)
    _index("inbox", "id", name="ix_inbox_queue", where=_NEW)


def _deliveries() -> None:
    op.create_table(
        "delivery",
        *(_number("id"), _number("contact_id"), _text("channel"), _text("lane"), _text("kind")),
        *(_json("content"), _text("dedupe_key", null=True), _text("after_doubt"), _text("status")),
        *(_number("attempt"), _number("parts_sent"), _instant("created_at"), _instant("due_at")),
        *(_instant("expires_at", null=True), _text("claimed_by", null=True)),
        *(_instant("claimed_until", null=True), _instant("sent_at", null=True)),
        *(_instant("seen_at", null=True), _text("external_id", null=True), _json("external_ids")),
        *(_text("error", null=True), _number("inbox_id", null=True), _number("ticket_id", null=True)),
        *(_number("announcement_id", null=True), _key("delivery"), _once("delivery", "dedupe_key")),
        *(_to("delivery", "contact_id", "contact"), _to("delivery", "ticket_id", "ticket")),
        _to("delivery", "announcement_id", "announcement"),
    )
    _index("delivery", "contact_id", "id", name="ix_delivery_open", where=_UNSETTLED)
    _index("delivery", "channel", "lane", "id", name="ix_delivery_queue", where=_UNSETTLED)
    _index("delivery", "contact_id", "id", name="ix_delivery_contact")
    for column in ("external_id", "ticket_id", "announcement_id"):
        _index("delivery", column)


def _stored_files() -> None:
    op.create_table(
        "stored_file",
        *(_number("id"), _number("inbox_id"), _number("contact_id", null=True)),
        *(_number("ticket_id", null=True), _text("kind"), _text("status"), _text("name", null=True)),
        *(_text("media_type", null=True), _number("size", null=True), _text("sha256", null=True)),
        *(_number("position"), _instant("created_at"), _key("stored_file")),
        *(_to("stored_file", "contact_id", "contact"), _to("stored_file", "ticket_id", "ticket")),
    )
    _index("stored_file", "inbox_id")
    _index("stored_file", "ticket_id")
