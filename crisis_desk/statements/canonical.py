"""Canonical text, format 1: what a statement says, in one writing only, so that a hash can stand for it.

`docs/canonical-text.md` is the published description. How a client's tree becomes blocks is `draft_document`'s
business, how blocks are shown is `canonical_forms`'s.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from crisis_desk.platform.errors import Invalid
from crisis_desk.platform.words import _
from crisis_desk.statements.canonical_blocks import (
    LINE_ENDS,
    Block,
    Blocks,
    Break,
    Inline,
    Run,
    Slot,
    Token,
    clean_slot,
    clean_target,
    normal,
    with_words,
    without_marks,
)
from crisis_desk.statements.canonical_tokens import (
    TOKEN_NAMES,
    BadBounds,
    Value,
    bounds_text,
    parse_bounds,
    value_text,
)

_TYPE = re.compile(
    r"(?P<kind>p|h1|h2|h3|quote)(?P<more>-more)?|li-(?P<depth>[1-8])-(?P<list>ul|ol)(?P<follows>-more|-new)?"
)
_TYPE_LIKE = re.compile(r"[a-z][a-z0-9-]*")
_BRACES = re.compile(r"\{\{([^{}]+)\}\}")
_ESCAPED = re.compile(r"[\\\[\]{}\t]")
_INLINE = re.compile(
    r"\\(?P<escape>[\\\[\]{}_/])"
    r"|\{\{(?P<name>[^{}:\\]+)(?::(?P<bounds>[^{}\\]*))?\}\}"
    r"|\[(?P<label>(?:[^\[\]\\{}]|\\[\\\[\]{}_])+)\]\((?P<target>(?:[^\s)\\]|\\\))+)\)"
    r"|(?P<plain>[^\\\[{]+|.)",
    re.DOTALL,
)


class NotCanonical(ValueError):
    """A text that is not in the canonical writing; `line` counts from one."""

    def __init__(self, reason: str, line: int) -> None:
        super().__init__(f"line {line}: {reason}")
        self.line = line


def canonical(blocks: Iterable[Block]) -> str:
    """The canonical text of a list of blocks, which need not be in normal form."""
    return "\n".join(f"{block.type}\t{_inlines_text(block.inlines)}" for block in normal(blocks))


def text_sha256(text: str) -> str:
    """Lower-case hexadecimal SHA-256 of a canonical text in UTF-8: what a signature is bound to."""
    return hashlib.sha256(text.encode()).hexdigest()


def from_canonical(text: str) -> Blocks:
    """The blocks of a canonical text. Raises `NotCanonical` for a text that is written in any other way."""
    blocks = parse(text)
    if canonical(blocks) != text:
        raise NotCanonical("not in the canonical writing", _first_difference(canonical(blocks), text))
    return blocks


def parse(text: str) -> Blocks:
    """The blocks of a text as a person or program may write it.

    Line ends, composition and trailing blanks may be other than canonical; a line that has no type is a paragraph.
    Raises `NotCanonical` for an unknown type, a list's depth that skips one, or bounds that can't be read.
    """
    blocks = [_parse_line(line, number) for number, line in enumerate(LINE_ENDS.split(text), 1) if line.strip()]
    found = normal(blocks)
    for number, (block, kept) in enumerate(zip(with_words(blocks), found, strict=True), 1):
        if (block.depth, block.follows == "more") != (kept.depth, kept.follows == "more"):
            raise NotCanonical(f"{block.type} can't follow what precedes it", number)
    return found


def read_text(text: str) -> Blocks:
    """As `parse`, for what comes from outside: raises `Invalid` with a sentence."""
    try:
        return parse(text)
    except NotCanonical as error:
        sentence = _("Line %(line)s of the text can't be read: see the canonical text's format.", line=error.line)
        raise Invalid(errors={"text": [sentence]}) from error


def fill(text: str, values: Mapping[str, Value], language: str = "vi") -> str:
    """The final text of a release: every token of a canonical text replaced by its value.

    Raises `Invalid` naming the tokens that have no value or one outside the bounds that were signed.
    """
    blocks = from_canonical(text)
    errors = {token.name: [reason] for token in tokens(blocks) if (reason := _refusal(token, values))}
    if errors:
        raise Invalid(errors=errors)
    return canonical(
        replace(block, inlines=tuple(_filled(inline, values, language) for inline in block.inlines)) for block in blocks
    )


def tokens(blocks: Iterable[Block]) -> list[Token]:
    """The typed tokens of a text, in order."""
    return [inline for block in blocks for inline in block.inlines if isinstance(inline, Token)]


def unfilled(blocks: Iterable[Block]) -> list[tuple[int, str]]:
    """Index of the block and name of what stands open: slots, and tokens without bounds. They block submission.

    Braces typed as plain text count as well, because a reader would see a form that nobody filled in.
    """
    return [(index, name) for index, block in enumerate(blocks) for name in _open_names(block)]


def _refusal(token: Token, values: Mapping[str, Value]) -> str:
    value = values.get(token.name)
    if value is None:
        return _("This is filled at release and has no value yet.")
    if not parse_bounds(token.name, token.bounds).contains(value):
        return _("This value lies outside what was signed (%(bounds)s).", bounds=token.bounds)
    return ""


def _filled(inline: Inline, values: Mapping[str, Value], language: str) -> Inline:
    if not isinstance(inline, Token):
        return inline
    return Run(value_text(inline.name, values[inline.name], language))


def _open_names(block: Block) -> Iterator[str]:
    for inline in block.inlines:
        match inline:
            case Slot(name) | Token(name, ".."):
                yield name
            case Run(text):
                yield from _BRACES.findall(text)


# ---- writing -------------------------------------------------------------------------------------------------------


def _inlines_text(inlines: Iterable[Inline]) -> str:
    return "".join(_inline_text(inline) for inline in without_marks(inlines))


def _inline_text(inline: Inline) -> str:
    match inline:
        case Run(text, ""):
            return _escape(text)
        case Run(text, target):
            return f"[{_escape(text)}]({target.replace(')', chr(92) + ')')})"
        case Token(name, bounds):
            return f"{{{{{name}:{bounds}}}}}"
        case Slot(name):
            return f"{{{{{name}}}}}"
        case Break():
            return r"\/"


def _escape(text: str) -> str:
    return _ESCAPED.sub(lambda match: r"\_" if match[0] == "\t" else f"\\{match[0]}", text)


# ---- reading -------------------------------------------------------------------------------------------------------


def _parse_line(line: str, number: int) -> Block:
    word, tab, rest = line.partition("\t")
    match = _TYPE.fullmatch(word)
    if match is None or not tab or (match["more"] and match["kind"] != "quote"):
        if tab and _TYPE_LIKE.fullmatch(word):
            raise NotCanonical(f"unknown type {word}", number)
        return Block("p", _parse_inlines(line, number))
    inlines = _parse_inlines(rest, number)
    if match["list"]:
        return Block(match["list"], inlines, int(match["depth"]), (match["follows"] or "").lstrip("-"))
    return Block(match["kind"], inlines, 0, "more" if match["more"] else "")


def _parse_inlines(text: str, number: int) -> tuple[Inline, ...]:
    return tuple(_parse_inline(match, number) for match in _INLINE.finditer(text))


def _parse_inline(match: re.Match[str], number: int) -> Inline:
    if match["escape"]:
        return Break() if match["escape"] == "/" else Run(_unescaped(match["escape"]))
    if match["name"]:
        return _parse_name(match, number)
    if match["label"]:
        target = clean_target(match["target"].replace("\\)", ")"))
        label = re.sub(r"\\(.)", lambda part: _unescaped(part[1]), match["label"])
        return Run(label, target) if target else Run(match[0])
    return Run(match["plain"])


def _parse_name(match: re.Match[str], number: int) -> Inline:
    name, bounds = match["name"], match["bounds"]
    if name not in TOKEN_NAMES:
        return Slot(clean_slot(name))
    try:
        return Token(name, bounds_text(parse_bounds(name, bounds or "")))
    except BadBounds as error:
        raise NotCanonical(f"bounds {error}", number) from error


def _unescaped(character: str) -> str:
    return "\t" if character == "_" else character


def _first_difference(one: str, other: str) -> int:
    pairs = zip(one.split("\n"), other.split("\n"), strict=False)
    return next((number for number, (a, b) in enumerate(pairs, 1) if a != b), one.count("\n") + 1)
