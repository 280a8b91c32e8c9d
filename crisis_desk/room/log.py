"""The log of one incident, a stretch at a time: entries as lines, wrong lines with the line that puts them right."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from crisis_desk.incidents.models import Incident, LogNote
from crisis_desk.journal.entries import Recorded
from crisis_desk.journal.models import JournalEntry
from crisis_desk.journal.replay import recorded_from
from crisis_desk.journal.streams import incident_stream
from crisis_desk.room.lines import Line, NoteLink, line_of
from crisis_desk.room.names import PageNames

SHOWN_LINES = 200


def latest_lines(
    session: Session, incident: Incident, language: str, names: PageNames, *, before: int | None = None
) -> tuple[list[Line], bool]:
    """The last lines of the log, oldest first, and whether there are earlier ones."""
    query = select(JournalEntry.header, JournalEntry.payload).where(JournalEntry.stream == incident_stream(incident.id))
    if before is not None:
        query = query.where(JournalEntry.sequence < before)
    rows = session.execute(query.order_by(JournalEntry.sequence.desc()).limit(SHOWN_LINES + 1)).all()
    entries = [recorded_from(header, payload) for header, payload in rows[:SHOWN_LINES] if payload is not None]
    return lines_of(session, entries[::-1], language, names), len(rows) > SHOWN_LINES


def lines_of(session: Session, entries: list[Recorded[Any]], language: str, names: PageNames) -> list[Line]:
    """Entries as lines in the same order; notes know which line they put right, and which has put them right."""
    names.read(entry.person for entry in entries)
    links = _links(session, [entry for entry in entries if entry.kind == "log.noted"])
    return [line_of(entry, language, names, links.get(entry.subject_id)) for entry in entries]


def line_of_note(session: Session, note_id: str, incident: Incident, language: str, names: PageNames) -> Line:
    """The line of one note as it stands now."""
    note = session.get_one(LogNote, note_id)
    stored = session.get_one(JournalEntry, (incident_stream(incident.id), note.sequence))
    return lines_of(session, [recorded_from(stored.header, stored.payload or "")], language, names)[0]


def _links(session: Session, notes: Iterable[Recorded[Any]]) -> dict[str, NoteLink]:
    wanted = {note.subject_id for note in notes}
    if not wanted:
        return {}
    rows = list(session.scalars(select(LogNote).where(LogNote.id.in_(wanted))))
    others = {key for row in rows for key in (row.corrects, row.corrected_by) if key}
    sequences = _sequences(session, others)
    return {
        row.id: NoteLink(corrects=sequences.get(row.corrects or ""), corrected_by=sequences.get(row.corrected_by or ""))
        for row in rows
    }


def _sequences(session: Session, note_ids: set[str]) -> dict[str, int]:
    if not note_ids:
        return {}
    query = select(LogNote.id, LogNote.sequence).where(LogNote.id.in_(note_ids))
    return dict(session.execute(query).all())
