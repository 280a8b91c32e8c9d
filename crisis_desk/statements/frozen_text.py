"""From a draft to the text that is frozen: the drill's line, and what the checks look at."""

from __future__ import annotations

from crisis_desk.incidents.models import Incident
from crisis_desk.statements.canonical_blocks import Block, Blocks, Run
from crisis_desk.statements.checks import CheckedText
from crisis_desk.statements.checks.finding import plain
from crisis_desk.statements.lists import CORRECTION, DRILL_LINES, PROMISING
from crisis_desk.statements.models import Statement


def with_drill_line(blocks: Blocks, drill: bool, language: str) -> Blocks:
    """In a drill every text begins with the line that says so, wherever it is copied to; elsewhere as it was."""
    if not drill:
        return blocks
    line = DRILL_LINES[language]
    if blocks and plain(blocks[0]).strip() == line:
        return blocks
    return (Block("p", (Run(line),)), *blocks)


def checked(blocks: Blocks, statement: Statement, incident: Incident) -> CheckedText:
    """The text with what its checks must know of the statement."""
    is_over = statement.purpose == CORRECTION and incident.status in {"closed", "reviewed"}
    return CheckedText(
        blocks=blocks,
        needs_next_update=statement.purpose in PROMISING and not is_over,
        is_family_informed=statement.family_informed_at is not None,
    )
