"""Brings a stored or drawn picture into the shape that Zalo takes: JPEG or PNG of at most one megabyte."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from PIL import Image, ImageOps, UnidentifiedImageError

from bot.channels.contract import Rejected
from core.messages import Picture
from core.pictures.bars import draw_bars

MOST_BYTES: Final = 1_000_000
_TRIES: Final = ((2048, 85), (1600, 80), (1280, 75), (1024, 70), (800, 60), (640, 50))
_MOST_PIXELS: Final = 80_000_000


@dataclass(frozen=True, slots=True)
class Ready:
    """A picture as it is uploaded; the name is plain ASCII because some servers drop others."""

    name: str
    content_type: str
    data: bytes = field(repr=False)


def prepare(folder: Path, picture: Picture) -> Ready:
    """Read a picture of the data folder, or draw it, and shrink it when it is too large. Blocks: run it in a thread.

    Raises Rejected when it is missing, lies outside the folder or is no picture.
    """
    data = _read(folder, picture.stored) if picture.chart is None else draw_bars(picture.chart)
    if len(data) <= MOST_BYTES:
        if data.startswith(b"\xff\xd8\xff"):
            return Ready("picture.jpg", "image/jpeg", data)
        if data.startswith(b"\x89PNG\r\n\x1a\n"):
            return Ready("picture.png", "image/png", data)
    return Ready("picture.jpg", "image/jpeg", shrink(data))


def _read(folder: Path, stored: str) -> bytes:
    path = (folder / stored).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise Rejected("picture-outside")
    try:
        return path.read_bytes()
    except OSError as error:
        raise Rejected("picture-missing", type(error).__name__) from None


def shrink(data: bytes, most: int = MOST_BYTES) -> bytes:
    """The same picture as a JPEG of at most `most` bytes, without the hidden data of the camera."""
    try:
        with Image.open(io.BytesIO(data)) as opened:
            if opened.width * opened.height > _MOST_PIXELS:
                raise Rejected("picture-too-many-pixels")
            picture = ImageOps.exif_transpose(opened).convert("RGB")
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError) as error:
        raise Rejected("picture-unreadable", type(error).__name__) from None
    for side, quality in _TRIES:
        picture.thumbnail((side, side))
        out = io.BytesIO()
        picture.save(out, "JPEG", quality=quality, optimize=True)
        if out.tell() <= most:
            return out.getvalue()
    raise Rejected("picture-too-large")
