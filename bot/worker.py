"""The worker: takes the oldest unhandled message of each person, lets the handlers answer it, and settles it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bot.attachments import Attachments
from bot.channels.contract import Channel, SendError
from bot.tasks import TaskGroup, news_within, place_of
from core.messages import Content, Event, IncomingMessage, MessageKind, Receipt, StaffTakeover
from handlers.announce_documents import awaits_document
from handlers.house import House
from handlers.router import respond
from handlers.turn import open_turn
from storage import inbox
from storage.contacts import find_contact, record_contact, record_takeover
from storage.database import Database
from storage.files import Fetched, record_files
from storage.inbox import MAX_CLAIMS, MAX_FAILURES, Claim
from storage.machinery import raise_alarm, subject_of_message
from storage.outbox import Draft, enqueue, record_seen

log = logging.getLogger(__name__)

_AT_ONCE = 32
_IDLE = 0.5


@dataclass(frozen=True)
class Hands:
    """What the worker works with. The House is asked for anew for each message: its knowledge may be newer."""

    database: Database
    channels: Mapping[str, Channel]
    house: Callable[[], House]
    attachments: Attachments
    clock: Callable[[], datetime]
    owner: str
    look_at_knowledge: Callable[[], None]


class Worker:
    """Handles messages of different people side by side, and never two of one person."""

    def __init__(self, hands: Hands, tasks: TaskGroup, wake_sender: Callable[[], None]) -> None:
        self._hands = hands
        self._tasks = tasks
        self._wake_sender = wake_sender
        self._news = asyncio.Event()
        self._busy = 0
        self._began = hands.clock()

    def wake(self) -> None:
        """Something was recorded or finished: look again."""
        self._news.set()

    async def run(self) -> None:
        """Claim and handle for ever. Ends by cancellation; what is being handled then still finishes."""
        self._began = self._hands.clock()
        while True:
            self._news.clear()
            if not await self._tasks.finish("claim", self._claim_and_handle()):
                await news_within(self._news, _IDLE)

    async def _claim_and_handle(self) -> int:
        hands, now = self._hands, self._hands.clock()
        room = _AT_ONCE - self._busy
        if room <= 0:
            return 0
        suspects = now - self._began >= inbox.LIVED_ENOUGH
        claims = await hands.database.run(
            lambda s: inbox.claim_messages(s, hands.owner, now, room, suspects=suspects)
        )
        for claim in claims:
            self._busy += 1
            self._tasks.run_beside("message", self._handle(claim))
        return len(claims)

    async def _handle(self, claim: Claim) -> None:
        event: Event | None = None
        try:
            if claim.claims > MAX_CLAIMS:
                raise RuntimeError("claimed too often")
            channel = self._hands.channels[claim.envelopes[0].channel]
            event = channel.read(claim.envelopes)
            await self._answer(claim, channel, event)
        except Exception as error:  # noqa: BLE001 - a poisoned message must step aside, whatever it does
            await self._failed(claim, event, error)
        finally:
            self._busy -= 1
            self.wake()
        self._wake_sender()

    async def _answer(self, claim: Claim, channel: Channel, event: Event | None) -> None:
        hands = self._hands
        if isinstance(event, IncomingMessage):
            last_try, document = claim.failures >= MAX_FAILURES - 1, await self._awaits_document(event)
            fetched = await hands.attachments.fetch(channel, event.attachments, last_try, document=document)
            name = await self._profile(channel, event)
            if await hands.database.run(lambda s: self._in_transaction(s, claim, event, fetched, name)):
                hands.look_at_knowledge()
        else:
            await hands.database.run(lambda s: self._note(s, claim, event))

    async def _awaits_document(self, message: IncomingMessage) -> bool:
        """Whether its file is wanted; nobody else's is fetched, let alone kept."""
        if not any(one.kind is MessageKind.FILE for one in message.attachments):
            return False
        hands, now = self._hands, self._hands.clock()
        return await hands.database.read(
            lambda s: awaits_document(s, hands.house(), message.sender, message.chat, now)
        )

    def _in_transaction(
        self,
        session: Session,
        claim: Claim,
        message: IncomingMessage,
        fetched: Sequence[Fetched],
        name: str | None,
    ) -> bool:
        """Ticket, step, history and replies exist together or not at all. True when the knowledge is another now."""
        hands, now = self._hands, self._hands.clock()
        if not inbox.hold_claim(session, claim, hands.owner):
            return False
        contact = record_contact(session, message.sender, now)
        if name and not contact.name:
            contact.name = name
        files = record_files(session, claim.ids[0], contact.id or 0, fetched, now)
        turn = open_turn(session, hands.house(), message, claim.ids[0], files, now)
        respond(turn)
        inbox.settle_handled(session, claim, now)
        return turn.changed_knowledge

    def _note(self, session: Session, claim: Claim, event: Event | None) -> None:
        """Receipts and takeovers change a row and are answered by nobody."""
        now = self._hands.clock()
        if isinstance(event, Receipt) and event.seen:
            contact = find_contact(session, event.chat)
            if contact is not None:
                record_seen(session, contact.id or 0, event.message_ids, now)
        if isinstance(event, StaffTakeover):
            record_takeover(session, event.chat, now)
        inbox.settle_handled(session, claim, now)

    async def _profile(self, channel: Channel, message: IncomingMessage) -> str | None:
        """Ask the provider for a name once, where events carry none; without a name all works as well."""
        if message.sender_name is not None:
            return message.sender_name
        contact = await self._hands.database.read(lambda s: find_contact(s, message.sender))
        if contact is not None:
            return None
        try:
            return await channel.profile(message.sender)
        except SendError as error:
            log.info("no profile from %s: %s", channel.name, error.code)
            return None

    async def _failed(self, claim: Claim, event: Event | None, error: Exception) -> None:
        """Try again later, or step aside with an apology to the person and an alarm to the office."""
        hands, now = self._hands, self._hands.clock()
        what = f"{type(error).__name__} at {place_of(error)}"
        log.error("message %s failed (%s of %s): %s", claim.ids[0], claim.failures + 1, MAX_FAILURES, what)

        def settle(session: Session) -> None:
            if not inbox.hold_claim(session, claim, hands.owner):
                return
            if claim.claims > MAX_CLAIMS:
                inbox.park(session, claim, what, now)
            elif not inbox.settle_failed(session, claim, what, now):
                return
            subject = subject_of_message(claim.envelopes[0].channel, claim.ids[0])
            raise_alarm(session, "message_parked", subject, what, now)
            if isinstance(event, IncomingMessage):
                contact = record_contact(session, event.chat, now, is_group=event.in_group)
                content = Content(hands.house().words.text("fallback.apology"))
                key = f"apology:{claim.ids[0]}"
                enqueue(session, Draft(contact, content, "apology", dedupe_key=key), now)

        await hands.database.run(settle)
