"""Fetches photos, spoken messages and documents and keeps them under our own names: photos re-encoded, the others of
known kinds."""

from __future__ import annotations

import asyncio
import io
import logging
import struct
import warnings
import zlib
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageOps

from bot.channels.contract import Ambiguous, Channel, ConnectionFailed, SendError
from bot.documents import MAX_BYTES as MAX_DOCUMENT_BYTES
from bot.documents import Refusal, UnusableDocument, clean_title, keep_document
from bot.durable import keep, kept_path
from bot.recordings import MAX_BYTES as MAX_RECORDING_BYTES
from bot.recordings import UnusableRecording, keep_recording
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
    """The folder of kept photos, recordings and documents and the way into it."""

    def __init__(self, media: Path, *, recordings: bool = True) -> None:
        """`recordings`: whether the office can listen to what people say; else it is not even fetched."""
        self._media = media
        self._wanted = {MessageKind.PHOTO, *([MessageKind.VOICE] if recordings else [])}
        # 50 megapixels take up to 450 MB while they are open: two such pictures at once could end the program.
        self._one_at_a_time = asyncio.Lock()

    async def fetch(
        self, channel: Channel, attachments: Sequence[Attachment], last_try: bool, *, document: bool = False
    ) -> list[Fetched]:
        """Fetch and keep what a message brings, in order; one that cannot be had stands as failed.

        `document`: somebody of the office is being asked for one: the first is fetched too, else none is.
        Raises ConnectionFailed or Ambiguous while a later try may help.
        """
        wanted = [one for one in attachments if one.kind in self._wanted][:MAX_PARTS]
        wanted += [one for one in attachments if document and one.kind is MessageKind.FILE][:1]
        return [await self._fetch_one(channel, one, last_try) for one in wanted]

    async def _fetch_one(self, channel: Channel, one: Attachment, last_try: bool) -> Fetched:
        try:
            return await self._keep(channel, one)
        except (ConnectionFailed, Ambiguous):
            if not last_try:
                raise
            log.warning("%s from %s could not be fetched", one.kind, channel.name)
        except SendError as error:
            log.warning("%s from %s refused: %s", one.kind, channel.name, error.code)
        except UnusableDocument as error:
            log.info("%s from %s is not usable: %s", one.kind, channel.name, error.refusal)
            return Fetched(one.kind.value, None, title=clean_title(one.name), refusal=error.refusal.value)
        except (UnusablePicture, UnusableRecording):
            log.info("%s from %s is not usable", one.kind, channel.name)
        return Fetched(kind=one.kind.value, name=None)

    async def _keep(self, channel: Channel, one: Attachment) -> Fetched:
        if one.kind is MessageKind.VOICE:
            data = await channel.fetch(one, MAX_RECORDING_BYTES)
            return await asyncio.to_thread(keep_recording, self._media, data)
        if one.kind is MessageKind.FILE:
            # A provider would refuse it in words of its own: what it tells of the size is enough to say why.
            if (one.size or 0) > MAX_DOCUMENT_BYTES:
                raise UnusableDocument(Refusal.LARGE)
            data = await channel.fetch(one, MAX_DOCUMENT_BYTES)
            return await asyncio.to_thread(keep_document, self._media, data, one.name)
        data = await channel.fetch(one, MAX_BYTES)
        async with self._one_at_a_time:
            return await asyncio.to_thread(keep_picture, self._media, data)


def keep_picture(media: Path, data: bytes) -> Fetched:
    """Re-encode into the folder, safely on disk when this returns. Raises UnusablePicture."""
    return keep(media, _encode(data), MessageKind.PHOTO, "jpg", "image/jpeg")


def media_path(media: Path, name: str) -> Path:
    """Where a kept picture lies. Raises ValueError for a name that we never gave."""
    return kept_path(media, name, ("jpg",))


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
