"""The blocks of a paper in a Word file."""

from io import BytesIO

from docx.document import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt
from docx.table import _Cell, _Row
from docx.text.paragraph import Paragraph as Line

from crisis_desk.paper import docx_parts as parts
from crisis_desk.paper import layout
from crisis_desk.paper.drawing import TEXT_WIDTH, is_long
from crisis_desk.paper.model import (
    Alignment,
    Block,
    BulletList,
    Heading,
    ImageSvg,
    PageBreak,
    Paragraph,
    Points,
    Table,
    Text,
)
from crisis_desk.paper.numbers import Language, point_letter
from crisis_desk.paper.pdf import png
from crisis_desk.paper.text import runs

_SIDES: dict[Alignment, WD_ALIGN_PARAGRAPH] = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
}


def add_blocks(document: Document, blocks: tuple[Block, ...], language: Language, above: int) -> None:
    """Add the blocks in order; `above` is the depth of the heading that stands over them."""
    for item in layout.numbered(blocks, language, above):
        _add_block(document, item, language)


def _add_block(document: Document, item: layout.Numbered, language: Language) -> None:
    match item.block:
        case Heading():
            _add_heading(document, item)
        case Paragraph(text):
            write(styled(document, "BodyText"), text)
        case BulletList(items):
            for text in items:
                _add_entry(document, "-", text)
        case Points(items):
            for place, text in enumerate(items, start=1):
                _add_entry(document, f"{point_letter(place, language)})", text)
        case Table() as table:
            _add_table(document, table)
        case ImageSvg() as image:
            _add_image(document, image)
        case PageBreak():
            parts.tight(document.add_paragraph(), 1).paragraph_format.page_break_before = True


def add_centred(
    document: Document, text: str, *, style: str = "Normal", bold: bool = False, italic: bool = False
) -> Line:
    """A centred paragraph in one style, given by its identifier."""
    paragraph = styled(document, style)
    run = paragraph.add_run(text)
    # A heading is bold by its style.
    if style == "Normal":
        run.bold, run.italic = bold, italic
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    return paragraph


def styled(document: Document, style: str) -> Line:
    """A new paragraph in a style, given by its identifier."""
    paragraph = document.add_paragraph()
    parts.set_style(paragraph, style)
    return paragraph


def write(paragraph: Line, text: Text, *, bold: bool = False) -> Line:
    """Put the text into the paragraph; a line feed becomes a line break."""
    for piece in runs(text):
        run = paragraph.add_run(piece.text)
        run.bold = True if piece.bold or bold else None
        run.italic = True if piece.italic else None
    return paragraph


def _add_heading(document: Document, item: layout.Numbered) -> None:
    paragraph = styled(document, f"Heading{item.depth}")
    paragraph.add_run(layout.heading_text(item))
    if isinstance(item.block, Heading) and item.block.level == "part":
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.first_line_indent = Mm(0)
    else:
        paragraph.paragraph_format.first_line_indent = Mm(12.7)


def _add_entry(document: Document, label: str, text: Text) -> None:
    paragraph = styled(document, "BodyText")
    paragraph.add_run(f"{label} ")
    write(paragraph, text)


def _add_table(document: Document, table: Table) -> None:
    if table.caption:
        caption = add_centred(document, table.caption, italic=True)
        caption.paragraph_format.keep_with_next = True
        caption.paragraph_format.space_after = Pt(3)
    drawn = document.add_table(rows=1 + len(table.rows), cols=len(table.header), style="Table Grid")
    drawn.alignment = WD_TABLE_ALIGNMENT.CENTER
    alignments = table.alignments or _all_left(len(table.header))
    first, *others = drawn.rows
    parts.repeat_as_header(first)
    for cell, text in zip(first.cells, table.header, strict=True):
        _fill(cell, text, "center", bold=True)
    for row, texts in zip(others, table.rows, strict=True):
        _fill_row(row, texts, alignments)
    parts.fix_columns(drawn, parts.share_out(table.widths or (1,) * len(table.header), Mm(TEXT_WIDTH)))
    # Word makes one table of two that nothing separates.
    parts.tight(document.add_paragraph(), 8)


def _fill_row(row: _Row, texts: tuple[Text, ...], alignments: tuple[Alignment, ...]) -> None:
    for cell, text, alignment in zip(row.cells, texts, alignments, strict=True):
        _fill(cell, text, alignment)
    if not is_long(texts):
        parts.keep_whole(row)


def _all_left(columns: int) -> tuple[Alignment, ...]:
    return tuple("left" for _ in range(columns))


def _fill(cell: _Cell, text: Text, alignment: Alignment, *, bold: bool = False) -> None:
    paragraph = write(parts.first_paragraph(cell), text, bold=bold)
    parts.set_style(paragraph, "TableText")
    paragraph.alignment = _SIDES[alignment]


def _add_image(document: Document, image: ImageSvg) -> None:
    paragraph = add_centred(document, "")
    paragraph.paragraph_format.space_before = Pt(6)
    picture = paragraph.add_run().add_picture(BytesIO(png(image.svg)), width=Mm(min(image.width, TEXT_WIDTH)))
    picture._inline.docPr.set("descr", image.alternative)
    if image.caption:
        paragraph.paragraph_format.keep_with_next = True
        add_centred(document, image.caption, italic=True).paragraph_format.space_after = Pt(6)
