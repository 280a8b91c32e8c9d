"""A statement's text for the eye: safe HTML, plain text, and the words alone for *check a document*."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby

from markupsafe import Markup, escape

from crisis_desk.platform.words import current_language
from crisis_desk.statements.canonical_blocks import LISTS, Block, Break, Inline, Run, Slot, Token, normal
from crisis_desk.statements.canonical_tokens import token_label

_NOT_WORDS = re.compile(r"[^\w\u0300-\u036f]+|_+")

InlineForm = Callable[[Inline], str]


def words_form(blocks: Iterable[Block]) -> str:
    """The words alone, folded in case and white space: equal for two papers that differ only in layout and marks.

    Accents stay, because in Vietnamese they make another word; signs, link targets and open tokens are left out.
    """
    text = " ".join(_inlines(block, _bare) for block in normal(blocks))
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return _NOT_WORDS.sub(" ", folded).strip()


def numbers(blocks: Iterable[Block]) -> list[int | None]:
    """The number in the margin of each block; headings and further paragraphs of an item have none."""
    count = 0
    found: list[int | None] = []
    for block in blocks:
        is_counted = block.kind[0] != "h" and block.follows != "more"
        count += is_counted
        found.append(count if is_counted else None)
    return found


def to_plain(blocks: Iterable[Block], language: str | None = None) -> str:
    """Text to be pasted: one line a block, list items with their sign, links followed by their target."""
    spoken = language or current_language()
    counts: dict[int, int] = {}
    return "\n".join(_lead(block, counts) + _inlines(block, _plain(spoken)) for block in normal(blocks))


def to_html(blocks: Iterable[Block], language: str | None = None, *, level: int = 2) -> Markup:
    """HTML that holds nothing but the tags named here, whatever clients wrote into the tree.

    The first level of headings becomes `h<level>`. Numbered blocks carry `id="c<number>"`.
    """
    kept = normal(blocks)
    form = _html(language or current_language())
    lines = [(block, number, _inlines(block, form)) for block, number in zip(kept, numbers(kept), strict=True)]
    parts: list[str] = []
    for kind, group in groupby(lines, key=lambda line: _container(line[0])):
        if kind == "list":
            parts.extend(_list_html(group))
        elif kind == "quote":
            parts.extend(_quote_html(group))
        else:
            parts.extend(_block_html(_tag(block, level), number, html) for block, number, html in group)
    return Markup("".join(parts))  # noqa: S704 - every part was escaped above


Line = tuple[Block, int | None, str]


def _container(block: Block) -> str:
    return "list" if block.kind in LISTS else "quote" if block.kind == "quote" else "block"


def _tag(block: Block, level: int) -> str:
    return "p" if block.kind == "p" else f"h{min(6, int(block.kind[1]) - 1 + level)}"


def _block_html(tag: str, number: int | None, html: str) -> str:
    mark = f' id="c{number}"' if number else ""
    return f"<{tag}{mark}>{html}</{tag}>"


def _quote_html(lines: Iterable[Line]) -> Iterator[str]:
    is_open = False
    for block, number, html in lines:
        if block.follows != "more":
            yield "</blockquote><blockquote>" if is_open else "<blockquote>"
            is_open = True
        yield _block_html("p", number, html)
    yield "</blockquote>"


def _list_html(lines: Iterable[Line]) -> Iterator[str]:
    lists: list[str] = []
    for block, number, html in lines:
        if block.follows == "more":
            yield from _closing(lists, block.depth)
            yield f"<p>{html}</p>"
            continue
        is_same = len(lists) >= block.depth and lists[block.depth - 1] == block.kind and block.follows != "new"
        yield from _closing(lists, block.depth if is_same else block.depth - 1)
        if is_same:
            yield "</li>"
        else:
            lists.append(block.kind)
            yield f"<{block.kind}>"
        yield f'<li id="c{number}"><p>{html}</p>'
    yield from _closing(lists, 0)


def _closing(lists: list[str], depth: int) -> Iterator[str]:
    while len(lists) > depth:
        yield f"</li></{lists.pop()}>"


def _lead(block: Block, counts: dict[int, int]) -> str:
    if block.kind not in LISTS:
        counts.clear()
        return ""
    indent = "  " * (block.depth - 1)
    if block.follows == "more":
        return f"{indent}  "
    for depth in [depth for depth in counts if depth > block.depth]:
        del counts[depth]
    counts[block.depth] = 1 if block.follows == "new" else counts.get(block.depth, 0) + 1
    return f"{indent}{counts[block.depth]}. " if block.kind == "ol" else f"{indent}- "


def _inlines(block: Block, form: InlineForm) -> str:
    return "".join(form(inline) for inline in block.inlines)


def _bare(inline: Inline) -> str:
    match inline:
        case Run(text):
            return text
        case _:
            return " "


def _plain(language: str) -> InlineForm:
    def form(inline: Inline) -> str:
        match inline:
            case Run(text, target):
                return f"{text} ({target})" if target and target != text else text
            case Token(name, bounds):
                return f"[{token_label(name, bounds, language)}]"
            case Slot(name):
                return f"{{{{{name}}}}}"
            case Break():
                return "\n"

    return form


def _html(language: str) -> InlineForm:
    def form(inline: Inline) -> str:
        match inline:
            case Run():
                return _run_html(inline)
            case Token(name, bounds):
                label = escape(token_label(name, bounds, language))
                return f'<span class="token" data-token="{name}" data-bounds="{escape(bounds)}">{label}</span>'
            case Slot(name):
                return f'<span class="todo-slot">{{{{{escape(name)}}}}}</span>'
            case Break():
                return "<br>"

    return form


def _run_html(run: Run) -> str:
    html: str = escape(run.text)
    if run.italic:
        html = f"<em>{html}</em>"
    if run.bold:
        html = f"<strong>{html}</strong>"
    if run.target:
        html = f'<a href="{escape(run.target)}" rel="noopener noreferrer nofollow">{html}</a>'
    return html
