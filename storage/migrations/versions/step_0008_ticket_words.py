"""Words of tickets for search, with those of the tickets of before; and indexes for what officers look through."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.search import list_words

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_TABLE = "ticket_word"
_INDEXED = ("area", "category", "officer_id")
_PARENT = "ix_ticket_parent_id"
_OPEN_CASE = sa.text("closed_at IS NULL AND parent_id IS NULL")
_CHILD = sa.text("parent_id IS NOT NULL")
_BATCH = 1000


def upgrade() -> None:
    """Take the step."""
    words = op.create_table(
        _TABLE,
        sa.Column("word", sa.String(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=f"fk_{_TABLE}_ticket_id_ticket"),
        sa.PrimaryKeyConstraint("word", "ticket_id", name=f"pk_{_TABLE}"),
        sqlite_with_rowid=False,
    )
    for name in _INDEXED:
        op.create_index(op.f(f"ix_ticket_{name}"), "ticket", [name])
    op.drop_index(op.f(_PARENT), "ticket")
    for name, columns, where in (
        ("ix_ticket_open", ["due_at"], _OPEN_CASE),
        ("ix_ticket_open_of", ["department", "due_at"], _OPEN_CASE),
        (_PARENT, ["parent_id"], _CHILD),
    ):
        op.create_index(op.f(name), "ticket", columns, sqlite_where=where, postgresql_where=where)
    _fill(words)


def downgrade() -> None:
    """Take it back; the key goes with its table."""
    for name in (_PARENT, "ix_ticket_open_of", "ix_ticket_open"):
        op.drop_index(name, "ticket")
    op.create_index(op.f(_PARENT), "ticket", ["parent_id"])
    for name in reversed(_INDEXED):
        op.drop_index(op.f(f"ix_ticket_{name}"), "ticket")
    op.drop_table(_TABLE)


def _fill(words: sa.Table) -> None:
    """The tickets of before, in pieces: a ward's years need not fit into memory.

    The words are split by the program's own rule, not by a copy of it: they must be those that search looks for.
    """
    connection, last = op.get_bind(), 0
    query = sa.text("SELECT id, text, place, code FROM ticket WHERE id > :last ORDER BY id LIMIT :batch")
    while tickets := connection.execute(query, {"last": last, "batch": _BATCH}).all():
        rows = [
            {"word": word, "ticket_id": ticket.id}
            for ticket in tickets
            for word in list_words(ticket.text, ticket.place, ticket.code)
        ]
        connection.execute(words.insert(), rows)
        last = tickets[-1].id
