"""Papers as Word files that can be edited, in the layout of Decree 30/2020/NĐ-CP, Appendix I."""

from datetime import UTC
from io import BytesIO

import docx as word
from docx.document import Document
from docx.enum.section import WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.shared import Mm, Pt
from docx.styles.style import ParagraphStyle

from crisis_desk.paper import docx_parts as parts
from crisis_desk.paper import layout
from crisis_desk.paper.characters import clean
from crisis_desk.paper.docx_blocks import add_blocks, add_centred, styled
from crisis_desk.paper.docx_edges import fill_edges
from crisis_desk.paper.docx_mast import add_closing, add_mast
from crisis_desk.paper.drawing import TEXT_WIDTH, TITLE_WIDTH, title_rule
from crisis_desk.paper.measure import width
from crisis_desk.paper.model import Appendix, Paper
from crisis_desk.paper.numbers import Language
from crisis_desk.paper.text import every_text

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_SPELLING: dict[Language, str] = {"vi": "vi-VN", "en": "en-GB"}


def docx(paper: Paper) -> bytes:
    """The paper as a Word file. Raises UnsafeSvg for a chart that holds more than shapes and texts."""
    paper = every_text(paper, clean)
    document = word.Document()
    _set_styles(document, paper.language)
    _set_properties(document, paper)
    _set_page(document)
    fill_edges(document.sections[0], paper)
    add_mast(document, paper)
    _add_drill_line(document, paper.drill_line)
    _add_title(document, paper)
    _add_text(document, paper)
    add_closing(document, paper)
    for number, appendix in enumerate(paper.appendices, start=1):
        _add_appendix(document, appendix, layout.label_of(paper, number), paper)
    written = BytesIO()
    document.save(written)
    return written.getvalue()


def _set_styles(document: Document, language: Language) -> None:
    parts.set_language(document, _SPELLING[language])
    parts.set_compatibility(document)
    normal = parts.restyle(_style(document, "Normal"), 14)
    normal.paragraph_format.space_after = Pt(0)
    normal.paragraph_format.line_spacing = 1.0
    _set_body_text(parts.restyle(_style(document, "Body Text"), 14))
    for level in range(1, 6):
        heading = parts.restyle(_style(document, f"Heading {level}"), 14, bold=True)
        heading.paragraph_format.space_before = heading.paragraph_format.space_after = Pt(6)
        heading.paragraph_format.first_line_indent = Mm(0) if level == 1 else Mm(12.7)
        heading.paragraph_format.keep_with_next = True
    added = document.styles.add_style("Table Text", WD_STYLE_TYPE.PARAGRAPH)
    if isinstance(added, ParagraphStyle):
        table_text = parts.restyle(added, 12).paragraph_format
        table_text.space_before = table_text.space_after = Pt(2)


def _set_body_text(style: ParagraphStyle) -> None:
    style.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    style.paragraph_format.first_line_indent = Mm(12.7)
    style.paragraph_format.space_after = Pt(6)
    style.paragraph_format.line_spacing = 1.0


def _style(document: Document, name: str) -> ParagraphStyle:
    style = document.styles[name]
    if not isinstance(style, ParagraphStyle):
        raise TypeError(f"{name} is no style of paragraphs.")
    return style


def _set_properties(document: Document, paper: Paper) -> None:
    properties = document.core_properties
    properties.title = paper.name[:255]
    properties.language = _SPELLING[paper.language]
    properties.author = properties.last_modified_by = properties.comments = properties.keywords = ""
    properties.created = properties.modified = paper.made_at.astimezone(UTC).replace(tzinfo=None)
    relations = document.part.package.rels
    for key in [key for key, relation in relations.items() if relation.reltype == RELATIONSHIP_TYPE.THUMBNAIL]:
        del relations[key]


def _set_page(document: Document) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = section.right_margin = Mm(20)
    section.left_margin = Mm(30)
    section.header_distance, section.footer_distance = Mm(8), Mm(5)
    section.different_first_page_header_footer = True


def _add_drill_line(document: Document, line: str) -> None:
    if not line:
        return
    paragraph = add_centred(document, line.upper(), bold=True)
    length = min(width(line.upper(), "700-normal", 14) + 24, Mm(TEXT_WIDTH).pt)
    paragraph.paragraph_format.left_indent = Pt((Mm(TEXT_WIDTH).pt - length) / 2)
    paragraph.paragraph_format.right_indent = paragraph.paragraph_format.left_indent
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(8)
    parts.border(paragraph, ("top", "left", "bottom", "right"), space=4)


def _add_title(document: Document, paper: Paper) -> None:
    if paper.title:
        title = add_centred(document, paper.title.upper(), style="Heading1")
        title.paragraph_format.space_before, title.paragraph_format.space_after = Pt(12), Pt(0)
    if paper.abstract:
        abstract = add_centred(document, paper.abstract, bold=True)
        margin = Mm((TEXT_WIDTH - TITLE_WIDTH) / 2)
        abstract.paragraph_format.left_indent = abstract.paragraph_format.right_indent = margin
    if paper.title:
        parts.rule(document.add_paragraph(), title_rule(paper), Mm(TEXT_WIDTH))
    document.add_paragraph().paragraph_format.line_spacing = Pt(8)


def _add_text(document: Document, paper: Paper) -> None:
    _add_addressees(document, layout.addressee_lines(paper))
    for line in layout.ground_lines(paper):
        styled(document, "BodyText").add_run(line).italic = True
    add_blocks(document, layout.body(paper), paper.language, 1 if paper.title else 0)
    document.paragraphs[-1].paragraph_format.keep_with_next = True


def _add_addressees(document: Document, lines: tuple[str, ...]) -> None:
    for place, line in enumerate(lines):
        paragraph = document.add_paragraph(line) if len(lines) > 1 else add_centred(document, line)
        if len(lines) > 1:
            paragraph.paragraph_format.left_indent = Mm(43 if place else 25)
    if lines:
        document.paragraphs[-1].paragraph_format.space_after = Pt(12)


def _add_appendix(document: Document, appendix: Appendix, label: str, paper: Paper) -> None:
    section = document.add_section(WD_SECTION.NEW_PAGE)
    # The break stands in a paragraph of its own, which must not fill a page.
    parts.tight(document.paragraphs[-1], 1)
    parts.start_numbering(section)
    heading = add_centred(document, label, style="Heading1")
    heading.paragraph_format.space_before = heading.paragraph_format.space_after = Pt(0)
    add_centred(document, appendix.title.upper(), bold=True)
    if appendix.attached_to:
        add_centred(document, appendix.attached_to, italic=True)
    document.paragraphs[-1].paragraph_format.space_after = Pt(12)
    add_blocks(document, appendix.blocks, paper.language, 1)
