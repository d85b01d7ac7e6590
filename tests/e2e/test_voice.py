"""A spoken report on the running program: from the citizen's telephone into the officer's ear."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import aiohttp
import pytest

from tests import sounds
from tests.e2e.phones import WebPhone
from tests.e2e.wards import open_place

pytestmark = pytest.mark.timeout(180)
LINK = re.compile(r"/tai-ve/[\w-]{43}")


@pytest.mark.parametrize(
    ("channel", "spoken"),
    [("telegram-polling", sounds.opus(4)), ("zalo", sounds.m4a(4)), ("webchat", sounds.webm(4))],
)
async def test_what_a_citizen_says_is_what_the_officer_hears(
    channel: str, spoken: bytes, tmp_path: Path
) -> None:
    settings = {"NGHEDAN_PUBLIC_URL": "https://phuong.example"} if channel == "zalo" else {}
    async with open_place(channel, tmp_path / "product", **settings) as place:
        officer, citizen = place.new_phone(), place.new_phone()
        await officer.opens(await asyncio.to_thread(place.invite, "officer", "--department", "VP"))
        await officer.sees("từ nay anh/chị là")

        await citizen.speaks(b"<html>no recording</html>")
        if isinstance(citizen, WebPhone):
            assert "chưa đọc được bản ghi âm" in citizen.refused
        else:
            await citizen.sees("Bản ghi âm này em chưa nhận được")
        await citizen.speaks(spoken)
        await citizen.sees("cán bộ sẽ nghe")
        place.product.kill()
        await asyncio.to_thread(place.product.start)
        await citizen.taps("Để cán bộ nghe")
        await citizen.sees("Mã phiếu")

        await officer.sees("Phản ánh bằng giọng nói")
        await officer.taps("Nghe ghi âm")
        found = LINK.search((await officer.sees("/tai-ve/")).text)
        assert found is not None
        async with aiohttp.ClientSession(place.product.url) as browser:
            async with browser.get(found[0]) as page:
                source = re.search(r'<audio[^>]* src="([^"]+)"', await page.text())
            assert source is not None
            async with browser.get(source[1]) as heard:
                assert (heard.status, await heard.read()) == (200, spoken)


async def test_without_a_public_address_a_voice_is_kindly_declined(tmp_path: Path) -> None:
    async with open_place("zalo", tmp_path / "product") as place:
        citizen = place.new_phone()
        await citizen.speaks(sounds.m4a(4))
        await citizen.sees("Em chưa nghe được tin thoại")
        assert list((place.product.folder / "data" / "media").iterdir()) == []
        async with aiohttp.ClientSession(place.product.url) as browser, browser.get("/chat") as page:
            assert 'data-voice="no"' in await page.text()
            assert "microphone=()" in page.headers["Permissions-Policy"]
        visitor = WebPhone(place.product.url)
        await visitor.speaks(sounds.webm(4))
        assert "cán bộ chưa nghe được bản ghi âm" in visitor.refused
        await visitor.close()
