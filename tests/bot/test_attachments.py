"""Pictures of any kind: kept small and clean, or refused without a word lost; never a reason to fail."""

from __future__ import annotations

import io
import random
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pytest
from PIL import Image

from bot.attachments import MAX_SIDE, Attachments, UnusablePicture, keep_picture
from bot.channels.contract import Channel
from core.messages import Attachment, MessageKind


def _saved(form: str, mode: str = "RGB", size: tuple[int, int] = (120, 80), **options: object) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, 120).save(out, form, **options)
    return out.getvalue()


def _with_place() -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6  # taken with the phone upright
    exif[0x8825] = {1: "N", 2: (21.0, 1.0, 0.0)}
    return _saved("JPEG", exif=exif)


def _png(width: int, height: int) -> bytes:
    """A file of a few bytes that claims to be that large."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(b"")), (b"IEND", b""))
    made = b"\x89PNG\r\n\x1a\n"
    for name, data in chunks:
        made += struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
    return made


HOSTILE = {
    "nothing": b"",
    "a sentence": "Kính gửi Ủy ban".encode(),
    "a page": b"<html><script>alert(1)</script>",
    "a drawing with a script": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "a script behind the first bytes of a photo": b"\xff\xd8\xff<script>alert(1)</script>",
    "a photo of a kind that we do not open": b"\x00\x00\x00\x18ftypheic" + b"\0" * 64,
    "cut off": _saved("PNG")[:40],
    "WebP by name only": b"RIFF\0\0\0\0WEBP" + b"x" * 90,
    "more pixels than we open": _png(9000, 9000),
    "more pixels than the library opens": _png(60_000, 60_000),
    "more bytes than we take": b"\xff\xd8\xff" + b"0" * (10 * 1024 * 1024),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_picture_is_unusable_and_nothing_else(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnusablePicture):
        keep_picture(tmp_path, HOSTILE[name])
    assert list(tmp_path.iterdir()) == []


USUAL = """
    JPEG RGB, JPEG CMYK, MPO RGB, PNG RGB, PNG RGBA, PNG LA, PNG P, PNG 1, PNG I;16, WEBP RGB, WEBP RGBA, GIF P
"""


@pytest.mark.parametrize(("form", "mode"), [one.split() for one in USUAL.split(",")])
def test_pictures_of_every_usual_kind_are_kept_small_as_jpeg(tmp_path: Path, form: str, mode: str) -> None:
    kept = keep_picture(tmp_path, _saved(form, mode, (2400, 1200)))
    with Image.open(tmp_path / str(kept.name)) as picture:
        assert (picture.format, picture.mode, picture.size) == ("JPEG", "RGB", (MAX_SIDE, MAX_SIDE // 2))


def test_a_photo_is_turned_upright_and_loses_its_place(tmp_path: Path) -> None:
    kept = keep_picture(tmp_path, _with_place())
    with Image.open(tmp_path / str(kept.name)) as picture:
        assert picture.size == (80, 120)
        assert dict(picture.getexif()) == {}


@pytest.mark.filterwarnings("ignore::UserWarning")  # the library grumbles about each of them
def test_damaged_photos_are_kept_or_refused_but_never_break_us(tmp_path: Path) -> None:
    chance = random.Random(5)
    whole = [_with_place(), _saved("PNG", "RGBA"), _saved("WEBP"), _saved("GIF", "P")]
    outcomes = set()
    for _ in range(1500):
        data = bytearray(chance.choice(whole))
        for _ in range(chance.choice((1, 2, 5, 20))):
            data[chance.randrange(min(len(data), 256))] = chance.randrange(256)
        try:
            keep_picture(tmp_path, bytes(data))
            outcomes.add("kept")
        except UnusablePicture:
            outcomes.add("refused")
    assert outcomes == {"kept", "refused"}


@dataclass
class _Provider:
    """The part of a channel that hands out files."""

    files: dict[str, bytes]
    name: str = "somewhere"

    async def fetch(self, attachment: Attachment, limit: int) -> bytes:
        return self.files[attachment.source][: limit + 1]


async def test_an_unusable_photo_stands_as_failed_beside_the_good_one(tmp_path: Path) -> None:
    provider = cast("Channel", _Provider({"good": _saved("JPEG"), "bad": HOSTILE["a sentence"]}))
    photos = [Attachment(MessageKind.PHOTO, source) for source in ("bad", "good")]
    failed, kept = await Attachments(tmp_path).fetch(provider, photos, last_try=False)
    assert failed.name is None
    assert (tmp_path / str(kept.name)).is_file()
