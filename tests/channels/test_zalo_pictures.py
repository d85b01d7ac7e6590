"""Pictures on Zalo: shrunk, uploaded just before the message, nothing from outside the folder."""

from __future__ import annotations

import io
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from PIL import Image

from bot.channels.contract import (
    ConnectionFailed,
    Rejected,
)
from bot.channels.zalo.pictures import MOST_BYTES, prepare, shrink
from core.messages import (
    Content,
    Picture,
)
from tests.channels.harness_zalo import CITIZEN, ZaloHarness, open_zalo
from tests.fakes.zalo import Fault


@pytest_asyncio.fixture
async def harness(tmp_path: Path) -> AsyncIterator[ZaloHarness]:
    """A started channel with an open window."""
    opened = await open_zalo(tmp_path)
    yield opened
    await opened.close()


def noisy(side: int) -> Image.Image:
    """A picture that compresses badly."""
    return Image.frombytes("RGB", (side, side), os.urandom(side * side * 3))


async def test_picture_goes_up_and_out(harness: ZaloHarness) -> None:
    noisy(1500).save(harness.media / "big.png")
    noisy(50).save(harness.media / "small.jpg")
    assert (harness.media / "big.png").stat().st_size > MOST_BYTES
    for stored in ("big.png", "small.jpg"):
        sent = await harness.channel.send(harness.citizen, Content("Ảnh", pictures=(Picture(stored),)))
        assert sent.external_ids
    first, second = harness.fake.chat(CITIZEN)
    uploads = harness.fake.world.uploads
    big, small = uploads[first.pictures[0]].data, uploads[second.pictures[0]].data
    assert len(big) <= MOST_BYTES
    assert Image.open(io.BytesIO(big)).format == "JPEG"
    assert small == (harness.media / "small.jpg").read_bytes()
    assert (first.text, second.text) == ("Ảnh", "Ảnh")


async def test_expired_upload_is_repeated_once(harness: ZaloHarness) -> None:
    noisy(20).save(harness.media / "a.jpg")
    content = Content("", pictures=(Picture("a.jpg"),))
    harness.fake.fail_next(Fault("code", -100, "attachment_id was expired"))
    await harness.channel.send(harness.citizen, content)
    assert len(harness.fake.world.uploads) == 2
    harness.fake.fail_next(Fault("code", -100), times=2)
    with pytest.raises(Rejected):
        await harness.channel.send(harness.citizen, content)
    assert harness.fake.accepted(CITIZEN) == 1


async def test_cut_upload_may_be_repeated(harness: ZaloHarness) -> None:
    noisy(20).save(harness.media / "a.jpg")
    harness.fake.fail_next(Fault("drop_after"), "upload")
    with pytest.raises(ConnectionFailed):
        await harness.channel.send(harness.citizen, Content("", pictures=(Picture("a.jpg"),)))


def test_pictures_that_cannot_be_sent(tmp_path: Path) -> None:
    (tmp_path / "media").mkdir()
    (tmp_path / "secret.jpg").write_bytes(b"\xff\xd8\xff")
    (tmp_path / "media" / "text.jpg").write_text("no picture")
    for stored in ("none.jpg", "../secret.jpg", str(tmp_path / "secret.jpg"), "text.jpg", "."):
        with pytest.raises(Rejected):
            prepare(tmp_path / "media", Picture(stored))
    with pytest.raises(Rejected):
        shrink(b"\x89PNG\r\n\x1a\n broken")


def test_shrunk_picture_stands_upright_and_tells_nothing() -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "Camera of Lan"
    out = io.BytesIO()
    Image.new("RGBA", (40, 20), "red").convert("RGB").save(out, "JPEG", exif=exif)
    small = Image.open(io.BytesIO(shrink(out.getvalue())))
    assert small.size == (20, 40)
    assert not small.getexif()
