"""The sender: every error has its rule, order and lanes are kept, doubt is settled by the kind of message."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, SQLModel, select

import storage.models  # noqa: F401 - fills the metadata
from bot.channels import contract
from bot.channels.contract import Pace, ReplyWindow, SendError, SendResult
from bot.error_policy import rule
from bot.sender import Sender
from bot.tasks import TaskGroup
from core.messages import Address, Content, Limits
from storage.claims import claim_due
from storage.contacts import get_contact, record_contact
from storage.database import SqliteDatabase, make_engine
from storage.machinery import list_alarms, raise_alarm
from storage.models import Contact, Delivery
from storage.outbox import Draft, enqueue, wake_waiting
from storage.statuses import AfterDoubt, DeliveryStatus, Lane

START = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
EVERYONE = "everyone"


class ScriptedChannel:
    """A provider that answers by script: an error to raise, or None for «taken»."""

    name, account, polls = "scripted", "1", False
    limits = Limits(text=50, caption=0, choices=2, choice_title=20, pictures=1)
    pace = Pace(per_second=1000, burst=1000, concurrency=4)

    def __init__(self) -> None:
        self.script: list[SendError | None] = []
        self.sent: list[tuple[str, str]] = []
        self.window = ReplyWindow.OPEN
        self.renewed = 0

    async def send(self, address: Address, content: Content) -> SendResult:
        error = self.script.pop(0) if self.script else None
        if error is not None and not isinstance(error, contract.Ambiguous):
            raise error
        self.sent.append((address.external_id, content.text))
        if error is not None:
            raise error
        return SendResult((f"m{len(self.sent)}",))

    async def maintain(self, _now: datetime) -> None:
        self.renewed += 1

    def reply_window(self, _last: datetime | None, _now: datetime) -> ReplyWindow:
        return self.window


class Bench:
    """A sender on a real SQLite file, with a clock that tests move."""

    def __init__(self, folder: Path) -> None:
        url = f"sqlite:///{folder / 'x.db'}"
        engine = make_engine(url)
        SQLModel.metadata.create_all(engine)
        engine.dispose()
        self.database = SqliteDatabase(url)
        self.channel = ScriptedChannel()
        self.tasks = TaskGroup()
        self.now = START
        self.sender = self.new_sender("a")

    def new_sender(self, owner: str) -> Sender:
        channel: contract.Channel = self.channel  # type: ignore[assignment]
        return Sender(channel, self.database, lambda: self.now, owner, self.tasks)

    async def queue(self, text: str, person: str = "p1", **fields: object) -> int:
        def work(session: Session) -> int:
            contact = record_contact(session, Address("scripted", "1", person), self.now)
            draft = Draft(contact, Content(text), "reply", **fields)  # type: ignore[arg-type]
            return enqueue(session, draft, self.now) or 0

        return await self.database.run(work)

    async def run_until(self, done: Callable[[], bool], seconds: float = 5.0) -> None:
        task = asyncio.create_task(self.sender.run())
        try:
            async with asyncio.timeout(seconds):
                while not done():
                    self.sender.wake()
                    await asyncio.sleep(0.01)
                await asyncio.sleep(0.05)
        finally:
            task.cancel()
            await self.tasks.stop(2)

    async def settle(self) -> None:
        await self.run_until(lambda: True)
        await self.run_until(lambda: True)

    async def delivery(self, number: int) -> Delivery:
        return await self.database.run(lambda s: s.exec(select(Delivery).where(Delivery.id == number)).one())


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    made = Bench(tmp_path)
    yield made
    made.database.close()


async def test_sent_message_keeps_the_provider_id(bench: Bench) -> None:
    number = await bench.queue("chào bác")
    await bench.run_until(lambda: len(bench.channel.sent) == 1)
    row = await bench.delivery(number)
    assert (row.status, row.external_id) == (DeliveryStatus.SENT, "m1")


@pytest.mark.parametrize(
    ("error", "status", "alarm"),
    [
        (contract.ConnectionFailed("refused"), DeliveryStatus.QUEUED, None),
        (contract.Throttled(3), DeliveryStatus.QUEUED, None),
        (contract.CredentialExpired("-216"), DeliveryStatus.QUEUED, None),
        (contract.RecipientGone("403"), DeliveryStatus.FAILED, None),
        (contract.RecipientMoved(Address("scripted", "1", "new")), DeliveryStatus.SENT, None),
        (contract.WindowClosed("-230"), DeliveryStatus.WAITING, None),
        (contract.Rejected("-201"), DeliveryStatus.FAILED, "message_rejected"),
        (contract.Misconfigured("401"), DeliveryStatus.QUEUED, "channel_down"),
        (contract.Ambiguous("read"), DeliveryStatus.QUEUED, None),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, SendError) else None,
)
async def test_error_policy(
    bench: Bench, error: SendError, status: DeliveryStatus, alarm: str | None
) -> None:
    bench.channel.script = [error]
    number = await bench.queue("chào bác")
    await bench.settle()
    row = await bench.delivery(number)
    alarms = await bench.database.run(list_alarms)
    assert row.status == status
    assert [a.kind for a in alarms] == ([alarm] if alarm else [])


def test_every_error_has_its_row_in_this_test() -> None:
    marks = [m for m in test_error_policy.pytestmark if m.name == "parametrize"]  # type: ignore[attr-defined]
    tested = {type(row[0]) for row in marks[0].args[1]}
    assert tested == set(SendError.__subclasses__())


async def test_the_first_success_ends_what_an_earlier_process_raised(bench: Bench) -> None:
    await bench.database.run(lambda s: raise_alarm(s, "channel_down", "scripted", "401", START))
    await bench.queue("chào bác")
    await bench.run_until(lambda: len(bench.channel.sent) == 1)
    assert await bench.database.run(list_alarms) == []


async def test_every_refused_message_is_an_alarm_of_its_own(bench: Bench) -> None:
    bench.channel.script = [contract.Rejected("-201"), contract.Rejected("-201")]
    numbers = [await bench.queue("x", person="a"), await bench.queue("y", person="b")]
    await bench.settle()
    alarms = await bench.database.run(list_alarms)
    assert {one.subject for one in alarms} == {f"scripted #{number}" for number in numbers}


async def test_a_message_that_was_given_up_and_arrives_after_all_alarms_nobody(bench: Bench) -> None:
    number = await bench.queue("x")
    (late,) = await bench.database.run(lambda s: claim_due(s, "scripted", Lane.REPLY, "slow", START, 1))

    def give_up(session: Session) -> None:
        session.get_one(Delivery, number).status = DeliveryStatus.FAILED.value
        raise_alarm(session, "message_given_up", f"scripted #{number}", "ConnectionFailed", START)

    await bench.database.run(give_up)
    await bench.sender._send(late)
    assert (await bench.delivery(number)).status == DeliveryStatus.SENT
    assert await bench.database.run(list_alarms) == []


async def test_gone_person_is_not_written_to_again(bench: Bench) -> None:
    bench.channel.script = [contract.RecipientGone("403")]
    number = await bench.queue("x")
    await bench.settle()
    row = await bench.delivery(number)
    contact = await bench.database.run(lambda s: get_contact(s, row.contact_id))
    assert contact.unreachable_at == START


async def test_moved_chat_gets_the_message_at_its_new_address(bench: Bench) -> None:
    bench.channel.script = [contract.RecipientMoved(Address("scripted", "1", "new"))]
    await bench.queue("x", person="old")
    await bench.run_until(lambda: len(bench.channel.sent) == 1)
    assert bench.channel.sent == [("new", "x")]


async def test_doubtful_reply_is_sent_again_and_doubtful_bulk_is_parked(bench: Bench) -> None:
    bench.channel.script = [contract.Ambiguous("read"), contract.Ambiguous("read")]
    reply = await bench.queue("trả lời", person="a")
    bulk = await bench.queue("thông báo", person="b", lane=Lane.BULK, after_doubt=AfterDoubt.PARK)
    await bench.settle()
    assert (await bench.delivery(bulk)).status == DeliveryStatus.UNKNOWN
    bench.now += timedelta(minutes=1)
    await bench.settle()
    assert (await bench.delivery(reply)).status == DeliveryStatus.SENT
    assert [text for _, text in bench.channel.sent].count("thông báo") == 1


async def test_claim_of_a_dead_sender_is_doubt(bench: Bench) -> None:
    reply = await bench.queue("trả lời", person="a")
    bulk = await bench.queue("thông báo", person="b", lane=Lane.BULK, after_doubt=AfterDoubt.PARK)
    for lane in Lane:
        await bench.database.run(lambda s, it=lane: claim_due(s, "scripted", it, "dead", START, 9))
    bench.now += timedelta(minutes=2)
    await bench.settle()
    assert (await bench.delivery(reply)).status == DeliveryStatus.SENT
    assert (await bench.delivery(bulk)).status == DeliveryStatus.UNKNOWN
    assert bench.channel.sent == [("a", "trả lời")]


async def test_replies_overtake_bulk_and_keep_their_order(bench: Bench) -> None:
    for number in range(30):
        await bench.queue(f"tin {number}", person=f"p{number}", lane=Lane.BULK)
    for number in range(3):
        await bench.queue(f"đáp {number}", person="p29")
    await bench.run_until(lambda: len(bench.channel.sent) == 33)
    texts = [text for _, text in bench.channel.sent]
    assert max(texts.index(f"đáp {n}") for n in range(3)) < 16
    assert [t for t in texts if t.startswith("đáp")] == ["đáp 0", "đáp 1", "đáp 2"]


async def test_long_message_goes_on_behind_the_part_that_left(bench: Bench) -> None:
    words = " ".join(f"từ{n}" for n in range(30))
    bench.channel.script = [None, contract.ConnectionFailed("refused")]
    number = await bench.queue(words)
    await bench.settle()
    assert (await bench.delivery(number)).parts_sent == 1
    bench.now += timedelta(minutes=1)
    await bench.settle()
    assert " ".join(text for _, text in bench.channel.sent) == words
    assert (await bench.delivery(number)).status == DeliveryStatus.SENT


@pytest.mark.parametrize("window", [ReplyWindow.CLOSED, ReplyWindow.PAID])
async def test_shut_window_waits_for_the_person(bench: Bench, window: ReplyWindow) -> None:
    bench.channel.window = window
    number = await bench.queue("nhắc lịch")
    await bench.settle()
    assert (await bench.delivery(number)).status == DeliveryStatus.WAITING
    bench.channel.window = ReplyWindow.OPEN

    def wrote(session: Session) -> None:
        wake_waiting(session, session.exec(select(Contact)).one(), bench.now)

    await bench.database.run(wrote)
    await bench.run_until(lambda: len(bench.channel.sent) == 1)


async def test_expired_message_is_cancelled(bench: Bench) -> None:
    number = await bench.queue("đã muộn", expires_at=START - timedelta(seconds=1))
    await bench.settle()
    assert (await bench.delivery(number)).status == DeliveryStatus.CANCELLED


async def test_throttled_channel_sends_nothing_until_told(bench: Bench) -> None:
    bench.channel.script = [contract.Throttled(30)]
    await bench.queue("một", person="a")
    await bench.run_until(lambda: not bench.channel.script)
    await bench.queue("hai", person="b")
    await bench.settle()
    assert bench.channel.sent == []


async def test_second_sender_waits_for_the_lease(bench: Bench) -> None:
    await bench.queue("một")
    await bench.run_until(lambda: len(bench.channel.sent) == 1)
    await bench.queue("hai")
    bench.sender = bench.new_sender("b")
    await bench.settle()
    assert len(bench.channel.sent) == 1
    bench.now += timedelta(minutes=1)
    await bench.run_until(lambda: len(bench.channel.sent) == 2)


async def test_expired_token_is_renewed(bench: Bench) -> None:
    bench.channel.script = [contract.CredentialExpired("-216")]
    await bench.queue("x")
    await bench.settle()
    assert bench.channel.renewed == 1


def test_hopeless_connection_is_given_up_after_a_while() -> None:
    class Outgoing:
        attempt, after_doubt = 60, AfterDoubt.RESEND

    ruling = rule(contract.ConnectionFailed("refused"), Outgoing())  # type: ignore[arg-type]
    assert ruling.status is DeliveryStatus.FAILED


class FreedAMomentLater:
    """A pacer that has no room when it is asked for the first time, and some a moment later."""

    def __init__(self) -> None:
        self.asked = 0

    def room(self) -> int:
        self.asked += 1
        return 0 if self.asked == 1 else 1

    def wait(self) -> float:
        return 0.0


async def test_room_that_comes_a_moment_after_the_look_is_not_slept_through(bench: Bench) -> None:
    await bench.queue("tin")
    bench.sender._pacer = FreedAMomentLater()  # type: ignore[assignment]
    assert await bench.sender._claim_and_send() <= 0.05
