"""Brings channels up and keeps them fresh; one that is down never holds up the others."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from functools import partial

from bot.channels.contract import Channel, SendError
from bot.gateway import Gateway
from bot.tasks import TaskGroup
from storage.database import Database
from storage.machinery import raise_alarm, settle_alarm

log = logging.getLogger(__name__)

_MAINTAIN_SECONDS = 300.0
_COME_UP_PAUSE = 15.0


class ChannelKeeper:
    """Knows which channels are up."""

    def __init__(
        self,
        channels: Mapping[str, Channel],
        database: Database,
        clock: Callable[[], datetime],
        gateway: Gateway,
        background: TaskGroup,
    ) -> None:
        self._channels = channels
        self._database = database
        self._clock = clock
        self._gateway = gateway
        self._background = background
        self._up = {name: asyncio.Event() for name in channels}

    def start(self) -> None:
        """Bring every channel up in the background, again and again until it works."""
        for channel in self._channels.values():
            self._background.keep_running(f"channel {channel.name}", self._life_of(channel))
        self._background.keep_running("maintenance", self._maintain)

    def states(self) -> dict[str, bool]:
        """Every channel that is set up: is it up?"""
        return {name: event.is_set() for name, event in self._up.items()}

    async def wait_up(self, seconds: float) -> None:
        """Give all channels a moment to come up."""
        waits = [asyncio.create_task(event.wait()) for event in self._up.values()]
        _, late = await asyncio.wait(waits, timeout=seconds)
        for task in late:
            task.cancel()

    def _life_of(self, channel: Channel) -> Callable[[], Awaitable[None]]:
        async def live() -> None:
            while not await self._comes_up(channel):
                await asyncio.sleep(_COME_UP_PAUSE)
            self._up[channel.name].set()
            if channel.polls:
                await self._gateway.poll(channel)
            await asyncio.Event().wait()

        return live

    async def _comes_up(self, channel: Channel) -> bool:
        return await self._watched(channel, "channel_start", channel.start)

    async def _maintain(self) -> None:
        while True:
            await asyncio.sleep(_MAINTAIN_SECONDS)
            now = self._clock()
            for name, channel in self._channels.items():
                if self._up[name].is_set():
                    await self._watched(channel, "channel_care", partial(channel.maintain, now))

    async def _watched(self, channel: Channel, alarm: str, work: Callable[[], Awaitable[None]]) -> bool:
        """Do something with a channel; a failure is an alarm until it succeeds."""
        try:
            await work()
        except SendError as error:
            what = f"{type(error).__name__} {error.code}".strip()
            log.warning("channel %s: %s (%s)", channel.name, what, alarm)
            now = self._clock()
            await self._database.run(lambda s: raise_alarm(s, alarm, channel.name, what, now))
            return False
        now = self._clock()
        await self._database.run(lambda s: settle_alarm(s, alarm, channel.name, now))
        return True
