"""The sections of a review that people write, in the order of the report. Published in docs/report.md.

Everything else in the report is prepared from the record. A judgement is written by somebody who did not sign a
statement of that incident: who approved does not assess what was approved.
"""

from __future__ import annotations

from dataclasses import dataclass

from crisis_desk.platform.words import N_

REMEDIES = "remedies"
# One remedy a line, its parts between bars: task, lead, supporting, due, state.
PARTS = 5
NEEDED_PARTS = 2


@dataclass(frozen=True)
class Section:
    """A section with its number in the report, what it is called, and what belongs in it."""

    number: str
    title: str
    guidance: str
    is_judgement: bool


SECTIONS: dict[str, Section] = {
    "scope": Section(
        "I.3",
        N_("Extent and effect"),
        N_("Who and what was affected, in sums only: no person is named or can be recognised."),
        False,
    ),
    "direction": Section(
        "II.1",
        N_("Direction by leaders"),
        N_("What leaders were asked, what they directed, when and by which channel."),
        False,
    ),
    "coordination": Section(
        "II.3",
        N_("Coordination between agencies"),
        N_("How the agencies worked together: what was asked of whom, and how it was answered."),
        False,
    ),
    "results": Section("IV.1", N_("Results achieved"), N_("What worked, with the times that show it."), True),
    "shortcomings": Section(
        "IV.2",
        N_("Shortcomings"),
        N_("What did not work, without blame. What the record shows stands above by itself."),
        True,
    ),
    "causes": Section("IV.3", N_("Causes"), N_("External causes first, then our own."), True),
    "lessons": Section("V", N_("Lessons"), N_("What the next incident should find done."), True),
    REMEDIES: Section(
        "VI",
        N_("Tasks and remedies"),
        N_("One task a line: task | lead | supporting | due | state. The first two are needed."),
        False,
    ),
    "proposals": Section("VII", N_("Proposals"), N_("What is proposed to those the report goes to."), True),
}


def remedies(text: str) -> list[tuple[str, ...]]:
    """The lines of the section of remedies as rows of five parts; what a line lacks is blank."""
    rows = [tuple(part.strip() for part in line.split("|", PARTS - 1)) for line in text.splitlines() if line.strip()]
    return [row + ("",) * (PARTS - len(row)) for row in rows]


def unreadable_remedy(text: str) -> int | None:
    """The number of the first line that lacks its task or its lead; None when every line can be read."""
    for number, row in enumerate(remedies(text), 1):
        if not all(row[:NEEDED_PARTS]):
            return number
    return None
