"""What stands at the top and at the foot of every page of a Word file."""

from io import BytesIO

import segno
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.section import Section, _Footer, _Header
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from crisis_desk.paper import docx_parts as parts
from crisis_desk.paper import layout
from crisis_desk.paper.drawing import TEXT_WIDTH
from crisis_desk.paper.model import Foot, Paper

_CODE_HEIGHT = Mm(12)


def fill_edges(section: Section, paper: Paper) -> None:
    """Page number but on page 1, draft mark and drill line; hash and QR code. Later sections take them over."""
    _fill_header(section.header, paper, numbered=True)
    _fill_header(section.first_page_header, paper, numbered=False)
    for footer in (section.footer, section.first_page_footer):
        _fill_footer(footer, paper)


def _fill_header(header: _Header, paper: Paper, *, numbered: bool) -> None:
    header.is_linked_to_previous = False
    top = _plain(header.paragraphs[0])
    mark = top.add_run(layout.draft_label(paper))
    mark.italic, mark.font.size = True, Pt(11)
    top.paragraph_format.tab_stops.clear_all()
    top.paragraph_format.tab_stops.add_tab_stop(Mm(TEXT_WIDTH / 2), WD_TAB_ALIGNMENT.CENTER)
    if numbered:
        top.add_run("\t")
        parts.page_field(top)
    if paper.drill_line:
        line = _plain(header.add_paragraph())
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        run = line.add_run(paper.drill_line.upper())
        run.bold, run.font.size = True, Pt(10)


def _fill_footer(footer: _Footer, paper: Paper) -> None:
    footer.is_linked_to_previous = False
    last = parts.tight(_plain(footer.paragraphs[0]), 1)
    if paper.foot is None:
        return
    table = footer.add_table(1, 2, Mm(TEXT_WIDTH))
    parts.no_cell_margins(table)
    parts.fix_columns(table, (Mm(TEXT_WIDTH - 20), Mm(20)))
    words, code = table.rows[0].cells
    run = _plain(parts.first_paragraph(words)).add_run("\n".join(layout.foot_lines(paper)))
    run.font.size = Pt(8)
    _add_code(_plain(parts.first_paragraph(code)), paper.foot, layout.code_label(paper.language))
    # A footer must end with a paragraph, not with a table.
    table._tbl.addnext(last._p)


def _add_code(paragraph: Paragraph, foot: Foot, label: str) -> None:
    if not foot.qr:
        return
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    drawn = BytesIO()
    segno.make(foot.qr, micro=False).save(drawn, kind="png", scale=8, border=1)
    picture = paragraph.add_run().add_picture(drawn, height=_CODE_HEIGHT)
    picture._inline.docPr.set("descr", label)


def _plain(paragraph: Paragraph) -> Paragraph:
    paragraph.style = "Normal"
    return paragraph
