"""What the entries of reports change in the table of sections."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from crisis_desk.journal.entries import Recorded, effect
from crisis_desk.journal.streams import incident_of
from crisis_desk.reports.entries import SectionWritten
from crisis_desk.reports.models import ReviewSection


@effect(SectionWritten)
def section_written(session: Session, recorded: Recorded[SectionWritten]) -> None:
    data = recorded.data
    section = session.scalar(select(ReviewSection).where(ReviewSection.id == recorded.subject_id))
    if section is None:
        section = ReviewSection(id=recorded.subject_id, incident_id=incident_of(recorded.stream), section=data.section)
        session.add(section)
    section.text, section.version = data.text, data.version
    section.written_at, section.written_by = recorded.at, recorded.person
