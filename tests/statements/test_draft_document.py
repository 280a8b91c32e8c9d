"""The shared tree: read without trust, written as an editor writes it, equal for everybody in the end."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pycrdt import Doc, Text, XmlElement, XmlText

from crisis_desk.platform.errors import Invalid
from crisis_desk.statements.canonical import canonical
from crisis_desk.statements.canonical_blocks import Block, Run, normal
from crisis_desk.statements.draft_document import apply_update, empty_draft, new_document, read_blocks, root
from tests.statements.draft_documents import documents, draft_of, draft_with, edit_at_random, interleaved, text_of

LISTS = "li-1-ul\ta\nli-2-ol\tb\nli-1-ul-more\tc\nli-1-ul\td\nli-1-ul-new\te\nli-1-ol\tf"
QUOTES = "quote\tg\nquote-more\th\nquote\ti"
SAMPLE = f"h1\tĐính chính\np\tXem [trang](https://a.vn) {{{{issued_at:..}}}} và {{{{x}}}}\\/gọi\n{LISTS}\n{QUOTES}"


@settings(deadline=None)
@given(documents)
def test_a_written_document_reads_back_with_its_marks(document: list[Block]) -> None:
    assert read_blocks(draft_of(new_document(document))) == normal(document)


def test_every_kind_of_block_survives_the_tree() -> None:
    assert text_of(draft_with(SAMPLE)) == SAMPLE


@settings(deadline=None)
@given(documents, st.integers(0, 2**32), st.integers(2, 5))
def test_editors_that_work_at_once_end_with_one_text(document: list[Block], seed: int, editors: int) -> None:
    chance = random.Random(seed)
    first = new_document(document)
    drafts = [draft_of(first) for _ in range(editors)]
    updates = [[edit_at_random(draft, chance) for _ in range(4)] for draft in drafts]
    for draft, own in zip(drafts, updates, strict=True):
        for update in interleaved([other for other in updates if other is not own], chance):
            apply_update(draft, update)
    server = draft_of(first, *interleaved(updates, chance))
    assert {text_of(draft) for draft in drafts} == {text_of(server)}


def test_unknown_elements_are_read_as_the_text_they_hold() -> None:
    draft = empty_draft()
    tree = root(draft)
    script = XmlElement("script", {"src": "x"})
    tree.children.append(script)
    script.children.append(XmlText("alert(1)"))
    box = XmlElement("box")
    tree.children.append(box)
    inner = XmlElement("paragraph")
    box.children.append(inner)
    inner.children.append(XmlText("trong hộp"))
    tree.children.append(XmlText("trần"))
    assert text_of(draft) == "p\talert(1)\np\ttrong hộp\np\ttrần"


def test_attributes_of_a_wrong_type_do_no_harm() -> None:
    draft = empty_draft()
    tree = root(draft)
    for level in (7, "two", None, float("nan"), {"a": 1}):
        heading = XmlElement("heading")
        tree.children.append(heading)
        heading.attributes["level"] = level
        heading.children.append(XmlText("a"))
    token = XmlElement("token")
    paragraph = XmlElement("paragraph")
    tree.children.append(paragraph)
    paragraph.children.append(token)
    token.attributes["name"] = 5
    text = XmlText()
    paragraph.children.append(text)
    text.insert(0, "b", {"link": "javascript:x", "bold--a1": {}})
    text.insert(1, "c", {"link": {"href": 5}})
    assert text_of(draft) == "h3\ta\nh1\ta\nh1\ta\nh1\ta\nh1\ta\np\t{{?}}bc"
    assert read_blocks(draft)[-1].inlines[1:] == (Run("b", bold=True), Run("c"))


def test_a_tree_of_a_thousand_levels_is_read_without_exhausting_the_stack() -> None:
    draft = empty_draft()
    node = root(draft)
    for _ in range(1000):
        child = XmlElement("blockquote")
        node.children.append(child)
        node = child
    node.children.append(XmlText("sâu"))
    assert text_of(draft) == "p\tsâu"


CUT_OFF = new_document([Block("p", (Run("a"),))])[:-2]


@pytest.mark.parametrize("update", [b"", b"\x00", b"not an update", CUT_OFF], ids=["empty", "zero", "words", "cut off"])
def test_what_is_no_update_is_refused(update: bytes) -> None:
    with pytest.raises(Invalid):
        apply_update(empty_draft(), update)


def test_a_foreign_root_under_the_same_name_reads_as_an_empty_text() -> None:
    foreign: Doc[Text] = Doc()
    foreign["default"] = Text("xin chào")
    assert canonical(read_blocks(draft_of(foreign.get_update()))) == ""
