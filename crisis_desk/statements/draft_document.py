"""Between the tree that editors share (Yjs) and the blocks of a statement.

Clients write the tree, so nothing in it is trusted: what has an unknown name is read as the text it holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from pycrdt import Doc, XmlElement, XmlFragment, XmlText

from crisis_desk.platform.errors import Invalid
from crisis_desk.platform.words import _
from crisis_desk.statements.canonical_blocks import (
    LISTS,
    Block,
    Blocks,
    Break,
    Inline,
    Run,
    Slot,
    Token,
    clean_target,
    normal,
)

# The editor's collaboration extension keeps its tree under this name.
FIELD = "default"
LIST_TAGS = {"bulletList": "ul", "orderedList": "ol"}
TAG_OF_LIST = {kind: tag for tag, kind in LIST_TAGS.items()}
TEXT_TAGS = ("paragraph", "heading")
INLINE_TAGS = ("token", "slot", "hardBreak")
# What is nested deeper than an editor can make is read as text in order, so that no tree exhausts the stack.
MAX_NESTING = 24

Node = XmlElement | XmlFragment
Draft = Doc[Any]


def children(node: Node) -> list[XmlElement | XmlText]:
    """The children of a node; a fragment inside a tree, which no editor can show, is not among them."""
    return [child for child in node.children if not isinstance(child, XmlFragment)]


def empty_draft() -> Draft:
    """A document without content, that may be used by more than one thread under a lock."""
    return Doc(allow_multithreading=True)


def apply_update(draft: Draft, update: bytes) -> None:
    """Brings a stored or received change into the document. Raises `Invalid` if it is no update at all."""
    try:
        draft.apply_update(update)
    except (ValueError, RuntimeError) as error:
        raise Invalid(_("This change can't be read. The text on your screen is unharmed.")) from error


def root(draft: Draft) -> XmlFragment:
    """The tree of the statement's text."""
    tree: XmlFragment = draft.get(FIELD, type=XmlFragment)
    return tree


def read_blocks(draft: Draft) -> Blocks:
    """The text of a document, in normal form, with its marks."""
    tree = root(draft)
    with draft.transaction():
        return normal(list(_blocks(tree, Place())))


def new_document(blocks: Iterable[Block]) -> bytes:
    """The first update of a draft: a document with this text."""
    draft = empty_draft()
    tree = root(draft)
    parts = tree_of(blocks)
    if len(parts) == 1:
        # A line that stands alone may be the desk's own, as in a drill; what is typed next must not run on in it.
        parts.append(Part("paragraph"))
    with draft.transaction():
        for part in parts:
            write_part(tree, len(tree.children), part)
    return draft.get_update()


# ---- reading -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Place:
    """Where in the tree a node stands: what its paragraphs are (p, quote, ul, ol) and how deep."""

    kind: str = "p"
    depth: int = 0
    nesting: int = 0

    def inside(self, kind: str, depth: int) -> Place:
        return Place(kind, depth, self.nesting + 1)


def _blocks(node: Node, place: Place) -> Iterator[Block]:
    for child in children(node):
        if isinstance(child, XmlText):
            yield Block(place.kind, tuple(_runs(child)), place.depth, "more" if place.kind in LISTS else "")
        elif place.nesting >= MAX_NESTING:
            yield Block("p", tuple(_flat(child)))
        elif child.tag in LIST_TAGS:
            yield from _list(child, place)
        elif child.tag == "blockquote":
            yield from _several(child, place.inside("quote", 0))
        else:
            yield from _other(child, place)


def _other(child: XmlElement, place: Place) -> Iterator[Block]:
    tag = child.tag
    if tag == "heading" and place.kind == "p":
        yield Block(f"h{level_of(child)}", tuple(read_inlines(child)))
    elif tag in TEXT_TAGS or _holds_text(child):
        yield Block(place.kind, tuple(read_inlines(child)), place.depth)
    else:
        yield from _blocks(child, place.inside(place.kind, place.depth))


def _list(node: XmlElement, place: Place) -> Iterator[Block]:
    kind = LIST_TAGS[str(node.tag)]
    depth = place.depth + 1 if place.kind in LISTS else 1
    first = "new"
    for item in children(node):
        if isinstance(item, XmlText):
            yield Block(kind, tuple(_runs(item)), depth, first)
        else:
            yield from _several(item, place.inside(kind, depth), first)
        first = ""


def _several(node: XmlElement, place: Place, first: str = "") -> Iterator[Block]:
    """The blocks of a list's item or a quotation: the first paragraph begins it, the others go on with it."""
    has_begun = False
    for block in _blocks(node, place):
        is_own = block.kind == place.kind and block.depth == place.depth
        if is_own:
            yield Block(block.kind, block.inlines, block.depth, "more" if has_begun else first)
        else:
            if not has_begun and place.kind in LISTS:
                yield Block(place.kind, (), place.depth, first)
            yield block
        has_begun = True
    if not has_begun and place.kind in LISTS:
        yield Block(place.kind, (), place.depth, first)


def read_inlines(node: XmlElement) -> Iterator[Inline]:
    """What a paragraph or heading holds, with its marks."""
    for child in children(node):
        if isinstance(child, XmlText):
            yield from _runs(child)
        elif child.tag in INLINE_TAGS:
            yield _atom(child)
        else:
            yield from _flat(child)


def _atom(node: XmlElement) -> Inline:
    tag = node.tag
    if tag == "hardBreak":
        return Break()
    name = _text_attribute(node, "name")
    return Token(name, _text_attribute(node, "bounds")) if tag == "token" else Slot(name)


def _runs(text: XmlText) -> Iterator[Run]:
    for chunk, marks in text.diff():
        if isinstance(chunk, str):
            yield run_of(chunk, marks)


def run_of(text: str, marks: dict[str, Any] | None) -> Run:
    """Text with the marks that a statement knows; an editor's name for overlapping marks is `name--hash`."""
    known = {name.partition("--")[0]: value for name, value in (marks or {}).items() if value is not None}
    link = known.get("link")
    target = clean_target(link.get("href")) if isinstance(link, dict) else ""
    return Run(text, target, "bold" in known, "italic" in known)


def _flat(node: XmlElement | XmlText) -> Iterator[Inline]:
    """Every text and atom below a node, in order, however deep they lie."""
    waiting: list[XmlElement | XmlText] = [node]
    while waiting:
        item = waiting.pop()
        if isinstance(item, XmlText):
            yield from _runs(item)
        elif item.tag in INLINE_TAGS:
            yield _atom(item)
        else:
            waiting.extend(reversed(children(item)))


def _holds_text(node: XmlElement) -> bool:
    return any(isinstance(child, XmlText) or child.tag in INLINE_TAGS for child in children(node))


def level_of(node: XmlElement) -> int:
    """A heading's level, one to three, whatever a client wrote."""
    level = node.attributes.get("level")
    if not isinstance(level, int | float) or level != level:
        return 1
    return int(max(1, min(3, level)))


def _text_attribute(node: XmlElement, name: str) -> str:
    value = node.attributes.get(name)
    return value if isinstance(value, str) else ""


# ---- writing -------------------------------------------------------------------------------------------------------


@dataclass
class Part:
    """One element as it is to be: a container with parts, or a paragraph or heading with inlines."""

    tag: str
    attributes: dict[str, Any] = field(default_factory=dict)
    parts: list[Part] = field(default_factory=list)
    inlines: tuple[Inline, ...] = ()

    @property
    def is_text(self) -> bool:
        return self.tag in TEXT_TAGS


def tree_of(blocks: Iterable[Block]) -> list[Part]:
    """The elements that an editor would make of these blocks."""
    top: list[Part] = []
    items: list[tuple[str, Part, Part]] = []
    for block in normal(blocks):
        paragraph = Part("paragraph", inlines=block.inlines)
        if block.kind in LISTS:
            _place_item(top, items, block, paragraph)
            continue
        items.clear()
        if block.kind == "quote":
            if block.follows == "more":
                top[-1].parts.append(paragraph)
            else:
                top.append(Part("blockquote", parts=[paragraph]))
        elif block.kind == "p":
            top.append(paragraph)
        else:
            top.append(Part("heading", {"level": int(block.kind[1])}, inlines=block.inlines))
    return top


def _place_item(top: list[Part], items: list[tuple[str, Part, Part]], block: Block, paragraph: Part) -> None:
    """`items` holds for each depth the open list's kind, its part, and its last item's."""
    if block.follows == "more":
        del items[block.depth :]
        items[-1][2].parts.append(paragraph)
        return
    item = Part("listItem", parts=[paragraph])
    is_open = len(items) >= block.depth and items[block.depth - 1][0] == block.kind and block.follows != "new"
    if is_open:
        parent = items[block.depth - 1][1]
        parent.parts.append(item)
    else:
        parent = Part(TAG_OF_LIST[block.kind], parts=[item])
        (items[block.depth - 2][2].parts if block.depth > 1 else top).append(parent)
    del items[block.depth - 1 :]
    items.append((block.kind, parent, item))


def write_part(parent: Node, index: int, part: Part) -> XmlElement:
    """Puts an element where `index` says, with all that it holds."""
    element = XmlElement(part.tag)
    parent.children.insert(index, element)
    for name, value in part.attributes.items():
        element.attributes[name] = value
    for child in part.parts:
        write_part(element, len(element.children), child)
    write_inlines(element, len(element.children), part.inlines)
    return element


def write_inlines(element: XmlElement, index: int, inlines: Iterable[Inline]) -> int:
    """Inserts inlines as children from `index` on; returns the index behind them."""
    text: XmlText | None = None
    for inline in inlines:
        if isinstance(inline, Run):
            if text is None:
                text = XmlText()
                element.children.insert(index, text)
                index += 1
            text.insert(len(text), inline.text, marks_of(inline))
        else:
            element.children.insert(index, atom_element(inline))
            text, index = None, index + 1
    return index


def atom_element(inline: Inline) -> XmlElement:
    """The element of a token, a slot or a break."""
    match inline:
        case Token(name, bounds):
            return XmlElement("token", {"name": name, "bounds": bounds})
        case Slot(name):
            return XmlElement("slot", {"name": name})
        case _:
            return XmlElement("hardBreak")


def marks_of(run: Run) -> dict[str, Any]:
    """The marks of a run as the editor writes them."""
    marks: dict[str, Any] = {}
    if run.bold:
        marks["bold"] = {}
    if run.italic:
        marks["italic"] = {}
    if run.target:
        marks["link"] = {"href": run.target}
    return marks
