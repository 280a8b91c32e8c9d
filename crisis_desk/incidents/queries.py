"""What is read of incidents, already narrowed to what the person may see."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, func, literal_column, or_, select, text
from sqlalchemy.orm import Session

from crisis_desk.incidents.codes import normal_code
from crisis_desk.incidents.lists import LIVE
from crisis_desk.incidents.models import Clock, Incident, LogNote, Responder, SpeakingAuthorisation
from crisis_desk.incidents.rules import is_valid, may_see, sees_all, sees_internal
from crisis_desk.people.models import Person
from crisis_desk.platform.clock import instant_text, parse_instant
from crisis_desk.platform.errors import NotFound
from crisis_desk.platform.text import folded_words

# The orders a list can be asked for; the id makes each of them complete.
SORTS = {"received": Incident.received_at, "severity": Incident.severity}


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
    for column, value in exact.items():
        if value is not None:
            query = query.where(column == value)
    if q:
        query = query.where(matches(session, q))
    column = SORTS[sort]
    if after is not None:
        start = parse_instant(str(after[0])) if sort == "received" else after[0]
        query = query.where(or_(column < start, and_(column == start, Incident.id > after[1])))
    return list(session.scalars(query.order_by(column.desc(), Incident.id).limit(limit + 1)))


def cursor_of(incident: Incident, sort: str) -> list[object]:
    """Where a list goes on after this incident."""
    value = incident.severity if sort == "severity" else instant_text(incident.received_at)
    return [value, incident.id]


def similar(session: Session, person: Person, title: str, limit: int = 3) -> list[Incident]:
    """Live incidents that share at least two telling words with a title, the likeliest first."""
    words = {word for word in folded_words(title) if len(word) > 2 or word.isdigit()}
    if len(words) < 2:
        return []
    shared = [(len(words & set(other.search.split())), other) for other in session.scalars(live(person).limit(500))]
    likely = [(count, other) for count, other in shared if count >= max(2, len(words) // 3)]
    return [other for _count, other in sorted(likely, key=lambda pair: -pair[0])[:limit]]


def matches(session: Session, q: str) -> ColumnElement[bool]:
    """The condition that every word of `q` begins a word of the incident; diacritics and case do not count."""
    words = folded_words(q)
    if not words:
        return literal_column("1") == literal_column("0")
    if session.get_bind().dialect.name == "sqlite":
        needle = " ".join(f'"{word}"*' for word in words)
        found = text("SELECT incident_id FROM incident_search WHERE incident_search MATCH :needle")
        return Incident.id.in_(found.bindparams(needle=needle).columns(Incident.id).scalar_subquery())
    needle = " & ".join(f"{word}:*" for word in words)
    return func.to_tsvector("simple", Incident.search).op("@@")(func.to_tsquery("simple", needle))


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
