"""What changed between two texts, word by word: what a signer sees before anything else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from crisis_desk.statements.canonical_blocks import Block, Blocks
from crisis_desk.statements.canonical_forms import numbers, to_plain

_WORDS = re.compile(r"\S+|\s+")
# Two lines that share less than this are another line, not a changed one.
ALIKE = 0.5
# How many words around a change are shown with it.
AROUND = 6

Kind = Literal["same", "gone", "new"]


@dataclass(frozen=True)
class Piece:
    """A run of words that stayed, went, or came."""

    kind: Kind
    text: str


@dataclass(frozen=True)
class Change:
    """A line that changed, with its number in the margin of the newer text, or of the older if it went."""

    place: int | None
    pieces: tuple[Piece, ...]


def changes(old: Blocks, new: Blocks, language: str) -> list[Change]:
    """Every line that differs, in the order of the newer text."""
    before, after = _lines(old, language), _lines(new, language)
    places_before, places_after = numbers(old), numbers(new)
    found: list[Change] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        for i, j in _paired(before, after, range(i1, i2), range(j1, j2)):
            place = places_after[j] if j is not None else places_before[i] if i is not None else None
            found.append(Change(place, _pieces(before[i] if i is not None else "", after[j] if j is not None else "")))
    return found


def _lines(blocks: Blocks, language: str) -> list[str]:
    return [_line(block, language) for block in blocks]


def _line(block: Block, language: str) -> str:
    plain = Block("p", block.inlines)
    return to_plain((plain,), language)


def _paired(before: list[str], after: list[str], olds: range, news: range) -> Iterator[tuple[int | None, int | None]]:
    """Which old line became which new one, in order; of lines without a counterpart those that went come first."""
    i, waiting = olds.start, list[int]()
    for j in news:
        match = next((k for k in range(i, olds.stop) if _likeness(before[k], after[j]) >= ALIKE), None)
        if match is None:
            waiting.append(j)
            continue
        yield from ((k, None) for k in range(i, match))
        yield from ((None, k) for k in waiting)
        yield match, j
        i, waiting = match + 1, []
    yield from ((k, None) for k in range(i, olds.stop))
    yield from ((None, k) for k in waiting)


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, _WORDS.findall(one), _WORDS.findall(other), autojunk=False).ratio()


def _pieces(before: str, after: str) -> tuple[Piece, ...]:
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    opcodes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    pieces: list[Piece] = []
    for position, (tag, i1, i2, j1, j2) in enumerate(opcodes):
        if tag == "equal":
            is_first, is_last = position == 0, position == len(opcodes) - 1
            pieces.append(Piece("same", _shortened(old[i1:i2], is_first, is_last)))
            continue
        if i1 < i2:
            pieces.append(Piece("gone", "".join(old[i1:i2])))
        if j1 < j2:
            pieces.append(Piece("new", "".join(new[j1:j2])))
    return tuple(pieces)


def _shortened(words: list[str], is_first: bool, is_last: bool) -> str:
    """What stayed, as far as it is needed to find the place."""
    keep = 2 * AROUND
    if is_first and len(words) > keep:
        return "… " + "".join(words[-keep:]).lstrip()
    if is_last and len(words) > keep:
        return "".join(words[:keep]).rstrip() + " …"
    if len(words) > 2 * keep:
        return "".join(words[:keep]).rstrip() + " … " + "".join(words[-keep:]).lstrip()
    return "".join(words)
