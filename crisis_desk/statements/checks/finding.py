"""What a check looks at and what it finds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from crisis_desk.statements.canonical_blocks import Block, Blocks, Break, Run
from crisis_desk.statements.canonical_forms import numbers

BLOCK = "block"
WARN = "warn"


@dataclass(frozen=True)
class Finding:
    """One place that stops or warns. `block` is the index in the text, `place` its number in the margin."""

    check: str
    level: str
    block: int
    place: int | None
    excerpt: str
    reason: str
    values: dict[str, str] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, int]:
        """What an override names."""
        return self.check, self.block

    def as_data(self, override: str | None = None) -> dict[str, Any]:
        """The shape in which an entry and the interface carry it; `override` is why it was overridden."""
        return {
            "check": self.check, "level": self.level, "block": self.block, "place": self.place,
            "excerpt": self.excerpt, "reason": self.reason, "values": self.values, "override": override,
        }  # fmt: skip


@dataclass(frozen=True)
class CheckedText:
    """A text with all that checks may know of its statement."""

    blocks: Blocks
    needs_next_update: bool
    is_family_informed: bool

    def lines(self) -> Iterator[tuple[int, str]]:
        """Index and plain words of each block; what is filled at release is left out."""
        for index, block in enumerate(self.blocks):
            yield index, plain(block)

    def finding(self, check: str, level: str, block: int, excerpt: str, reason: str, **values: str) -> Finding:
        """A finding with its place; `reason` is a msgid."""
        place = numbers(self.blocks)[block] if self.blocks else None
        return Finding(check, level, block, place, excerpt, reason, values)


def plain(block: Block) -> str:
    """The words of a block; a break counts as the end of a line, an open place as a blank."""
    return "".join(
        part.text if isinstance(part, Run) else "\n" if isinstance(part, Break) else " " for part in block.inlines
    )
