"""What each entry changes in the tables of incidents."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import insert, update

from crisis_desk.incidents.clocks import clock_columns
from crisis_desk.incidents.entries import (
    AuthorisationGiven,
    AuthorisationPosted,
    AuthorisationWithdrawn,
    ClockClosed,
    ClockMet,
    ClockStarted,
    HandlingChanged,
    IncidentAcknowledged,
    IncidentDescribed,
    IncidentReported,
    LogNoted,
    ResponderAnswered,
    ResponderAssigned,
    ResponderReleased,
    SeverityChanged,
    StatusChanged,
    TimesCorrected,
)
from crisis_desk.incidents.models import Clock, Incident, LogNote, Responder, SpeakingAuthorisation
from crisis_desk.journal.entries import Recorded, effect
from crisis_desk.journal.guard import WatchedSession
from crisis_desk.journal.streams import incident_of
from crisis_desk.platform.clock import parse_instant

_TIMES = ("occurred_at", "received_at", "impact_determined_at")


def incident_of_entry(session: WatchedSession, recorded: Recorded[Any]) -> Incident:
    """The incident in whose chain the entry stands."""
    return session.get_one(Incident, incident_of(recorded.stream))


@effect(IncidentReported)
def _reported(session: WatchedSession, recorded: Recorded[IncidentReported]) -> None:
    data = recorded.data
    values = {name: getattr(data, name) for name in _REPORTED}
    state = {
        "id": recorded.subject_id,
        "status": "reported",
        "recorded_at": recorded.at,
        "severity_since": recorded.at,
        "reported_by": recorded.person,
        "team": [recorded.person] if recorded.person else [],
        "version": 1,
    }
    session.insert_row(Incident, values | state)
    _write_clocks(session, recorded.subject_id, data.clocks)


_REPORTED = (
    *("code", "title", "kind", "severity", "trigger", "summary", "place", "drill", "rule_set", "search"),
    *("handling", "handling_reason", "handling_until", "occurred_about", *_TIMES),
)


@effect(IncidentDescribed)
def _described(session: WatchedSession, recorded: Recorded[IncidentDescribed]) -> None:
    incident = _changed(session, recorded)
    for name, value in recorded.data.after.items():
        setattr(incident, name, value)
    incident.search = recorded.data.search


@effect(TimesCorrected)
def _times_corrected(session: WatchedSession, recorded: Recorded[TimesCorrected]) -> None:
    incident = _changed(session, recorded)
    for name, value in recorded.data.after.items():
        setattr(incident, name, parse_instant(value) if name in _TIMES and value is not None else value)
    _move_clocks(session, incident, recorded.data, recorded.at)


@effect(SeverityChanged)
def _severity_changed(session: WatchedSession, recorded: Recorded[SeverityChanged]) -> None:
    incident = _changed(session, recorded)
    incident.severity = recorded.data.after
    incident.severity_since = recorded.at
    _move_clocks(session, incident, recorded.data, recorded.at)


@effect(StatusChanged)
def _status_changed(session: WatchedSession, recorded: Recorded[StatusChanged]) -> None:
    incident = _changed(session, recorded)
    data = recorded.data
    incident.status = data.after
    incident.trigger = data.trigger
    if data.after == "open" and incident.opened_at is None:
        incident.opened_at = recorded.at
    if data.after == "closed" and data.before != "reviewed":
        incident.closed_at = recorded.at
    elif data.after not in {"closed", "reviewed"}:
        incident.closed_at = None
    _close_clocks(session, data.clocks_closed, recorded.at, data.reason)


@effect(HandlingChanged)
def _handling_changed(session: WatchedSession, recorded: Recorded[HandlingChanged]) -> None:
    incident = _changed(session, recorded)
    incident.handling = recorded.data.after
    incident.handling_reason = recorded.data.reason
    incident.handling_until = recorded.data.until
    # Whoever closes the door stays inside: a restricted incident is seen by its team only.
    if recorded.data.after == "restricted" and recorded.person:
        incident.team = sorted({*incident.team, recorded.person})


@effect(IncidentAcknowledged)
def _acknowledged(session: WatchedSession, recorded: Recorded[IncidentAcknowledged]) -> None:
    _changed(session, recorded).acknowledged_at = recorded.at
    if recorded.data.clock:
        session.get_one(Clock, recorded.data.clock).met_at = recorded.at


@effect(ClockStarted)
def _clock_started(session: WatchedSession, recorded: Recorded[ClockStarted]) -> None:
    incident = _changed(session, recorded)
    more = {"number": recorded.data.number, "subject_id": recorded.data.subject_id}
    columns = clock_columns(recorded.data.clock) | more
    session.insert_row(Clock, columns | {"incident_id": incident.id})


@effect(ClockMet)
def _clock_met(session: WatchedSession, recorded: Recorded[ClockMet]) -> None:
    _changed(session, recorded)
    session.get_one(Clock, recorded.subject_id).met_at = recorded.at


@effect(ClockClosed)
def _clock_closed(session: WatchedSession, recorded: Recorded[ClockClosed]) -> None:
    _changed(session, recorded)
    _close_clocks(session, [recorded.subject_id], recorded.at, recorded.data.reason)


@effect(ResponderAssigned)
def _assigned(session: WatchedSession, recorded: Recorded[ResponderAssigned]) -> None:
    incident = _changed(session, recorded)
    session.add(
        Responder(
            id=recorded.subject_id,
            incident_id=incident.id,
            person_id=recorded.data.person_id,
            role=recorded.data.role,
            answer="assigned",
            assigned_at=recorded.at,
            assigned_by=recorded.person,
            version=1,
        )
    )
    incident.team = sorted({*incident.team, recorded.data.person_id})


@effect(ResponderAnswered)
def _answered(session: WatchedSession, recorded: Recorded[ResponderAnswered]) -> None:
    _changed(session, recorded)
    responder = session.get_one(Responder, recorded.subject_id)
    responder.answer = recorded.data.answer
    responder.reason = recorded.data.reason or None
    responder.answered_at = recorded.at
    responder.version += 1
    if recorded.data.answer == "declined":
        _leave_team(session, recorded, responder)


@effect(ResponderReleased)
def _released(session: WatchedSession, recorded: Recorded[ResponderReleased]) -> None:
    _changed(session, recorded)
    responder = session.get_one(Responder, recorded.subject_id)
    responder.released_at = recorded.at
    responder.version += 1
    _leave_team(session, recorded, responder)


def _leave_team(session: WatchedSession, recorded: Recorded[Any], leaving: Responder) -> None:
    incident = incident_of_entry(session, recorded)
    session.flush()
    others = session.query(Responder).filter_by(incident_id=incident.id, person_id=leaving.person_id, released_at=None)
    if not others.filter(Responder.answer != "declined", Responder.id != leaving.id).count():
        incident.team = [person for person in incident.team if person != leaving.person_id]


@effect(LogNoted)
def _noted(session: WatchedSession, recorded: Recorded[LogNoted]) -> None:
    incident_id = incident_of(recorded.stream)
    data = recorded.data
    session.execute(
        insert(LogNote).values(
            id=recorded.subject_id,
            incident_id=incident_id,
            sequence=recorded.sequence,
            text=data.text,
            occurred_at=data.occurred_at,
            recorded_at=recorded.at,
            person_id=recorded.person,
            mentions=data.mentions,
            corrects=data.corrects,
        )
    )
    if data.corrects:
        session.execute(update(LogNote).where(LogNote.id == data.corrects).values(corrected_by=recorded.subject_id))


@effect(AuthorisationGiven)
def _authorisation_given(session: WatchedSession, recorded: Recorded[AuthorisationGiven]) -> None:
    incident = _changed(session, recorded)
    data = recorded.data
    session.add(
        SpeakingAuthorisation(
            id=recorded.subject_id,
            incident_id=incident.id,
            person_id=data.person_id,
            signer=data.signer,
            document_number=data.document_number,
            valid_from=data.valid_from,
            valid_to=data.valid_to,
            version=1,
        )
    )


@effect(AuthorisationPosted)
def _authorisation_posted(session: WatchedSession, recorded: Recorded[AuthorisationPosted]) -> None:
    authorisation = session.get_one(SpeakingAuthorisation, recorded.subject_id)
    authorisation.posted_at = recorded.data.posted_at
    authorisation.version += 1


@effect(AuthorisationWithdrawn)
def _authorisation_withdrawn(session: WatchedSession, recorded: Recorded[AuthorisationWithdrawn]) -> None:
    authorisation = session.get_one(SpeakingAuthorisation, recorded.subject_id)
    authorisation.withdrawn_at = recorded.at
    authorisation.version += 1


def _changed(session: WatchedSession, recorded: Recorded[Any]) -> Incident:
    incident = incident_of_entry(session, recorded)
    incident.version += 1
    return incident


def _write_clocks(session: WatchedSession, incident_id: str, clocks: list[dict[str, Any]]) -> None:
    if clocks:
        rows = [clock_columns(clock) | {"incident_id": incident_id} for clock in clocks]
        session.insert_rows(Clock, rows)


def _move_clocks(
    session: WatchedSession, incident: Incident, data: SeverityChanged | TimesCorrected, at: datetime
) -> None:
    for written in data.clocks:
        clock = session.get(Clock, written["id"])
        if clock is None:
            _write_clocks(session, incident.id, [written])
        else:
            columns = clock_columns(written)
            clock.starts_at, clock.due_at = columns["starts_at"], columns["due_at"]
            clock.provisional = columns["provisional"]
    _close_clocks(session, data.dropped, at, None)


def _close_clocks(session: WatchedSession, clock_ids: list[str], at: datetime, reason: str | None) -> None:
    for clock_id in clock_ids:
        clock = session.get_one(Clock, clock_id)
        clock.closed_at, clock.closed_reason = at, reason
