"""A report as an Excel file: a sheet for each table, and the cases that it counts, so that each can be checked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import IO, Any, Final

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from handlers.figures import COLUMNS, Report, Row, moment
from handlers.figures_targets import TARGETS, target_cells
from handlers.figures_text import has_reach
from storage.figures import By, Fact, Measure, Outcome

_FONT: Final = "Times New Roman"
_HEAD: Final = PatternFill("solid", fgColor="FF1F4E78")
_THIN: Final = Side(style="thin", color="FF9AA5B1")
_BOX: Final = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_LAST: Final = len(COLUMNS) + 4
_CASES: Final = ("code", "fresh", "category", "department", "area", "channel", "outcome", "in_time", "rating")
_TOP: Final = 5
# Names stand at the left; behind them only figures and short words.
_NAMES: Final = 2


def write_sheet(file: IO[bytes], report: Report, *, with_cases: bool = True) -> None:
    """The workbook. Without cases for whoever may see figures only. Raises OSError."""
    book = Workbook()
    _summary(book.active, report)
    for by in By:
        if by is By.DEPARTMENT and report.department:
            continue
        _table(book.create_sheet(report.words(f"sheet.{by}")), report, by)
    if report.targets:
        _targets(book.create_sheet(report.words("sheet.targets")), report)
    if with_cases:
        _cases(book.create_sheet(report.words("sheet.cases")), report)
    book.save(file)


def _summary(sheet: Any, report: Report) -> None:
    words, total = report.words, report.counts.total
    sheet.title = words("sheet.summary")
    _head(sheet, report, 2)
    _row(sheet, _TOP, [words("table.figure"), words("table.count")], head=True)
    lines: list[tuple[str, int]] = [(words(f"figure.{figure}"), total[figure]) for figure in Measure]
    if has_reach(report):
        lines += [(words(f"sheet.{name}"), count) for name, count in report.book.reach.items()]
    for number, line in enumerate(lines, start=_TOP + 1):
        _row(sheet, number, line)
    _widths(sheet, (46, 16))


def _table(sheet: Any, report: Report, by: By) -> None:
    words, rows = report.words, report.rows(by)
    _head(sheet, report, _LAST)
    names = [words("table.number"), words(f"by.{by}"), *(words(f"table.{figure}") for figure in COLUMNS)]
    _row(sheet, _TOP, [*names, words("table.share"), words("table.satisfied")], head=True)
    for number, row in enumerate(rows, start=1):
        _row(sheet, _TOP + number, _values(number, row))
    total = Row("", words("table.total"), report.counts.total)
    _row(sheet, _TOP + len(rows) + 1, _values(None, total), bold=True)
    sheet.freeze_panes = sheet.cell(_TOP + 1, 3)
    _widths(sheet, (6, 40, *(13,) * len(COLUMNS), 13, 16))
    _print_on_one_width(sheet, report)


def _values(number: int | None, row: Row) -> list[object]:
    counts = row.counts
    share = counts[Measure.ON_TIME] / counts[Measure.DONE] if counts[Measure.DONE] else None
    satisfied = f"{counts[Measure.SATISFIED]} / {counts[Measure.RATED]}"
    return [number, row.name, *(counts[figure] for figure in COLUMNS), share, satisfied]


def _targets(sheet: Any, report: Report) -> None:
    """The targets of the plan: values are numbers, so that the sheet can go on counting with them."""
    words = report.words
    _head(sheet, report, len(TARGETS))
    _row(sheet, _TOP, [words(f"targets_of.{name}") for name in TARGETS], head=True)
    for number, one in enumerate(report.targets, start=_TOP + 1):
        _row(sheet, number, target_cells(report, one, value=one.value))
        sheet.row_dimensions[number].height = 48
        sheet.cell(number, 5).number_format = "#,##0.##"
    sheet.freeze_panes = sheet.cell(_TOP + 1, 3)
    _widths(sheet, (6, 60, 22, 16, 14, 14, 14, 18))
    _print_on_one_width(sheet, report)


def _cases(sheet: Any, report: Report) -> None:
    """One line a case, with codes and keys alone: what people wrote is in the sheet of /xuat."""
    words = report.words
    heads = [words(f"by.{name}") if name in set(By) else words(f"sheet.{name}") for name in _CASES]
    _row(sheet, 1, heads, head=True)
    names = {by: {row.key: row.name for row in report.rows(by)} for by in By}
    for number, fact in enumerate(report.facts, start=2):
        _row(sheet, number, _case(report, fact, names))
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(_CASES))}{len(report.facts) + 1}"
    sheet.freeze_panes = "B2"
    _widths(sheet, (17, 14, 34, 40, 20, 20, 26, 22, 16))
    _print_on_one_width(sheet, report, top=1)


def _case(report: Report, fact: Fact, names: dict[By, dict[str, str]]) -> list[object]:
    words = report.words
    ended = {Outcome.DONE: "done", Outcome.REJECTED: "rejected", Outcome.WITHDRAWN: "withdrawn"}
    rating = report.house.words.text(f"lookup.rating.{fact.rating}") if fact.rating else None
    return [
        fact.code,
        words("sheet.fresh_yes" if fact.fresh else "sheet.fresh_no"),
        *(names[by][fact.key(by)] for by in (By.CATEGORY, By.DEPARTMENT, By.AREA, By.CHANNEL)),
        words(f"figure.{ended.get(Outcome(fact.outcome), 'open')}"),
        words("sheet.late_yes" if fact.late else "sheet.late_no"),
        rating,
    ]


def _head(sheet: Any, report: Report, columns: int) -> None:
    state = "word.state_closed" if report.book.closed_at else "word.state_running"
    lines = (
        (report.words("sheet.title"), 14, True),
        (f"{report.name}, {report.place}", 12, True),
        (report.words(state, at=moment(report.taken_at)), 11, False),
    )
    for number, (text, size, bold) in enumerate(lines, start=1):
        cell = sheet.cell(number, 1, text)
        cell.font = Font(name=_FONT, size=size, bold=bold, italic=not bold)
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        sheet.merge_cells(start_row=number, start_column=1, end_row=number, end_column=columns)
    sheet.row_dimensions[1].height = 36 if columns < 5 else 22


def _row(
    sheet: Any, number: int, values: Sequence[object], *, head: bool = False, bold: bool = False
) -> None:
    for column, value in enumerate(values, start=1):
        cell = sheet.cell(number, column, value)
        cell.font = Font(name=_FONT, size=11, bold=head or bold, color="FFFFFFFF" if head else "FF000000")
        cell.border = _BOX
        is_text = isinstance(value, str) and not head
        side = "left" if is_text and column <= _NAMES else "center"
        cell.alignment = Alignment(horizontal=side, vertical="center", wrap_text=True)
        if head:
            cell.fill = _HEAD
        elif isinstance(value, float):
            cell.number_format = "0.0%"
        elif is_text:
            # A category or area may begin with a sign that makes a formula of it.
            cell.data_type, cell.quotePrefix = "s", str(value).startswith(("=", "+", "-", "@"))
    sheet.row_dimensions[number].height = 48 if head else 20


def _widths(sheet: Any, widths: Sequence[int]) -> None:
    for number, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width


def _print_on_one_width(sheet: Any, report: Report, top: int = _TOP) -> None:
    """A4 across, all columns on one page, the headings on each."""
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = f"{top}:{top}"
    sheet.oddFooter.center.text = f"{report.name} – &P/&N"
