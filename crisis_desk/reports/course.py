"""What happened, read from the entries of one incident in their order: pure, so that a script gives exact figures."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from crisis_desk.incidents import entries as incident_entries
from crisis_desk.journal.entries import Recorded
from crisis_desk.platform.clock import parse_instant
from crisis_desk.reports.texts import TEXT_READERS, TextCourse
from crisis_desk.statements import entries as statement_entries


@dataclass
class Limit:
    """A time limit: met, or ended with a reason, or running. `reason` is None where a new severity asked no more."""

    id: str
    code: str
    starts_at: datetime
    due_at: datetime
    provisional: bool
    citation: str | None
    number: int | None = None
    subject_id: str | None = None
    met_at: datetime | None = None
    ended_at: datetime | None = None
    reason: str | None = None

    @property
    def is_met_in_time(self) -> bool:
        """Whether what it asked for came when it was due or before."""
        return self.met_at is not None and self.met_at <= self.due_at

    def is_late(self, now: datetime) -> bool:
        """Whether it was met or ended after it was due, or runs and is overdue."""
        return (self.met_at or self.ended_at or now) > self.due_at


@dataclass(frozen=True)
class Step:
    """Something that changed at a moment, to what, by whom and why."""

    at: datetime
    value: Any
    person: str | None
    reason: str = ""


@dataclass(frozen=True)
class Assignment:
    """Somebody was asked to take part."""

    id: str
    at: datetime
    person_id: str
    role: str
    by: str | None


@dataclass
class Course:
    """The course of one incident; its three triggers as they are known now."""

    received_at: datetime | None = None
    occurred_at: datetime | None = None
    occurred_about: bool = False
    impact_determined_at: datetime | None = None
    acknowledged_at: datetime | None = None
    rule_set: str = ""
    severities: list[Step] = field(default_factory=list)
    statuses: list[Step] = field(default_factory=list)
    limits: dict[str, Limit] = field(default_factory=dict)
    assignments: list[Assignment] = field(default_factory=list)
    answers: dict[str, Step] = field(default_factory=dict)
    released: dict[str, Step] = field(default_factory=dict)
    notes: list[Recorded[incident_entries.LogNoted]] = field(default_factory=list)
    texts: dict[str, TextCourse] = field(default_factory=dict)

    @property
    def status(self) -> str:
        """The status it ended in."""
        return str(self.statuses[-1].value) if self.statuses else "reported"

    @property
    def highest_severity(self) -> int:
        """The highest severity it ever had."""
        return max(int(step.value) for step in self.severities)

    @property
    def opened_at(self) -> datetime | None:
        """When it was opened first."""
        return next((step.at for step in self.statuses if step.value in {"open", "active", "monitoring"}), None)

    @property
    def closed_at(self) -> datetime | None:
        """When it was closed last, unless it was taken back since."""
        if self.status not in {"closed", "reviewed"}:
            return None
        return next((step.at for step in reversed(self.statuses) if step.value == "closed"), None)

    def limits_of(self, code: str) -> list[Limit]:
        """The limits with this code, in the order they are due."""
        return sorted((limit for limit in self.limits.values() if limit.code == code), key=lambda limit: limit.due_at)


Reader = Callable[[Course, Recorded[Any]], None]


def course_of(entries: Iterable[Recorded[Any]]) -> Course:
    """The course that these entries tell."""
    course = Course()
    for entry in entries:
        kind = type(entry.data)
        reader = _READERS.get(kind)
        if reader is not None:
            reader(course, entry)
        elif kind is statement_entries.StatementCreated:
            course.texts[entry.subject_id] = TextCourse.of(entry)
        elif kind in TEXT_READERS and entry.subject_id in course.texts:
            TEXT_READERS[kind](course.texts[entry.subject_id], entry)
    return course


def _reported(course: Course, entry: Recorded[incident_entries.IncidentReported]) -> None:
    data = entry.data
    course.received_at, course.occurred_at = data.received_at, data.occurred_at
    course.occurred_about, course.impact_determined_at = data.occurred_about, data.impact_determined_at
    course.rule_set = data.rule_set
    course.severities.append(Step(entry.at, data.severity, entry.person))
    _write_limits(course, data.clocks)


def _times_corrected(course: Course, entry: Recorded[incident_entries.TimesCorrected]) -> None:
    for name, value in entry.data.after.items():
        setattr(course, name, parse_instant(value) if isinstance(value, str) else value)
    _move_limits(course, entry)


def _severity_changed(course: Course, entry: Recorded[incident_entries.SeverityChanged]) -> None:
    course.severities.append(Step(entry.at, entry.data.after, entry.person, entry.data.reason))
    _move_limits(course, entry)


def _status_changed(course: Course, entry: Recorded[incident_entries.StatusChanged]) -> None:
    course.statuses.append(Step(entry.at, entry.data.after, entry.person, entry.data.reason))
    for key in entry.data.clocks_closed:
        _end(course, key, entry.at, entry.data.reason)


def _acknowledged(course: Course, entry: Recorded[incident_entries.IncidentAcknowledged]) -> None:
    course.acknowledged_at = entry.at
    if entry.data.clock in course.limits:
        course.limits[entry.data.clock].met_at = entry.at


def _clock_started(course: Course, entry: Recorded[incident_entries.ClockStarted]) -> None:
    _write_limits(course, [entry.data.clock])
    limit = course.limits[entry.data.clock["id"]]
    limit.number, limit.subject_id = entry.data.number, entry.data.subject_id


def _clock_met(course: Course, entry: Recorded[incident_entries.ClockMet]) -> None:
    if entry.subject_id in course.limits:
        course.limits[entry.subject_id].met_at = entry.at


def _clock_closed(course: Course, entry: Recorded[incident_entries.ClockClosed]) -> None:
    _end(course, entry.subject_id, entry.at, entry.data.reason)


def _assigned(course: Course, entry: Recorded[incident_entries.ResponderAssigned]) -> None:
    data = entry.data
    course.assignments.append(Assignment(entry.subject_id, entry.at, data.person_id, data.role, entry.person))


def _answered(course: Course, entry: Recorded[incident_entries.ResponderAnswered]) -> None:
    course.answers[entry.subject_id] = Step(entry.at, entry.data.answer, entry.person, entry.data.reason)


def _responder_released(course: Course, entry: Recorded[incident_entries.ResponderReleased]) -> None:
    course.released[entry.subject_id] = Step(entry.at, "released", entry.person, entry.data.reason)


def _noted(course: Course, entry: Recorded[incident_entries.LogNoted]) -> None:
    course.notes.append(entry)


def _move_limits(course: Course, entry: Recorded[Any]) -> None:
    _write_limits(course, entry.data.clocks)
    for key in entry.data.dropped:
        _end(course, key, entry.at, None)


def _write_limits(course: Course, clocks: list[dict[str, Any]]) -> None:
    for clock in clocks:
        moments = {name: parse_instant(clock[name]) for name in ("starts_at", "due_at")}
        known = course.limits.get(clock["id"])
        if known is None:
            course.limits[clock["id"]] = Limit(**{**clock, **moments})
        else:
            known.starts_at, known.due_at = moments["starts_at"], moments["due_at"]
            known.provisional = clock["provisional"]


def _end(course: Course, key: str, at: datetime, reason: str | None) -> None:
    if key in course.limits:
        course.limits[key].ended_at, course.limits[key].reason = at, reason


_READERS: dict[type, Reader] = {
    incident_entries.IncidentReported: _reported,
    incident_entries.TimesCorrected: _times_corrected,
    incident_entries.SeverityChanged: _severity_changed,
    incident_entries.StatusChanged: _status_changed,
    incident_entries.IncidentAcknowledged: _acknowledged,
    incident_entries.ClockStarted: _clock_started,
    incident_entries.ClockMet: _clock_met,
    incident_entries.ClockClosed: _clock_closed,
    incident_entries.ResponderAssigned: _assigned,
    incident_entries.ResponderAnswered: _answered,
    incident_entries.ResponderReleased: _responder_released,
    incident_entries.LogNoted: _noted,
}
