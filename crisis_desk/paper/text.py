"""Small operations on the texts of a paper, shared by its renderers."""

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar, cast

from crisis_desk.paper.model import Block, BulletList, Paragraph, Points, Run, Text

T = TypeVar("T")

END = "./."
_STOPS = " \t\n.;,"


def runs(text: Text) -> tuple[Run, ...]:
    """The text as runs."""
    return (Run(text),) if isinstance(text, str) else text


def plain(text: Text) -> str:
    """The text without its styles."""
    return "".join(run.text for run in runs(text))


def every_text(thing: T, change: Callable[[str], str]) -> T:
    """A copy of a paper, or of any part of it, with every text in it changed."""
    if isinstance(thing, str):
        return cast(T, change(thing))
    if isinstance(thing, tuple):
        return cast(T, tuple(every_text(item, change) for item in thing))
    if is_dataclass(thing) and not isinstance(thing, type):
        changed = {part.name: every_text(getattr(thing, part.name), change) for part in fields(thing)}
        return cast(T, replace(cast(Any, thing), **changed))
    return thing


def ended_with(text: str, end: str) -> str:
    """The text with one stop of the given kind at its end, whatever stop it had."""
    return text.rstrip().removesuffix(END).rstrip(_STOPS) + end


def with_end(blocks: tuple[Block, ...], closing: str) -> tuple[Block, ...]:
    """The text of a paper with "./." at its end and nowhere else (Decree 30/2020, Appendix I, position 6)."""
    opened = tuple(_ending(block, _reopened) for block in blocks)
    if closing:
        return (*opened, Paragraph(ended_with(closing, END)))
    if opened and isinstance(opened[-1], Paragraph | BulletList | Points):
        return (*opened[:-1], _ending(opened[-1], lambda text: ended_with(text, END)))
    return (*opened, Paragraph(END))


def _reopened(text: str) -> str:
    return ended_with(text, ".") if text.rstrip().endswith(END) else text


def _ending(block: Block, change: Callable[[str], str]) -> Block:
    if isinstance(block, Paragraph):
        return Paragraph(_last_changed(block.text, change))
    if isinstance(block, BulletList | Points) and block.items:
        return replace(block, items=(*block.items[:-1], _last_changed(block.items[-1], change)))
    return block


def _last_changed(text: Text, change: Callable[[str], str]) -> Text:
    if isinstance(text, str):
        return change(text)
    return (*text[:-1], replace(text[-1], text=change(text[-1].text))) if text else change("")
