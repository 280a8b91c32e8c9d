"""Starting, meeting and closing clocks by hand or from another feature."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from crisis_desk.incidents import queries, rules
from crisis_desk.incidents.clocks import Running, is_open
from crisis_desk.incidents.entries import ClockClosed, ClockMet, ClockStarted
from crisis_desk.incidents.models import Clock, Incident
from crisis_desk.journal.streams import incident_stream
from crisis_desk.journal.transaction import Transaction
from crisis_desk.people.models import Person
from crisis_desk.platform.errors import Conflict, Invalid, NotFound
from crisis_desk.platform.words import N_


def start_clock(
    tx: Transaction,
    *,
    incident: Incident,
    code: str,
    starts_at: datetime,
    due_at: datetime,
    number: int | None = None,
    subject_id: str | None = None,
    citation: str | None = None,
) -> Clock:
    """Starts a clock that no severity asks for, such as the promise of the next update (`code` promise)."""
    clock_id = str(uuid4())
    shape = Running(code, starts_at, due_at, citation=citation).as_data(clock_id)
    tx.record(incident_stream(incident.id), ClockStarted(shape, number, subject_id), subject=("clock", clock_id))
    return tx.session.get_one(Clock, clock_id)


def meet_clocks(tx: Transaction, *, incident: Incident, codes: tuple[str, ...]) -> list[Clock]:
    """Marks every open clock with one of these codes as met now; what was late stays visible as late."""
    running = [c for c in queries.clocks_of(tx.session, incident.id) if c.code in codes and is_open(c)]
    for clock in running:
        tx.record(incident_stream(incident.id), ClockMet(clock.code, clock.number), subject=("clock", clock.id))
    return running


def close_clock(tx: Transaction, *, person: Person, clock_id: str, reason: str) -> Clock:
    """Ends a clock with a reason. It stays in sight; an overdue clock is never hidden."""
    clock = tx.session.get(Clock, clock_id)
    if clock is None:
        raise NotFound()
    incident = queries.visible_by_id(tx.session, person, clock.incident_id)
    rules.require(rules.may_assign(person, incident), rules.NOT_A_HANDLER)
    if not is_open(clock):
        raise Conflict(N_("This clock has ended already."))
    if not reason.strip():
        raise Invalid(errors={"reason": [N_("Say why, so that the record shows it.")]})
    tx.record(
        incident_stream(incident.id),
        ClockClosed(clock.code, reason.strip(), clock.number),
        subject=("clock", clock.id),
    )
    return clock
