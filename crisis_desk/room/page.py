"""The room of one incident as data: what is true, who does what until when, what has just happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from crisis_desk.incidents import queries
from crisis_desk.incidents.clocks import FIRST_INFORMATION, is_open
from crisis_desk.incidents.codes import spoken_code
from crisis_desk.incidents.models import Clock, Incident, LogNote, Responder, SpeakingAuthorisation
from crisis_desk.incidents.rules import is_valid
from crisis_desk.journal.models import JournalEntry, StreamHead
from crisis_desk.journal.replay import recorded_from
from crisis_desk.journal.streams import incident_stream
from crisis_desk.people.models import Organisation, Person
from crisis_desk.room.holders import Holders
from crisis_desk.room.lines import Line, line_of
from crisis_desk.room.names import PageNames
from crisis_desk.statements.models import RELEASED, Statement
from crisis_desk.statements.queries import statements_of

SHOWN_CLOCKS = 4
SHOWN_LINES = 200


@dataclass(frozen=True)
class StatementView:
    """A statement with whose hands it is in."""

    statement: Statement
    holder: Person | None
    organisation: Organisation | None


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
    """Everything the room shows. `head` is the sequence up to which it is right."""

    incident: Incident
    spoken_code: str
    head: int
    stream: str
    clocks: list[Clock]
    more_clocks: list[Clock]
    statements: list[StatementView]
    said: Statement | None
    responders: list[ResponderView]
    authorisations: list[AuthorisationView]
    lines: list[Line]
    has_earlier: bool
    lead: Organisation | None
    severity_by: str


def room(session: Session, incident: Incident, language: str, now: datetime) -> Room:
    """The room of one incident, in one language, at one moment."""
    head = session.get(StreamHead, incident_stream(incident.id))
    statements = statements_of(session, incident.id)
    responders = queries.responders_of(session, incident.id)
    authorisations = queries.authorisations_of(session, incident.id)
    ids = [r.person_id for r in responders] + [a.person_id for a in authorisations]
    ids += [key for s in statements for key in (s.holder_person_id, s.created_by) if key]
    names, holders = PageNames.of(session, now, ids), Holders(session, now)
    lines, has_earlier = latest_lines(session, incident, language, names)
    shown, more = chosen_clocks(queries.clocks_of(session, incident.id), now)
    return Room(
        incident=incident,
        spoken_code=spoken_code(incident.code),
        head=head.sequence if head else 0,
        stream=incident_stream(incident.id),
        clocks=shown,
        more_clocks=more,
        statements=[statement_view(s, incident, names, holders) for s in reversed(statements)],
        said=next((s for s in reversed(statements) if s.state == RELEASED), None),
        responders=[ResponderView(r, names.get(r.person_id)) for r in responders],
        authorisations=[AuthorisationView(a, names.get(a.person_id), is_valid(a, now)) for a in authorisations],
        lines=lines,
        has_earlier=has_earlier,
        lead=holders.organisation(incident.lead_organisation_id),
        severity_by=_severity_by(session, incident, names),
    )


def statement_view(statement: Statement, incident: Incident, names: PageNames, holders: Holders) -> StatementView:
    """A statement as a list shows it."""
    organisation = holders.of(statement.holder_function, statement, incident, names)
    return StatementView(statement, names.get(statement.holder_person_id), organisation)


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


def latest_lines(
    session: Session, incident: Incident, language: str, names: PageNames, *, before: int | None = None
) -> tuple[list[Line], bool]:
    """The last lines of the log, oldest first, and whether there are earlier ones."""
    query = select(JournalEntry.header, JournalEntry.payload).where(JournalEntry.stream == incident_stream(incident.id))
    if before is not None:
        query = query.where(JournalEntry.sequence < before)
    rows = session.execute(query.order_by(JournalEntry.sequence.desc()).limit(SHOWN_LINES + 1)).all()
    entries = [recorded_from(header, payload) for header, payload in rows[:SHOWN_LINES] if payload is not None]
    corrected = {n.corrects for n in (e.data for e in entries) if getattr(n, "corrects", None)}
    lines = [line_of(entry, language, names, is_corrected=entry.subject_id in corrected) for entry in entries]
    return lines[::-1], len(rows) > SHOWN_LINES


def line_of_note(session: Session, note_id: str, incident: Incident, language: str, names: PageNames) -> Line:
    """The line of a note that another one has put right."""
    note = session.get_one(LogNote, note_id)
    key = (incident_stream(incident.id), note.sequence)
    stored = session.get_one(JournalEntry, key)
    entry = recorded_from(stored.header, stored.payload or "")
    return line_of(entry, language, names, is_corrected=True)


def _severity_by(session: Session, incident: Incident, names: PageNames) -> str:
    query = (
        select(JournalEntry.person)
        .where(JournalEntry.stream == incident_stream(incident.id), JournalEntry.kind == "incident.severity_changed")
        .order_by(JournalEntry.sequence.desc())
        .limit(1)
    )
    return names.person(session.scalar(query))
