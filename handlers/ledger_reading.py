"""Reads the rows of a tracking sheet as cases of the ward, and says of each row what is wrong with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from core.calendar import at, local_date
from core.categories_match import guess_categories
from core.doors import Door
from core.private_numbers import find_private_numbers
from core.ward import OTHER, Category
from core.wording import Wording
from faq.exchange.cells import CellRefused, cell_text
from faq.normalize import fold
from handlers.house import House
from handlers.ledger_columns import Cells, Table
from handlers.ledger_moments import NO_HOUR, day_words, read_moment
from handlers.ledger_values import find_category, find_place, find_source, find_status
from handlers.phrases import says
from handlers.privacy import mask
from handlers.report_draft import MAX_TEXT
from storage.entered import Key
from storage.statuses import Source, TicketStatus

MAX_CODE: Final = 40
_MAX_PLACE: Final = 200
_EARLIEST: Final = date(2000, 1, 1)
_DATES: Final = ("received", "due", "closed")
_DOORS: Final = {Door.DENUNCIATION: "denunciation", Door.COMPLAINT: "complaint", Door.SECRET: "secret"}


@dataclass(frozen=True, slots=True)
class Case:
    """One row that can be imported. Private numbers are covered already."""

    where: str
    key: Key
    category: str
    department: str
    area: str | None
    due_at: datetime
    status: TicketStatus
    closed_at: datetime | None
    answer: str | None


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with a row."""

    where: str
    text: str


@dataclass
class Reading:
    """What a sheet says: the cases, what is wrong, and how often something was understood in a certain way."""

    cases: list[Case] = field(default_factory=list)
    wrong: list[Finding] = field(default_factory=list)
    notes: Counter[str] = field(default_factory=Counter)


class _Wrong(Exception):
    """A row that cannot be taken; the message is for whoever keeps the sheet."""


class LedgerReader:
    """Reads tables; `closed_on` is the day for closed rows that state none."""

    def __init__(self, house: House, now: datetime, closed_on: date | None = None) -> None:
        self._house = house
        self._words: Wording = house.words
        self._now = now
        self._closed_on = closed_on
        self._seen: dict[object, str] = {}
        self._reading = Reading()

    def read(self, tables: Iterable[Table], step: Callable[[], None] = lambda: None) -> Reading:
        """All rows of all tables; `step` is called after each row."""
        for table in tables:
            for number, cells in table.rows():
                where = self._words.text("ticket_import.row", sheet=table.title, row=number)
                try:
                    self._reading.cases.append(self._case(where, table, cells))
                except _Wrong as wrong:
                    self._reading.wrong.append(Finding(where, str(wrong)))
                step()
        return self._reading

    def _case(self, where: str, table: Table, cells: Cells) -> Case:
        said = {name: self._text(table, name, cells) for name in table.columns if name not in _DATES}
        days = {name: self._moment(table, name, cells) for name in _DATES}
        if not said.get("text"):
            raise self._wrong("no_text")
        received = self._received(days["received"])
        self._check_doors(said["text"])
        source, code = self._origin(said)
        area, spoken = find_place(self._house.ward, said.get("place", ""), said.get("area", ""))
        place = self._covered(spoken)[:_MAX_PLACE] or None
        key = Key(source.value, code, received, self._covered(said["text"]), place)
        self._check_twice(where, key)
        category = self._category(said)
        status, closed_at = self._state(said, received, days["closed"])
        return Case(
            where=where,
            key=key,
            category=category.key,
            department=self._department(said, category),
            area=area,
            due_at=self._due(category, received, days["due"]),
            status=status,
            closed_at=closed_at,
            answer=self._covered(said.get("answer", "")) or None,
        )

    def _received(self, moment: datetime | None) -> datetime:
        if moment is None:
            raise self._wrong("no_received")
        if moment > self._now:
            raise self._wrong("future", day=day_words(moment))
        if local_date(moment) < _EARLIEST:
            raise self._wrong("too_old", day=day_words(moment))
        return moment

    def _state(
        self, said: dict[str, str], received: datetime, closed: datetime | None
    ) -> tuple[TicketStatus, datetime | None]:
        value = said.get("status", "")
        status = find_status(self._words, value) if value else None
        if value and status is None:
            raise self._wrong("status", value=value[:40])
        status = status or (TicketStatus.COMPLETED if closed else TicketStatus.NEW)
        if status is TicketStatus.NEW:
            if closed is not None:
                raise self._wrong("open_closed", status=value)
            return status, None
        if closed is None and self._closed_on is not None:
            closed = at(self._closed_on, NO_HOUR)
        if closed is None:
            raise self._wrong("no_closed", status=value)
        if local_date(closed) < local_date(received):
            raise self._wrong("closed_early", day=day_words(closed))
        if local_date(closed) > local_date(self._now):
            raise self._wrong("closed_future", day=day_words(closed))
        return status, min(max(closed, received), self._now)

    def _due(self, category: Category, received: datetime, stated: datetime | None) -> datetime:
        ward = self._house.ward
        if stated is None:
            return ward.due_at(category, received, self._house.calendar)
        if local_date(stated) < local_date(received):
            raise self._wrong("due_early", day=day_words(stated))
        return at(local_date(stated), ward.closes)

    def _category(self, said: dict[str, str]) -> Category:
        ward, value = self._house.ward, said.get("category", "")
        if value:
            found = find_category(ward, value)
            if found is not None:
                self._note("category", value, found.name)
                return found
            self._note("category_guessed", value)
        guesses = guess_categories(ward, said["text"])
        return guesses[0].category if guesses else ward.get_category(OTHER)

    def _department(self, said: dict[str, str], category: Category) -> str:
        value = said.get("department", "")
        found = self._house.ward.find_department(value) if value else None
        if found is not None:
            self._note("department", value, found.short_name)
        elif value:
            self._note("department_unknown", value)
        return found.key if found else category.department

    def _origin(self, said: dict[str, str]) -> tuple[Source, str | None]:
        value, code = said.get("source", ""), " ".join(said.get("code", "").split()).upper()
        if code and (len(code) > MAX_CODE or find_private_numbers(code)):
            raise self._wrong("code", limit=MAX_CODE)
        source = find_source(self._words, value) if value else Source.BOOK
        if source is None:
            source = Source.BOOK
            self._note("source", value, self._words.text(f"entry.source.{source}"))
        return source, code or None

    def _check_doors(self, text: str) -> None:
        """What belongs behind another door is not kept here, whoever wrote it down."""
        if says(text, self._words.text("safety.signs.denunciation")):
            raise self._wrong("denunciation")
        key = _DOORS.get(door) if (door := self._house.doors.find(text)) else None
        if key is not None:
            raise self._wrong(key)

    def _check_twice(self, where: str, key: Key) -> None:
        other = self._seen.setdefault(key.identity, where)
        if other != where:
            raise self._wrong("twice" if key.code else "twice_row", other=other)

    def _covered(self, text: str) -> str:
        if len(text) > MAX_TEXT:
            self._reading.notes[self._words.text("ticket_import.note.cut", limit=MAX_TEXT)] += 1
        return mask(text, self._words.text("report.masked_number"))[:MAX_TEXT]

    def _text(self, table: Table, name: str, cells: Cells) -> str:
        try:
            return cell_text(cells[name], self._words) if name in cells else ""
        except CellRefused as refused:
            raise self._wrong("cell", column=table.headings[name], problem=refused) from None

    def _moment(self, table: Table, name: str, cells: Cells) -> datetime | None:
        if name not in cells:
            return None
        try:
            return read_moment(cells[name], self._words)
        except CellRefused as refused:
            value = str(refused)[:30]
            raise self._wrong("date", column=table.headings[name], value=value) from None

    def _note(self, key: str, value: str, name: str = "") -> None:
        if fold(value) != fold(name):
            self._reading.notes[
                self._words.text(f"ticket_import.note.{key}", value=value[:60], name=name)
            ] += 1

    def _wrong(self, key: str, **fields: object) -> _Wrong:
        return _Wrong(self._words.text(f"ticket_import.wrong.{key}", **fields))
