"""The timeline of an incident: its entries in lanes, with what marks each of them, as data for page and paper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crisis_desk.incidents.entries import LogNoted, StatusChanged
from crisis_desk.incidents.lists import STATUSES
from crisis_desk.journal.entries import Recorded
from crisis_desk.journal.sentences import sentence
from crisis_desk.platform.words import N_, translate
from crisis_desk.reports.metrics import LATE_NOTE
from crisis_desk.reports.names import ReportNames
from crisis_desk.reports.queries import IncidentRecord

LIFE_CYCLE, LOG, STATEMENTS, APPROVAL, RESPONDERS = "life_cycle", "log", "statements", "approval", "responders"

LANES: dict[str, str] = {
    LIFE_CYCLE: N_("Life cycle"),
    LOG: N_("Log"),
    STATEMENTS: N_("Statements"),
    APPROVAL: N_("Approval"),
    RESPONDERS: N_("Responders, clocks"),
}

MILESTONE, EVENT, REWORK = "milestone", "event", "rework"

# The words beside a mark, short enough to stand in a drawing; other entries are dots without words.
_MILESTONES: dict[str, str] = {
    "incident.reported": N_("reported"),
    "incident.acknowledged": N_("acknowledged"),
    "incident.status_changed": "",
    "incident.severity_changed": N_("level %(after)s"),
    "statement.created": N_("TB%(number)s begun"),
    "statement.released": N_("TB%(number)s released"),
    "statement.approved": N_("TB%(number)s approved"),
}
_REWORK: dict[str, str] = {
    "statement.returned": N_("returned"),
    "statement.reopened": N_("signed again"),
    "statement.corrected": N_("TB%(number)s corrected"),
    "statement.withdrawn": N_("TB%(number)s withdrawn"),
    "statement.unanswered": N_("no opinion"),
    "statement.steps_restarted": N_("steps anew"),
    "clock.closed": N_("closed with a reason"),
}
_APPROVING = frozenset(("signed", "returned", "reopened", "approved", "unanswered", "steps_kept", "steps_restarted"))


@dataclass(frozen=True)
class Event:
    """One entry in its lane: when it happened, when it was recorded, what it says, and the short word for a drawing."""

    sequence: int
    kind: str
    lane: str
    mark: str
    at: datetime
    recorded_at: datetime
    is_late: bool
    label: str
    text: str
    who: str


@dataclass(frozen=True)
class Span:
    """How long a released statement stood before it was replaced; `is_wrong` when it had to be corrected."""

    label: str
    start: datetime
    end: datetime
    is_wrong: bool


@dataclass(frozen=True)
class Timeline:
    """Everything from the first moment to the closing, or to the last entry; what came later is in `events` alone."""

    start: datetime
    end: datetime
    events: list[Event]
    spans: list[Span]

    @property
    def drawn(self) -> list[Event]:
        """The events within the drawing."""
        return [event for event in self.events if self.start <= event.at <= self.end]

    @property
    def later(self) -> int:
        """How many events came after the closing."""
        return sum(event.at > self.end for event in self.events)


def timeline_of(record: IncidentRecord, language: str, names: ReportNames) -> Timeline:
    """The timeline in one language; events in the order in which they happened."""
    events = sorted((_event(entry, language, names) for entry in record.entries), key=lambda e: (e.at, e.sequence))
    course = record.course
    first = [at for at in (course.occurred_at, course.received_at) if at is not None]
    start = min([*first, *(event.at for event in events)], default=record.at)
    end = course.closed_at or max((event.at for event in events), default=record.at)
    return Timeline(start, end, events, _spans(record, end))


def lane_of(kind: str) -> str:
    """The lane in which an entry of this kind stands."""
    subject, _, verb = kind.partition(".")
    if subject == "statement":
        return APPROVAL if verb in _APPROVING else STATEMENTS
    if subject in {"clock", "responder", "authorisation"}:
        return RESPONDERS
    return LOG if subject == "log" else LIFE_CYCLE


def _event(entry: Recorded[Any], language: str, names: ReportNames) -> Event:
    note = entry.data if isinstance(entry.data, LogNoted) else None
    happened = note.occurred_at if note else entry.at
    return Event(
        sequence=entry.sequence,
        kind=entry.kind,
        lane=lane_of(entry.kind),
        mark=REWORK if entry.kind in _REWORK else MILESTONE if entry.kind in _MILESTONES else EVENT,
        at=happened,
        recorded_at=entry.at,
        is_late=entry.at - happened > LATE_NOTE,
        label=_label(entry, language),
        text=note.text if note else sentence(entry, language, names.on(entry.at)),
        who=names.person(entry.person) if note else "",
    )


def _label(entry: Recorded[Any], language: str) -> str:
    data = entry.data
    if isinstance(data, StatusChanged):
        return translate(STATUSES[data.after], language).lower()
    message = _MILESTONES.get(entry.kind) or _REWORK.get(entry.kind)
    if message is None:
        return ""
    values = {name: getattr(data, name, "") for name in ("number", "after")}
    return translate(message, language, **values)


def _spans(record: IncidentRecord, end: datetime) -> list[Span]:
    return [
        Span(
            text.code,
            text.released.at,
            min(text.followed.at, end) if text.followed else end,
            text.followed is not None and text.followed.kind in _REWORK,
        )
        for text in record.course.texts.values()
        if text.released is not None and text.released.at < end
    ]
