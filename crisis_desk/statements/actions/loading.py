"""What every action on a statement begins and ends with."""

from __future__ import annotations

from crisis_desk.incidents.models import Incident
from crisis_desk.journal.entries import E, Recorded
from crisis_desk.journal.streams import incident_stream
from crisis_desk.journal.transaction import Transaction
from crisis_desk.people.models import Person
from crisis_desk.platform.errors import Invalid
from crisis_desk.platform.text import normal
from crisis_desk.platform.words import N_
from crisis_desk.statements import queries
from crisis_desk.statements.models import Statement

LONGEST_REASON = 2_000


def loaded(tx: Transaction, person: Person, statement_id: str) -> tuple[Statement, Incident]:
    """The statement and its incident as they are under the lock. Raises `NotFound`."""
    return queries.visible(tx.session, person, statement_id)


def record(tx: Transaction, statement: Statement, data: E) -> Recorded[E]:
    """An entry about the statement in its incident's chain."""
    return tx.record(incident_stream(statement.incident_id), data, subject=("statement", statement.id))


def given_reason(reason: str, field: str = "reason") -> str:
    """The reason in its normal form. Raises `Invalid` when nothing was said or too much."""
    text = normal(reason).strip()
    if not text:
        raise Invalid(errors={field: [N_("Say why, so that the record shows it.")]})
    if len(text) > LONGEST_REASON:
        raise Invalid(errors={field: [N_("Please say it shorter.")]})
    return text
