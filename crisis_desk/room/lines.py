"""An entry as a line of the log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crisis_desk.incidents.entries import LogNoted
from crisis_desk.journal.entries import Recorded
from crisis_desk.journal.sentences import Names, sentence
from crisis_desk.platform import wording

# What everybody in the room must hear at once.
ANNOUNCED = ("incident.severity_changed", "statement.released", "statement.withdrawn")


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
    corrects: str | None
    is_corrected: bool
    is_announced: bool


def line_of(entry: Recorded[Any], language: str, names: Names, *, is_corrected: bool = False) -> Line:
    """The line of an entry in one language."""
    data = entry.data
    is_note = isinstance(data, LogNoted)
    happened = data.occurred_at if isinstance(data, LogNoted) else entry.at
    return Line(
        sequence=entry.sequence,
        subject_id=entry.subject_id,
        kind=entry.kind,
        at=happened,
        text=data.text if isinstance(data, LogNoted) else sentence(entry, language, names),
        who=names.person(entry.person) if is_note else "",
        is_note=is_note,
        late_by=wording.late_by(happened, entry.at, language) if is_note else "",
        corrects=data.corrects if isinstance(data, LogNoted) else None,
        is_corrected=is_corrected,
        is_announced=entry.kind in ANNOUNCED,
    )
