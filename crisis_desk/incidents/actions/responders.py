"""Asking people to take part, and what they answer."""

from __future__ import annotations

from uuid import uuid4

from crisis_desk.incidents import queries, rules
from crisis_desk.incidents.clocks import is_open
from crisis_desk.incidents.entries import (
    IncidentAcknowledged,
    ResponderAnswered,
    ResponderAssigned,
    ResponderReleased,
)
from crisis_desk.incidents.models import Incident, Responder
from crisis_desk.journal.streams import incident_stream
from crisis_desk.journal.transaction import Transaction
from crisis_desk.people.models import Person
from crisis_desk.platform.errors import Conflict, Invalid, NotFound
from crisis_desk.platform.words import N_


def assign_responder(tx: Transaction, *, person: Person, incident_id: str, person_id: str, role: str) -> Responder:
    """Asks a person to take part in a role; from now on she sees the incident."""
    incident = queries.visible_by_id(tx.session, person, incident_id)
    rules.require(rules.may_assign(person, incident), rules.NOT_A_HANDLER)
    asked = tx.session.get(Person, person_id)
    if asked is None or not asked.active:
        raise Invalid(errors={"person": [N_("There is no such active account.")]})
    if any(_is_same(other, person_id, role) for other in queries.responders_of(tx.session, incident.id)):
        raise Conflict(N_("This person already takes part in this role."))
    responder_id = str(uuid4())
    tx.record(incident_stream(incident.id), ResponderAssigned(person_id, role), subject=("responder", responder_id))
    return tx.session.get_one(Responder, responder_id)


def answer_assignment(
    tx: Transaction, *, person: Person, responder_id: str, answer: str, reason: str = ""
) -> Responder:
    """The person who was asked accepts, or declines with a reason. The first to accept acknowledges the incident."""
    responder = tx.session.get(Responder, responder_id)
    if responder is None:
        raise NotFound()
    incident = queries.visible_by_id(tx.session, person, responder.incident_id)
    rules.require(rules.may_answer(person, responder), N_("Only the person who was asked can answer."))
    if responder.released_at is not None or responder.answer == answer:
        raise Conflict(N_("This has been answered already."))
    if answer == "declined" and not reason.strip():
        raise Invalid(errors={"reason": [N_("Say why you decline, so that somebody else can be asked at once.")]})
    tx.record(
        incident_stream(incident.id),
        ResponderAnswered(person.id, answer, reason.strip()),
        subject=("responder", responder.id),
    )
    if answer == "accepted":
        _acknowledge(tx, incident)
    return responder


def acknowledge_incident(tx: Transaction, *, person: Person, incident_id: str) -> Incident:
    """A duty officer or coordinator takes the incident in hand."""
    incident = queries.visible_by_id(tx.session, person, incident_id)
    rules.require(rules.may_assign(person, incident), rules.NOT_A_HANDLER)
    if incident.acknowledged_at is not None:
        raise Conflict(N_("The incident has been acknowledged already."))
    _acknowledge(tx, incident)
    return incident


def release_responder(tx: Transaction, *, person: Person, responder_id: str, reason: str) -> Responder:
    """Lets somebody go; what she did stays in the record."""
    responder = tx.session.get(Responder, responder_id)
    if responder is None:
        raise NotFound()
    incident = queries.visible_by_id(tx.session, person, responder.incident_id)
    rules.require(rules.may_assign(person, incident) or responder.person_id == person.id, rules.NOT_A_HANDLER)
    if responder.released_at is not None:
        raise Conflict(N_("This person does not take part any more."))
    if not reason.strip():
        raise Invalid(errors={"reason": [N_("Say why, so that the record shows it.")]})
    tx.record(
        incident_stream(incident.id),
        ResponderReleased(responder.person_id, reason.strip()),
        subject=("responder", responder.id),
    )
    return responder


def _acknowledge(tx: Transaction, incident: Incident) -> None:
    if incident.acknowledged_at is not None:
        return
    clocks = queries.clocks_of(tx.session, incident.id)
    clock = next((c.id for c in clocks if c.code == "acknowledge" and is_open(c)), None)
    tx.record(incident_stream(incident.id), IncidentAcknowledged(clock), subject=("incident", incident.id))


def _is_same(other: Responder, person_id: str, role: str) -> bool:
    return (
        other.person_id == person_id and other.role == role and other.released_at is None and other.answer != "declined"
    )
