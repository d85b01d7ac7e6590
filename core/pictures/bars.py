"""Draws a bar chart for a phone: labels above the bars, a number in each piece, the total behind."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from PIL import ImageDraw

from core.pictures import canvas
from core.pictures.canvas import COLOURS, GREY, INK, MARGIN, PAPER, RULE, WIDTH
from core.pictures.charts import Bar, BarChart

_ROOM: Final = WIDTH - 2 * MARGIN
_TITLE, _TEXT, _SMALL = 54, 40, 36
_BAR: Final = 58
_LABEL: Final = 54
_GAP: Final = 34
# Behind the bar stand the total and the note.
_BEHIND: Final = 96
_GUTTER: Final = 18


@dataclass(slots=True)
class _Pen:
    """Where the next thing is drawn; without `draw` it is only measured."""

    draw: ImageDraw.ImageDraw | None
    y: int = MARGIN

    def text(self, x: int, y: int, text: str, size: int, colour: str, *, bold: bool = False) -> None:
        if self.draw is not None:
            self.draw.text((x, y), text, font=canvas.font(size, bold), fill=colour, anchor="lm")

    def box(self, x: int, y: int, width: int, height: int, colour: str) -> None:
        if self.draw is not None:
            self.draw.rectangle((x, y, x + width - 1, y + height - 1), fill=colour)

    def lines(self, text: str, size: int, colour: str, most: int, *, bold: bool = False) -> None:
        """A paragraph over the whole width."""
        step = round(size * 1.32)
        for line in canvas.wrap(text, canvas.font(size, bold), _ROOM, most):
            self.text(MARGIN, self.y + step // 2, line, size, colour, bold=bold)
            self.y += step


def draw_bars(chart: BarChart) -> bytes:
    """The chart as PNG, 1080 pixels wide. Pure: the same chart gives the same bytes."""
    measured = _Pen(None)
    _lay_out(measured, chart)
    image, draw = canvas.sheet(measured.y + MARGIN)
    _lay_out(_Pen(draw), chart)
    return canvas.to_png(image)


def _lay_out(pen: _Pen, chart: BarChart) -> None:
    pen.lines(chart.title, _TITLE, INK, 3, bold=True)
    pen.lines(chart.subtitle, _SMALL, GREY, 2)
    if any(one.label for one in chart.series):
        pen.y += 20
        _legend(pen, chart)
    pen.y += _GAP
    plan = _plan(chart)
    for bar in chart.bars:
        _bar(pen, chart, bar, plan)
    if chart.footer:
        pen.y += 4
        pen.box(MARGIN, pen.y, _ROOM, 2, RULE)
        pen.y += 18
        pen.lines(chart.footer, _SMALL, GREY, 3)


@dataclass(frozen=True, slots=True)
class _Plan:
    """How the bars are drawn: pixels for one, with the numbers in their pieces, with the notes behind."""

    inside: bool
    notes: bool
    room: int = 0
    scale: float = 0.0

    def width(self, value: int) -> int:
        """Never so narrow that the number has no room."""
        least = canvas.width_of(_number(value), canvas.font(_SMALL, True)) + 20 if self.inside else 8
        return max(round(value * self.scale), least)

    def fits(self, chart: BarChart) -> bool:
        """True when the longest bar stays within the room."""
        lengths = [sum(self.width(value) for value in bar.values if value) for bar in chart.bars]
        return max(lengths, default=0) <= self.room


def _plan(chart: BarChart) -> _Plan:
    """The longest bar fills the room. What has no room among very large numbers is told by the description alone."""
    inside = len(chart.series) > 1
    for plan in (_Plan(inside, True), _Plan(inside, False), _Plan(False, False)):
        behind = max((_behind(bar, plan.notes) for bar in chart.bars), default=_BEHIND)
        found = replace(plan, room=_ROOM - behind)
        if found.fits(chart):
            break
    low, high = 0.0, found.room / max([sum(bar.values) for bar in chart.bars] + [1])
    for _ in range(16):
        tried = replace(found, scale=(low + high) / 2)
        low, high = (tried.scale, high) if tried.fits(chart) else (low, tried.scale)
    return replace(found, scale=low)


def _number(value: int) -> str:
    """As it is written in Vietnam: 12.345."""
    return f"{value:,}".replace(",", ".")


def _legend(pen: _Pen, chart: BarChart) -> None:
    x, step, square = MARGIN, 56, 34
    for one in chart.series:
        label = canvas.composed(one.label)
        width = square + 12 + canvas.width_of(label, canvas.font(_SMALL))
        if x > MARGIN and x + width > WIDTH - MARGIN:
            x, pen.y = MARGIN, pen.y + step
        pen.box(x, pen.y + (step - square) // 2, square, square, COLOURS[one.tone])
        pen.text(x + square + 12, pen.y + step // 2, label, _SMALL, INK)
        x += width + 40
    pen.y += step


def _behind(bar: Bar, notes: bool) -> int:
    total = canvas.width_of(_number(sum(bar.values)), canvas.font(_TEXT, True))
    note = (
        canvas.width_of(canvas.composed(bar.note), canvas.font(_SMALL)) + _GUTTER if notes and bar.note else 0
    )
    return max(_BEHIND, total + note + 2 * _GUTTER)


def _bar(pen: _Pen, chart: BarChart, bar: Bar, plan: _Plan) -> None:
    for line in canvas.wrap(bar.label, canvas.font(_TEXT), _ROOM, 2):
        pen.text(MARGIN, pen.y + _LABEL // 2, line, _TEXT, INK)
        pen.y += _LABEL
    x, middle = MARGIN, pen.y + _BAR // 2
    if not any(bar.values):
        pen.box(x, pen.y, 4, _BAR, RULE)
        x += 4
    for one, value in zip(chart.series, bar.values, strict=True):
        if value:
            x += _piece(pen, x, value, plan, COLOURS[one.tone])
    total = _number(sum(bar.values))
    pen.text(x + _GUTTER, middle, total, _TEXT, INK, bold=True)
    if bar.note and plan.notes:
        after = x + 2 * _GUTTER + canvas.width_of(total, canvas.font(_TEXT, True))
        pen.text(after, middle, canvas.composed(bar.note), _SMALL, GREY)
    pen.y += _BAR + _GAP


def _piece(pen: _Pen, x: int, value: int, plan: _Plan, colour: str) -> int:
    """One piece with its number. Returns its width."""
    width = plan.width(value)
    pen.box(x, pen.y, width, _BAR, colour)
    # A line of paper between neighbours: the border is seen without any colour.
    pen.box(x + width - 3, pen.y, 3, _BAR, PAPER)
    if plan.inside:
        number = _number(value)
        at = x + (width - 3 - canvas.width_of(number, canvas.font(_SMALL, True))) // 2
        pen.text(at, pen.y + _BAR // 2, number, _SMALL, canvas.ink_on(colour), bold=True)
    return width
