"""Draws what people asked as bars: one SVG without any library, in colours that everybody can tell apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from html import escape
from typing import Final

from core.calendar import local_date
from core.wording import Wording
from handlers.asked_report import AskedReport, topic_name
from storage.asked_report import Tally

# The palette of Okabe and Ito: told apart with every kind of colour blindness, and by their lightness in grey.
_SERIES: Final = {
    "found": "#009E73",
    "picked": "#56B4E9",
    "unpicked": "#F0E442",
    "sent_on": "#999999",
    "missing": "#D55E00",
}
_WIDTH, _LEFT, _RIGHT, _ROW, _BAR = 900, 200, 60, 34, 22
_INK = "#222222"


def draw(report: AskedReport, words: Wording) -> str:
    """The picture: a legend, a bar for each week, a bar for each topic; every bar with its number."""
    days = [local_date(week.begins) for week in report.weeks]
    sunday = days[-1] + timedelta(days=6)
    title = words.text("learn.picture.title", first=f"{days[0]:%d/%m/%Y}", last=f"{sunday:%d/%m/%Y}")
    weeks = [(f"{day:%d/%m}", week.total) for day, week in zip(days, report.weeks, strict=True)]
    topics = [(topic_name(words, name), tally) for name, tally in report.topics]
    parts = [_text(20, 36, title, size=22, bold=True), *_legend(words, 62)]
    top = 100
    for key, rows in (("weeks", weeks), ("topics", topics)):
        parts.append(_text(20, top + 18, words.text(f"learn.picture.{key}"), size=17, bold=True))
        parts += _bars(rows, top + 32)
        top += 32 + _ROW * len(rows) + 24
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{top}" viewBox="0 0 {_WIDTH} {top}"'
        f' role="img" font-family="Arial, Helvetica, sans-serif"><title>{escape(title)}</title>\n'
        f'<rect width="100%" height="100%" fill="#ffffff"/>\n' + "\n".join(parts) + "\n</svg>\n"
    )


def _legend(words: Wording, top: int) -> Iterator[str]:
    for number, (name, colour) in enumerate(_SERIES.items()):
        left = 20 + number * 170
        yield _box(left, top, 18, 18, colour)
        yield _text(left + 26, top + 14, words.text(f"learn.picture.{name}"))


def _bars(rows: Sequence[tuple[str, Tally]], top: int) -> Iterator[str]:
    """Stacked bars on one scale, the largest as wide as there is room."""
    most = max((tally.asked for _, tally in rows), default=0) or 1
    room = _WIDTH - _LEFT - _RIGHT
    for number, (name, tally) in enumerate(rows):
        y, left = top + number * _ROW, float(_LEFT)
        yield _text(_LEFT - 10, y + 16, name, anchor="end")
        for series, colour in _SERIES.items():
            width = room * getattr(tally, series) / most
            if width:
                yield _box(left, y, width, _BAR, colour)
            left += width
        yield _text(left + 8, y + 16, str(tally.asked), bold=True)


def _box(left: float, top: float, width: float, height: float, colour: str) -> str:
    # The thin white line parts neighbours that look alike in print.
    return (
        f'<rect x="{left:.1f}" y="{top}" width="{width:.1f}" height="{height}" fill="{colour}"'
        ' stroke="#ffffff" stroke-width="1"/>'
    )


def _text(
    left: float, top: float, text: str, *, size: int = 15, bold: bool = False, anchor: str = "start"
) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return (
        f'<text x="{left:.1f}" y="{top}" font-size="{size}" text-anchor="{anchor}"{weight} fill="{_INK}">'
        f"{escape(text)}</text>"
    )
