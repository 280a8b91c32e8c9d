"""Writing a section of the review, and keeping account of files that leave the desk."""

from __future__ import annotations

from uuid import uuid4

from crisis_desk.incidents.models import Incident
from crisis_desk.incidents.queries import visible_by_id
from crisis_desk.incidents.rules import require
from crisis_desk.journal.entries import Recorded
from crisis_desk.journal.streams import ACCESS, incident_stream
from crisis_desk.journal.transaction import Transaction
from crisis_desk.people.models import Person
from crisis_desk.platform.errors import Conflict, Invalid, NotFound, Stale
from crisis_desk.platform.text import normal
from crisis_desk.platform.words import N_, _
from crisis_desk.reports import queries, rules
from crisis_desk.reports.entries import ReportExported, SectionWritten
from crisis_desk.reports.models import ReviewSection
from crisis_desk.reports.sections import REMEDIES, SECTIONS, unreadable_remedy

LONGEST = 20_000


def write_section(
    tx: Transaction, *, person: Person, incident_id: str, section: str, text: str, version: int
) -> ReviewSection:
    """Gives a section its new wording; an empty one takes the old away from the report, not from the journal.

    `version` is the one that was seen, 0 for a section nobody has written. Raises `Stale` for another one,
    `Forbidden` for somebody who may not write it, `Conflict` before and after the time of reviewing.
    """
    incident = visible_by_id(tx.session, person, incident_id)
    if section not in SECTIONS:
        raise NotFound()
    _require_writer(tx, person, incident, section)
    present = queries.section_of(tx.session, incident.id, section)
    if version != (present.version if present else 0):
        raise Stale(present=present or queries.unwritten(incident.id, section))
    kept = _checked(section, text)
    section_id = present.id if present else str(uuid4())
    data = SectionWritten(section, kept, version + 1)
    tx.record(incident_stream(incident.id), data, subject=("review_section", section_id))
    return tx.session.get_one(ReviewSection, section_id)


def record_export(
    tx: Transaction, *, person: Person | None, incident_id: str, form: str, language: str, head: int, sha256: str
) -> Recorded[ReportExported]:
    """Keeps in the chain of accesses that a file with the report was made; `person` is None for the command line."""
    incident = visible_by_id(tx.session, person, incident_id) if person else tx.session.get_one(Incident, incident_id)
    data = ReportExported(incident.id, incident.code, form, language, head, sha256)
    return tx.record(ACCESS, data, subject=("incident", incident.id))


def _require_writer(tx: Transaction, person: Person, incident: Incident, section: str) -> None:
    require(rules.is_writer(person, incident), rules.NOT_A_WRITER)
    has_signed = queries.has_signed(tx.session, incident.id, person.id)
    require(rules.may_judge(SECTIONS[section], has_signed), rules.SIGNED)
    if not rules.is_open(incident):
        raise Conflict(rules.NOT_OPEN)


def _checked(section: str, text: str) -> str:
    kept = normal(text).strip()
    if len(kept) > LONGEST:
        raise Invalid(errors={"text": [N_("This section is longer than 20000 characters.")]})
    line = unreadable_remedy(kept) if section == REMEDIES else None
    if line is not None:
        sentence = _("Line %(line)s needs at least a task and who leads it, with a bar (|) between.", line=line)
        raise Invalid(errors={"text": [sentence]})
    return kept
