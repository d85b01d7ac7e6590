"""A report as a Word file in the layout of Decree 30/2020/NĐ-CP: figures filled in, everything else to be edited."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import IO, Any, Final

from docx import Document
from docx.shared import Cm, Pt

from core.calendar import local_date
from core.pictures.bars import draw_bars
from handlers.figures import COLUMNS, Report, Row, day, in_words, moment, percent
from handlers.figures_page import (
    CENTER,
    TABLE,
    add_bare_table,
    add_heading,
    add_paragraph,
    add_text,
    draw_rule,
    fill_row,
    fix_widths,
    narrow_cells,
    repeat_row,
    set_up_page,
    write_lines,
)
from handlers.figures_targets import TARGETS, target_cells
from handlers.figures_text import chart_of, has_reach, spelled
from handlers.indicator_progress import count_states
from storage.figures import By, Measure

_SMALL: Final = Pt(12)
# So that the picture stands on the first page, under the words.
_BARS: Final = 6
_ROMANS: Final = ("I", "II", "III", "IV", "V")
# The unit stands behind the value, not in a column of its own.
_TARGETS: Final = tuple(name for name in TARGETS if name != "unit")


def write_word(file: IO[bytes], report: Report) -> None:
    """The whole document. Raises OSError."""
    document = Document()
    set_up_page(document)
    _head(document, report)
    _results(document, report)
    _people(document, report)
    _targets(document, report)
    _end(document, report)
    document.save(file)


def _head(document: Any, report: Report) -> None:
    """Who writes, the state and its motto, number, place and day, title and subject."""
    ward = report.house.ward
    department = ward.find_department(report.department or "")
    words = report.words
    above = f"{words('word.office_short')} {ward.name.upper()}" if department else words("word.office")
    author = department.name.upper() if department else ward.name.upper()
    today = local_date(report.now)
    table = add_bare_table(document, 2, 2, (Cm(6.6), Cm(9.8)))
    write_lines(table.cell(0, 0), [(above, 12, False), (author, 12, True)], rule=Cm(2))
    write_lines(
        table.cell(0, 1), [(words("word.state"), 12, True), (words("word.motto"), 13, True)], rule=Cm(5.4)
    )
    mark = department.key if department else words("word.mark_ward")
    write_lines(table.cell(1, 0), [(words("word.number", mark=mark), 13, False)])
    said = words("word.place_and_day", place=ward.short_name, month=today.month, year=today.year)
    write_lines(table.cell(1, 1), [(said, 13, False)], italic=True)
    add_paragraph(document, words("word.title"), bold=True, align=CENTER, before=12, after=0)
    add_paragraph(document, words("word.subject"), bold=True, align=CENTER, after=0)
    last = add_paragraph(
        document, words("word.period", name=report.short_name), bold=True, align=CENTER, after=12
    )
    draw_rule(last, 34)


def _results(document: Any, report: Report) -> None:
    words, total, period = report.words, report.counts.total, report.book.period
    state = "word.state_closed" if report.book.closed_at else "word.state_running"
    opening = words(
        "word.opening",
        ward=report.house.ward.name,
        author=report.author,
        name=report.short_name,
        first=day(period.first),
        last=day(period.last),
        state=words(state, at=moment(report.taken_at)),
    )
    add_text(document, opening)
    add_heading(document, words("word.part_results"))
    add_heading(document, words("word.general"))
    figures = {figure.value: in_words(total[figure]) for figure in Measure}
    everything = total[Measure.CARRIED] + total[Measure.FILED]
    share = percent(total[Measure.ON_TIME], total[Measure.DONE])
    add_text(document, words("word.general_text", all=in_words(everything), share=share, **figures))
    chart = chart_of(report, _BARS)
    if chart is not None:
        picture = document.add_paragraph()
        picture.alignment = CENTER
        title = words("word.chart_category" if report.department else "word.chart")
        bare = replace(chart, title=title, subtitle="")
        picture.add_run().add_picture(io.BytesIO(draw_bars(bare)), width=Cm(8.6))
        # What a screen reader says, and whoever prints without pictures reads.
        picture._p.xpath(".//wp:docPr")[0].set("descr", chart.alt)
    number = 2
    for by in By:
        if by is By.DEPARTMENT and report.department:
            continue
        add_heading(document, words(f"word.by_{by}", number=number))
        _table(document, report, by)
        number += 1


def _people(document: Any, report: Report) -> None:
    words, total = report.words, report.counts.total
    add_heading(document, words("word.part_satisfied"))
    share = percent(total[Measure.SATISFIED], total[Measure.RATED])
    told = {
        figure.value: in_words(total[figure]) for figure in (Measure.DONE, Measure.RATED, Measure.SATISFIED)
    }
    key = "word.satisfied_text" if total[Measure.RATED] else "word.satisfied_none"
    add_text(document, words(key, share=share, **told))
    if has_reach(report):
        add_heading(document, words("word.part_reach"))
        add_text(document, words("word.reach_text", **spelled(report.book.reach)))


def _targets(document: Any, report: Report) -> None:
    """How far the targets of the plan are."""
    if not report.targets:
        return
    words = report.words
    add_heading(document, words("word.part_targets", roman=_ROMANS[2 + has_reach(report)]))
    plan = report.house.ward.source
    add_text(document, words("word.targets_text", plan=plan, **count_states(report.targets)))
    widths = (Cm(0.9), Cm(5.2), Cm(2.1), Cm(1.9), Cm(1.9), Cm(2.4), Cm(2.0))
    table = document.add_table(rows=1, cols=len(_TARGETS), style="Table Grid")
    fix_widths(table, widths)
    narrow_cells(table)
    heads = [words(f"targets_of.{name}") for name in _TARGETS]
    fill_row(table.rows[0], heads, widths, bold=True, size=Pt(9))
    repeat_row(table.rows[0])
    for one in report.targets:
        cells = dict(zip(TARGETS, target_cells(report, one, value=one.spoken or "–"), strict=True))
        fill_row(table.add_row(), [str(cells[name]) for name in _TARGETS], widths)
    document.add_paragraph().paragraph_format.space_after = Pt(0)


def _end(document: Any, report: Report) -> None:
    """What people write themselves, to whom it goes, and who signs."""
    words = report.words
    roman = _ROMANS[2 + has_reach(report) + bool(report.targets)]
    add_heading(document, words("word.part_remarks", roman=roman))
    for line in words("word.remarks").split("|"):
        add_text(document, line)
        add_text(document, words("word.blank"))
    add_text(document, words("word.closing", name=report.short_name, author=report.author))
    kind = "department" if report.department else "ward"
    table = add_bare_table(document, 1, 2, (Cm(8.2), Cm(8.2)))
    left = table.cell(0, 0)
    left.paragraphs[0].add_run(words("word.to_head")).bold = True
    left.paragraphs[0].runs[0].italic, left.paragraphs[0].runs[0].font.size = True, _SMALL
    for line in words(f"word.to_{kind}").split("|"):
        added = left.add_paragraph(line)
        added.runs[0].font.size, added.paragraph_format.space_after = TABLE, Pt(0)
    signs = [(line, 14, True) for line in words(f"word.sign_{kind}").split("|")]
    write_lines(
        table.cell(0, 1), [*signs, ("", 14, False), ("", 14, False), (words("word.sign_name"), 12, False)]
    )
    # The signature never stands alone on a page.
    for cell in (table.cell(0, 0), table.cell(0, 1)):
        for paragraph in cell.paragraphs:
            paragraph.paragraph_format.keep_with_next = True


def _table(document: Any, report: Report, by: By) -> None:
    words, rows = report.words, report.rows(by)
    names = ["table.number", f"by.{by}", *(f"table.{figure}" for figure in COLUMNS), "table.share"]
    widths = (Cm(0.8), Cm(3.3), *(Cm(1.33),) * len(COLUMNS), Cm(1.5))
    table = document.add_table(rows=1, cols=len(names), style="Table Grid")
    fix_widths(table, widths)
    narrow_cells(table)
    fill_row(table.rows[0], [words(name) for name in names], widths, bold=True, size=Pt(9))
    repeat_row(table.rows[0])
    for number, row in enumerate(rows, start=1):
        fill_row(table.add_row(), _cells(str(number), row), widths)
    total = Row("", words("table.total"), report.counts.total)
    fill_row(table.add_row(), _cells("", total), widths, bold=True)
    after = document.add_paragraph()
    after.paragraph_format.space_after = Pt(0)


def _cells(number: str, row: Row) -> list[str]:
    return [number, row.name, *(in_words(row.counts[figure]) for figure in COLUMNS), row.share]
