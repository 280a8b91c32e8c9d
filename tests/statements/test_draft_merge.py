"""A text that a program wrote comes into the live draft as a difference: nobody's work is lost, marks stay."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from crisis_desk.statements.canonical import canonical, parse
from crisis_desk.statements.canonical_blocks import Block, Run
from crisis_desk.statements.draft_document import apply_update, new_document, read_blocks, root
from crisis_desk.statements.draft_merge import merge_blocks
from tests.statements.draft_documents import (
    documents,
    draft_of,
    draft_with,
    edit_at_random,
    interleaved,
    text_of,
    texts_in,
    type_into,
)


@settings(max_examples=300, deadline=None)
@given(documents, documents)
def test_any_text_becomes_any_other(before: list[Block], after: list[Block]) -> None:
    draft = draft_of(new_document(before))
    merge_blocks(draft, parse(canonical(after)))
    assert text_of(draft) == canonical(after)


@settings(deadline=None)
@given(documents, documents, st.integers(0, 2**32))
def test_a_change_to_an_old_text_converges_with_what_was_typed_since(
    before: list[Block], after: list[Block], seed: int
) -> None:
    chance = random.Random(seed)
    first = new_document(before)
    live, browser, base = draft_of(first), draft_of(first), draft_of(first)
    typed = [edit_at_random(live, chance) for _ in range(5)]
    merged = merge_blocks(base, parse(canonical(after)))
    apply_update(live, merged)
    for update in interleaved([[merged], typed], chance):
        apply_update(browser, update)
    assert text_of(browser) == text_of(live)


def test_both_the_new_text_and_what_was_typed_meanwhile_are_there() -> None:
    first = new_document(parse("p\tCó 52 người được khám.\np\tGọi 115."))
    live, base = draft_of(first), draft_of(first)
    type_into(live, "khám", " tại bệnh viện")
    type_into(live, "115", " ngay")
    apply_update(live, merge_blocks(base, parse("h1\tCập nhật\np\tCó 49 người được khám.\np\tGọi 115.")))
    assert text_of(live) == "h1\tCập nhật\np\tCó 49 người được khám tại bệnh viện.\np\tGọi 115 ngay."


def test_marks_and_unknown_marks_of_untouched_words_stay() -> None:
    draft = draft_with("p\tCó 52 người, 31 nặng.")
    piece = texts_in(root(draft))[0]
    piece.format(0, len("Có 52".encode()), {"bold": {}})
    start = len("Có 52 người, ".encode())
    piece.format(start, start + len(b"31"), {"citation": {"fact": "S2"}})
    merge_blocks(draft, parse("p\tCó 49 người, 31 nặng."))
    assert read_blocks(draft)[0].inlines == (Run("Có 49", bold=True), Run(" người, 31 nặng."))
    assert [marks for chunk, marks in texts_in(root(draft))[0].diff() if chunk == "31"] == [
        {"citation": {"fact": "S2"}}
    ]


def test_the_same_text_changes_nothing() -> None:
    draft = draft_with("h1\tA\nli-1-ul\tb {{x}} [c](https://a.vn)\np\td")
    state = draft.get_state()
    merge_blocks(draft, read_blocks(draft))
    assert draft.get_state() == state


def test_typed_decomposed_letters_are_not_rewritten() -> None:
    draft = draft_of(new_document([]))
    merge_blocks(draft, parse("p\tx"))
    piece = texts_in(root(draft))[0]
    piece.insert(0, "Tie\u0302\u0301ng ")
    merge_blocks(draft, parse("p\tTiếng y"))
    assert str(piece) == "Tie\u0302\u0301ng y"
    assert text_of(draft) == "p\tTiếng y"
