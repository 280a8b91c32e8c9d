"""What is read of statements, already narrowed to what the person may see."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from crisis_desk.incidents.models import Incident
from crisis_desk.incidents.queries import visible_by_id
from crisis_desk.people.models import Organisation, Person
from crisis_desk.people.queries import holder_of
from crisis_desk.platform.clock import parse_instant
from crisis_desk.platform.errors import NotFound
from crisis_desk.statements import approval
from crisis_desk.statements.approval_sets import ApprovalSet, own_set, sets_at
from crisis_desk.statements.models import (
    FROZEN_STATES,
    PUBLIC_STATES,
    RELEASED,
    SUBMITTED,
    ApprovalSetChoice,
    Statement,
    StatementRevision,
    StatementSignature,
    StatementStep,
)

# Those who speak for the province itself (Decree 09/2017, Art. 3.1).
PROVINCE_SPEAKERS = ("peoples_committee", "peoples_committee_office")


def visible(session: Session, person: Person, statement_id: str) -> tuple[Statement, Incident]:
    """The statement and its incident. Raises `NotFound` also when the person may not know of the incident."""
    statement = session.get(Statement, statement_id)
    if statement is None:
        raise NotFound()
    return statement, visible_by_id(session, person, statement.incident_id)


def statements_of(session: Session, incident_id: str) -> list[Statement]:
    """The statements of an incident in the order of their numbers."""
    query = select(Statement).where(Statement.incident_id == incident_id)
    return list(session.scalars(query.order_by(Statement.number)))


def next_number(session: Session, incident_id: str) -> int:
    """The number that the incident's next statement gets."""
    last = session.scalar(select(func.max(Statement.number)).where(Statement.incident_id == incident_id))
    return (last or 0) + 1


def next_sequence_number(session: Session, incident_id: str) -> int:
    """Which notice to the public of this incident (lần n) the next release would be."""
    query = select(func.count()).where(Statement.incident_id == incident_id, Statement.sequence_number.is_not(None))
    return session.execute(query).scalar_one() + 1


def latest_released(session: Session, incident_id: str) -> Statement | None:
    """The last notice of the incident that still stands."""
    query = select(Statement).where(Statement.incident_id == incident_id, Statement.state == RELEASED)
    return session.scalars(query.order_by(Statement.released_at.desc()).limit(1)).first()


def still_standing(session: Session, incident_id: str) -> list[Statement]:
    """Every notice of the incident that nothing has replaced, corrected or withdrawn yet."""
    query = select(Statement).where(Statement.incident_id == incident_id, Statement.state == RELEASED)
    return list(session.scalars(query.order_by(Statement.number)))


def revisions_of(session: Session, statement_id: str) -> list[StatementRevision]:
    """Named and submitted revisions in order."""
    query = select(StatementRevision).where(StatementRevision.statement_id == statement_id)
    return list(session.scalars(query.order_by(StatementRevision.number)))


def steps_of(session: Session, statement_id: str) -> list[StatementStep]:
    """The steps of the present submission in order; none while the text is a draft."""
    query = select(StatementStep).where(StatementStep.statement_id == statement_id, StatementStep.closed_at.is_(None))
    return list(session.scalars(query.order_by(StatementStep.position)))


def signatures_of(session: Session, statement_id: str) -> list[StatementSignature]:
    """The signatures that count, in order."""
    query = select(StatementSignature).where(
        StatementSignature.statement_id == statement_id, StatementSignature.voided_at.is_(None)
    )
    return list(session.scalars(query.order_by(StatementSignature.at, StatementSignature.id)))


def function_holder(
    session: Session, statement: Statement, incident: Incident, function: str, at: datetime
) -> Organisation | None:
    """The organisation that a step's function means for this text at this moment; None when nobody holds it."""
    if function == "unit":
        creator = session.get(Person, statement.created_by) if statement.created_by else None
        return creator.organisation if creator is not None else None
    own = {"issuer": statement.issuer_id, "lead_agency": incident.lead_organisation_id}
    if function in own:
        key = own[function]
        return session.get(Organisation, key) if key else None
    return holder_of(session, function, at)


def province_speakers(session: Session, at: datetime) -> set[str]:
    """The ids of the organisations whose spokespersons speak for the province."""
    holders = (holder_of(session, function, at) for function in PROVINCE_SPEAKERS)
    return {holder.id for holder in holders if holder is not None}


def approval_set_for(session: Session, severity: int, at: datetime) -> ApprovalSet:
    """The steps a severity asks for: those the desk chose, else those that come with it."""
    choice = session.get(ApprovalSetChoice, severity)
    chosen = sets_at(at).get(choice.approval_set) if choice is not None else None
    return chosen or own_set(severity, at)


def held_steps(session: Session, person: Person, statement: Statement, incident: Incident, at: datetime) -> list[str]:
    """The ids of the steps that the person holds now and could sign or return."""
    if statement.state not in FROZEN_STATES:
        return []
    return [
        step.id
        for step in approval.open_steps(steps_of(session, statement.id))
        if person.has(*step.roles)
        and (body := function_holder(session, statement, incident, step.function, at)) is not None
        and body.id == person.organisation_id
    ]


def with_run_out_steps(session: Session, now: datetime) -> list[Statement]:
    """Submitted statements whose timed step has run out and is not noted yet; for the job that notes it."""
    timed = select(StatementStep.statement_id).where(
        StatementStep.closed_at.is_(None),
        StatementStep.minutes.is_not(None),
        StatementStep.asked_at.is_not(None),
        StatementStep.signature_id.is_(None),
        StatementStep.unanswered_at.is_(None),
    )
    waiting = session.scalars(select(Statement).where(Statement.state == SUBMITTED, Statement.id.in_(timed)))
    return [one for one in waiting if approval.run_out(steps_of(session, one.id), now)]


def released(session: Session, *, drill: bool, limit: int, after: Sequence[str] | None = None) -> list[Statement]:
    """What the public has been told, or in a drill would have been: the newest first, one more than `limit`."""
    query = select(Statement).where(Statement.state.in_(PUBLIC_STATES), Statement.drill == drill)
    if after is not None:
        query = query.where(tuple_(Statement.released_at, Statement.id) < (parse_instant(after[0]), after[1]))
    return list(session.scalars(query.order_by(Statement.released_at.desc(), Statement.id.desc()).limit(limit + 1)))


def released_by_id(session: Session, statement_id: str, *, drill: bool) -> Statement:
    """One notice that was released. Raises `NotFound` for anything else, drills among real ones included."""
    statement = session.get(Statement, statement_id)
    if statement is None or statement.state not in PUBLIC_STATES or statement.drill != drill:
        raise NotFound()
    return statement


def notices_of(session: Session, incident_id: str) -> list[Statement]:
    """Every notice of an incident that was released, the newest first."""
    query = select(Statement).where(Statement.incident_id == incident_id, Statement.state.in_(PUBLIC_STATES))
    return list(session.scalars(query.order_by(Statement.released_at.desc())))


def revision_before(session: Session, statement: Statement, person_id: str) -> StatementRevision | None:
    """What a signer compares with: the text she last signed, else the one submitted before; None for the first."""
    signed = (
        select(StatementStep.revision)
        .join(StatementSignature, StatementSignature.step_id == StatementStep.id)
        .where(StatementSignature.statement_id == statement.id, StatementSignature.person_id == person_id)
    )
    earlier = select(StatementRevision).where(
        StatementRevision.statement_id == statement.id,
        StatementRevision.submitted,
        StatementRevision.number < statement.revision,
    )
    newest = earlier.order_by(StatementRevision.number.desc()).limit(1)
    own = session.scalars(newest.where(StatementRevision.number.in_(signed))).first()
    return own or session.scalars(newest).first()
