"""Writing into the log. Nothing in it is edited or deleted: a wrong line is put right by another."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from crisis_desk.incidents import queries, rules
from crisis_desk.incidents.actions.incident import AHEAD
from crisis_desk.incidents.entries import LogNoted
from crisis_desk.incidents.intake_line import leading_time
from crisis_desk.incidents.mentions import mentioned
from crisis_desk.incidents.models import Incident, LogNote
from crisis_desk.journal.streams import incident_stream
from crisis_desk.journal.transaction import Transaction
from crisis_desk.people.models import Person
from crisis_desk.platform.errors import Conflict, Invalid, NotFound
from crisis_desk.platform.text import normal
from crisis_desk.platform.words import N_


def add_note(
    tx: Transaction,
    *,
    person: Person,
    incident_id: str,
    text: str,
    occurred_at: datetime | None = None,
    corrects: str | None = None,
) -> LogNote:
    """Writes a line. A time at its beginning ("02:14 gọi Sở Y tế") is when it happened, unless `occurred_at` says."""
    incident = queries.visible_by_id(tx.session, person, incident_id)
    rules.require(rules.may_note(person, incident))
    kept = normal(text).strip()
    happened = occurred_at or leading_time(kept, tx.now)[0] or tx.now
    if happened > tx.now + AHEAD:
        raise Invalid(errors={"occurred_at": [N_("This time lies ahead.")]})
    if corrects is not None:
        _check_correction(tx, incident, corrects)
    data = LogNoted(kept, min(happened, tx.now), mentioned(tx.session, incident, kept), corrects)
    note_id = str(uuid4())
    tx.record(incident_stream(incident.id), data, subject=("note", note_id))
    return tx.session.get_one(LogNote, note_id)


def _check_correction(tx: Transaction, incident: Incident, note_id: str) -> None:
    wrong = tx.session.get(LogNote, note_id)
    if wrong is None or wrong.incident_id != incident.id:
        raise NotFound()
    if wrong.corrected_by is not None:
        raise Conflict(N_("This line has been corrected already. Correct the newer line instead."))
