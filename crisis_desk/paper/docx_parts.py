"""What a Word file needs and python-docx has no word for: borders, fields, fixed columns, fonts of every script."""

from collections.abc import Iterable, Sequence
from typing import Any

from docx.document import Document
from docx.enum.text import WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Length, Mm, Pt
from docx.styles.style import ParagraphStyle
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph

FONT = "Times New Roman"
RULE_EIGHTHS = 6
_SCRIPTS = ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs")
_THEMES = ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme")


def element(tag: str, /, **attributes: object) -> Any:
    """An element of the word-processing namespace, as `element("w:top", val="single")`."""
    made = OxmlElement(tag)
    for attribute, value in attributes.items():
        made.set(qn(f"w:{attribute}"), str(value))
    return made


def set_fonts(properties: Any) -> None:
    """Times New Roman for every script: Word otherwise takes another font for some Vietnamese letters."""
    fonts = properties.find(qn("w:rFonts"))
    if fonts is None:
        fonts = element("w:rFonts")
        properties.insert(0, fonts)
    for theme in _THEMES:
        fonts.attrib.pop(qn(theme), None)
    for script in _SCRIPTS:
        fonts.set(qn(script), FONT)


def restyle(style: ParagraphStyle, size: float, *, bold: bool = False, italic: bool = False) -> ParagraphStyle:
    """A style of plain black Times New Roman, whatever the template made of it."""
    properties = style.element.get_or_add_rPr()
    for child in list(properties):
        properties.remove(child)
    set_fonts(properties)
    style.font.size = Pt(size)
    style.font.bold = bold
    style.font.italic = italic
    return style


def set_language(document: Document, language: str) -> None:
    """The language in which Word checks the spelling, for every style."""
    defaults = document.styles.element.find(qn("w:docDefaults"))
    properties = defaults.find(qn("w:rPrDefault")).find(qn("w:rPr"))
    set_fonts(properties)
    for old in properties.findall(qn("w:lang")):
        properties.remove(old)
    properties.append(element("w:lang", val=language, eastAsia=language, bidi="ar-SA"))
    theme = document.settings.element.find(qn("w:themeFontLang"))
    if theme is not None:
        theme.set(qn("w:val"), language)
        theme.set(qn("w:eastAsia"), language)


def set_compatibility(document: Document) -> None:
    """Present-day Word, not its compatibility mode."""
    for setting in document.settings.element.iter(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":
            setting.set(qn("w:val"), "15")


def border(paragraph: Paragraph, sides: Iterable[str], space: int = 0) -> None:
    """Lines on the given sides of a paragraph; they reach from its left to its right indent."""
    borders = element("w:pBdr")
    for side in sides:
        borders.append(element(f"w:{side}", val="single", sz=RULE_EIGHTHS, space=space, color="000000"))
    paragraph._p.get_or_add_pPr().insert_element_before(
        borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr", "w:sectPr"
    )


def tight(paragraph: Paragraph, height: float) -> Paragraph:
    """A paragraph of a fixed small height in points: it carries a line or a break, no text."""
    layout = paragraph.paragraph_format
    layout.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    layout.line_spacing = Pt(height)
    layout.space_before = layout.space_after = Pt(0)
    return paragraph


def rule(paragraph: Paragraph, length: float, room: Length) -> None:
    """Make the paragraph a centred line of `length` points in a column as wide as `room`."""
    tight(paragraph, 4)
    layout = paragraph.paragraph_format
    layout.space_before = Pt(2)
    layout.left_indent = layout.right_indent = Pt(max(0.0, (room.pt - length) / 2))
    border(paragraph, ("top",))


def page_field(paragraph: Paragraph) -> None:
    """The number of the page."""
    for kind, text in (("begin", ""), ("", " PAGE "), ("separate", ""), ("text", "2"), ("end", "")):
        run = paragraph.add_run(text if kind == "text" else "")
        if kind == "":
            instruction = element("w:instrText")
            instruction.set(qn("xml:space"), "preserve")
            instruction.text = text
            run._r.append(instruction)
        elif kind != "text":
            run._r.append(element("w:fldChar", fldCharType=kind))


def start_numbering(section: Section) -> None:
    """The pages of this section count from 1."""
    properties = section._sectPr
    for old in properties.findall(qn("w:pgNumType")):
        properties.remove(old)
    start = element("w:pgNumType", start=1)
    following = properties.find(qn("w:cols"))
    following.addprevious(start)


def fix_columns(table: Table, widths: Sequence[Length]) -> None:
    """Columns of exactly these widths in every row."""
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = width


def set_style(paragraph: Paragraph, identifier: str) -> None:
    """The style by its identifier: looking it up by name takes longer than all the rest of a large table."""
    paragraph._p.style = identifier


def no_cell_margins(table: Table) -> None:
    """Text from edge to edge of each cell, so that the long national title fits its column."""
    margins = element("w:tblCellMar")
    for side in ("left", "right"):
        margins.append(element(f"w:{side}", w=0, type="dxa"))
    table._tbl.tblPr.insert_element_before(margins, "w:tblLook")


def repeat_as_header(row: _Row) -> None:
    """Print the row again at the top of every page that the table reaches."""
    row._tr.get_or_add_trPr().append(element("w:tblHeader"))


def keep_whole(row: _Row) -> None:
    """Do not break the row over pages."""
    row._tr.get_or_add_trPr().insert(0, element("w:cantSplit"))


def first_paragraph(cell: _Cell) -> Paragraph:
    """The paragraph every cell begins with."""
    paragraph: Paragraph = cell.paragraphs[0]
    return paragraph


def share_out(shares: Sequence[float], room: Length) -> list[Length]:
    """A width cut into columns by their shares."""
    return [Mm(room.mm * share / sum(shares)) for share in shares]
