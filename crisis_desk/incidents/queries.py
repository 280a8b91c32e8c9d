"""What is read of incidents, already narrowed to what the person may see."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    String,
    column,
    exists,
    func,
    literal,
    literal_column,
    or_,
    select,
    table,
    text,
    tuple_,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from crisis_desk.incidents.codes import normal_code
from crisis_desk.incidents.lists import LIVE
from crisis_desk.incidents.models import Clock, Incident, LogNote, Responder, SpeakingAuthorisation
from crisis_desk.incidents.rules import is_valid, may_see, sees_all, sees_internal
from crisis_desk.people.models import Person
from crisis_desk.platform.clock import instant_text, parse_instant
from crisis_desk.platform.database import Instant
from crisis_desk.platform.errors import Invalid, NotFound
from crisis_desk.platform.text import folded_words
from crisis_desk.platform.words import N_

# The orders a list can be asked for, each from its end; the id makes them complete. Each has an index of its columns.
SORTS: dict[str, tuple[InstrumentedAttribute[Any], ...]] = {
    "received": (Incident.received_at, Incident.id),
    "severity": (Incident.severity, Incident.received_at, Incident.id),
}
NO_CURSOR = N_("This is no cursor of the desk.")
# SQLite's index of words. Its rows lie in the order of receipt: the number of a row is the millisecond times this,
# and a count of what was received in the same one.
SAME_MILLISECOND = 1 << 20
_search = table("incident_search", column("rowid", BigInteger), column("incident_id", String))


def visible(session: Session, person: Person, code: str) -> Incident:
    """The incident with this code, typed in any case and with or without diacritics. Raises `NotFound`."""
    return _seen(person, session.scalars(select(Incident).where(Incident.code == normal_code(code))).one_or_none())


def visible_by_id(session: Session, person: Person, incident_id: str) -> Incident:
    """The incident with this id. Raises `NotFound` also when the person may not know of it."""
    return _seen(person, session.get(Incident, incident_id))


def _seen(person: Person, incident: Incident | None) -> Incident:
    if incident is None or not may_see(person, incident):
        raise NotFound()
    return incident


def is_seen_by(person: Person) -> ColumnElement[bool]:
    """The condition under which a row of `incident` may be shown to the person."""
    if sees_all(person):
        return literal_column("1") == literal_column("1")
    takes_part = exists().where(
        Responder.incident_id == Incident.id,
        Responder.person_id == person.id,
        Responder.answer != "declined",
        Responder.released_at.is_(None),
    )
    own = or_(Incident.reported_by == person.id, takes_part)
    return or_(Incident.handling != "restricted", own) if sees_internal(person) else own


def live(person: Person) -> Select[Incident]:
    """Every incident that is not closed, the latest received first."""
    newest = (Incident.received_at.desc(), Incident.id)
    return select(Incident).where(is_seen_by(person), Incident.status.in_(LIVE)).order_by(*newest)


def listed(
    session: Session,
    person: Person,
    *,
    status: str | None = None,
    severity: int | None = None,
    kind: str | None = None,
    q: str | None = None,
    sort: str = "received",
    after: Sequence[object] | None = None,
    limit: int = 100,
) -> list[Incident]:
    """Incidents that match, the newest or the gravest first, one more than `limit` when there are more."""
    query = select(Incident).where(is_seen_by(person))
    exact = {Incident.status: status, Incident.severity: severity, Incident.kind: kind}
    for attribute, value in exact.items():
        if value is not None:
            query = query.where(attribute == value)
    start = None if after is None else place(after, sort)
    if q and sort == "received" and _is_sqlite(session):
        query = _newest_found(query, q, start)
    else:
        query = _ordered(query.where(matches(session, q)) if q else query, sort, start)
    return list(session.scalars(query.limit(limit + 1)))


def _ordered(query: Select[Incident], sort: str, start: Sequence[Any] | None) -> Select[Incident]:
    keys = SORTS[sort]
    if start is not None:
        values = [literal(value, key.type) for value, key in zip(start, keys, strict=True)]
        query = query.where(tuple_(*keys) < tuple_(*values))
    return query.order_by(*(key.desc() for key in keys))


def _newest_found(query: Select[Incident], q: str, start: Sequence[Any] | None) -> Select[Incident]:
    # The index is read from its end and only until the page is full, however many incidents have the words.
    found = text("incident_search MATCH :needle").bindparams(needle=_needle(q))
    query = query.join(_search, _search.c.incident_id == Incident.id).where(found)
    if start is not None:
        query = query.where(_search.c.rowid < _search_row(*start))
    return query.order_by(_search.c.rowid.desc())


def _search_row(received_at: datetime, incident_id: str) -> ColumnElement[int]:
    first = round(received_at.timestamp() * 1000) * SAME_MILLISECOND
    rows = _search.c.rowid.between(first, first + SAME_MILLISECOND - 1)
    own = select(_search.c.rowid).where(rows, _search.c.incident_id == incident_id).scalar_subquery()
    return func.coalesce(own, first)


def cursor_of(incident: Incident, sort: str) -> list[object]:
    """Where a list goes on after this incident."""
    values = (getattr(incident, key.key) for key in SORTS[sort])
    return [instant_text(value) if isinstance(value, datetime) else value for value in values]


def place(cursor: Sequence[object], sort: str) -> list[Any]:
    """What a cursor of this order says. Raises `Invalid` for one that the desk did not give."""
    try:
        return [_read(value, key) for value, key in zip(cursor, SORTS[sort], strict=True)]
    except (ValueError, TypeError) as error:
        raise Invalid(errors={"after": [NO_CURSOR]}) from error


def _read(value: object, key: InstrumentedAttribute[Any]) -> Any:
    if isinstance(key.type, Instant):
        return parse_instant(str(value))
    if type(value) is not key.type.python_type:
        raise TypeError(value)
    return value


def similar(session: Session, person: Person, title: str, limit: int = 3) -> list[Incident]:
    """Live incidents that share at least two telling words with a title, the likeliest first; drills are none."""
    words = {word for word in folded_words(title) if len(word) > 2 or word.isdigit()}
    if len(words) < 2:
        return []
    shared = [(len(words & set(other.search.split())), other) for other in session.scalars(_real(person))]
    likely = [(count, other) for count, other in shared if count >= max(2, len(words) // 3)]
    return [other for _count, other in sorted(likely, key=lambda pair: -pair[0])[:limit]]


def _real(person: Person) -> Select[Incident]:
    return live(person).where(Incident.drill.is_(False)).limit(500)


def matches(session: Session, q: str) -> ColumnElement[bool]:
    """The condition that every word of `q` begins a word of the incident; diacritics and case do not count."""
    if _is_sqlite(session):
        found = text("SELECT incident_id FROM incident_search WHERE incident_search MATCH :needle")
        return Incident.id.in_(found.bindparams(needle=_needle(q)).columns(Incident.id).scalar_subquery())
    needle = " & ".join(f"{word}:*" for word in folded_words(q))
    return func.to_tsvector("simple", Incident.search).op("@@")(func.to_tsquery("simple", needle))


def _needle(q: str) -> str:
    # A text without a word finds nothing, as it does in PostgreSQL.
    return " ".join(f'"{word}"*' for word in folded_words(q)) or '""'


def _is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"


def clocks_of(session: Session, incident_id: str) -> list[Clock]:
    """The incident's clocks, the nearest due first."""
    return list(session.scalars(select(Clock).where(Clock.incident_id == incident_id).order_by(Clock.due_at, Clock.id)))


def responders_of(session: Session, incident_id: str) -> list[Responder]:
    """Those who were asked to take part, in the order they were asked."""
    query = select(Responder).where(Responder.incident_id == incident_id)
    return list(session.scalars(query.order_by(Responder.assigned_at, Responder.id)))


def notes_of(
    session: Session, incident_id: str, *, after: Sequence[object] | None = None, limit: int = 500
) -> list[LogNote]:
    """Lines of the log in the order they were written, one more than `limit` when there are more."""
    query = select(LogNote).where(LogNote.incident_id == incident_id)
    if after is not None:
        query = query.where(LogNote.sequence > after[0])
    return list(session.scalars(query.order_by(LogNote.sequence).limit(limit + 1)))


def authorisations_of(session: Session, incident_id: str) -> list[SpeakingAuthorisation]:
    """The authorisations to speak on this incident, valid or not."""
    query = select(SpeakingAuthorisation).where(SpeakingAuthorisation.incident_id == incident_id)
    return list(session.scalars(query.order_by(SpeakingAuthorisation.valid_from, SpeakingAuthorisation.id)))


def authorisation_now(
    session: Session, incident_id: str, person_id: str, now: datetime
) -> SpeakingAuthorisation | None:
    """The authorisation under which the person may speak on this incident at this moment."""
    found = (a for a in authorisations_of(session, incident_id) if a.person_id == person_id and is_valid(a, now))
    return next(found, None)
