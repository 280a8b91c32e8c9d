"""The two-column blocks of a Word file: the letterhead, and who gets the paper beside who signs it."""

from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Length, Mm, Pt
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from crisis_desk.paper import docx_parts as parts
from crisis_desk.paper import layout
from crisis_desk.paper.drawing import LEFT_COLUMN, TEXT_WIDTH, Data, mast_data
from crisis_desk.paper.model import Paper

_LEFT, _RIGHT = Mm(LEFT_COLUMN), Mm(TEXT_WIDTH - LEFT_COLUMN)
_HALF = Mm(TEXT_WIDTH / 2)
_ROOM_TO_SIGN = Pt(80)


def add_mast(document: Document, paper: Paper) -> None:
    """Issuer and State (or Party) on the first row, number and date on the second, so that these two are level."""
    mast = mast_data(paper)
    table = _columns(document, 2, (_LEFT, _RIGHT))
    _add_issuer(table.cell(0, 0), mast)
    _add_state(table.cell(0, 1), mast)
    number = _centred(parts.first_paragraph(table.cell(1, 0)), mast["number"], 13)
    number.paragraph_format.space_before = Pt(4)
    if mast["subject"]:
        subject = _centred(table.cell(1, 0).add_paragraph(), "\n".join(mast["subject"]), 12)
        subject.paragraph_format.space_before = Pt(6)
    place = _centred(parts.first_paragraph(table.cell(1, 1)), mast["place_and_date"], 13, italic=True)
    place.paragraph_format.space_before = Pt(4)
    parts.tight(document.add_paragraph(), 6)


def _add_issuer(cell: _Cell, mast: Data) -> None:
    lines = parts.first_paragraph(cell)
    if mast["parent"]:
        _centred(lines, "\n".join(mast["parent"]), 12)
        lines = cell.add_paragraph()
    _centred(lines, "\n".join(mast["issuer"]), 12, bold=True)
    if mast["mark"]:
        _centred(cell.add_paragraph(), mast["mark"], 12)
    else:
        parts.rule(cell.add_paragraph(), mast["issuer_rule"], _LEFT)


def _add_state(cell: _Cell, mast: Data) -> None:
    _centred(parts.first_paragraph(cell), mast["above"], mast["above_size"], bold=True)
    if mast["motto"]:
        _centred(cell.add_paragraph(), mast["motto"], 13, bold=True)
    parts.rule(cell.add_paragraph(), mast["motto_rule"], _RIGHT)


def add_closing(document: Document, paper: Paper) -> None:
    """Nơi nhận on the left, level with the signature on the right; the two are not torn apart by a page."""
    recipients = layout.recipient_lines(paper)
    if not recipients and paper.signature is None:
        return
    parts.tight(document.add_paragraph(), 12).paragraph_format.keep_with_next = True
    table = _columns(document, 1, (_HALF, _HALF))
    parts.keep_whole(table.rows[0])
    _add_recipients(table.cell(0, 0), layout.recipients_label(paper.language), recipients)
    _add_signature(table.cell(0, 1), paper)
    parts.tight(document.add_paragraph(), 1)


def _add_recipients(cell: _Cell, label: str, lines: tuple[str, ...]) -> None:
    if not lines:
        return
    run = parts.first_paragraph(cell).add_run(label)
    run.bold = run.italic = True
    run.font.size = Pt(12)
    for line in lines:
        cell.add_paragraph().add_run(line).font.size = Pt(11)


def _add_signature(cell: _Cell, paper: Paper) -> None:
    if paper.signature is None:
        return
    lines = layout.signature_lines(paper.signature)
    _centred(parts.first_paragraph(cell), "\n".join(lines), 14, bold=True)
    name = _centred(cell.add_paragraph(), paper.signature.name, 14, bold=True)
    name.paragraph_format.space_before = _ROOM_TO_SIGN


def _columns(document: Document, rows: int, widths: tuple[Length, Length]) -> Table:
    table: Table = document.add_table(rows=rows, cols=2)
    parts.no_cell_margins(table)
    parts.fix_columns(table, widths)
    return table


def _centred(paragraph: Paragraph, text: str, size: float, *, bold: bool = False, italic: bool = False) -> Paragraph:
    run = paragraph.add_run(text)
    run.bold, run.italic = bold, italic
    run.font.size = Pt(size)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    return paragraph
