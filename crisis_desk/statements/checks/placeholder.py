"""A place that nobody filled in: a form in public tells everybody that nobody read it."""

from __future__ import annotations

from collections.abc import Iterator

from crisis_desk.platform.words import N_
from crisis_desk.statements.canonical import unfilled
from crisis_desk.statements.canonical_tokens import TOKEN_NAMES
from crisis_desk.statements.checks.finding import BLOCK, CheckedText, Finding


def unfilled_placeholder(text: CheckedText) -> Iterator[Finding]:
    """Blocks for every open slot and every token without bounds."""
    for block, name in unfilled(text.blocks):
        reason = (
            N_("%(name)s is filled at release and has no bounds yet: say from when to when, or how much.")
            if name in TOKEN_NAMES
            else N_("%(name)s is not filled in yet.")
        )
        yield text.finding("placeholder", BLOCK, block, f"{{{{{name}}}}}", reason, name=name)
