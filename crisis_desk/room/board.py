"""The board as data: every live incident with its next clock and who has its text. The queries don't grow with rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

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
from crisis_desk.room.waiting import Waiting, instant_key, waiting_of
from crisis_desk.statements.models import DRAFT, FROZEN_STATES, Statement

# Groups in the order of urgency; the drill is kept apart, so that nobody counts it.
GROUPS = ("active", "reported", "monitoring", "drill")
RECENTLY = timedelta(days=7)
CLOSED = ("closed", "reviewed")
PROMISE = "promise"

OfIncident = TypeVar("OfIncident", Clock, Statement, Responder)


@dataclass(frozen=True)
class Row:
    """One row of the board and what stands of it beside the table. `sequence` is that of the incident's last entry."""

    incident: Incident
    spoken_code: str
    sequence: int
    clock: Clock | None
    promises: list[Clock]
    text: TextState
    lead: Organisation | None
    group: str
    key: str
    waiting: list[Waiting]

    @property
    def is_held(self) -> bool:
        """Whether a text is in somebody's hands."""
        return self.text.statement is not None and self.text.statement.state in {DRAFT, *FROZEN_STATES}


@dataclass(frozen=True)
class Board:
    """Everything the board shows to one person."""

    groups: dict[str, list[Row]]
    closed: list[Incident]
    late: int
    live: int
    drills: int

    @property
    def rows(self) -> list[Row]:
        """Every row in the order of the board."""
        return [row for rows in self.groups.values() for row in rows]

    @property
    def waiting(self) -> list[Waiting]:
        """Everything that waits for somebody, the longest first."""
        return sorted((item for row in self.rows for item in row.waiting), key=lambda item: item.order)


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
        closed=recently_closed(session, person, now),
        late=sum(row.clock is not None and row.clock.due_at <= now for row in real),
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
    clocks = _open_clocks(session, condition)
    statements = _statements(session, condition)
    asked = _asked(session, condition)
    heads = _heads(session, condition)
    holders = Holders(session, now)
    texts = [s for found in statements.values() for s in found]
    names = PageNames.of(session, now, [key for s in texts for key in (s.holder_person_id, s.created_by)])

    def row(incident: Incident) -> Row:
        running = clocks.get(incident.id, [])
        text = text_state(incident, statements.get(incident.id, []), names, holders)
        next_clock = running[0] if running else None
        due = next_clock.due_at if next_clock else None
        return Row(
            incident=incident,
            spoken_code=spoken_code(incident.code),
            sequence=heads.get(incident.id, 0),
            clock=next_clock,
            promises=[clock for clock in running if clock.code == PROMISE],
            text=text,
            lead=holders.organisation(incident.lead_organisation_id),
            group=group_of(incident),
            key=f"{instant_key(due)}|{9 - incident.severity}|{incident.code}",
            waiting=waiting_of(incident, text, asked.get(incident.id, []), due),
        )

    return [row(incident) for incident in incidents]


def group_of(incident: Incident) -> str:
    """The group in which the board shows the incident."""
    if incident.drill:
        return "drill"
    return "active" if incident.status in {"open", "active"} else incident.status


def recently_closed(session: Session, person: Person, now: datetime) -> list[Incident]:
    """What was closed in the last seven days, the latest first."""
    # Going back takes the time of closing away, so the time alone tells: one index leads to it past all history.
    query = (
        select(Incident)
        .where(queries.is_seen_by(person), Incident.closed_at >= now - RECENTLY)
        .order_by(Incident.closed_at.desc())
        .limit(20)
    )
    return list(session.scalars(query))


def _heads(session: Session, condition: ColumnElement[bool]) -> dict[str, int]:
    query = (
        select(Incident.id, StreamHead.sequence)
        .join(StreamHead, StreamHead.stream == "incident:" + Incident.id)
        .where(condition)
    )
    return dict(session.execute(query).all())


def _open_clocks(session: Session, condition: ColumnElement[bool]) -> dict[str, list[Clock]]:
    query = (
        select(Clock)
        .join(Incident, Incident.id == Clock.incident_id)
        .where(condition, Clock.met_at.is_(None), Clock.closed_at.is_(None))
        .order_by(Clock.due_at, Clock.id)
    )
    return _by_incident(session.scalars(query).all())


def _statements(session: Session, condition: ColumnElement[bool]) -> dict[str, list[Statement]]:
    query = select(Statement).join(Incident, Incident.id == Statement.incident_id).where(condition)
    return _by_incident(session.scalars(query.order_by(Statement.number)).all())


def _asked(session: Session, condition: ColumnElement[bool]) -> dict[str, list[Responder]]:
    query = (
        select(Responder)
        .join(Incident, Incident.id == Responder.incident_id)
        .where(condition, Responder.answer == "assigned", Responder.released_at.is_(None))
    )
    return _by_incident(session.scalars(query.order_by(Responder.assigned_at, Responder.id)).all())


def _by_incident(things: Sequence[OfIncident]) -> dict[str, list[OfIncident]]:
    found: defaultdict[str, list[OfIncident]] = defaultdict(list)
    for thing in things:
        found[thing.incident_id].append(thing)
    return found
