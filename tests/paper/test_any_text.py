"""Whatever people type reaches the paper, or shows that it could not."""

from io import BytesIO
from typing import Any
from xml.etree import ElementTree as ET

import docx as word
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from pypdf import PdfReader

from crisis_desk.paper.characters import clean, printable
from crisis_desk.paper.docx import docx
from crisis_desk.paper.html import html
from crisis_desk.paper.markdown import markdown
from crisis_desk.paper.model import Heading, Paper, Paragraph, Recipients, Signature, Table
from crisis_desk.paper.pdf import pdf
from tests.paper.papers import short_paper

# pypdf, not the page, doubles a letter whose mark Unicode cannot compose: such marks are left to the test below.
ANY_TEXT = st.text(st.characters(exclude_categories=("Mn", "Mc", "Me")), max_size=60)
VIETNAMESE = st.text("aăâđêôơưạảẵểỗữỵ ẰẾỖ \n.,;:-*#_<>&|\\`'\"0123456789/%", max_size=80)
TEXTS = ANY_TEXT | VIETNAMESE


def with_everywhere(text: str) -> Paper:
    """A paper that carries the text wherever a text may stand."""
    return short_paper(
        Heading(text, "clause"),
        Paragraph(f"Đầu{text}cuối"),
        Table((text, "B"), ((f"Ô{text}hết", text),), caption=text),
        abstract=text,
        addressees=(text,),
        grounds=(text, text),
        recipients=Recipients((text,), text),
        signature=Signature(text, "KT.", text, text),
        drill_line=text,
        closing="Hết",
    )


def joined(text: str) -> str:
    return "".join(text.split())


@settings(max_examples=30, deadline=None)
@given(TEXTS)
def test_any_text_survives_in_a_word_file(text: str) -> None:
    document = word.Document(BytesIO(docx(with_everywhere(text))))
    assert [line.text for line in document.paragraphs if line.style and line.style.name == "Body Text"][2] == (
        f"Đầu{clean(text)}cuối"
    )
    assert document.tables[1].cell(1, 0).text == f"Ô{clean(text)}hết"


@settings(max_examples=30, deadline=None)
@given(TEXTS)
def test_any_text_survives_in_a_pdf_file_or_shows_a_box(text: str) -> None:
    reader = PdfReader(BytesIO(pdf(with_everywhere(text))))
    found = joined("".join(page.extract_text() for page in reader.pages))
    assert f"Đầu{joined(printable(text))}cuối" in found


@settings(max_examples=20, deadline=None)
@given(st.text(st.characters(categories=("Mn", "Mc", "Me", "Lo", "So", "Cs", "Co", "Cn")), min_size=1, max_size=20))
def test_no_text_makes_a_pdf_file_impossible(text: str) -> None:
    reader = PdfReader(BytesIO(pdf(with_everywhere(text))))
    assert "Hết./." in "".join(page.extract_text() for page in reader.pages)


@settings(max_examples=100, deadline=None)
@given(TEXTS)
def test_any_text_survives_in_html(text: str) -> None:
    source = html(with_everywhere(text)).replace("<br>", "\n")
    root: Any = ET.fromstring(source)
    assert "".join(root.findall("table/tbody/tr/td")[0].itertext()) == f"Ô{clean(text)}hết"


@settings(max_examples=100, deadline=None)
@given(TEXTS)
def test_any_text_survives_in_markdown(text: str) -> None:
    source = MarkdownIt("commonmark").enable("table").render(markdown(short_paper(Paragraph(f"Đầu{text}cuối"))))
    root: Any = ET.fromstring(f"<div>{source}</div>".replace("&quot;", '"'))
    assert joined("".join(root.findall("p")[-1].itertext())) == joined(f"Đầu{clean(text)}cuối./.")
