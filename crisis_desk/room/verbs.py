"""What one person may do now, as the small set of verbs that is sent to her alone."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from crisis_desk.incidents import queries
from crisis_desk.incidents import rules as incident_rules
from crisis_desk.incidents.life_cycle import moves_from
from crisis_desk.incidents.models import Incident, Responder
from crisis_desk.people.models import Person
from crisis_desk.statements import rules as statement_rules
from crisis_desk.statements.models import Statement


def of_room(session: Session, person: Person, incident: Incident) -> dict[str, list[str]]:
    """The verbs for the incident, those who take part in it and its statements, by subject."""
    found = {f"incident:{incident.code}": of_incident(person, incident)}
    for responder in queries.responders_of(session, incident.id):
        found[f"responder:{responder.id}"] = of_responder(person, responder, incident)
    for statement in session.scalars(select(Statement).where(Statement.incident_id == incident.id)):
        found[f"statement:{statement.id}"] = of_statement(person, statement, incident)
    return found


def of_incident(person: Person, incident: Incident) -> list[str]:
    """What the person may do with the incident."""
    may = {
        "note": incident_rules.may_note(person, incident),
        "describe": incident_rules.may_describe(person, incident),
        "change_severity": incident_rules.may_change_severity(person, incident),
        "change_handling": incident_rules.may_change_handling(person, incident),
        "assign": incident_rules.may_assign(person, incident),
        "acknowledge": incident_rules.may_assign(person, incident) and incident.acknowledged_at is None,
        "close_clock": incident_rules.may_assign(person, incident),
        "authorise": incident_rules.may_authorise(person, incident),
        "begin_statement": statement_rules.may_begin(person, incident),
    }
    if not may["note"]:
        may["only_read"] = True
    moves = moves_from(incident.status) if incident_rules.may_change_status(person, incident) else []
    return [verb for verb, allowed in may.items() if allowed] + [f"move_to_{status}" for status in moves]


def of_responder(person: Person, responder: Responder, incident: Incident) -> list[str]:
    """What the person may do with an assignment: answer her own, release anybody she may assign, or herself."""
    if responder.released_at is not None:
        return []
    is_own = incident_rules.may_answer(person, responder)
    may = {
        "accept": is_own and responder.answer != "accepted",
        "decline": is_own and responder.answer != "declined",
        "release": responder.answer == "accepted" and (is_own or incident_rules.may_assign(person, incident)),
    }
    return [verb for verb, allowed in may.items() if allowed]


def of_statement(person: Person, statement: Statement, incident: Incident) -> list[str]:
    """What the person may do with the statement; who may sign is looked at when she opens it."""
    may = {
        "draft": statement_rules.may_draft(person, statement, incident),
        "submit": statement_rules.may_submit(person, statement, incident),
        "reopen": statement_rules.may_reopen(person, statement, incident),
    }
    return [verb for verb, allowed in may.items() if allowed]
