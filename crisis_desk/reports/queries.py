"""What reports read: every entry of an incident, the written sections, and who is behind the ids."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from crisis_desk.incidents.models import Incident
from crisis_desk.journal.entries import Recorded
from crisis_desk.journal.queries import MOST, entries_after, head_of
from crisis_desk.journal.streams import incident_stream
from crisis_desk.reports.course import Course, course_of
from crisis_desk.reports.models import ReviewSection
from crisis_desk.statements.models import Statement, StatementSignature


@dataclass(frozen=True)
class IncidentRecord:
    """The whole record of one incident at a moment; `head` is the sequence of its last entry."""

    incident: Incident
    entries: list[Recorded[Any]]
    course: Course
    sections: dict[str, ReviewSection]
    head: int
    at: datetime


def record_of(session: Session, incident: Incident, at: datetime) -> IncidentRecord:
    """Reads the record; sealed entries are counted by `head` and told by nothing else."""
    stream = incident_stream(incident.id)
    head = head_of(session, stream)
    # Sequences have no gaps, so pages are found without the last entry read, which may be sealed.
    entries = [entry for after in range(0, head, MOST) for entry in entries_after(session, stream, after, MOST)[0]]
    written = session.scalars(select(ReviewSection).where(ReviewSection.incident_id == incident.id))
    sections = {section.section: section for section in written}
    return IncidentRecord(incident, entries, course_of(entries), sections, head, at)


def section_of(session: Session, incident_id: str, section: str) -> ReviewSection | None:
    """A section as it reads now; None when nobody has written it."""
    query = select(ReviewSection).where(ReviewSection.incident_id == incident_id, ReviewSection.section == section)
    return session.scalars(query).one_or_none()


def unwritten(incident_id: str, section: str) -> ReviewSection:
    """What stands for a section nobody has written: empty, version 0. It is no row of the table."""
    return ReviewSection(incident_id=incident_id, section=section, text="", version=0)


def has_signed(session: Session, incident_id: str, person_id: str) -> bool:
    """Whether the person signed a statement of the incident, also one whose signature is void by now."""
    signed = exists().where(
        StatementSignature.statement_id == Statement.id,
        Statement.incident_id == incident_id,
        StatementSignature.person_id == person_id,
    )
    return bool(session.scalar(select(signed)))
