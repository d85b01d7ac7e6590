"""kill -9 in the midst of the morning digests: nobody has two, and whom one may not have reached is listed.

A digest is no answer that somebody waits for: like an ordinary announcement it is parked when in doubt (decision
0004), and the next morning says it better. All are written in one transaction with their slots, so a kill before its
end leaves no trace, and one after it leaves none unwritten.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sys
import time
from asyncio.subprocess import PIPE
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest
from sqlmodel import Session, select

from bot.channels.contract import Pace
from core.ward import load_ward
from storage.database import open_database
from storage.migrate import upgrade
from storage.models import Contact, Delivery, DigestPlan, DigestSlot, Staff, Ticket
from storage.statuses import DeliveryStatus, StaffRole, TicketStatus
from tests.e2e.wards import telegram_settings
from tests.fakes.telegram import TOKEN, FakeTelegram
from tests.product import Product, free_port
from tests.scheduler.office import local

# The rate is lifted, so that the kills meet as many messages on their way as ever can be.
SENDS_AT_ONCE = Pace(1000, 3).hands
PATIENCE = 60
_HEAD = "sáng Thứ Năm 26/11/2026"
_FIRST = 100_000
_OPEN = (DeliveryStatus.QUEUED, DeliveryStatus.CLAIMED)


class Morning:
    """An office of many officers on the fake Telegram, all of whom have a digest due at half past seven."""

    def __init__(self, folder: Path, officers: int) -> None:
        self.officers, self.fake, self._running = officers, FakeTelegram(), 0
        self._folder, self._port = folder, free_port()
        self._nurse: asyncio.subprocess.Process | None = None

    async def open(self) -> None:
        """Fake and books; the product is not started yet."""
        await self.fake.start()
        for number in range(self.officers):
            self.fake.people.world.person(_FIRST + number).started = True
        settings = telegram_settings(self.fake, "webhook", self._port) | {
            "NGHEDAN_PORT": str(self._port),
            "NGHEDAN_TELEGRAM_PER_SECOND": "1000",
            "MORNING_BEGAN": str(time.time()),
        }
        product = Product(self._folder, settings)
        self.url = f"sqlite:///{product.database}"
        product.database.parent.mkdir(parents=True)
        upgrade(self.url)
        with closing(open_database(self.url)) as database:
            database.run_now(self._fill)
        self._nurse = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.faults.at_half_past_seven"),
            stdin=PIPE,
            stdout=PIPE,
            env=product.environment,
            stderr=product.log.open("ab"),
            cwd=self._folder,
        )

    def _fill(self, session: Session) -> None:
        """A report that nobody has taken, so that every officer of the department is told something."""
        began = local("2026-11-25 16:00")
        people = [
            Contact(
                channel="telegram",
                account=TOKEN.partition(":")[0],
                external_id=str(_FIRST + number),
                created_at=began,
            )
            for number in range(self.officers)
        ]
        citizen = Contact(channel="webchat", account="", external_id="lan", created_at=began)
        session.add_all([*people, citizen])
        session.flush()
        session.add_all(
            Staff(
                contact_id=one.id or 0,
                role=StaffRole.OFFICER.value,
                name=one.external_id,
                department="KT",
                joined_at=began,
            )
            for one in people
        )
        # Drawing is not what is tested, and two hundred pictures would be most of the time.
        session.flush()
        session.add_all(
            DigestPlan(contact_id=one.id or 0, minute=450, with_picture=False, changed_by=1, changed_at=began)
            for one in people
        )
        session.add(
            Ticket(
                code="PA-1",
                contact_id=citizen.id or 0,
                category=load_ward("mau").categories[0].key,
                department="KT",
                text="Ổ gà",
                status=TicketStatus.NEW.value,
                created_at=began,
                updated_at=began,
                due_at=local("2026-12-20 17:00"),
            )
        )

    async def close(self) -> None:
        """Everything is gone."""
        if self._running:
            await self._kill()
        if self._nurse is not None and self._nurse.stdin is not None:
            self._nurse.stdin.close()
            await self._nurse.wait()
        await self.fake.close()

    async def _start(self, dies_at: int = 0) -> None:
        assert self._nurse is not None
        assert self._nurse.stdin is not None
        self._nurse.stdin.write(f"{dies_at}\n".encode())
        self._running = int(await self._told())

    async def _kill(self) -> None:
        os.kill(self._running, signal.SIGKILL)
        await self._dies()

    async def _dies(self) -> None:
        assert await self._told() == "dead"
        self._running = 0

    async def _told(self) -> str:
        assert self._nurse is not None
        assert self._nurse.stdout is not None
        async with asyncio.timeout(PATIENCE):
            return (await self._nurse.stdout.readline()).decode().strip()

    @property
    def shown(self) -> Counter[str]:
        """How often each officer has the digest on the screen."""
        return Counter(str(one.chat_id) for one in self.fake.world.log if _HEAD in one.text)

    async def dies_writing(self, at: int) -> None:
        """Killed when the digest of that number is being written: nothing of it stays."""
        await self._start(at)
        await self._dies()
        with closing(open_database(self.url)) as database:
            assert database.run_now(_read) == {}
            assert database.run_now(lambda s: s.exec(select(DigestSlot)).all()) == []

    async def dies_sending(self, after: int) -> None:
        """Killed when so many more have been shown."""
        enough = min(sum(self.shown.values()) + after, self.officers)
        await self._start()
        async with asyncio.timeout(PATIENCE):
            while sum(self.shown.values()) < enough:
                await asyncio.sleep(0.002)
        await self._kill()

    async def settled(self) -> dict[str, str]:
        """Started once more: when nothing is under way, what the books say of each officer."""
        await self._start()
        with closing(open_database(self.url)) as database:
            async with asyncio.timeout(PATIENCE):
                while not (told := await database.read(_read)) or set(told.values()) & set(_OPEN):
                    await asyncio.sleep(0.1)
        return told


def _read(session: Session) -> dict[str, str]:
    rows = select(Contact.external_id, Delivery.status).join(Delivery).where(Delivery.kind == "digest")
    return dict(session.exec(rows).all())


async def _survive(folder: Path, officers: int, written: int, sent: int, latest: int = 200) -> None:
    """`latest`: the digest at whose writing it is killed at the latest."""
    morning, chance = Morning(folder, officers), random.Random(officers + written + sent)
    await morning.open()
    try:
        for _ in range(written):
            await morning.dies_writing(chance.randint(1, latest))
        for _ in range(sent):
            await morning.dies_sending(chance.randint(1, max(2, officers // (sent + 1))))
        told = await morning.settled()
        shown = morning.shown
    finally:
        await morning.close()
    unknown = {who for who, status in told.items() if status == DeliveryStatus.UNKNOWN}
    missed = set(told) - set(shown)
    print(
        f"{officers} officers, {written} kills writing, {sent} sending: {len(shown)} have it, "
        f"{len(unknown)} unknown, {len(missed)} not reached"
    )
    assert set(told) == {str(_FIRST + number) for number in range(officers)}, "somebody has no digest"
    assert set(told.values()) <= {DeliveryStatus.SENT, DeliveryStatus.UNKNOWN}
    assert max(shown.values()) == 1, "a digest came twice"
    assert missed <= unknown, "somebody missed it and the books call it sent"
    assert len(unknown) <= sent * SENDS_AT_ONCE


@pytest.mark.timeout(300)
async def test_two_hundred_officers_have_one_digest_each(tmp_path: Path) -> None:
    await _survive(tmp_path, officers=200, written=1, sent=1, latest=40)


@pytest.mark.long
async def test_two_hundred_officers_and_forty_kills(tmp_path: Path) -> None:
    for run in range(4):
        await _survive(tmp_path / str(run), officers=200, written=5, sent=5)
