"""Fetches photos of recorded messages and keeps them re-encoded: no place data, no payload, our own names."""

from __future__ import annotations

import asyncio
import hashlib
import io
import logging
import os
import secrets
import struct
import warnings
import zlib
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageOps

from bot.channels.contract import Ambiguous, Channel, ConnectionFailed, SendError
from core.messages import Attachment, MessageKind
from storage.files import Fetched

log = logging.getLogger(__name__)

MAX_BYTES = 10 * 1024 * 1024
# 50 megapixels: more than any phone's photo, less than a picture that only exists to eat memory.
MAX_PIXELS = 50_000_000
MAX_SIDE = 1920
MAX_PARTS = 10
# Several views in one file, as some phones save a photo (MPO), are opened as JPEG.
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
# What decoders stumble over in broken or hostile files; found by feeding them such files by the thousand.
_BROKEN = (
    OSError,
    ValueError,
    SyntaxError,
    TypeError,
    LookupError,
    ArithmeticError,
    AttributeError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)


class UnusablePicture(Exception):
    """Not a picture, or one that we refuse to open."""


class Attachments:
    """The folder of kept pictures and the way into it."""

    def __init__(self, media: Path) -> None:
        self._media = media
        # 50 megapixels take up to 450 MB while they are open: two such pictures at once could end the program.
        self._one_at_a_time = asyncio.Lock()

    async def fetch(
        self, channel: Channel, attachments: Sequence[Attachment], last_try: bool
    ) -> list[Fetched]:
        """Fetch and keep the photos of a message, in order; one that cannot be had stands as failed.

        Raises ConnectionFailed or Ambiguous while a later try may help.
        """
        photos = [a for a in attachments if a.kind is MessageKind.PHOTO][:MAX_PARTS]
        return [await self._fetch_one(channel, photo, last_try) for photo in photos]

    async def _fetch_one(self, channel: Channel, photo: Attachment, last_try: bool) -> Fetched:
        try:
            data = await channel.fetch(photo, MAX_BYTES)
            async with self._one_at_a_time:
                return await asyncio.to_thread(keep_picture, self._media, data)
        except (ConnectionFailed, Ambiguous):
            if not last_try:
                raise
            log.warning("photo from %s could not be fetched", channel.name)
        except SendError as error:
            log.warning("photo from %s refused: %s", channel.name, error.code)
        except UnusablePicture:
            log.info("photo from %s is not usable", channel.name)
        return Fetched(kind=photo.kind.value, name=None)


def keep_picture(media: Path, data: bytes) -> Fetched:
    """Re-encode into the folder, safely on disk when this returns. Raises UnusablePicture."""
    encoded = _encode(data)
    name = f"{secrets.token_hex(16)}.jpg"
    media.mkdir(parents=True, exist_ok=True)
    write_durably(media / name, encoded)
    return Fetched(
        kind=MessageKind.PHOTO.value,
        name=name,
        media_type="image/jpeg",
        size=len(encoded),
        sha256=hashlib.sha256(encoded).hexdigest(),
    )


def media_path(media: Path, name: str) -> Path:
    """Where a kept picture lies. Raises ValueError for a name that we never gave."""
    stem, dot, ending = name.partition(".")
    if not (len(stem) == 32 and dot and ending == "jpg" and all(c in "0123456789abcdef" for c in stem)):
        raise ValueError("not a name of ours")
    return media / name


def write_durably(path: Path, data: bytes) -> None:
    """Write a file so that it survives a power cut: content and folder entry are both synced."""
    partial = path.with_suffix(".part")
    with partial.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _encode(data: bytes) -> bytes:
    if len(data) > MAX_BYTES:
        raise UnusablePicture
    out = io.BytesIO()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=_FORMATS) as picture:
                if picture.width * picture.height > MAX_PIXELS:
                    raise UnusablePicture
                _upright(picture).save(out, "JPEG", quality=82, optimize=True)
    except _BROKEN as error:
        raise UnusablePicture from error
    return out.getvalue()


def _upright(picture: Image.Image) -> Image.Image:
    """Small first and in place, because every copy of the whole picture costs as much memory again."""
    picture.draft("RGB", (MAX_SIDE, MAX_SIDE))
    # A palette or black and white cannot be shrunk smoothly.
    small = picture.convert("RGB") if picture.mode in ("1", "P") else picture
    small.thumbnail((MAX_SIDE, MAX_SIDE))
    ImageOps.exif_transpose(small, in_place=True)
    return small.convert("RGB")
