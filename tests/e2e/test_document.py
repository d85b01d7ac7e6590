"""A document on the running program: from a member's telephone to whoever opens the link under the announcement."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import aiohttp
import pytest

from tests import papers
from tests.e2e.wards import open_place

pytestmark = pytest.mark.timeout(180)
LINK = re.compile(r"/van-ban/\d+-[\w-]{22}")
WORDS = "Tiêm phòng dại cho chó mèo tại nhà văn hóa tổ 3, mỗi sáng từ 8 giờ."


@pytest.mark.parametrize("channel", ["zalo", "webchat"])
async def test_what_a_member_sends_is_what_people_open(channel: str, tmp_path: Path) -> None:
    settings = {"NGHEDAN_PUBLIC_URL": "https://phuong.example"} if channel == "zalo" else {}
    data = papers.docx()
    async with open_place(channel, tmp_path / "product", **settings) as place:
        member, citizen = place.new_phone(), place.new_phone()
        await citizen.says("nhận thông báo")
        await citizen.sees("Gõ số hoặc tên")
        await citizen.says("tổ 3")
        await citizen.sees("từ nay em gửi")
        if channel != "webchat":
            await citizen.hands_over(data, "đơn.docx")
            await citizen.sees("Em không mở tệp gửi kèm")
        await member.opens(await asyncio.to_thread(place.invite, "member", "--area", "tdp-3"))
        await member.sees("từ nay anh/chị là")
        await member.says("/thongbao")
        await member.sees("Anh/chị viết nội dung")
        if channel != "webchat":
            await member.hands_over(papers.docx("word/vbaProject.bin"), "macro.docx")
            await member.sees("Tệp này có macro")
        await member.hands_over(data, "Lịch tiêm.docx")
        await member.sees("Em đã giữ tệp")
        await member.says(WORDS)
        await member.sees("Văn bản kèm theo: Lịch tiêm (Word, 1 KB)")
        await member.sees("Số người nhận: 1")
        await member.taps("Gửi cho 1 người")
        found = LINK.search((await citizen.sees("Văn bản kèm theo")).text)
        assert found is not None
        assert len(list((place.product.folder / "data" / "media").iterdir())) == 1
        async with aiohttp.ClientSession(place.product.url) as browser:
            async with browser.get(found[0]) as page:
                assert "Lịch tiêm (Word, 1 KB)" in await page.text()
            async with browser.get(f"{found[0]}/tep") as file:
                assert (file.status, await file.read()) == (200, data)
