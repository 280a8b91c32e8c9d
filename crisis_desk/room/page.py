"""The room of one incident as data: what is true, who does what until when, what has just happened."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session

from crisis_desk.incidents import queries
from crisis_desk.incidents.clocks import FIRST_INFORMATION, is_open
from crisis_desk.incidents.codes import spoken_code
from crisis_desk.incidents.models import Clock, Incident, Responder, SpeakingAuthorisation
from crisis_desk.incidents.rules import is_valid
from crisis_desk.journal.models import JournalEntry
from crisis_desk.people.models import Organisation, Person
from crisis_desk.room.holders import Holders
from crisis_desk.room.names import PageNames
from crisis_desk.room.times import TimeView, times_of
from crisis_desk.statements.canonical import parse
from crisis_desk.statements.canonical_forms import to_html
from crisis_desk.statements.models import Statement, StatementStep
from crisis_desk.statements.queries import latest_released, statements_of

SHOWN_CLOCKS = 4


@dataclass(frozen=True)
class StepView:
    """A step of a text's way to approval, and whose it is."""

    step: StatementStep
    organisation: Organisation | None

    @property
    def is_open(self) -> bool:
        """Whether it is still to be signed."""
        return self.step.signature_id is None and self.step.unanswered_at is None


@dataclass(frozen=True)
class StatementView:
    """A statement with whose hands it is in and what is still to be signed."""

    statement: Statement
    holder: Person | None
    organisation: Organisation | None
    steps: list[StepView]


@dataclass(frozen=True)
class ResponderView:
    """Somebody who was asked to take part."""

    responder: Responder
    person: Person | None


@dataclass(frozen=True)
class AuthorisationView:
    """An authorisation to speak, and whether it counts now."""

    authorisation: SpeakingAuthorisation
    person: Person | None
    is_valid: bool


@dataclass(frozen=True)
class Room:
    """Everything the room shows but its log."""

    incident: Incident
    spoken_code: str
    clocks: list[Clock]
    more_clocks: list[Clock]
    statements: list[StatementView]
    said: Statement | None
    promise: Clock | None
    responders: list[ResponderView]
    authorisations: list[AuthorisationView]
    times: list[TimeView]
    lead: Organisation | None
    severity_by: str
    trigger_known: bool

    @property
    def said_text(self) -> Markup:
        """What the public was told last, as HTML that holds nothing but text."""
        return to_html(parse(self.said.final_text), level=4) if self.said and self.said.final_text else Markup()

    @property
    def unanswered(self) -> int:
        """How many were asked and have not answered yet."""
        return sum(view.responder.answer == "assigned" for view in self.responders)


def room(session: Session, incident: Incident, now: datetime) -> Room:
    """The room of one incident at one moment."""
    statements = statements_of(session, incident.id)
    responders = [r for r in queries.responders_of(session, incident.id) if r.released_at is None]
    authorisations = queries.authorisations_of(session, incident.id)
    ids = [r.person_id for r in responders] + [a.person_id for a in authorisations]
    ids += [key for s in statements for key in (s.holder_person_id, s.created_by) if key]
    names, holders = PageNames.of(session, now, ids), Holders(session, now)
    steps = _steps(session, incident)
    clocks = queries.clocks_of(session, incident.id)
    shown, more = chosen_clocks(clocks, now)
    return Room(
        incident=incident,
        spoken_code=spoken_code(incident.code),
        clocks=shown,
        more_clocks=more,
        statements=[_statement(s, incident, steps.get(s.id, []), names, holders) for s in reversed(statements)],
        said=latest_released(session, incident.id),
        promise=_promise(clocks),
        responders=[ResponderView(r, names.get(r.person_id)) for r in responders],
        authorisations=[AuthorisationView(a, names.get(a.person_id), is_valid(a, now)) for a in authorisations],
        times=times_of(session, incident, names),
        lead=holders.organisation(incident.lead_organisation_id),
        severity_by=_severity_by(session, incident, names),
        trigger_known=incident.trigger is not None,
    )


def chosen_clocks(clocks: list[Clock], now: datetime) -> tuple[list[Clock], list[Clock]]:
    """The four clocks of the head (promise, nearest, latest overdue, initial information), and the others."""
    running = [clock for clock in clocks if is_open(clock)]
    overdue = [clock for clock in running if clock.due_at < now]
    ahead = [clock for clock in running if clock.due_at >= now]
    wanted = [
        next((c for c in running if c.code == "promise"), None),
        next(iter(ahead), None),
        overdue[-1] if overdue else None,
        next((c for c in clocks if c.code in FIRST_INFORMATION), None),
        *running,
        *clocks,
    ]
    shown: list[Clock] = []
    for clock in wanted:
        if clock is not None and clock not in shown and len(shown) < SHOWN_CLOCKS:
            shown.append(clock)
    return shown, [clock for clock in clocks if clock not in shown]


def _promise(clocks: Sequence[Clock]) -> Clock | None:
    """The promise that is due next; one whose clock ended with the incident still stands in public."""
    promises = [clock for clock in clocks if clock.code == "promise" and clock.met_at is None]
    return next((clock for clock in promises if is_open(clock)), promises[-1] if promises else None)


def _statement(
    statement: Statement, incident: Incident, steps: list[StatementStep], names: PageNames, holders: Holders
) -> StatementView:
    def body(function: str | None) -> Organisation | None:
        return holders.of(function, statement, incident, names)

    return StatementView(
        statement,
        names.get(statement.holder_person_id),
        body(statement.holder_function),
        [StepView(step, body(step.function)) for step in steps],
    )


def _steps(session: Session, incident: Incident) -> dict[str, list[StatementStep]]:
    query = (
        select(StatementStep)
        .join(Statement, Statement.id == StatementStep.statement_id)
        .where(Statement.incident_id == incident.id, StatementStep.closed_at.is_(None))
        .order_by(StatementStep.position)
    )
    found: defaultdict[str, list[StatementStep]] = defaultdict(list)
    for step in session.scalars(query):
        found[step.statement_id].append(step)
    return found


def _severity_by(session: Session, incident: Incident, names: PageNames) -> str:
    query = (
        select(JournalEntry.person)
        .where(
            JournalEntry.subject_type == "incident",
            JournalEntry.subject_id == incident.id,
            JournalEntry.kind == "incident.severity_changed",
        )
        .order_by(JournalEntry.sequence.desc())
        .limit(1)
    )
    return names.person(session.scalar(query))
