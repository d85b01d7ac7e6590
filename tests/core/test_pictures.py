"""Charts: everything is told in words too, fits a phone, and can be read by everybody."""

from __future__ import annotations

import io
from dataclasses import replace
from importlib import resources
from itertools import combinations, pairwise
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from core.messages import Content, Picture
from core.pictures import Bar, BarChart, Series, Tone
from core.pictures.bars import draw_bars
from core.pictures.canvas import COLOURS, MARGIN, WIDTH, font, ink_on, width_of, wrap
from core.serial import content_from_json, content_to_json

LETTERS: Final = (
    "aàảãáạăằẳẵắặâầẩẫấậeèẻẽéẹêềểễếệiìỉĩíịoòỏõóọôồổỗốộơờởỡớợuùủũúụưừửữứựyỳỷỹýỵđ0123456789.,:;«»“”…–·%/()&+"
)
CHART: Final = BarChart(
    "Việc của Phòng Kinh tế, Hạ tầng và Đô thị",
    tuple(Series(tone.value.title(), tone) for tone in Tone),
    (
        Bar("Điện chiếu sáng", (2, 1, 15, 40, 1)),
        Bar("Trật tự đô thị", (0, 0, 0, 0, 0)),
        Bar("Rác", (0, 0, 3, 0, 0), "95 %"),
    ),
    "Sáng thứ Năm 26/11/2026",
    "Số trong ô là số phiếu.",
)
# How colours are seen with no red, no green, no blue cones (Viénot 1999, Brettel 1997 in short form).
SIGHTS: Final = {
    "all": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protan": ((0.152, 1.053, -0.205), (0.115, 0.786, 0.099), (-0.004, -0.048, 1.052)),
    "deutan": ((0.367, 0.861, -0.228), (0.280, 0.673, 0.047), (-0.012, 0.043, 0.969)),
    "tritan": ((1.256, -0.077, -0.179), (-0.078, 0.931, 0.148), (0.005, 0.691, 0.304)),
    "none": ((0.2126, 0.7152, 0.0722),) * 3,
}


def open_chart(chart: BarChart) -> Image.Image:
    return Image.open(io.BytesIO(draw_bars(chart))).convert("RGB")


def linear(colour: str) -> list[float]:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def lab(colour: str, sight: str) -> tuple[float, float, float]:
    """As somebody with that sight sees it, in the space where equal distances look equal."""
    seen = [max(sum(w * c for w, c in zip(row, linear(colour), strict=True)), 0.0) for row in SIGHTS[sight]]
    to_xyz = ((0.4339, 0.3762, 0.1899), (0.2127, 0.7152, 0.0722), (0.0178, 0.1095, 0.8727))
    x, y, z = (sum(w * c for w, c in zip(row, seen, strict=True)) for row in to_xyz)
    fx, fy, fz = (v ** (1 / 3) if v > 0.008856 else 7.787 * v + 16 / 116 for v in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


@pytest.mark.parametrize("sight", ["all", "protan", "deutan", "tritan"])
def test_all_colours_differ_for_every_kind_of_sight(sight: str) -> None:
    for one, other in combinations(COLOURS.values(), 2):
        first, second = lab(one, sight), lab(other, sight)
        distance = sum((a - b) ** 2 for a, b in zip(first, second, strict=True)) ** 0.5
        assert distance > 20, (one, other, distance)


def test_neighbours_differ_on_a_grey_print() -> None:
    order = list(COLOURS.values())
    for one, other in pairwise(order):
        assert abs(lab(one, "none")[0] - lab(other, "none")[0]) > 8, (one, other)


def test_numbers_stand_out_from_their_piece() -> None:
    for colour in COLOURS.values():
        light, dark = sorted((lab(colour, "all")[0], lab(ink_on(colour), "all")[0]))
        assert dark - light > 40, colour


def test_the_font_has_every_vietnamese_letter() -> None:
    missing = font(40).getmask("\U000e0041").getbbox(), bytes(font(40).getmask("\U000e0041"))
    for bold in (False, True):
        for letter in LETTERS + LETTERS.upper():
            mask = font(40, bold).getmask(letter)
            assert mask.getbbox() is not None, letter
            assert (mask.getbbox(), bytes(mask)) != missing, letter


def test_the_licence_of_the_font_lies_beside_it() -> None:
    folder = resources.files("core.pictures") / "fonts"
    assert "SIL Open Font License, Version 1.1" in (folder / "OFL.txt").read_text(encoding="utf-8")
    assert sum(len(one.read_bytes()) for one in folder.iterdir()) < 1_000_000


def test_a_chart_is_a_small_png_of_a_phones_width() -> None:
    data = draw_bars(CHART)
    image = Image.open(io.BytesIO(data))
    assert image.format == "PNG"
    assert image.width == WIDTH
    assert len(data) < 100_000
    assert draw_bars(CHART) == data


def test_each_series_and_each_value_shows() -> None:
    shown = open_chart(CHART).getcolors(1 << 24) or []
    colours = {colour for _, colour in shown}
    for colour in COLOURS.values():
        assert tuple(int(colour[at : at + 2], 16) for at in (1, 3, 5)) in colours
    other = replace(CHART, bars=(Bar("Điện chiếu sáng", (2, 1, 16, 40, 1)), *CHART.bars[1:]))
    assert ImageChops.difference(open_chart(CHART), open_chart(other)).getbbox() is not None


@settings(max_examples=25, deadline=None)
@given(
    values=st.lists(
        st.tuples(*[st.one_of(st.integers(0, 9), st.integers(0, 1_000_000))] * 5), min_size=0, max_size=6
    ),
    label=st.text(max_size=80),
    note=st.text(st.characters(codec="latin-1"), max_size=8),
)
def test_nothing_ever_leaves_the_sheet(values: list[tuple[int, ...]], label: str, note: str) -> None:
    bars = tuple(Bar(label, value, note) for value in values)
    image = open_chart(replace(CHART, title=label, bars=bars))
    border = image.crop((WIDTH - MARGIN + 24, 0, WIDTH, image.height))
    assert border.getcolors() == [(border.width * border.height, (255, 255, 255))]


def test_a_line_is_broken_between_words_and_cut_at_the_end() -> None:
    face = font(40)
    lines = wrap("Rác thải, vệ sinh môi trường ở khu vực chợ " * 4, face, 600, 2)
    assert len(lines) == 2
    assert lines[1].endswith("…")
    assert all(width_of(line, face) <= 600 for line in lines)
    assert wrap("e\u0302\u0301", face, 600, 2) == ["ế"]
    assert wrap("", face, 600, 2) == []


def test_the_description_holds_every_figure() -> None:
    assert CHART.alt == (
        "Việc của Phòng Kinh tế, Hạ tầng và Đô thị. Sáng thứ Năm 26/11/2026. Điện chiếu sáng: late 2, soon 1, "
        "open 15, done 40, quiet 1; Trật tự đô thị: 0; Rác: open 3 (95 %)."
    )
    single = BarChart("Mỗi tuần", (Series("", Tone.OPEN),), (Bar("Tuần 47", (12,)),))
    assert single.alt == "Mỗi tuần. Tuần 47: 12."


def test_a_chart_survives_the_outbox_and_its_name_tells_figures_apart() -> None:
    picture = Picture.drawn(CHART)
    kept = content_from_json(
        content_to_json(Content("Sáng nay", pictures=(picture, Picture("a.jpg", "ảnh"))))
    )
    assert kept.pictures == (picture, Picture("a.jpg", "ảnh"))
    assert Picture.drawn(replace(CHART, bars=CHART.bars[1:])).stored != picture.stored
