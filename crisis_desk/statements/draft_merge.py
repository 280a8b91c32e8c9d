"""Bringing a text that a program wrote into a live draft: only the difference, so that marks and citations stay."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from pycrdt import XmlElement, XmlText

from crisis_desk.statements.canonical_blocks import Block, Blocks, Break, Inline, Run, Slot, Token, normal
from crisis_desk.statements.draft_document import (
    INLINE_TAGS,
    TEXT_TAGS,
    Draft,
    Node,
    Part,
    atom_element,
    children,
    level_of,
    marks_of,
    read_inlines,
    root,
    run_of,
    tree_of,
    write_part,
)

# Two paragraphs that share less than this of their characters are another paragraph, not a changed one.
ALIKE = 0.4

Key = Any
Edit = Callable[[], object]


def merge_blocks(draft: Draft, blocks: Blocks) -> bytes:
    """Changes the document so that it reads as `blocks` and returns the change.

    On a copy of the draft as it was when the text was given out, the returned change can be applied to the draft as
    it is now: what others did in the meantime stays.
    """
    before = draft.get_state()
    tree = root(draft)
    with draft.transaction():
        _update_children(tree, tree_of(blocks))
    return draft.get_update(before)


# ---- elements ------------------------------------------------------------------------------------------------------


def _update_children(parent: Node, parts: Sequence[Part]) -> None:
    """Changes from the last to the first, so that the indexes in front stay right."""
    real = [(index, child) for index, child in enumerate(children(parent)) if not _is_unseen(parent, index, child)]
    old = [_key_of(child) for _, child in real]
    new = [_key_of_part(part) for part in parts]
    end = len(parent.children)
    for tag, i1, i2, j1, j2 in reversed(SequenceMatcher(None, old, new, autojunk=False).get_opcodes()):
        if tag != "equal":
            behind = real[i2][0] if i2 < len(real) else end
            _replace(parent, real[i1:i2], parts[j1:j2], behind)


def _replace(parent: Node, real: list[tuple[int, Any]], parts: Sequence[Part], behind: int) -> None:
    pairs = _pairs([child for _, child in real], parts)
    position, upto = behind, len(parts)
    for i in range(len(real) - 1, -1, -1):
        index, child = real[i]
        if i in pairs:
            _insert(parent, position, parts[pairs[i] + 1 : upto])
            _update(child, parts[pairs[i]])
            position, upto = index, pairs[i]
        else:
            del parent.children[index]
            position -= 1
    _insert(parent, real[0][0] if real else position, parts[:upto])


def _insert(parent: Node, position: int, parts: Sequence[Part]) -> None:
    for offset, part in enumerate(parts):
        write_part(parent, position + offset, part)


def _pairs(real: Sequence[Any], parts: Sequence[Part]) -> dict[int, int]:
    """Which element becomes which part: in order, of one tag, and alike or alone."""
    pairs: dict[int, int] = {}
    start = 0
    for i, child in enumerate(real):
        choices = [j for j in range(start, len(parts)) if getattr(child, "tag", None) == parts[j].tag]
        best = max(choices, key=lambda j: (_likeness(child, parts[j]), -j), default=None)
        if best is not None and (len(real) == len(parts) == 1 or _likeness(child, parts[best]) >= ALIKE):
            pairs[i] = best
            start = best + 1
    return pairs


def _likeness(child: Any, part: Part) -> float:
    return SequenceMatcher(None, _words(_key_of(child)), _words(_key_of_part(part)), autojunk=False).quick_ratio()


def _words(key: Key) -> str:
    return key if isinstance(key, str) else " ".join(_words(item) for item in key)


def _update(element: XmlElement, part: Part) -> None:
    for name, value in part.attributes.items():
        if element.attributes.get(name) != value:
            element.attributes[name] = value
    if part.is_text:
        _update_inlines(element, part.inlines)
    else:
        _update_children(element, part.parts)


def _is_unseen(parent: Node, index: int, child: XmlElement | XmlText) -> bool:
    """An empty paragraph, which the canonical text leaves out; an item's first one carries its number."""
    if isinstance(child, XmlText):
        return not str(child)
    is_first_of_item = index == 0 and getattr(parent, "tag", None) == "listItem"
    return child.tag in TEXT_TAGS and not is_first_of_item and not _clean(read_inlines(child))


def _key_of(node: XmlElement | XmlText) -> Key:
    if isinstance(node, XmlText):
        return ("", str(node))
    if node.tag in TEXT_TAGS:
        level = level_of(node) if node.tag == "heading" else 0
        return (f"{node.tag}{level}", *map(_said, _clean(read_inlines(node))))
    seen = [child for index, child in enumerate(children(node)) if not _is_unseen(node, index, child)]
    return (str(node.tag), *(_key_of(child) for child in seen))


def _key_of_part(part: Part) -> Key:
    if part.is_text:
        return (f"{part.tag}{part.attributes.get('level', 0)}", *map(_said, _clean(part.inlines)))
    return (part.tag, *(_key_of_part(child) for child in part.parts))


def _clean(inlines: Any) -> tuple[Inline, ...]:
    plain = tuple(Run(part.text, part.target) if isinstance(part, Run) else part for part in inlines)
    blocks = normal([Block("p", plain)])
    return blocks[0].inlines if blocks else ()


def _said(inline: Inline) -> str:
    match inline:
        case Run(text, target):
            return f"{text}\n{target}"
        case Token(name, bounds):
            return f"\t{name}:{bounds}"
        case Slot(name):
            return f"\t{name}"
        case _:
            return "\n\n"


# ---- inside a paragraph --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Unit:
    """A letter with its accents, or an atom: what it says, and where it stands (child, bytes from and to)."""

    key: Key
    child: int
    start: int = 0
    end: int = 0
    run: Run | None = None


def _update_inlines(element: XmlElement, inlines: Sequence[Inline]) -> None:
    old = _without_trailing_blanks(list(_units(element)))
    new = [(key, inline) for inline in inlines for key in _keys(inline)]
    for i1, i2, j1, j2 in reversed(list(_changes([unit.key for unit in old], [key for key, _ in new]))):
        pattern = old[i1].run if i1 < i2 else old[i1 - 1].run if i1 else None
        for unit in reversed(old[i1:i2]):
            _delete(element, unit)
        _write_at(element, old[i1 - 1] if i1 else None, [new[j] for j in range(j1, j2)], pattern)


def _units(element: XmlElement) -> Iterator[Unit]:
    for index, child in enumerate(children(element)):
        if isinstance(child, XmlText):
            yield from _text_units(child, index)
        elif child.tag in INLINE_TAGS:
            inline = next(iter(read_inlines_of(child)), Break())
            yield Unit(_said(inline), index)


def read_inlines_of(atom: XmlElement) -> tuple[Inline, ...]:
    """What one atom says, cleaned as the canonical text does."""
    match atom.tag:
        case "token":
            return _clean([Token(str(atom.attributes.get("name")), str(atom.attributes.get("bounds")))])
        case "slot":
            return _clean([Slot(str(atom.attributes.get("name")))])
        case _:
            return (Break(),)


def _text_units(text: XmlText, index: int) -> Iterator[Unit]:
    position = 0
    for chunk, marks in text.diff():
        if not isinstance(chunk, str):
            position += 1
            continue
        run = run_of(chunk, marks)
        for cluster in _clusters(chunk):
            end = position + len(cluster.encode())
            yield Unit(_cluster_key(cluster, run.target), index, position, end, run)
            position = end


def _clusters(text: str) -> Iterator[str]:
    """A text letter by letter, each with the accents that compose with it."""
    start = 0
    for index in range(1, len(text)):
        if not unicodedata.combining(text[index]):
            yield text[start:index]
            start = index
    if text:
        yield text[start:]


def _cluster_key(cluster: str, target: str) -> Key:
    return "\n\n" if cluster == "\n" else (unicodedata.normalize("NFC", cluster), target)


def _keys(inline: Inline) -> Iterator[Key]:
    if isinstance(inline, Run):
        yield from (_cluster_key(cluster, inline.target) for cluster in _clusters(inline.text))
    else:
        yield _said(inline)


def _without_trailing_blanks(units: list[Unit]) -> list[Unit]:
    while units and (units[-1].key == "\n\n" or (isinstance(units[-1].key, tuple) and not units[-1].key[0].strip())):
        units.pop()
    return units


def _changes(old: list[Key], new: list[Key]) -> Iterator[tuple[int, int, int, int]]:
    """What differs, word by word, and within a word without its common beginning and end."""
    old_words, new_words = _grouped(old), _grouped(new)
    matcher = SequenceMatcher(None, [w[2] for w in old_words], [w[2] for w in new_words], autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag != "equal":
            yield _trimmed(old, new, _edges(old_words, i1, i2, len(old)), _edges(new_words, j1, j2, len(new)))


def _edges(words: list[tuple[int, int, tuple[Key, ...]]], first: int, last: int, size: int) -> tuple[int, int]:
    start = words[first][0] if first < len(words) else size
    return start, words[last - 1][1] if last > first else start


def _trimmed(old: list[Key], new: list[Key], olds: tuple[int, int], news: tuple[int, int]) -> tuple[int, int, int, int]:
    (i1, i2), (j1, j2) = olds, news
    while i1 < i2 and j1 < j2 and old[i1] == new[j1]:
        i1, j1 = i1 + 1, j1 + 1
    while i1 < i2 and j1 < j2 and old[i2 - 1] == new[j2 - 1]:
        i2, j2 = i2 - 1, j2 - 1
    return i1, i2, j1, j2


def _grouped(keys: list[Key]) -> list[tuple[int, int, tuple[Key, ...]]]:
    """Words as (from, to, keys): letters and digits together, everything else alone."""
    words: list[tuple[int, int, tuple[Key, ...]]] = []
    start = 0
    for index in range(1, len(keys) + 1):
        if index == len(keys) or not (_is_letter(keys[index]) and _is_letter(keys[index - 1])):
            words.append((start, index, tuple(keys[start:index])))
            start = index
    return words


def _is_letter(key: Key) -> bool:
    return isinstance(key, tuple) and key[0][:1].isalnum()


def _delete(element: XmlElement, unit: Unit) -> None:
    child = element.children[unit.child]
    if isinstance(child, XmlText):
        del child[unit.start : unit.end]
    else:
        del element.children[unit.child]


def _write_at(element: XmlElement, before: Unit | None, new: list[tuple[Key, Inline]], pattern: Run | None) -> None:
    """Writes behind `before` (None is the beginning), with the bold and italic of what it replaces or follows."""
    if not new:
        return
    child, offset = _position(element, before)
    for inline in _rejoined(new):
        if isinstance(inline, Run):
            child, offset = _write_run(element, child, offset, inline, pattern)
        else:
            child, offset = _write_atom(element, child, offset, inline)


def _position(element: XmlElement, before: Unit | None) -> tuple[int, int]:
    if before is None:
        return 0, 0
    if isinstance(element.children[before.child], XmlText):
        return before.child, before.end
    return before.child + 1, 0


def _rejoined(new: list[tuple[Key, Inline]]) -> Iterator[Inline]:
    text, target = "", ""
    for key, inline in new:
        is_run = isinstance(inline, Run)
        if text and (not is_run or key[1] != target):
            yield Run(text, target)
            text = ""
        if is_run:
            text, target = text + key[0], key[1]
        else:
            yield inline
    if text:
        yield Run(text, target)


def _write_run(element: XmlElement, child: int, offset: int, run: Run, pattern: Run | None) -> tuple[int, int]:
    text = element.children[child] if child < len(element.children) else None
    if not isinstance(text, XmlText):
        text = element.children.insert(child, XmlText())
    like = pattern or Run("")
    text.insert(offset, run.text, marks_of(Run(run.text, run.target, like.bold, like.italic)))
    return child, offset + len(run.text.encode())


def _write_atom(element: XmlElement, child: int, offset: int, inline: Inline) -> tuple[int, int]:
    text = element.children[child] if child < len(element.children) else None
    if isinstance(text, XmlText) and offset:
        tail = _cut_tail(text, offset)
        element.children.insert(child + 1, atom_element(inline))
        rest = element.children.insert(child + 2, XmlText())
        for chunk, marks in tail:
            rest.insert(len(rest), chunk, marks or {})
        return child + 2, 0
    element.children.insert(child, atom_element(inline))
    return child + 1, 0


def _cut_tail(text: XmlText, offset: int) -> list[tuple[str, dict[str, Any] | None]]:
    """Takes what stands behind `offset` out of a text, with its marks: a text can't be split in place."""
    tail: list[tuple[str, dict[str, Any] | None]] = []
    position = 0
    for chunk, marks in text.diff():
        size = len(chunk.encode()) if isinstance(chunk, str) else 1
        if isinstance(chunk, str) and position + size > offset:
            tail.append((chunk.encode()[max(0, offset - position) :].decode(), marks))
        position += size
    del text[offset:position]
    return tail
