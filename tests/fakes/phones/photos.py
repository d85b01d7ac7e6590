"""Pictures that people send from the drawn phones: three drawn samples, and files made into JPEGs."""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from typing import Final

from PIL import Image, ImageDraw, ImageOps, UnidentifiedImageError

from tests.fakes.phones.chat import Refused

_SIZE: Final = (960, 720)
_LONGEST: Final = 2560
_QUALITY: Final = 85
_SKY, _ROAD, _GRASS = "#bfe0f2", "#6f7479", "#7fae6a"


def _street() -> tuple[Image.Image, ImageDraw.ImageDraw]:
    image = Image.new("RGB", _SIZE, _SKY)
    draw = ImageDraw.Draw(image)
    for left, height, colour in ((40, 260, "#e8d3b0"), (300, 330, "#d9b59a"), (600, 230, "#cfd6dd")):
        draw.rectangle((left, 430 - height, left + 240, 430), fill=colour)
        for at in range(3):
            window = left + 30 + at * 70
            draw.rectangle((window, 470 - height, window + 40, 520 - height), fill="#7fa3bd")
    draw.rectangle((0, 430, 960, 480), fill=_GRASS)
    draw.rectangle((0, 480, 960, 720), fill=_ROAD)
    for left in range(20, 960, 160):
        draw.rectangle((left, 690, left + 90, 700), fill="#f0f0e6")
    return image, draw


def _rubbish() -> Image.Image:
    image, draw = _street()
    chance = random.Random(7)
    for _ in range(60):
        x, y = chance.randint(230, 680), chance.randint(420, 600)
        size = chance.randint(25, 65)
        colour = chance.choice(("#1f2a30", "#2f5f3a", "#b7b3a2", "#c8553d", "#e6e1cf", "#3d5a80"))
        draw.ellipse((x, y, x + size * 1.4, y + size), fill=colour, outline="#20262a", width=2)
    return image


def _pothole() -> Image.Image:
    image, draw = _street()
    draw.ellipse((300, 520, 720, 680), fill="#4a4c4e", outline="#303234", width=6)
    draw.ellipse((350, 550, 670, 665), fill="#77644f")
    draw.ellipse((400, 575, 600, 640), fill="#93a7b3")
    for line in (((300, 600), (200, 570), (150, 610)), ((715, 590), (800, 560), (860, 600))):
        draw.line(line, fill="#303234", width=5)
    return image


def _lamp() -> Image.Image:
    image, draw = _street()
    image.paste(Image.blend(image, Image.new("RGB", _SIZE, "#0a1230"), 0.72))
    draw.rectangle((470, 120, 486, 560), fill="#2b2f35")
    draw.line(((478, 124), (600, 96)), fill="#2b2f35", width=12)
    draw.polygon(((580, 84), (660, 92), (650, 116), (584, 112)), fill="#40454d")
    draw.line(((596, 78), (650, 126)), fill="#c8553d", width=8)
    draw.line(((650, 78), (596, 126)), fill="#c8553d", width=8)
    return image


_SAMPLES: Final[dict[str, tuple[str, Callable[[], Image.Image]]]] = {
    "rac": ("Đống rác ven đường", _rubbish),
    "oga": ("Ổ gà đọng nước", _pothole),
    "den": ("Đèn đường hỏng", _lamp),
}
SAMPLES: Final = {key: title for key, (title, _) in _SAMPLES.items()}


def sample(key: str) -> bytes:
    """A drawn picture as JPEG. Raises KeyError."""
    return _jpeg(_SAMPLES[key][1]())


def from_file(data: bytes) -> bytes:
    """What a phone would send for a picture file: upright, not too large, JPEG. Raises Refused."""
    try:
        with Image.open(io.BytesIO(data)) as image:
            upright = ImageOps.exif_transpose(image)
            upright.thumbnail((_LONGEST, _LONGEST))
            return _jpeg(upright.convert("RGB"))
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as error:
        raise Refused("Tệp này không phải ảnh, hoặc ảnh bị hỏng.") from error


def content_type(data: bytes) -> str:
    """By the first bytes, since providers keep none."""
    return "image/png" if data.startswith(b"\x89PNG") else "image/jpeg"


def _jpeg(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=_QUALITY)
    return out.getvalue()
