"""A report as a Word file in the layout of Decree 30/2020/NĐ-CP: figures filled in, everything else to be edited."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace
from typing import IO, Any, Final

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Mm, Pt

from core.calendar import local_date
from core.pictures.bars import draw_bars
from handlers.figures import COLUMNS, Report, Row, day, moment, percent
from handlers.figures_text import chart_of, has_reach
from storage.figures import By, Measure

FONT: Final = "Times New Roman"
_BODY, _TABLE, _SMALL = Pt(14), Pt(11), Pt(12)
_CENTER, _JUSTIFY = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.JUSTIFY
_ROMANS: Final = ("I", "II", "III", "IV")


def write_word(file: IO[bytes], report: Report) -> None:
    """The whole document. Raises OSError."""
    document = Document()
    _set_up(document)
    _head(document, report)
    _results(document, report)
    _people(document, report)
    _end(document, report)
    document.save(file)


def _set_up(document: Any) -> None:
    """A4 with the margins of the decree, its typeface, and page numbers above, but not on the first page."""
    section = document.sections[0]
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(17)
    section.different_first_page_header_footer = True
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, _BODY
    # Word asks for the typeface of each script apart; Vietnamese letters may count as «east Asian» or «other».
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(script), FONT)
    style.paragraph_format.space_after = Pt(6)
    style.paragraph_format.line_spacing = 1.15
    number = section.header.paragraphs[0]
    number.alignment = _CENTER
    _field(number.add_run(), "PAGE")


def _head(document: Any, report: Report) -> None:
    """Who writes, the state and its motto, number, place and day, title and subject."""
    ward = report.house.ward
    department = ward.find_department(report.department or "")
    words = report.words
    above = f"{words('word.office')} {ward.name.upper()}" if department else words("word.office")
    author = department.name.upper() if department else ward.name.upper()
    today = local_date(report.now)
    table = _bare_table(document, 2, 2, (Cm(6.6), Cm(9.8)))
    _lines(table.cell(0, 0), [(above, 12, False), (author, 12, True)], rule=Cm(2))
    _lines(table.cell(0, 1), [(words("word.state"), 12, True), (words("word.motto"), 13, True)], rule=Cm(5.4))
    mark = department.key if department else words("word.mark_ward")
    _lines(table.cell(1, 0), [(words("word.number", mark=mark), 13, False)])
    said = words("word.place_and_day", place=ward.short_name, month=today.month, year=today.year)
    _lines(table.cell(1, 1), [(said, 13, False)], italic=True)
    _paragraph(document, words("word.title"), bold=True, align=_CENTER, before=12, after=0)
    _paragraph(document, words("word.subject"), bold=True, align=_CENTER, after=0)
    last = _paragraph(
        document, words("word.period", name=report.short_name), bold=True, align=_CENTER, after=12
    )
    _rule(last, 34)


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
    _text(document, opening)
    _heading(document, words("word.part_results"))
    _heading(document, words("word.general"))
    figures = {figure.value: total[figure] for figure in Measure}
    everything = total[Measure.CARRIED] + total[Measure.FILED]
    share = percent(total[Measure.ON_TIME], total[Measure.DONE])
    _text(document, words("word.general_text", all=everything, share=share, **figures))
    chart = chart_of(report)
    if chart is not None:
        picture = document.add_paragraph()
        picture.alignment = _CENTER
        title = words("word.chart_category" if report.department else "word.chart")
        bare = replace(chart, title=title, subtitle="")
        picture.add_run().add_picture(io.BytesIO(draw_bars(bare)), width=Cm(8.6))
        # What a screen reader says, and whoever prints without pictures reads.
        picture._p.xpath(".//wp:docPr")[0].set("descr", chart.alt)
    number = 2
    for by in By:
        if by is By.DEPARTMENT and report.department:
            continue
        _heading(document, words(f"word.by_{by}", number=number))
        _table(document, report, by)
        number += 1


def _people(document: Any, report: Report) -> None:
    words, total = report.words, report.counts.total
    _heading(document, words("word.part_satisfied"))
    share = percent(total[Measure.SATISFIED], total[Measure.RATED])
    told = {figure.value: total[figure] for figure in (Measure.DONE, Measure.RATED, Measure.SATISFIED)}
    key = "word.satisfied_text" if total[Measure.RATED] else "word.satisfied_none"
    _text(document, words(key, share=share, **told))
    if has_reach(report):
        _heading(document, words("word.part_reach"))
        _text(document, words("word.reach_text", **report.book.reach))


def _end(document: Any, report: Report) -> None:
    """What people write themselves, to whom it goes, and who signs."""
    words = report.words
    roman = _ROMANS[3 if has_reach(report) else 2]
    _heading(document, words("word.part_remarks", roman=roman))
    for line in words("word.remarks").split("|"):
        _text(document, line)
        _text(document, words("word.blank"))
    _text(document, words("word.closing", name=report.short_name, author=report.author))
    kind = "department" if report.department else "ward"
    table = _bare_table(document, 1, 2, (Cm(8.2), Cm(8.2)))
    left = table.cell(0, 0)
    left.paragraphs[0].add_run(words("word.to_head")).bold = True
    left.paragraphs[0].runs[0].italic, left.paragraphs[0].runs[0].font.size = True, _SMALL
    for line in words(f"word.to_{kind}").split("|"):
        added = left.add_paragraph(line)
        added.runs[0].font.size, added.paragraph_format.space_after = _TABLE, Pt(0)
    signs = [(line, 14, True) for line in words(f"word.sign_{kind}").split("|")]
    _lines(table.cell(0, 1), [*signs, ("", 14, False), ("", 14, False), (words("word.sign_name"), 12, False)])
    # The signature never stands alone on a page.
    for cell in (table.cell(0, 0), table.cell(0, 1)):
        for paragraph in cell.paragraphs:
            paragraph.paragraph_format.keep_with_next = True


def _table(document: Any, report: Report, by: By) -> None:
    words, rows = report.words, report.rows(by)
    names = ["table.number", f"by.{by}", *(f"table.{figure}" for figure in COLUMNS), "table.share"]
    widths = (Cm(0.8), Cm(3.3), *(Cm(1.33),) * len(COLUMNS), Cm(1.5))
    table = document.add_table(rows=1, cols=len(names), style="Table Grid")
    _fix_widths(table, widths)
    _narrow_cells(table)
    _row(table.rows[0], [words(name) for name in names], widths, bold=True, size=Pt(9))
    _repeat(table.rows[0])
    for number, row in enumerate(rows, start=1):
        _row(table.add_row(), _cells(str(number), row), widths)
    total = Row("", words("table.total"), report.counts.total)
    _row(table.add_row(), _cells("", total), widths, bold=True)
    after = document.add_paragraph()
    after.paragraph_format.space_after = Pt(0)


def _cells(number: str, row: Row) -> list[str]:
    return [number, row.name, *(str(row.counts[figure]) for figure in COLUMNS), row.share]


def _row(
    row: Any, texts: Sequence[str], widths: Sequence[Any], *, bold: bool = False, size: Any = _TABLE
) -> None:
    for place, (cell, text, width) in enumerate(zip(row.cells, texts, widths, strict=True)):
        cell.width = width
        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.space_after, paragraph.paragraph_format.line_spacing = Pt(0), 1.0
        paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT if place == 1 and size is _TABLE else _CENTER
        run = paragraph.add_run(text)
        run.font.size, run.bold = size, bold
    _keep_whole(row)


def _narrow_cells(table: Any) -> None:
    """Less room at the sides of the cells, so that no heading is broken within a word."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), "40")
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    table._tbl.tblPr.append(margins)


def _keep_whole(row: Any) -> None:
    """A line is not torn apart by the end of a page."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _repeat(row: Any) -> None:
    """The headings stand again on the next page."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _bare_table(document: Any, rows: int, columns: int, widths: Sequence[Any]) -> Any:
    table = document.add_table(rows=rows, cols=columns)
    _fix_widths(table, widths)
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = width
    return table


def _fix_widths(table: Any, widths: Sequence[Any]) -> None:
    """Word believes the cells, LibreOffice the columns."""
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width


def _lines(
    cell: Any, lines: Sequence[tuple[str, int, bool]], *, rule: Any = None, italic: bool = False
) -> None:
    for number, (text, size, bold) in enumerate(lines):
        paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
        paragraph.alignment = _CENTER
        paragraph.paragraph_format.space_after, paragraph.paragraph_format.line_spacing = Pt(0), 1.0
        run = paragraph.add_run(text)
        run.font.size, run.bold, run.italic = Pt(size), bold, italic
    if rule is not None:
        paragraph = cell.add_paragraph()
        paragraph.paragraph_format.space_after, paragraph.paragraph_format.line_spacing = Pt(4), Pt(4)
        room = (cell.width - rule) // 2
        paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = room
        _rule(paragraph, 0)


def _rule(paragraph: Any, indent_mm: int) -> None:
    """The line under the author, the motto and the subject."""
    if indent_mm:
        paragraph = paragraph._parent.add_paragraph()
        paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Mm(indent_mm + 22)
        paragraph.paragraph_format.line_spacing = Pt(4)
    borders, line = OxmlElement("w:pBdr"), OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
        line.set(qn(f"w:{name}"), value)
    borders.append(line)
    paragraph._p.get_or_add_pPr().append(borders)


def _heading(document: Any, text: str) -> None:
    paragraph = _paragraph(document, text, bold=True, before=6)
    paragraph.paragraph_format.keep_with_next = True


def _text(document: Any, text: str) -> None:
    paragraph = _paragraph(document, text, align=_JUSTIFY)
    paragraph.paragraph_format.first_line_indent = Cm(1)


def _paragraph(
    document: Any, text: str, *, bold: bool = False, align: Any = None, before: int = 0, after: int = 6
) -> Any:
    paragraph = document.add_paragraph()
    paragraph.add_run(text).bold = bold
    paragraph.alignment = align
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(before), Pt(after)
    return paragraph


def _field(run: Any, name: str) -> None:
    """A field that Word computes, such as the number of the page."""
    for kind, text in (("begin", None), (None, name), ("end", None)):
        element = OxmlElement("w:instrText" if text else "w:fldChar")
        if text:
            element.text = text
        else:
            element.set(qn("w:fldCharType"), kind or "")
        run._r.append(element)
