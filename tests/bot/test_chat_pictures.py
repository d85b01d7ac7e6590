"""A chart in the web chat: drawn anew for the person it was sent to, for nobody else, and never kept as a file."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from sqlmodel import Session

from bot.chat_store import ChatNews, ChatStore
from core.messages import Address, Content, Picture
from core.pictures.bars import draw_bars
from storage.claims import claim_due, settle_sent
from storage.contacts import record_contact
from storage.database import Database
from storage.outbox import Draft, enqueue
from storage.statuses import Lane
from tests.channels.suite import CHART
from tests.props import sample_house

NOW = datetime(2026, 11, 26, 0, 30, tzinfo=UTC)
READER, STRANGER = (Address("webchat", "web", letter * 32) for letter in "ab")


async def test_a_chart_is_drawn_for_its_reader_alone(database: Database, tmp_path: Path) -> None:
    picture = Picture.drawn(CHART)

    def send(session: Session) -> None:
        record_contact(session, STRANGER, NOW)
        reader = record_contact(session, READER, NOW)
        enqueue(session, Draft(reader, Content("Sáng nay", pictures=(picture,)), "digest"), NOW)
        for outgoing in claim_due(session, "webchat", Lane.REPLY, "test", NOW, 5):
            settle_sent(session, outgoing, ["1"], NOW)

    async def accept(_: object) -> int:
        return 0

    await database.run(send)
    store = ChatStore(
        database, lambda: NOW, ChatNews(), (tmp_path / "in", tmp_path / "media"), accept, sample_house
    )
    assert await store.open_picture(READER.external_id, picture.stored) == draw_bars(CHART)
    assert await store.open_picture(STRANGER.external_id, picture.stored) is None
    assert await store.open_picture(READER.external_id, "f" * 32 + ".png") is None
    assert not (tmp_path / "media").exists()
