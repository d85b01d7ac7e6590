"""Plays the day: moves the clock, hands over what people do, lets them see what came, asks the rules at the end."""

from __future__ import annotations

import heapq
import itertools
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from handlers.house import House
from storage.invites import make_invite
from tests.day.officers import Officer
from tests.day.people import Person, Step
from tests.day.phones import Act, Provider
from tests.day.plan import ENDS, OPENS, Cast, draw_cast, hour
from tests.day.program import Program
from tests.day.rules import Result, judge

# The clock moves by this much; whatever falls between two moments happens at once, side by side.
_STEP = timedelta(seconds=30)
_LOOKS_EVERY = timedelta(minutes=3)

Watch = Callable[[float], None]


class Day:
    """One day of one ward."""

    def __init__(self, folder: Path, house: House, *, seed: int, citizens: int, officers: int) -> None:
        self.program = Program(folder, house, hour(OPENS))
        self.provider = Provider(self.program.clock, random.Random(f"provider {seed}"))
        self.cast: Cast = draw_cast(self.provider, house, seed, citizens, officers)
        self.handed_over = self.repeated = self.taken = 0
        self._owners: dict[str, Person] = {}
        self._due: list[tuple[datetime, int, Person, Act]] = []
        self._order = itertools.count()

    async def play(self, watch: Watch) -> Result:
        """From the opening to the night; `watch` hears how much of the day is over (0 to 1)."""
        await self.program.start(self.provider)
        try:
            await self._invite()
            for begins, citizen in self.cast.citizens:
                self._owners[citizen.phone.address.key] = citizen
                for after, act in citizen.begins():
                    self._plan(begins + after, citizen, act)
            opens, ends = hour(OPENS), hour(ENDS)
            looks = opens
            while self.program.now < ends:
                await self._moment()
                if self.program.now >= looks:
                    looks += _LOOKS_EVERY
                    self._let_office_work()
                self.program.now = self._next_moment(looks)
                watch((self.program.now - opens) / (ends - opens))
            await self._come_to_rest()
            return await self.program.database.read(lambda session: judge(session, self))
        finally:
            await self.program.stop()

    async def _invite(self) -> None:
        """Everybody of the office joins by a code, as in life."""
        for duty, officer in self.cast.officers:
            self._owners[officer.phone.address.key] = officer
            now = self.program.now
            made = await self.program.database.run(lambda s, duty=duty, now=now: make_invite(s, duty, now))  # type: ignore[misc]
            self._plan(now, officer, Act(text=made.typed))
        leader = next((one for _, one in self.cast.officers if one.is_leader), None)
        if leader is not None:
            self._plan(hour(OPENS + 0.1), leader, Act(text=f"/truong {self.cast.officers[0][1].phone.name}"))

    def _plan(self, when: datetime, who: Person, act: Act) -> None:
        heapq.heappush(self._due, (when, next(self._order), who, act))

    def _next_moment(self, looks: datetime) -> datetime:
        """The next step of the clock at which anything happens: hours in which nobody writes are skipped."""
        coming = min(self._due[0][0] if self._due else looks, looks)
        if self.program.waits_until is not None:
            coming = min(coming, self.program.waits_until)
        steps = max(1, -((self.program.now - coming) // _STEP))
        return self.program.now + steps * _STEP

    async def _moment(self) -> None:
        """What people do now, what the clock does now, and what comes of both."""
        envelopes = []
        while self._due and self._due[0][0] <= self.program.now:
            _, _, who, act = heapq.heappop(self._due)
            envelope = self.provider.envelope(who.phone, replace(act, times=1))
            self.handed_over += 1
            self.repeated += act.times - 1
            envelopes += [envelope] * act.times
        if envelopes:
            self.taken += await self.program.accept(envelopes)
        waited = self.program.waits_until
        wake = bool(await self.program.run_jobs()) or (waited is not None and waited <= self.program.now)
        if envelopes or wake:
            await self.program.settle(wake=wake)
        fresh, self.provider.fresh = self.provider.fresh, []
        last = {phone.address.key: seen for phone, seen in fresh}
        for phone, seen in fresh:
            owner = self._owners[phone.address.key]
            self._take(owner, owner.sees(seen, is_last=seen is last[phone.address.key]))

    def _take(self, who: Person, steps: object) -> None:
        step: Step
        for step in steps:  # type: ignore[attr-defined]
            self._plan(self.program.now + step[0], who, step[1])

    def _let_office_work(self) -> None:
        for _, officer in self.cast.officers:
            if isinstance(officer, Officer):
                self._take(officer, officer.works(self.program.now))

    async def _come_to_rest(self) -> None:
        """What was begun before the night is let run out, and nothing new begins."""
        for _ in range(40):
            await self._moment()
            self.program.now += timedelta(minutes=1)
            if not self._due and self.program.waits_until is None:
                return
