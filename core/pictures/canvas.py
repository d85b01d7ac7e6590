"""The sheet that pictures are drawn on: the bundled font, wrapped lines, colours and the PNG at the end."""

from __future__ import annotations

import io
import unicodedata
from functools import cache
from importlib import resources
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from core.pictures.charts import Tone

WIDTH: Final = 1080
MARGIN: Final = 56
INK: Final = "#16202b"
GREY: Final = "#4a5663"
RULE: Final = "#d3dae1"
PAPER: Final = "#ffffff"
# The hues of Okabe and Ito, moved until the two most alike are as far apart as can be for every kind of colour vision
# (`tests/core/test_pictures.py`), neighbours also on a grey print.
COLOURS: Final = {
    Tone.LATE: "#953d15",
    Tone.SOON: "#efb934",
    Tone.OPEN: "#1a6499",
    Tone.DONE: "#18c781",
    Tone.QUIET: "#cbd5e0",
}
# Screens of phones show a third of these pixels: nothing is smaller than 12 points there.
SMALLEST: Final = 36


def font_file(bold: bool = False) -> bytes:
    """The letters of pictures and printed pages as a file (TrueType)."""
    name = "BeVietnamPro-Bold.ttf" if bold else "BeVietnamPro-Regular.ttf"
    return (resources.files("core.pictures") / "fonts" / name).read_bytes()


@cache
def font(size: int, bold: bool = False) -> ImageFont.FreeTypeFont:
    """Be Vietnam Pro, which has every Vietnamese letter; its licence lies beside it."""
    data = font_file(bold)
    # The basic layout gives the same pixels whether or not the machine has raqm; it needs composed letters.
    return ImageFont.truetype(io.BytesIO(data), max(size, SMALLEST), layout_engine=ImageFont.Layout.BASIC)


def composed(text: str) -> str:
    """One sign a letter, as the font has them, and no line breaks."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def width_of(text: str, face: ImageFont.FreeTypeFont) -> int:
    """How many pixels a line takes."""
    return int(face.getlength(text) + 0.999)


def wrap(text: str, face: ImageFont.FreeTypeFont, width: int, most: int) -> list[str]:
    """Lines of at most `width` pixels, at most `most` of them; what is cut off ends in «…»."""
    lines: list[str] = []
    words = composed(text).split(" ")
    while words and words[0]:
        line = words.pop(0)
        while words and width_of(f"{line} {words[0]}", face) <= width:
            line = f"{line} {words.pop(0)}"
        lines.append(line)
    if len(lines) > most:
        lines = [*lines[: most - 1], " ".join(lines[most - 1 :])]
    return [_shorten(line, face, width) for line in lines]


def _shorten(line: str, face: ImageFont.FreeTypeFont, width: int) -> str:
    if width_of(line, face) <= width:
        return line
    while line and width_of(line + "…", face) > width:
        line = line[:-1]
    return line.rstrip() + "…"


def ink_on(colour: str) -> str:
    """Black or white, whichever is easier to read on the colour."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return INK if 0.299 * red + 0.587 * green + 0.114 * blue > 125 else PAPER


def sheet(height: int) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    """A white sheet of the width of all pictures."""
    image = Image.new("RGB", (WIDTH, height), PAPER)
    return image, ImageDraw.Draw(image)


def to_png(image: Image.Image) -> bytes:
    """Few colours are enough for flat shapes and smooth letters, and make a tenth of the bytes."""
    out = io.BytesIO()
    image.quantize(64, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()
