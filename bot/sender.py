"""The sender of one channel: claims due messages, replies before bulk, sends them at the pace, settles each."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.channels import contract
from bot.channels.contract import Channel, ReplyWindow, SendError
from bot.error_policy import rule
from bot.knocking import Knock, knock_once, may_knock
from bot.pacing import Pacer
from bot.settlements import Settlements
from bot.tasks import TaskGroup, news_within
from core.fitting import fit
from core.messages import Content
from storage import claims
from storage.claims import Outgoing
from storage.contacts import mark_unreachable, move_contact
from storage.database import Database
from storage.machinery import claim_lease, raise_alarm, settle_alarm, subject_of_message
from storage.statuses import AfterDoubt, DeliveryStatus, Lane

log = logging.getLogger(__name__)

_LEASE = timedelta(seconds=30)
_RENEW = timedelta(seconds=10)
_IDLE = 1.0
_SEND_TIMEOUT = 40.0
# Sends at once that bulk may never take, so that a reply finds a free hand in the midst of a broadcast.
_KEPT_FOR_REPLIES = 2
# Seconds for which the next part of a long message keeps its hand.
_SHORT_WAIT = 2.0


def _weight(part: Content) -> int:
    """For how many messages a provider counts it: each picture of an album is one, or one upload more."""
    return 1 + len(part.pictures)


class Sender:
    """Sends what is due on one channel, while this process holds the channel's sending lease."""

    def __init__(
        self,
        channel: Channel,
        database: Database,
        clock: Callable[[], datetime],
        owner: str,
        tasks: TaskGroup,
        pays: bool = False,
        knock: Knock | None = None,
    ) -> None:
        self._channel = channel
        self._database = database
        self._clock = clock
        self._owner = owner
        self._tasks = tasks
        self._pays = pays
        self._knock = knock
        self._pacer = Pacer(channel.pace, asyncio.get_running_loop().time)
        self._settlements = Settlements(database)
        self._news = asyncio.Event()
        self._busy = 0
        self._busy_bulk = 0
        self._lease_until: datetime | None = None
        # At the start too: what an earlier process raised is over with our first success.
        self._alarmed = True

    def wake(self) -> None:
        """Something was queued or settled: look again."""
        self._news.set()

    async def run(self) -> None:
        """Claim and send for ever. Ends by cancellation; what is on its way then still is settled."""
        while True:
            self._news.clear()
            pause = _IDLE
            if await self._holds_lease():
                pause = await self._tasks.finish("claim", self._claim_and_send())
            if pause:
                await news_within(self._news, pause)

    async def _holds_lease(self) -> bool:
        """One sender a channel over all replicas: a rate cannot be shared."""
        now = self._clock()
        if self._lease_until is not None and now < self._lease_until - _LEASE + _RENEW:
            return True
        name = f"send:{self._channel.name}:{self._channel.account}"
        ours = await self._database.run(lambda s: claim_lease(s, name, self._owner, now, _LEASE))
        self._lease_until = now + _LEASE if ours else None
        return ours

    async def _claim_and_send(self) -> float:
        """Send what is due and allowed. Returns for how many seconds there is nothing to do, unless news come."""
        hands, allowed = self._channel.pace.hands, self._pacer.room()
        if allowed <= 0:
            # The next moment may allow one: what was seen now counts, or a second of the rate would be slept through.
            return min(max(self._pacer.wait(), 0.01), _IDLE)
        room = min(hands - self._busy, allowed)
        if room <= 0:
            return _IDLE
        bulk_room = min(room, max(hands - _KEPT_FOR_REPLIES, 1) - self._busy_bulk)
        claimed = await self._database.run(lambda s: self._claim(s, room, bulk_room))
        for outgoing in claimed:
            self._busy += 1
            self._busy_bulk += outgoing.lane is Lane.BULK
            self._tasks.run_beside("send", self._deliver(outgoing))
        return 0.0 if claimed else _IDLE

    def _claim(self, session: Session, room: int, bulk_room: int) -> list[Outgoing]:
        now, name = self._clock(), self._channel.name
        claimed = claims.claim_due(session, name, Lane.REPLY, self._owner, now, room)
        left = min(room - len(claimed), bulk_room)
        if left > 0:
            claimed += claims.claim_due(session, name, Lane.BULK, self._owner, now, left)
        return claimed

    async def _deliver(self, outgoing: Outgoing) -> None:
        try:
            status = self._known_before(outgoing)
            knocks = status is DeliveryStatus.WAITING and may_knock(self._knock, outgoing)
            if status is not None and not knocks:
                await self._settle_as(outgoing, status, "")
                return
            await (self._tell_that_it_waits(outgoing) if knocks else self._send(outgoing))
        finally:
            self._busy -= 1
            self._busy_bulk -= outgoing.lane is Lane.BULK
            self.wake()

    def _known_before(self, outgoing: Outgoing) -> DeliveryStatus | None:
        """What can be told without asking the provider."""
        now = self._clock()
        if outgoing.doubtful and outgoing.after_doubt is AfterDoubt.PARK:
            return DeliveryStatus.UNKNOWN
        if outgoing.expires_at is not None and outgoing.expires_at < now:
            return DeliveryStatus.CANCELLED
        window = self._channel.reply_window(outgoing.last_interaction_at, now)
        if window is ReplyWindow.CLOSED or (window is ReplyWindow.PAID and not self._pays):
            return DeliveryStatus.WAITING
        return None

    async def _send(self, outgoing: Outgoing) -> None:
        parts = fit(outgoing.content, self._channel.limits)
        try:
            for number, part in enumerate(parts[outgoing.parts_sent :], start=outgoing.parts_sent + 1):
                if wait := await self._wait_for(outgoing, part, first=number == outgoing.parts_sent + 1):
                    due = self._clock() + timedelta(seconds=wait)
                    await self._database.run(lambda s: claims.settle_later(s, outgoing, due, "pace"))  # noqa: B023
                    return
                sent = await self._send_part(outgoing, part)
                now, is_last = self._clock(), number == len(parts)
                settle = self._settle_last if is_last else claims.settle_part
                await self._settlements.record(lambda s: settle(s, outgoing, sent, now))  # noqa: B023
            await self._all_is_well()
        except SendError as error:
            await self._rule(outgoing, error)

    def _settle_last(
        self, session: Session, outgoing: Outgoing, sent: tuple[str, ...], now: datetime
    ) -> None:
        if claims.settle_sent(session, outgoing, sent, now):
            subject = subject_of_message(self._channel.name, outgoing.id)
            settle_alarm(session, "message_given_up", subject, now)

    async def _wait_for(self, outgoing: Outgoing, part: Content, first: bool) -> float:
        """Take the right to send a part: 0.0, or the seconds that are too long to wait for with a free hand."""
        while wait := self._pacer.take(outgoing.contact_id, outgoing.is_group, _weight(part)):
            if first or wait > _SHORT_WAIT:
                return wait
            await asyncio.sleep(wait)
        return 0.0

    async def _send_part(self, outgoing: Outgoing, part: Content) -> tuple[str, ...]:
        """The right to send it was taken before."""
        monotonic = asyncio.get_running_loop().time
        began = monotonic()
        try:
            async with asyncio.timeout(_SEND_TIMEOUT):
                return (await self._channel.send(outgoing.address, part)).external_ids
        except TimeoutError:
            raise contract.Ambiguous("deadline") from None
        finally:
            self._pacer.answered(outgoing.contact_id, outgoing.is_group, _weight(part), monotonic() - began)

    async def _tell_that_it_waits(self, outgoing: Outgoing) -> None:
        contact, is_group = outgoing.contact_id, outgoing.is_group
        if wait := self._pacer.take(contact, is_group):
            due = self._clock() + timedelta(seconds=wait)
            await self._database.run(lambda s: claims.settle_later(s, outgoing, due, "pace"))
            return None
        monotonic = asyncio.get_running_loop().time
        began = monotonic()
        try:
            alarm = await knock_once(self._knock, outgoing, _SEND_TIMEOUT)
        except SendError as error:
            return await self._rule(outgoing, error)
        finally:
            self._pacer.answered(contact, is_group, 1, monotonic() - began)
        now, name = self._clock(), self._channel.name

        def settle(session: Session) -> None:
            if alarm:
                raise_alarm(session, "template_refused", name, alarm, now)
                claims.settle_as(session, outgoing, DeliveryStatus.WAITING, alarm)
            else:
                settle_alarm(session, "template_refused", name, now)
                claims.settle_knocked(session, outgoing, now)

        await self._database.run(settle)
        return None

    async def _rule(self, outgoing: Outgoing, error: SendError) -> None:
        ruling = rule(error, outgoing)
        if ruling.status is DeliveryStatus.WAITING and may_knock(self._knock, outgoing):
            return await self._tell_that_it_waits(outgoing)
        if ruling.shut_for:
            self._pacer.shut(ruling.shut_for)
        if isinstance(error, contract.CredentialExpired):
            await self._renew()
        name, now = self._channel.name, self._clock()
        what = f"{type(error).__name__} {error.code}".strip()
        # A channel is one thing to mend; messages are looked at one by one.
        single = ruling.status is not None
        subject = subject_of_message(name, outgoing.id) if single else name
        log.warning("message %s on %s: %s", outgoing.id, name, what)

        def settle(session: Session) -> None:
            if isinstance(error, contract.RecipientGone):
                mark_unreachable(session, outgoing.contact_id, now)
            if isinstance(error, contract.RecipientMoved):
                move_contact(session, outgoing.contact_id, error.new)
            if ruling.alarm:
                raise_alarm(session, ruling.alarm, subject, what, now)
            if ruling.status is not None:
                claims.settle_as(session, outgoing, ruling.status, what)
            else:
                due = now + timedelta(seconds=ruling.again_in)
                claims.settle_later(session, outgoing, due, what)

        self._alarmed = self._alarmed or ruling.alarm == "channel_down"
        await self._database.run(settle)
        return None

    async def _renew(self) -> None:
        try:
            await self._channel.maintain(self._clock())
        except SendError as error:
            log.warning("token of %s cannot be renewed: %s", self._channel.name, error.code)

    async def _all_is_well(self) -> None:
        if self._alarmed:
            self._alarmed, now = False, self._clock()
            await self._database.run(lambda s: settle_alarm(s, "channel_down", self._channel.name, now))

    async def _settle_as(self, outgoing: Outgoing, status: DeliveryStatus, error: str) -> None:
        await self._database.run(lambda s: claims.settle_as(s, outgoing, status, error))
