"""`/viec-da-lam`: finished cases that their citizens let be told, and how each month went."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape
from typing import Final

from aiohttp import web
from sqlmodel import Session

from bot.web.chat_guard import PaceLimit
from bot.web.page_parts import PageParts
from bot.web.plain_page import plain_page
from core.calendar import LOCAL, local_date, spoken_date
from handlers.house import House
from handlers.public_board import PATH
from storage.figures import Counts, Measure, count, list_facts
from storage.models import PublicCase, Ticket
from storage.public_cases import find_published, list_published

_SHOWN, _PER_MINUTE, _MONTHS = 30, 120, 6
_KEPT: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Month:
    """How a calendar month went; the last one is this month so far."""

    begins: datetime
    counts: Counts


def add_case_board_routes(app: web.Application, parts: PageParts) -> None:
    """Put the routes into an application."""
    board = CaseBoard(parts)
    app.router.add_get(PATH, board.show)
    app.router.add_get(
        PATH + "/{ticket:[0-9]{1,15}}/anh/{which:(?:truoc|sau)}/{number:[0-9]{1,2}}", board.picture
    )


class CaseBoard:
    """Answers from the database; the figures of the months are counted again after five minutes."""

    def __init__(self, parts: PageParts) -> None:
        self._parts = parts
        self._pace = PaceLimit(_PER_MINUTE)
        self._counting = asyncio.Lock()
        self._months: tuple[Month, ...] = ()
        self._counted_at: datetime | None = None

    async def show(self, request: web.Request) -> web.Response:
        """GET /viec-da-lam: newest first; 404 where the ward has no such board."""
        self._parts.slow_down(self._pace, request)
        house = self._parts.house()
        if not house.ward.public_cases:
            raise web.HTTPNotFound
        cases = await self._parts.database.read(lambda session: list_published(session, None, _SHOWN))
        parts = [f"<p>{_say(house, 'lead')}</p>", _figures(house, await self._count())]
        parts += [_case(house, *one) for one in cases] or [f"<p>{_say(house, 'empty')}</p>"]
        parts.append(f'<nav><p><a href="/">{_say(house, "ask")}</a></p></nav>')
        return plain_page(_say(house, "title"), "".join(parts))

    async def picture(self, request: web.Request) -> web.StreamResponse:
        """GET …/<ticket>/anh/truoc|sau/<n>: a picture of a case on the board, counted from 1."""
        self._parts.slow_down(self._pace, request)
        ticket, number = int(request.match_info["ticket"]), int(request.match_info["number"])
        found = await self._parts.database.read(lambda session: find_published(session, ticket))
        names = [] if found is None else getattr(found[0], _SIDES[request.match_info["which"]])
        if not self._parts.house().ward.public_cases or not 1 <= number <= len(names):
            raise web.HTTPNotFound
        path = self._parts.picture(names[number - 1])
        # A picture may be taken down at any moment.
        headers = {"Content-Type": "image/jpeg", "Cache-Control": "no-store"}
        return web.FileResponse(path, headers=headers)

    async def _count(self) -> tuple[Month, ...]:
        now = self._parts.clock()
        async with self._counting:
            if self._counted_at is None or not timedelta() <= now - self._counted_at < _KEPT:
                self._months = await self._parts.database.read(lambda session: count_months(session, now))
                self._counted_at = now
            return self._months


_SIDES: Final = {"truoc": "before", "sau": "after"}


def count_months(session: Session, now: datetime) -> tuple[Month, ...]:
    """The last months, newest first, by the definitions of the reports."""
    begins = now.astimezone(LOCAL).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    until, months = now, []
    for _ in range(_MONTHS):
        months.append(Month(begins, count(list_facts(session, begins, until, now))))
        until, begins = begins, (begins - timedelta(days=1)).replace(day=1)
    return tuple(months)


def _figures(house: House, months: Sequence[Month]) -> str:
    heads = "".join(f"<th scope=col>{_say(house, key)}</th>" for key in _COLUMNS)
    rows = "".join(_month_row(house, month) for month in months if month.counts.total)
    if not rows:
        return ""
    return (
        f"<h2>{_say(house, 'figures')}</h2><table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
        f"<p class=note>{_say(house, 'figures_note')}</p>"
    )


def _month_row(house: House, month: Month) -> str:
    cells = "".join(f"<td>{one}</td>" for one in _row(house, month.counts))
    return f"<tr><th scope=row>{month.begins:%m/%Y}</th>{cells}</tr>"


_COLUMNS: Final = ("month", "received", "finished", "on_time", "content")


def _row(house: House, counts: Counts) -> list[str]:
    total = counts.total
    return [
        str(total[Measure.FILED]),
        str(total[Measure.DONE]),
        _part(house, counts, Measure.ON_TIME, Measure.DONE),
        _part(house, counts, Measure.SATISFIED, Measure.RATED),
    ]


def _part(house: House, counts: Counts, part: Measure, whole: Measure) -> str:
    """A share with both counts: «90 %» of ten is not «90 %» of a thousand."""
    if not counts.total[whole]:
        return _say(house, "none")
    return _say(house, "of", part=counts.total[part], whole=counts.total[whole])


def _case(house: House, shown: PublicCase, ticket: Ticket) -> str:
    category = house.ward.find_category(ticket.category)
    area = next((one.name for one in house.ward.areas if one.key == ticket.area), "")
    head = ", ".join(part for part in (category.name if category else ticket.category, area) if part)
    filed, closed = (
        spoken_date(local_date(at)) for at in (ticket.created_at, ticket.closed_at or ticket.created_at)
    )
    parts = [
        f"<h2>{escape(head)}</h2>",
        f"<p class=note>{_say(house, 'when', filed=filed, closed=closed)}</p>",
    ]
    for key, words in (("said", shown.text), ("done", shown.answer)):
        if words:
            told = escape(words).replace("\n", "<br>")
            parts.append(f"<p><strong>{_say(house, key)}:</strong> {told}</p>")
    for side, names in (("truoc", shown.before), ("sau", shown.after)):
        alt = _say(house, _SIDES[side])
        parts += [
            f'<figure><img src="{PATH}/{ticket.id}/anh/{side}/{number}" alt="{alt}" loading=lazy>'
            f"<figcaption>{alt}</figcaption></figure>"
            for number in range(1, len(names) + 1)
        ]
    return f"<article>{''.join(parts)}</article>"


def _say(house: House, key: str, **fields: object) -> str:
    return escape(house.words.text(f"public.web.{key}", **fields))
