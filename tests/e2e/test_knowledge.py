"""An answer changed by chat on one replica is given by every replica seconds later, and after a restart."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.e2e.phones import Phone, WebPhone
from tests.e2e.wards import Place, open_place
from tests.product import Product

QUESTION = "địa chỉ trụ sở phường ở đâu"
NEW = "Trụ sở phường đã dời về số 99 đường Mới"
WITHIN = 5.0
pytestmark = pytest.mark.timeout(120)


async def _enlist(place: Place, name: str, url: str) -> Phone:
    phone = WebPhone(url)
    await phone.opens(await asyncio.to_thread(place.invite, "officer", "--department", "TTPVHCC"))
    await phone.sees("từ nay anh/chị là")
    await phone.says(f"/ten {name}")
    await phone.sees(name)
    return phone


async def _change(author: Phone, second: Phone) -> float:
    """Two people, one on each replica; returns the moment at which the change came into force."""
    await author.says("/hoidap phuong-dia-chi")
    await author.sees("Phụ trách")
    await author.taps("Sửa câu trả lời")
    await author.sees("gửi câu trả lời mới")
    await author.says(f"{NEW}, cạnh chợ.")
    await author.sees("BẢN SỬA")
    await author.taps("Gửi duyệt")
    await second.sees("ĐỀ NGHỊ SỐ")
    await second.taps("Duyệt")
    await second.sees("có hiệu lực ngay")
    return asyncio.get_running_loop().time()


async def _answered_anew(citizens: list[Phone], since: float) -> None:
    """Whichever replica takes a question: after the time allowed nobody gets the old answer."""
    await asyncio.sleep(max(0.0, since + WITHIN - asyncio.get_running_loop().time()))
    for _ in range(5):
        for citizen in citizens:
            await citizen.says(QUESTION)
            answer = await citizen.sees("trụ sở")
            assert NEW in answer.text


@asynccontextmanager
async def _replica(folder: Path, database: str) -> AsyncIterator[Product]:
    """A second process on the same database and data folder."""
    product = Product(folder, {"NGHEDAN_DATABASE_URL": database})
    product.environment["NGHEDAN_DATA_DIR"] = str(folder.parent / "product" / "data")
    await asyncio.to_thread(product.start)
    try:
        yield product
    finally:
        product.kill()


async def test_two_replicas_on_postgresql(postgres_database: str, tmp_path: Path) -> None:
    async with (
        open_place("webchat", tmp_path / "product", NGHEDAN_DATABASE_URL=postgres_database) as place,
        _replica(tmp_path / "other", postgres_database) as other,
    ):
        author = await _enlist(place, "Hạnh", place.product.url)
        second = await _enlist(place, "Dũng", other.url)
        citizens: list[Phone] = [WebPhone(place.product.url), WebPhone(other.url)]
        for citizen in citizens:
            await citizen.says(QUESTION)
            await citizen.sees("Không tìm được đường thì gọi")
        await _answered_anew(citizens, await _change(author, second))
        for phone in (author, second, *citizens):
            await phone.close()


async def test_one_process_on_sqlite_and_after_its_restart(tmp_path: Path) -> None:
    async with open_place("webchat", tmp_path / "product") as place:
        author = await _enlist(place, "Hạnh", place.product.url)
        second = await _enlist(place, "Dũng", place.product.url)
        citizen = place.new_phone()
        await citizen.says(QUESTION)
        await citizen.sees("Không tìm được đường thì gọi")
        await _change(author, second)
        # On the replica that made the change it is taken over at once.
        deadline = asyncio.get_running_loop().time() + WITHIN
        while True:
            await citizen.says(QUESTION)
            if NEW in (await citizen.sees("trụ sở")).text:
                break
            assert asyncio.get_running_loop().time() < deadline
        place.product.kill()
        await asyncio.to_thread(place.product.start)
        await citizen.says(QUESTION)
        assert NEW in (await citizen.sees("trụ sở")).text
        await author.close()
        await second.close()
