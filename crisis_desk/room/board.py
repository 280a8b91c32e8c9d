"""The board as data: every live incident with its next clock and who has its text. The queries don't grow with rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from crisis_desk.incidents import queries
from crisis_desk.incidents.codes import spoken_code
from crisis_desk.incidents.lists import LIVE
from crisis_desk.incidents.models import Clock, Incident, Responder
from crisis_desk.journal.models import StreamHead
from crisis_desk.people.models import Organisation, Person
from crisis_desk.room.holders import Holders, TextState, text_state
from crisis_desk.room.names import PageNames
from crisis_desk.statements.models import Statement

# Groups in the order of urgency; the drill is kept apart, so that nobody counts it.
GROUPS = ("active", "reported", "monitoring", "drill")
RECENTLY = timedelta(days=7)
_FAR = "9999-12-31T00:00:00Z"


@dataclass(frozen=True)
class Row:
    """One row of the board. `sequence` is that of the incident's last entry; `key` sorts rows within the group."""

    incident: Incident
    spoken_code: str
    sequence: int
    clock: Clock | None
    text: TextState
    lead: Organisation | None
    group: str
    key: str


@dataclass(frozen=True)
class OwnWork:
    """Something that waits for this person."""

    incident: Incident
    what: str
    due: datetime | None
    responder: Responder | None = None
    statement: Statement | None = None


@dataclass(frozen=True)
class Promise:
    """An update that was promised in public and has not come yet."""

    incident: Incident
    clock: Clock


@dataclass(frozen=True)
class Board:
    """Everything the board shows to one person."""

    groups: dict[str, list[Row]]
    own: list[OwnWork]
    promises: list[Promise]
    closed: list[Incident]
    late: int
    live: int
    drills: int


def board(session: Session, person: Person, now: datetime) -> Board:
    """The board of one person."""
    incidents = list(session.scalars(queries.live(person)))
    rows = rows_of(session, incidents, Incident.status.in_(LIVE), now)
    groups: dict[str, list[Row]] = {name: [] for name in GROUPS}
    for row in sorted(rows, key=lambda row: row.key):
        groups[row.group].append(row)
    real = [row for row in rows if not row.incident.drill]
    return Board(
        groups=groups,
        own=_own_work(session, person, {incident.id: incident for incident in incidents}, rows),
        promises=[Promise(row.incident, c) for row in rows for c in [row.clock] if c and c.code == "promise"],
        closed=_recently_closed(session, person, now),
        late=sum(row.clock is not None and row.clock.due_at < now for row in real),
        live=len(real),
        drills=len(rows) - len(real),
    )


def row_of(session: Session, incident: Incident, now: datetime) -> Row:
    """The row of one incident."""
    return rows_of(session, [incident], Incident.id == incident.id, now)[0]


def rows_of(
    session: Session, incidents: Iterable[Incident], condition: ColumnElement[bool], now: datetime
) -> list[Row]:
    """The rows of incidents that meet `condition`, by which everything beside them is read in one query each."""
    clocks = _next_clocks(session, condition)
    statements = _statements(session, condition)
    heads = dict(
        session.execute(
            select(Incident.id, StreamHead.sequence)
            .join(StreamHead, StreamHead.stream == "incident:" + Incident.id)
            .where(condition)
        ).all()
    )
    holders = Holders(session, now)
    texts = [s for found in statements.values() for s in found]
    names = PageNames.of(session, now, [key for s in texts for key in (s.holder_person_id, s.created_by)])
    return [
        Row(
            incident=incident,
            spoken_code=spoken_code(incident.code),
            sequence=heads.get(incident.id, 0),
            clock=clocks.get(incident.id),
            text=text_state(incident, statements.get(incident.id, []), names, holders),
            lead=holders.organisation(incident.lead_organisation_id),
            group=group_of(incident),
            key=_key(incident, clocks.get(incident.id)),
        )
        for incident in incidents
    ]


def group_of(incident: Incident) -> str:
    """The group in which the board shows the incident."""
    if incident.drill:
        return "drill"
    return "active" if incident.status in {"open", "active"} else incident.status


def _key(incident: Incident, clock: Clock | None) -> str:
    due = f"{clock.due_at:%Y-%m-%dT%H:%M:%SZ}" if clock else _FAR
    return f"{due}|{9 - incident.severity}|{incident.code}"


def _next_clocks(session: Session, condition: ColumnElement[bool]) -> dict[str, Clock]:
    query = (
        select(Clock)
        .join(Incident, Incident.id == Clock.incident_id)
        .where(condition, Clock.met_at.is_(None), Clock.closed_at.is_(None))
        .order_by(Clock.due_at.desc(), Clock.id.desc())
    )
    return {clock.incident_id: clock for clock in session.scalars(query)}


def _statements(session: Session, condition: ColumnElement[bool]) -> dict[str, list[Statement]]:
    found: defaultdict[str, list[Statement]] = defaultdict(list)
    query = select(Statement).join(Incident, Incident.id == Statement.incident_id).where(condition)
    for statement in session.scalars(query.order_by(Statement.number)):
        found[statement.incident_id].append(statement)
    return found


def _own_work(session: Session, person: Person, incidents: dict[str, Incident], rows: list[Row]) -> list[OwnWork]:
    query = select(Responder).where(
        Responder.person_id == person.id, Responder.answer == "assigned", Responder.released_at.is_(None)
    )
    asked = [
        OwnWork(incidents[responder.incident_id], "answer", None, responder=responder)
        for responder in session.scalars(query)
        if responder.incident_id in incidents
    ]
    held = [
        OwnWork(row.incident, "hold", row.clock.due_at if row.clock else None, statement=row.text.statement)
        for row in rows
        if row.text.statement is not None and row.text.waits_for(person)
    ]
    return sorted(asked + held, key=lambda work: (work.due is None, work.due, work.incident.code))


def _recently_closed(session: Session, person: Person, now: datetime) -> list[Incident]:
    query = (
        select(Incident)
        .where(queries.is_seen_by(person), Incident.status.in_(("closed", "reviewed")))
        .where(Incident.closed_at >= now - RECENTLY)
        .order_by(Incident.closed_at.desc())
        .limit(20)
    )
    return list(session.scalars(query))
