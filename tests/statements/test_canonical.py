"""Canonical text: one writing for one text, and no other text with the same writing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crisis_desk.platform.errors import Invalid
from crisis_desk.statements.canonical import (
    NotCanonical,
    canonical,
    fill,
    from_canonical,
    parse,
    read_text,
    text_sha256,
    unfilled,
)
from crisis_desk.statements.canonical_blocks import Block, Break, Inline, Run, Slot, Token, normal, without_marks
from crisis_desk.statements.canonical_forms import numbers, to_html, to_plain, words_form
from crisis_desk.statements.canonical_tokens import BadBounds, Value, parse_bounds, token_label

HARD = (
    "\\[]{}():/_-.#\t\n \u00a0\u0303\u0302\u0338\u0301\u09be\u1161\u11a8eaênTtôệ <>\"'&1\u2028\r\x00\x07\u202e\u200b🙂"
)
texts = st.text(st.sampled_from(HARD) | st.characters(codec="utf-8"), max_size=12)
targets = st.sampled_from(
    ["", "https://a.vn/x)", "mailto:a@b.vn", "tel:115", "javascript:alert(1)", "https://a.vn/(b)"]
)
runs = st.builds(Run, texts, targets, st.booleans(), st.booleans())
bounds = st.sampled_from(["..", "2..3", "2026-05-12T22:55+07:00/..", "../2026-05-12T15:55Z", "nonsense", "{{x}}"])
names = st.sampled_from(["issued_at", "sequence_number", "next_update_at", "dia_diem", "cơ quan trả lời", "}", " "])
inlines = runs | st.builds(Token, names, bounds) | st.builds(Slot, names | texts) | st.just(Break())
kinds = st.sampled_from(["p", "h1", "h2", "h3", "quote", "ul", "ol"])
blocks = st.builds(
    Block,
    kinds,
    st.lists(inlines, max_size=5).map(tuple),
    st.integers(0, 9),
    st.sampled_from(["", "more", "new"]),
)
documents = st.lists(blocks, max_size=6)


def said(document: Iterable[Block]) -> list[Any]:
    """A document as far as the canonical text tells it: normal form without marks."""
    return [(block.kind, block.depth, block.follows, without_marks(block.inlines)) for block in normal(document)]


def p(*parts: Inline | str) -> Block:
    return Block("p", tuple(Run(part) if isinstance(part, str) else part for part in parts))


@settings(deadline=None)
@given(documents)
def test_what_is_written_reads_back_as_the_same_document(document: list[Block]) -> None:
    assert said(from_canonical(canonical(document))) == said(document)


@settings(max_examples=300, deadline=None)
@given(documents, documents)
def test_two_different_documents_never_give_the_same_text(one: list[Block], other: list[Block]) -> None:
    assert (canonical(one) == canonical(other)) == (said(one) == said(other))


@settings(deadline=None)
@given(documents)
def test_normal_form_is_reached_in_one_step(document: list[Block]) -> None:
    once = normal(document)
    assert normal(once) == once
    assert canonical(once) == canonical(document)


@settings(deadline=None)
@given(documents)
def test_text_is_composed_and_has_neither_trailing_blanks_nor_controls(document: list[Block]) -> None:
    text = canonical(document)
    assert unicodedata.normalize("NFC", text) == text
    words = [line.partition("\t")[2] for line in text.split("\n")]
    assert [word.rstrip() for word in words] == words
    assert [c for c in text if unicodedata.category(c) in {"Cc", "Cs"} and c not in "\n\t"] == []


@settings(deadline=None)
@given(st.text(max_size=80))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        document = parse(text)
    except NotCanonical:
        document = ()
    assert from_canonical(canonical(document)) == document


@settings(deadline=None)
@given(documents)
def test_html_has_no_tag_but_the_whitelisted(document: list[Block]) -> None:
    html = to_html(document, "en")
    tags = {tag.lower() for tag in re.findall(r"</?([a-zA-Z0-9]+)", html)}
    assert tags <= {"p", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "br", "strong", "em", "a", "span"}
    assert "javascript:" not in "".join(re.findall(r'href="([^"]*)"', html))
    for tag in ("ul", "ol", "li", "blockquote", "p"):
        assert len(re.findall(f"<{tag}[ >]", html)) == html.count(f"</{tag}>")


def test_each_type_has_its_published_word() -> None:
    document = [
        Block("h1", (Run("Đính chính"),)),
        p("Thân bài"),
        Block("ul", (Run("một"),), 1),
        Block("ol", (Run("một một"),), 2),
        Block("ul", (Run("vẫn một"),), 1, "more"),
        Block("ul", (Run("danh sách khác"),), 1, "new"),
        Block("quote", (Run("trích"),)),
        Block("quote", (Run("tiếp"),), 0, "more"),
        Block("quote", (Run("khác"),)),
    ]
    assert canonical(document).split("\n") == [
        "h1\tĐính chính",
        "p\tThân bài",
        "li-1-ul\tmột",
        "li-2-ol\tmột một",
        "li-1-ul-more\tvẫn một",
        "li-1-ul-new\tdanh sách khác",
        "quote\ttrích",
        "quote-more\ttiếp",
        "quote\tkhác",
    ]


def test_marks_blanks_and_composition_as_published() -> None:
    document = [
        p(Run("Tiê", bold=True), Run("\u0301ng ", italic=True), "Việt  hai   dấu cách \u00a0"),
        p("Xem ", Run("trang (mới)", "https://a.vn/x(1)"), Break(), "gọi 115", Break()),
        p("  "),
        p("C:\\[a] {b}\tc"),
    ]
    assert canonical(document).split("\n") == [
        "p\tTiếng Việt  hai   dấu cách",
        "p\tXem [trang (mới)](https://a.vn/x(1\\))\\/gọi 115",
        "p\tC:\\\\\\[a\\] \\{b\\}\\_c",
    ]


def test_hash_is_that_of_the_utf8_bytes() -> None:
    assert text_sha256("p\tTiếng Việt") == "c2019c58ce1c1639cf60ddf51b7d8c3220879b68051e03be0a2f1e48a06764a4"


def test_plain_lines_are_paragraphs_and_their_braces_open_places() -> None:
    document = parse("Tại {{dia_diem}} lúc {{issued_at}}\r\n\r\nGọi [115](tel:115)  \n")
    assert document == (
        p("Tại ", Slot("dia_diem"), " lúc ", Token("issued_at")),
        p("Gọi ", Run("115", "tel:115")),
    )


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("p\ta\nh7\tb", 2),
        ("li-2-ul\ta", 1),
        ("p\ta\nquote-more\tb", 2),
        ("p\t{{issued_at:tomorrow}}", 1),
        ("p\t{{sequence_number:3..2}}", 1),
    ],
)
def test_what_can_not_be_read_is_refused_with_its_line(text: str, line: int) -> None:
    with pytest.raises(NotCanonical) as caught:
        parse(text)
    assert caught.value.line == line
    with pytest.raises(Invalid):
        read_text(text)


@pytest.mark.parametrize("text", ["p\ta ", "p\ta]", "p\te\u0302", "a", "p\ta\n", "li-1-ul-new\ta", "p\t{{issued_at}}"])
def test_another_writing_of_a_text_is_not_canonical(text: str) -> None:
    with pytest.raises(NotCanonical):
        from_canonical(text)


def test_open_places_are_found_with_their_block() -> None:
    document = parse("p\tTại {{dia_diem}}\np\tLần {{sequence_number:2..3}}\np\t{{issued_at}} và \\{\\{tự gõ\\}\\}")
    assert unfilled(document) == [(0, "dia_diem"), (2, "issued_at"), (2, "tự gõ")]


def test_a_client_can_not_hide_an_unknown_token() -> None:
    assert canonical([p(Token("amount", "1"))]) == "p\t{{amount}}"
    assert canonical([p(Slot("issued_at"))]) == "p\t{{issued_at:..}}"
    assert canonical([p(Token("issued_at", "}} evil"))]) == "p\t{{issued_at:..}}"


SIGNED = (
    "h1\tTHÔNG TIN (lần {{sequence_number:2..3}})\n"
    "p\tPhát lúc {{issued_at:2023-05-12T22:55+07:00/2023-05-12T23:25+07:00}}; "
    "tiếp theo trước {{next_update_at:../2023-05-13T01:00+07:00}}."
)
VALUES = {
    "sequence_number": 2,
    "issued_at": datetime(2023, 5, 12, 16, 5, 30, tzinfo=UTC),
    "next_update_at": datetime(2023, 5, 12, 18, 0, tzinfo=UTC),
}


def test_release_fills_tokens_within_their_bounds() -> None:
    assert from_canonical(SIGNED)
    assert fill(SIGNED, VALUES, "en") == (
        "h1\tTHÔNG TIN (lần 2)\np\tPhát lúc 23:05 on 12/5/2023; tiếp theo trước 01:00 on 13/5/2023."
    )


def test_release_refuses_values_missing_or_outside_the_bounds() -> None:
    with pytest.raises(Invalid) as caught:
        fill(SIGNED, {"sequence_number": 4, "issued_at": datetime(2023, 5, 12, 16, 26, tzinfo=UTC)})
    assert sorted(caught.value.errors) == ["issued_at", "next_update_at", "sequence_number"]


@pytest.mark.parametrize(
    ("name", "text", "inside", "outside"),
    [
        ("sequence_number", "2..3", 3, 4),
        ("sequence_number", "2", 2, 1),
        ("sequence_number", "..3", 1, 4),
        ("next_update_at", "../2023-05-13T01:00+07:00", datetime(2023, 5, 12, 18, 0, 59, tzinfo=UTC),
         datetime(2023, 5, 12, 18, 1, tzinfo=UTC)),
        ("issued_at", "2023-05-12T15:55Z/..", datetime(2023, 5, 12, 15, 55, tzinfo=UTC),
         datetime(2023, 5, 12, 15, 54, 59, tzinfo=UTC)),
    ],
)  # fmt: skip
def test_bounds_include_their_ends(name: str, text: str, inside: Value, outside: Value) -> None:
    read = parse_bounds(name, text)
    assert (read.contains(inside), read.contains(outside)) == (True, False)


@pytest.mark.parametrize("text", ["2023-05-12T22:55", "2023-05-12", "2..3", "2023-05-13T00:00Z/2023-05-12T00:00Z", "/"])
def test_times_without_offset_or_in_the_wrong_order_are_no_bounds(text: str) -> None:
    with pytest.raises(BadBounds):
        parse_bounds("issued_at", text)


def test_label_of_a_token_shows_its_bounds() -> None:
    assert token_label("issued_at", "2023-05-12T22:55+07:00/2023-05-12T23:25+07:00", "en") == (
        "time of issue 22:55–23:25 12/5"
    )
    assert token_label("sequence_number", "2..3", "en") == "number of this notice 2–3"


def test_words_form_folds_case_layout_and_marks_but_not_accents() -> None:
    one = parse("h1\tTHÔNG TIN\np\tTính đến 22 giờ 30: 49 người;  gọi [115](tel:115).")
    other = parse("p\tThông tin tính đến 22 giờ 30 – 49 người\np\tGọi 115")
    assert words_form(one) == words_form(other) == "thông tin tính đến 22 giờ 30 49 người gọi 115"
    assert words_form(parse("hoà")) != words_form(parse("hoa"))


def test_plain_text_keeps_numbers_and_targets() -> None:
    document = parse("h1\tA\nli-1-ol\tb\nli-2-ul\tc\nli-1-ol\td\\/e\nli-1-ol-new\tf\np\t[báo](https://a.vn)")
    assert to_plain(document, "en") == "A\n1. b\n  - c\n2. d\ne\n1. f\nbáo (https://a.vn)"
    assert numbers(document) == [None, 1, 2, 3, 4, 5]


def test_html_nests_lists_and_escapes_text() -> None:
    document = parse("li-1-ol\t<b>\nli-2-ul\tc\nli-1-ol-more\td\nli-1-ol\te\np\t{{x}}{{issued_at}}")
    assert to_html(document, "en") == (
        '<ol><li id="c1"><p>&lt;b&gt;</p><ul><li id="c2"><p>c</p></li></ul><p>d</p></li>'
        '<li id="c3"><p>e</p></li></ol><p id="c4"><span class="todo-slot">{{x}}</span>'
        '<span class="token" data-token="issued_at" data-bounds="..">time of issue</span></p>'
    )


def test_marks_that_turn_the_direction_of_writing_are_left_out() -> None:
    turned = Block("p", (Run("\u202e73\u202c người, \u2067ba\u2069 ca"),))
    assert canonical([turned]) == "p\t73 người, ba ca"
    with pytest.raises(NotCanonical):
        from_canonical("p\t\u202e73\u202c người")
