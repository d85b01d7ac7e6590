"""The page of an office's letter in Word: margins and typeface of Decree 30/2020/NĐ-CP, rules, tables, paragraphs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Mm, Pt

FONT: Final = "Times New Roman"
BODY, TABLE = Pt(14), Pt(11)
CENTER, JUSTIFY = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.JUSTIFY


def narrow_cells(table: Any) -> None:
    """Less room at the sides of the cells, so that no heading is broken within a word."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), "40")
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    table._tbl.tblPr.append(margins)


def keep_whole(row: Any) -> None:
    """A line is not torn apart by the end of a page."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def repeat_row(row: Any) -> None:
    """The headings stand again on the next page."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def add_bare_table(document: Any, rows: int, columns: int, widths: Sequence[Any]) -> Any:
    """A table without lines, to put things beside each other."""
    table = document.add_table(rows=rows, cols=columns)
    fix_widths(table, widths)
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = width
    return table


def fix_widths(table: Any, widths: Sequence[Any]) -> None:
    """Word believes the cells, LibreOffice the columns."""
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width


def write_lines(
    cell: Any, lines: Sequence[tuple[str, int, bool]], *, rule: Any = None, italic: bool = False
) -> None:
    """Short lines in the middle of a cell, each with its size; `rule` is the length of a line under them."""
    for number, (text, size, bold) in enumerate(lines):
        paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
        paragraph.alignment = CENTER
        paragraph.paragraph_format.space_after, paragraph.paragraph_format.line_spacing = Pt(0), 1.0
        run = paragraph.add_run(text)
        run.font.size, run.bold, run.italic = Pt(size), bold, italic
    if rule is not None:
        paragraph = cell.add_paragraph()
        paragraph.paragraph_format.space_after, paragraph.paragraph_format.line_spacing = Pt(4), Pt(4)
        room = (cell.width - rule) // 2
        paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = room
        draw_rule(paragraph, 0)


def draw_rule(paragraph: Any, indent_mm: int) -> None:
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


def add_heading(document: Any, text: str) -> None:
    """A heading, never alone at the end of a page."""
    paragraph = add_paragraph(document, text, bold=True, before=6)
    paragraph.paragraph_format.keep_with_next = True


def add_text(document: Any, text: str) -> None:
    """A paragraph of the body."""
    paragraph = add_paragraph(document, text, align=JUSTIFY)
    paragraph.paragraph_format.first_line_indent = Cm(1)


def add_paragraph(
    document: Any, text: str, *, bold: bool = False, align: Any = None, before: int = 0, after: int = 6
) -> Any:
    """A paragraph; the room before and after in points."""
    paragraph = document.add_paragraph()
    paragraph.add_run(text).bold = bold
    paragraph.alignment = align
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(before), Pt(after)
    return paragraph


def add_field(run: Any, name: str) -> None:
    """A field that Word computes, such as the number of the page."""
    for kind, text in (("begin", None), (None, name), ("end", None)):
        element = OxmlElement("w:instrText" if text else "w:fldChar")
        if text:
            element.text = text
        else:
            element.set(qn("w:fldCharType"), kind or "")
        run._r.append(element)


def fill_row(
    row: Any, texts: Sequence[str], widths: Sequence[Any], *, bold: bool = False, size: Any = TABLE
) -> None:
    """A line of a table, in its widths; names stand at the left, figures in the middle."""
    for place, (cell, text, width) in enumerate(zip(row.cells, texts, widths, strict=True)):
        cell.width = width
        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.space_after, paragraph.paragraph_format.line_spacing = Pt(0), 1.0
        paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT if place == 1 and size is TABLE else CENTER
        run = paragraph.add_run(text)
        run.font.size, run.bold = size, bold
    keep_whole(row)


def set_up_page(document: Any) -> None:
    """A4 with the margins of the decree, its typeface, and page numbers above, but not on the first page."""
    section = document.sections[0]
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(17)
    section.different_first_page_header_footer = True
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, BODY
    # Word asks for the typeface of each script apart; Vietnamese letters may count as «east Asian» or «other».
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(script), FONT)
    style.paragraph_format.space_after = Pt(6)
    style.paragraph_format.line_spacing = 1.15
    number = section.header.paragraphs[0]
    number.alignment = CENTER
    add_field(number.add_run(), "PAGE")
