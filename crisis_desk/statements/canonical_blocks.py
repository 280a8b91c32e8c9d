"""What a statement consists of: blocks of text, tokens and open places, and the one normal form of them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from crisis_desk.statements.canonical_tokens import OPEN, TOKEN_NAMES, clean_bounds

LISTS = ("ul", "ol")
PLAIN_KINDS = ("p", "h1", "h2", "h3", "quote")
# Deeper than anyone reads; what lies deeper is read as of this depth, so that a hostile tree can't exhaust a walker.
MAX_DEPTH = 8
SLOT_LENGTH = 80

LINE_ENDS = re.compile("\r\n|[\n\r\v\f\x85\u2028\u2029]")
# Marks that turn the direction of writing show other digits than those that are hashed and signed.
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_TARGET = re.compile(r"(?:https?://|mailto:|tel:)[^\s\x00-\x20\x7f\"<>\\^`{|}]{1,2000}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Run:
    """Text with one set of marks. Only the target of a link is part of what the statement says."""

    text: str
    target: str = ""
    bold: bool = False
    italic: bool = False


@dataclass(frozen=True, slots=True)
class Token:
    """A typed token: one of `TOKEN_NAMES`, with bounds in their canonical writing."""

    name: str
    bounds: str = ".."


@dataclass(frozen=True, slots=True)
class Slot:
    """A place still to be filled in; a text that has one can't be submitted."""

    name: str


@dataclass(frozen=True, slots=True)
class Break:
    """A new line inside a block."""


Inline = Run | Token | Slot | Break


@dataclass(frozen=True, slots=True)
class Block:
    """One line of the canonical text.

    `kind` is p, h1–h3, quote, ul or ol; `depth` is that of a list's item. `follows` is `more` for a further
    paragraph of the same item or quotation, `new` for the first item of a list right behind another of its kind.
    """

    kind: str
    inlines: tuple[Inline, ...] = ()
    depth: int = 0
    follows: str = ""

    @property
    def type(self) -> str:
        """The published word that begins the line."""
        word = f"li-{self.depth}-{self.kind}" if self.kind in LISTS else self.kind
        return f"{word}-{self.follows}" if self.follows else word


Blocks = tuple[Block, ...]


def normal(blocks: Iterable[Block]) -> Blocks:
    """The normal form: NFC, nothing invisible, no trailing blanks, no empty block but a list's item."""
    return tuple(_in_order(with_words(blocks)))


def without_marks(inlines: Iterable[Inline]) -> list[Inline]:
    """Inlines as the canonical text knows them: bold and italic are not part of what a statement says."""
    return _joined(replace(part, bold=False, italic=False) if isinstance(part, Run) else part for part in inlines)


def clean_target(target: object) -> str:
    """A link's target if it may be followed (http, https, mailto, tel), else the empty text."""
    text = unicodedata.normalize("NFC", target.strip()) if isinstance(target, str) else ""
    return text if _TARGET.fullmatch(text) else ""


def clean_slot(name: object) -> str:
    """A slot's name as it may stand in the text; `?` if nothing of it may."""
    text = unicodedata.normalize("NFC", _CONTROLS.sub("", name if isinstance(name, str) else ""))
    words = " ".join(re.sub(r"[{}:\\]", " ", text).split())[:SLOT_LENGTH].strip()
    return words or "?"


def with_words(blocks: Iterable[Block]) -> Iterator[Block]:
    """Blocks with clean inlines; an empty one is left out, unless it is a list's item, whose number is seen."""
    heir = False
    for block in blocks:
        kept = replace(block, inlines=_clean_inlines(block.inlines))
        is_quote_start = block.kind == "quote" and block.follows != "more"
        if kept.inlines or (block.kind in LISTS and block.follows != "more"):
            inherits = heir and block.kind == "quote" and block.follows == "more"
            yield replace(kept, follows="") if inherits else kept
            heir = False
        else:
            # A quotation whose first paragraph is empty begins with the next one.
            heir = is_quote_start or (heir and block.kind == "quote" and block.follows == "more")


def _in_order(blocks: Iterable[Block]) -> Iterator[Block]:
    """Blocks with depth and `follows` such that the list of types can be read in one way only."""
    lists: list[str] = []
    before = ""
    for block in blocks:
        if block.kind in LISTS:
            yield (kept := _placed(block, lists))
            lists = [*lists[: kept.depth - 1], kept.kind]
        else:
            more = block.follows == "more" and block.kind == "quote" == before
            yield replace(block, depth=0, follows="more" if more else "")
            lists = []
        before = block.kind


def _placed(block: Block, lists: Sequence[str]) -> Block:
    depth = max(1, min(block.depth, len(lists) + 1, MAX_DEPTH))
    in_list = depth <= len(lists) and lists[depth - 1] == block.kind
    return replace(block, depth=depth, follows=block.follows if in_list else "")


def _clean_inlines(inlines: Iterable[Inline]) -> tuple[Inline, ...]:
    parts = _joined(piece for inline in inlines for piece in _clean_inline(inline))
    while parts:
        last = parts[-1]
        if isinstance(last, Run):
            stripped = last.text.rstrip()
            if stripped:
                parts[-1] = replace(last, text=stripped)
                break
        elif not isinstance(last, Break):
            break
        parts.pop()
    return tuple(parts)


def _clean_inline(inline: Inline) -> Iterator[Inline]:
    match inline:
        case Run():
            for number, line in enumerate(LINE_ENDS.split(inline.text)):
                if number:
                    yield Break()
                yield replace(inline, text=_CONTROLS.sub("", line), target=clean_target(inline.target))
        case Slot(name) | Token(name):
            yield _open_place(clean_slot(name), inline.bounds if isinstance(inline, Token) else OPEN)
        case Break():
            yield inline


def _open_place(name: str, bounds: str) -> Inline:
    """A token of a known name, else a slot, which stands out: nothing a client writes may stay unseen."""
    return Token(name, clean_bounds(name, bounds)) if name in TOKEN_NAMES else Slot(name)


def _joined(inlines: Iterable[Inline]) -> list[Inline]:
    """Neighbouring runs of one kind as one, in NFC; a letter whose accent bears other marks is kept whole."""
    parts: list[Inline] = []
    for inline in inlines:
        if not isinstance(inline, Run):
            parts.append(inline)
            continue
        last = parts[-1] if parts else None
        rest = inline
        if isinstance(last, Run) and last.target == inline.target:
            text, rest_text = _composed(last, inline)
            parts[-1] = replace(last, text=text)
            rest = replace(inline, text=rest_text)
        if rest.text:
            parts.append(replace(rest, text=unicodedata.normalize("NFC", rest.text)))
    return parts


def _composed(last: Run, following: Run) -> tuple[str, str]:
    """The text of the first run with whatever of the second belongs to it, and what is left of the second."""
    if (last.bold, last.italic) == (following.bold, following.italic):
        return unicodedata.normalize("NFC", last.text + following.text), ""
    moved = 0
    while moved < len(following.text) and not _is_boundary(last.text, following.text[moved:]):
        moved += 1
        last = replace(last, text=last.text + following.text[moved - 1])
    return unicodedata.normalize("NFC", last.text), following.text[moved:]


def _is_boundary(left: str, right: str) -> bool:
    whole = unicodedata.normalize("NFC", left + right)
    return whole == unicodedata.normalize("NFC", left) + unicodedata.normalize("NFC", right)
