"""What a link to a report opens: the Word, Excel or JSON file, made when fetched, by whoever may still see it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import IO, Final

from sqlmodel import Session

from core.calendar import local_date
from core.periods import Period
from core.wards import fold
from handlers.case_sheet import XLSX
from handlers.figures import Report
from handlers.figures_rights import sight_of
from handlers.figures_text import report_as_json
from handlers.house import House
from storage.figures_book import find_book, read_book
from storage.models import Download
from storage.staff import get_staff

_DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_TYPES: Final = {"docx": _DOCX, "xlsx": XLSX, "json": "application/json"}


@dataclass(frozen=True)
class ReportFile:
    """A file to send: what it is called, what it is, and how it is written; writing takes a moment and no session."""

    name: str
    media_type: str
    write: Callable[[IO[bytes]], None]


def make_report_file(session: Session, house: House, row: Download, now: datetime) -> ReportFile:
    """Only reads: a period that is over was kept when the link was made."""
    assert row.since is not None
    assert row.until is not None
    period = Period(local_date(row.since), local_date(row.until - timedelta(seconds=1)))
    book = find_book(session, period) or read_book(session, period, now)
    report = Report(house, book, row.department, now)
    sight = sight_of(get_staff(session, row.staff_id))
    opens = sight is not None and sight.opens
    parts = ["bao-cao", *([fold(row.department)] if row.department else [])]
    parts += [f"{period.first:%Y%m%d}", f"{period.last:%Y%m%d}"]
    kind = row.report or "docx"

    def write(file: IO[bytes]) -> None:
        # Here, because their libraries would cost every start of the product a fifth of its time.
        if kind == "xlsx":
            from handlers.figures_sheet import write_sheet

            write_sheet(file, report, with_cases=opens)
        elif kind == "json":
            file.write(report_as_json(report).encode())
        else:
            from handlers.figures_word import write_word

            write_word(file, report)

    return ReportFile(f"{'-'.join(parts)}.{kind}", _TYPES[kind], write)
