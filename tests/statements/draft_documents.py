"""Documents and editors for the tests of drafts."""

from __future__ import annotations

import random
from typing import Any

from hypothesis import strategies as st
from pycrdt import XmlElement, XmlText

from crisis_desk.statements.canonical import canonical, parse
from crisis_desk.statements.canonical_blocks import Block, Break, Run, Slot, Token
from crisis_desk.statements.draft_document import Draft, apply_update, empty_draft, new_document, read_blocks, root

WORDS = ["Tính", "đến", "22", "giờ", "Tiê\u0301ng", "Việt", "🙂", "[x]", "\\", "và", "gọi", "115", " ", "  ", "."]

runs = st.builds(
    Run,
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join),
    st.sampled_from(["", "", "", "https://a.vn/x"]),
    st.booleans(),
    st.booleans(),
)
atoms = st.sampled_from([Break(), Slot("dia_diem"), Token("issued_at", ".."), Token("sequence_number", "2..3")])
blocks = st.builds(
    Block,
    st.sampled_from(["p", "p", "h1", "h2", "quote", "ul", "ol"]),
    st.lists(runs | atoms, max_size=4).map(tuple),
    st.integers(1, 3),
    st.sampled_from(["", "", "more", "new"]),
)
documents = st.lists(blocks, max_size=6)


def draft_of(*updates: bytes) -> Draft:
    """A document with these changes in it."""
    draft = empty_draft()
    for update in updates:
        apply_update(draft, update)
    return draft


def draft_with(text: str) -> Draft:
    """A document with this text."""
    return draft_of(new_document(parse(text)))


def text_of(draft: Draft) -> str:
    """The canonical text of a document."""
    return canonical(read_blocks(draft))


def texts_in(node: Any) -> list[XmlText]:
    """Every piece of text below a node."""
    found: list[XmlText] = []
    for child in list(node.children):
        found.extend([child] if isinstance(child, XmlText) else texts_in(child))
    return found


def type_into(draft: Draft, after: str, text: str) -> bytes:
    """Types `text` right behind the first place where `after` stands; returns the change."""
    before = draft.get_state()
    for piece in texts_in(root(draft)):
        plain = "".join(chunk for chunk, _ in piece.diff() if isinstance(chunk, str))
        if after in plain:
            piece.insert(len(plain[: plain.index(after) + len(after)].encode()), text)
            return draft.get_update(before)
    raise AssertionError(f"{after} is not in the draft")


def edit_at_random(draft: Draft, chance: random.Random) -> bytes:
    """One change as an editor might make it; returns the change."""
    before = draft.get_state()
    tree = root(draft)
    pieces = texts_in(tree)
    act = chance.choice(["type", "type", "type", "erase", "erase", "paragraph", "mark", "drop"])
    if act == "paragraph" or not pieces:
        element = XmlElement("paragraph")
        tree.children.insert(chance.randint(0, len(tree.children)), element)
        element.children.append(XmlText(chance.choice(WORDS)))
    elif act == "drop" and len(tree.children) > 1:
        del tree.children[chance.randrange(len(tree.children))]
    else:
        _edit_text(chance.choice(pieces), act, chance)
    return draft.get_update(before)


def _edit_text(piece: XmlText, act: str, chance: random.Random) -> None:
    plain = "".join(chunk for chunk, _ in piece.diff() if isinstance(chunk, str))
    i, j = sorted((chance.randint(0, len(plain)), chance.randint(0, len(plain))))
    start, end = len(plain[:i].encode()), len(plain[:j].encode())
    if act == "erase":
        del piece[start:end]
    elif act == "mark":
        piece.format(start, end, {"bold": {}})
    else:
        piece.insert(start, chance.choice(WORDS))


def interleaved(sequences: list[list[bytes]], chance: random.Random) -> list[bytes]:
    """The changes of several editors in any order that keeps each editor's own, as the store keeps it."""
    waiting = [list(sequence) for sequence in sequences if sequence]
    found: list[bytes] = []
    while waiting:
        sequence = chance.choice(waiting)
        found.append(sequence.pop(0))
        waiting = [sequence for sequence in waiting if sequence]
    return found
