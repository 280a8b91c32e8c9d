"""Reporting an incident and moving it through its life."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import uuid4

from sqlalchemy import Table, func, select
from sqlalchemy.orm import Session

from crisis_desk.incidents import clocks, queries, rules
from crisis_desk.incidents.codes import drill_code, new_code, spoken_code
from crisis_desk.incidents.entries import (
    HandlingChanged,
    IncidentDescribed,
    IncidentReported,
    SeverityChanged,
    StatusChanged,
    TimesCorrected,
)
from crisis_desk.incidents.life_cycle import check_move, needs_reason
from crisis_desk.incidents.lists import KINDS
from crisis_desk.incidents.models import Incident
from crisis_desk.incidents.rule_sets import rule_set, rule_set_at, targets_at
from crisis_desk.journal.streams import incident_stream
from crisis_desk.journal.transaction import Transaction
from crisis_desk.people.models import Person
from crisis_desk.platform.clock import instant_text
from crisis_desk.platform.errors import Invalid, Stale
from crisis_desk.platform.prepared import prepared_lookup
from crisis_desk.platform.reservation import reserve
from crisis_desk.platform.text import folded_words
from crisis_desk.platform.words import N_

# A restriction protects people; so that it can't be forgotten into hiding something, it ends by itself.
RESTRICTION = timedelta(hours=24)
# Clocks of rooms and phones differ a little; a time further ahead than this was mistyped.
AHEAD = timedelta(minutes=10)
_TIMES = ("occurred_at", "occurred_about", "received_at", "impact_determined_at")
_chance = random.SystemRandom()
_CODE = cast(Table, Incident.__table__).c.code


def report_incident(
    tx: Transaction,
    *,
    person: Person,
    title: str,
    kind: str = "other",
    severity: int | None = None,
    trigger: str | None = None,
    summary: str = "",
    place: str = "",
    handling: str = "internal",
    handling_reason: str | None = None,
    occurred_at: datetime | None = None,
    occurred_about: bool = False,
    received_at: datetime | None = None,
    impact_determined_at: datetime | None = None,
    drill: bool = False,
    line: str = "",
    code: str | None = None,
) -> Incident:
    """Writes an incident down; it is *reported* until somebody opens it, and its clocks run from now on.

    `code` is for scripts of drills, which name their own. Raises `Forbidden` and `Invalid`.
    """
    rules.require(rules.may_report(person), rules.NOT_A_HANDLER)
    level = severity or KINDS[kind].severity
    received = received_at or tx.now
    _check_times(tx.now, occurred_at=occurred_at, received_at=received, impact_determined_at=impact_determined_at)
    _check_handling(handling, handling_reason)
    law = rule_set_at(received)
    moments = clocks.Moments(occurred_at, received, impact_determined_at, tx.now)
    running = clocks.wanted(level, moments, law, targets_at(received, level))
    incident_id = str(uuid4())
    chosen = code or _free_code(tx.session, drill)
    data = IncidentReported(
        code=chosen,
        title=title,
        kind=kind,
        severity=level,
        trigger=trigger,
        summary=summary,
        place=place,
        handling=handling,
        handling_reason=handling_reason if handling == "restricted" else None,
        handling_until=tx.now + RESTRICTION if handling == "restricted" else None,
        occurred_at=occurred_at,
        occurred_about=occurred_about,
        received_at=received,
        impact_determined_at=impact_determined_at,
        drill=drill,
        rule_set=law.code,
        line=line,
        clocks=[clock.as_data() for clock in running],
        search=search_text(chosen, title, place, summary),
    )
    tx.record(incident_stream(incident_id), data, subject=("incident", incident_id))
    return tx.session.get_one(Incident, incident_id)


def describe_incident(
    tx: Transaction, *, person: Person, incident_id: str, version: int, changes: Mapping[str, Any]
) -> Incident:
    """Changes title, kind, summary, place, lead agency or times. Raises `Stale` when `version` is not the present."""
    incident = _locked(tx, person, incident_id)
    rules.require(rules.may_describe(person, incident), rules.NOT_A_HANDLER)
    if incident.version != version:
        raise Stale(present=incident)
    words = {name: value for name, value in changes.items() if name not in _TIMES}
    times = {name: value for name, value in changes.items() if name in _TIMES}
    before = {name: getattr(incident, name) for name in words if getattr(incident, name) != words[name]}
    if before:
        after = {name: words[name] for name in before}
        searched = {name: after.get(name, getattr(incident, name)) for name in ("title", "place", "summary")}
        search = search_text(incident.code, **searched)
        tx.record(
            incident_stream(incident.id), IncidentDescribed(before, after, search), subject=("incident", incident.id)
        )
    if times:
        correct_times(tx, person=person, incident_id=incident_id, times=times)
    return incident


def correct_times(tx: Transaction, *, person: Person, incident_id: str, times: Mapping[str, Any]) -> Incident:
    """Puts one or more of the four times right; clocks that have not ended yet are computed again."""
    incident = _locked(tx, person, incident_id)
    rules.require(rules.may_describe(person, incident), rules.NOT_A_HANDLER)
    changed = {name: value for name, value in times.items() if getattr(incident, name) != value}
    if not changed:
        return incident
    _check_times(tx.now, **{name: value for name, value in changed.items() if name != "occurred_about"})
    moments = clocks.Moments(
        changed.get("occurred_at", incident.occurred_at),
        changed.get("received_at", incident.received_at),
        changed.get("impact_determined_at", incident.impact_determined_at),
        incident.severity_since,
    )
    written, dropped = _clock_changes(tx, incident, incident.severity, moments)
    before = {name: _plain(getattr(incident, name)) for name in changed}
    after = {name: _plain(value) for name, value in changed.items()}
    tx.record(
        incident_stream(incident.id),
        TimesCorrected(before, after, written, dropped),
        subject=("incident", incident.id),
    )
    return incident


def change_severity(tx: Transaction, *, person: Person, incident_id: str, severity: int, reason: str) -> Incident:
    """Raises or lowers the severity with a reason and computes open targets again."""
    incident = _locked(tx, person, incident_id)
    rules.require(rules.may_change_severity(person, incident), rules.NOT_A_HANDLER)
    if not reason.strip():
        raise Invalid(errors={"reason": [N_("Say why the severity changes.")]})
    if severity == incident.severity:
        raise Invalid(errors={"severity": [N_("The incident already has this severity.")]})
    moments = clocks.Moments(incident.occurred_at, incident.received_at, incident.impact_determined_at, tx.now)
    written, dropped = _clock_changes(tx, incident, severity, moments, is_raised=severity > incident.severity)
    tx.record(
        incident_stream(incident.id),
        SeverityChanged(incident.severity, severity, reason.strip(), written, dropped),
        subject=("incident", incident.id),
    )
    return incident


def change_status(
    tx: Transaction, *, person: Person, incident_id: str, to: str, reason: str = "", trigger: str | None = None
) -> Incident:
    """Moves the incident in its life cycle. Opening needs a trigger; closing and going back need a reason."""
    incident = _locked(tx, person, incident_id)
    may = rules.may_change_status(person, incident)
    is_taken_back = incident.status in {"closed", "reviewed"}
    rules.require(may, rules.CLOSED if is_taken_back and person.has(*rules.HANDLERS) else rules.NOT_A_HANDLER)
    check_move(incident.status, to)
    known_trigger = trigger or incident.trigger
    if to in {"open", "active", "monitoring"} and known_trigger is None:
        raise Invalid(
            errors={"trigger": [N_("Opening needs harm, a wrong claim or an information gap; criticism is not one.")]}
        )
    if needs_reason(incident.status, to) and not reason.strip():
        raise Invalid(errors={"reason": [N_("Say why, so that the record shows it.")]})
    open_clocks = [c.id for c in queries.clocks_of(tx.session, incident.id) if clocks.is_open(c)]
    closed = open_clocks if to == "closed" else []
    tx.record(
        incident_stream(incident.id),
        StatusChanged(incident.status, to, reason.strip(), known_trigger, closed),
        subject=("incident", incident.id),
    )
    return incident


def change_handling(tx: Transaction, *, person: Person, incident_id: str, handling: str, reason: str) -> Incident:
    """Changes who may see the incident. A restriction lapses after 24 hours; restricting again renews it."""
    incident = _locked(tx, person, incident_id)
    rules.require(rules.may_change_handling(person, incident), rules.ONLY_COORDINATOR)
    _check_handling(handling, reason)
    until = tx.now + RESTRICTION if handling == "restricted" else None
    tx.record(
        incident_stream(incident.id),
        HandlingChanged(incident.handling, handling, reason.strip(), until),
        subject=("incident", incident.id),
    )
    return incident


def lapse_restriction(tx: Transaction, *, incident_id: str, reason: str) -> Incident | None:
    """Ends a restriction whose time is over; None when somebody renewed it in the meantime."""
    incident = tx.session.get_one(Incident, incident_id)
    if incident.handling != "restricted" or incident.handling_until is None or incident.handling_until > tx.now:
        return None
    tx.record(
        incident_stream(incident.id),
        HandlingChanged("restricted", "internal", reason, None),
        subject=("incident", incident.id),
    )
    return incident


def search_text(code: str, title: str, place: str, summary: str) -> str:
    """The folded words under which the incident is found."""
    return " ".join(folded_words(" ".join([code, spoken_code(code), title, place, summary])))


def _locked(tx: Transaction, person: Person, incident_id: str) -> Incident:
    return queries.visible_by_id(tx.session, person, incident_id)


def _clock_changes(
    tx: Transaction, incident: Incident, severity: int, moments: clocks.Moments, *, is_raised: bool = False
) -> tuple[list[dict[str, Any]], list[str]]:
    wanted = clocks.wanted(severity, moments, rule_set(incident.rule_set), targets_at(incident.received_at, severity))
    return clocks.changes(queries.clocks_of(tx.session, incident.id), wanted, is_raised=is_raised)


def _free_code(session: Session, drill: bool) -> str:
    if drill:
        count = session.scalar(select(func.count()).select_from(Incident).where(Incident.drill.is_(True))) or 0
        return next(code for n in range(count + 1, count + 1000) if not _is_taken(session, code := drill_code(n)))
    return new_code(lambda code: _is_taken(session, code), _chance)


def _is_taken(session: Session, code: str) -> bool:
    connection = session.connection()
    # Another report that is being written this very moment may have drawn the same code.
    return not reserve(connection, f"incident:{code}") or prepared_lookup(_CODE, connection.dialect).finds(
        connection, code
    )


def _check_handling(handling: str, reason: str | None) -> None:
    if handling == "restricted" and not (reason or "").strip():
        raise Invalid(errors={"handling_reason": [N_("Restricting needs a reason, for it hides the incident.")]})


def _check_times(now: datetime, **times: datetime | None) -> None:
    errors = {name: [N_("This time lies ahead.")] for name, at in times.items() if at is not None and at > now + AHEAD}
    occurred, received = times.get("occurred_at"), times.get("received_at")
    if occurred is not None and received is not None and occurred > received + AHEAD:
        errors["occurred_at"] = [N_("It can't have happened after it was received.")]
    if errors:
        raise Invalid(errors=errors)


def _plain(value: Any) -> Any:
    return instant_text(value) if isinstance(value, datetime) else value
