"""What one person may do now, as the small set of verbs that is sent to her alone."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from crisis_desk.incidents import rules as incident_rules
from crisis_desk.incidents.life_cycle import moves_from
from crisis_desk.incidents.models import Incident
from crisis_desk.people.models import Person
from crisis_desk.statements import rules as statement_rules
from crisis_desk.statements.models import Statement


def of_room(session: Session, person: Person, incident: Incident) -> dict[str, list[str]]:
    """The verbs for the incident and each of its statements, by subject."""
    found = {f"incident:{incident.code}": of_incident(person, incident)}
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
        "authorise": incident_rules.may_authorise(person, incident),
        "begin_statement": statement_rules.may_begin(person, incident),
    }
    moves = moves_from(incident.status) if incident_rules.may_change_status(person, incident) else []
    return [verb for verb, allowed in may.items() if allowed] + [f"move_to_{status}" for status in moves]


def of_statement(person: Person, statement: Statement, incident: Incident) -> list[str]:
    """What the person may do with the statement; who may sign is looked at when she opens it."""
    may = {
        "draft": statement_rules.may_draft(person, statement, incident),
        "submit": statement_rules.may_submit(person, statement, incident),
        "reopen": statement_rules.may_reopen(person, statement, incident),
    }
    return [verb for verb, allowed in may.items() if allowed]
