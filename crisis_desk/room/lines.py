"""An entry as a line of the log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crisis_desk.incidents.entries import LogNoted, SeverityChanged
from crisis_desk.journal.entries import Recorded
from crisis_desk.journal.sentences import Names, sentence
from crisis_desk.platform import wording

# What everybody in the room must hear at once; a change of severity only where it is the gravest.
ANNOUNCED = ("statement.released", "statement.withdrawn")
GRAVEST = 4


@dataclass(frozen=True)
class NoteLink:
    """Sequences of the line that a note puts right, and of the line that has put it right."""

    corrects: int | None
    corrected_by: int | None


@dataclass(frozen=True)
class Line:
    """One line: when it happened, what, who wrote it, and how much later it was written down."""

    sequence: int
    subject_id: str
    kind: str
    at: datetime
    text: str
    who: str
    is_note: bool
    late_by: str
    corrects: int | None
    corrected_by: int | None
    is_announced: bool


def line_of(entry: Recorded[Any], language: str, names: Names, link: NoteLink | None = None) -> Line:
    """The line of an entry in one language."""
    data = entry.data
    note = data if isinstance(data, LogNoted) else None
    return Line(
        sequence=entry.sequence,
        subject_id=entry.subject_id,
        kind=entry.kind,
        at=note.occurred_at if note else entry.at,
        text=note.text if note else sentence(entry, language, names),
        who=names.person(entry.person) if note else "",
        is_note=note is not None,
        late_by=wording.late_by(note.occurred_at, entry.at, language) if note else "",
        corrects=link.corrects if link else None,
        corrected_by=link.corrected_by if link else None,
        is_announced=entry.kind in ANNOUNCED or (isinstance(data, SeverityChanged) and data.after == GRAVEST),
    )
