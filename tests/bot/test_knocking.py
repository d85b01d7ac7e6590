"""A shut window: an announcement knocks once where a template is set up, and waits for the person all the same."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import Session

from bot.channels import contract
from bot.channels.contract import ReplyWindow, SendError
from bot.sender import Sender
from core.messages import Address, Content
from storage.contacts import record_contact
from storage.machinery import list_alarms
from storage.outbox import Draft, enqueue, wake_waiting
from storage.statuses import DeliveryStatus, Lane
from tests.bot.test_sender import Bench


class Door:
    """Knocks by script: an error to raise, or None for «heard»."""

    def __init__(self) -> None:
        self.script: list[SendError | None] = []
        self.heard: list[str] = []

    async def knock(self, _address: Address, content: Content) -> None:
        error = self.script.pop(0) if self.script else None
        if error is None or isinstance(error, contract.Ambiguous):
            self.heard.append(content.text)
        if error is not None:
            raise error


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[tuple[Bench, Door]]:
    made, door = Bench(tmp_path), Door()
    channel: contract.Channel = made.channel  # type: ignore[assignment]
    made.sender = Sender(channel, made.database, lambda: made.now, "a", made.tasks, False, door.knock)
    made.channel.window = ReplyWindow.CLOSED
    yield made, door
    made.database.close()


async def announced(bench: Bench, kind: str = "announcement") -> int:
    def work(session: Session) -> int:
        contact = record_contact(session, Address("scripted", "1", "p1"), bench.now)
        return enqueue(session, Draft(contact, Content("Cúp nước"), kind, lane=Lane.BULK), bench.now) or 0

    return await bench.database.run(work)


async def test_it_knocks_once_and_comes_whole_with_the_next_word(bench: tuple[Bench, Door]) -> None:
    made, door = bench
    number = await announced(made)
    await made.settle()
    row = await made.delivery(number)
    assert (row.status, row.knocked_at, door.heard) == (DeliveryStatus.WAITING, made.now, ["Cúp nước"])
    for window in (ReplyWindow.CLOSED, ReplyWindow.OPEN):
        made.channel.window = window
        made.now += timedelta(hours=1)
        await made.database.run(
            lambda s: wake_waiting(s, record_contact(s, Address("scripted", "1", "p1"), made.now), made.now)
        )
        await made.settle()
    assert door.heard == ["Cúp nước"]
    assert made.channel.sent == [("p1", "Cúp nước")]
    assert (await made.delivery(number)).status == DeliveryStatus.SENT


async def test_nothing_but_an_announcement_knocks(bench: tuple[Bench, Door]) -> None:
    made, door = bench
    number = await announced(made, "reply")
    await made.settle()
    assert door.heard == []
    assert (await made.delivery(number)).status == DeliveryStatus.WAITING


async def test_what_the_provider_finds_shut_knocks_as_well(bench: tuple[Bench, Door]) -> None:
    made, door = bench
    made.channel.window = ReplyWindow.OPEN
    made.channel.script = [contract.WindowClosed("-230")]
    number = await announced(made)
    await made.settle()
    assert door.heard == ["Cúp nước"]
    assert (await made.delivery(number)).status == DeliveryStatus.WAITING


@pytest.mark.parametrize(
    ("error", "status", "knocked", "alarms"),
    [
        (contract.Ambiguous("cut"), DeliveryStatus.WAITING, True, []),
        (contract.Rejected("-249"), DeliveryStatus.WAITING, False, ["template_refused"]),
        (contract.WindowClosed("-321"), DeliveryStatus.WAITING, False, ["template_refused"]),
        (contract.RecipientGone("-244"), DeliveryStatus.FAILED, False, []),
        (contract.ConnectionFailed("refused"), DeliveryStatus.QUEUED, False, []),
        (contract.Throttled(30), DeliveryStatus.QUEUED, False, []),
    ],
)
async def test_what_becomes_of_a_knock_that_fails(
    bench: tuple[Bench, Door], error: SendError, status: DeliveryStatus, knocked: bool, alarms: list[str]
) -> None:
    made, door = bench
    door.script = [error]
    number = await announced(made)
    await made.settle()
    row = await made.delivery(number)
    assert (row.status, row.knocked_at is not None) == (status, knocked)
    assert [one.kind for one in await made.database.run(list_alarms)] == alarms


async def test_a_template_that_works_again_settles_the_alarm(bench: tuple[Bench, Door]) -> None:
    made, door = bench
    door.script = [contract.Rejected("-249"), None]
    await announced(made)
    await announced(made)
    await made.settle()
    assert await made.database.run(list_alarms) == []
    assert len(door.heard) == 1
