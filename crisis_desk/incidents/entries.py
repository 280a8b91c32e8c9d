"""What incidents can put in the journal."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from crisis_desk.journal.entries import Entry, entry
from crisis_desk.platform.words import N_

_CLOCK = {
    "id": "6c0b5b2e-0000-4000-8000-000000000001",
    "code": "acknowledge",
    "starts_at": "2023-05-12T14:20:00.000Z",
    "due_at": "2023-05-12T15:20:00.000Z",
    "provisional": False,
    "citation": None,
}


@entry(
    "incident.reported",
    sentence=N_("%(person)s reported: %(title)s"),
    example={
        "code": "LUA-27",
        "title": "Cháy xưởng gỗ",
        "kind": "industrial_fire",
        "severity": 2,
        "trigger": None,
        "summary": "",
        "place": "cụm CN Thí Dụ",
        "handling": "internal",
        "handling_reason": None,
        "handling_until": None,
        "occurred_at": "2023-05-12T13:52:00.000Z",
        "occurred_about": True,
        "received_at": "2023-05-12T14:20:00.000Z",
        "impact_determined_at": None,
        "drill": False,
        "rule_set": "VN-09-2017",
        "line": "",
        "clocks": [_CLOCK],
        "search": "chay xuong go",
    },
)
@dataclass(frozen=True)
class IncidentReported(Entry):
    """An incident was written down; `line` is the one line it was understood from, if it was."""

    code: str
    title: str
    kind: str
    severity: int
    trigger: str | None
    summary: str
    place: str
    handling: str
    handling_reason: str | None
    handling_until: datetime | None
    occurred_at: datetime | None
    occurred_about: bool
    received_at: datetime
    impact_determined_at: datetime | None
    drill: bool
    rule_set: str
    line: str
    clocks: list[dict[str, Any]]
    search: str


@entry(
    "incident.described",
    sentence=N_("%(person)s changed the description"),
    example={"before": {"title": "Cháy"}, "after": {"title": "Cháy xưởng gỗ"}, "search": "chay xuong go"},
)
@dataclass(frozen=True)
class IncidentDescribed(Entry):
    """Title, kind, summary, place or lead agency changed; `before` and `after` hold only what changed."""

    before: dict[str, Any]
    after: dict[str, Any]
    search: str


@entry(
    "incident.times_corrected",
    sentence=N_("%(person)s corrected the times"),
    example={
        "before": {"occurred_at": None},
        "after": {"occurred_at": "2023-05-12T13:40:00.000Z"},
        "clocks": [_CLOCK],
        "dropped": [],
    },
)
@dataclass(frozen=True)
class TimesCorrected(Entry):
    """One of the four times is now known otherwise; both values stay in the record."""

    before: dict[str, Any]
    after: dict[str, Any]
    clocks: list[dict[str, Any]]
    dropped: list[str]


@entry(
    "incident.severity_changed",
    sentence=N_("%(person)s changed the severity from %(before)s to %(after)s: %(reason)s"),
    example={"before": 2, "after": 3, "reason": "có người bệnh", "clocks": [_CLOCK], "dropped": []},
)
@dataclass(frozen=True)
class SeverityChanged(Entry):
    """The severity changed; open targets were computed again, past results were not."""

    before: int
    after: int
    reason: str
    clocks: list[dict[str, Any]]
    dropped: list[str]


@entry(
    "incident.status_changed",
    sentence=N_("%(person)s set the status to “%(after_status)s”. %(reason)s"),
    example={"before": "reported", "after": "open", "reason": "", "trigger": "harm", "clocks_closed": []},
)
@dataclass(frozen=True)
class StatusChanged(Entry):
    """The incident moved in its life cycle; `clocks_closed` ended with it, for the same reason."""

    before: str
    after: str
    reason: str
    trigger: str | None
    clocks_closed: list[str] = field(default_factory=list)


@entry(
    "incident.handling_changed",
    sentence=N_("%(person)s changed the handling from “%(before_handling)s” to “%(after_handling)s”: %(reason)s"),
    example={"before": "internal", "after": "restricted", "reason": "thông tin người bệnh", "until": None},
)
@dataclass(frozen=True)
class HandlingChanged(Entry):
    """Who may see the incident changed; a restriction ends at `until` unless it is renewed."""

    before: str
    after: str
    reason: str
    until: datetime | None


@entry(
    "incident.acknowledged",
    sentence=N_("%(person)s acknowledged the incident"),
    example={"clock": "6c0b5b2e-0000-4000-8000-000000000001"},
)
@dataclass(frozen=True)
class IncidentAcknowledged(Entry):
    """Somebody has taken the incident in hand; `clock` is the time limit that this meets."""

    clock: str | None


@entry("clock.started", sentence=N_("A clock runs: %(clock_name)s, until %(due)s"), example={"clock": _CLOCK})
@dataclass(frozen=True)
class ClockStarted(Entry):
    """A clock that no severity asks for, such as a promise made in public."""

    clock: dict[str, Any]
    number: int | None = None
    subject_id: str | None = None


@entry("clock.met", sentence=N_("Met: %(clock_name)s"), example={"code": "first_information"})
@dataclass(frozen=True)
class ClockMet(Entry):
    """What the clock asked for has happened."""

    code: str
    number: int | None = None


@entry(
    "clock.closed",
    sentence=N_("%(person)s closed the clock “%(clock_name)s”: %(reason)s"),
    example={"code": "acknowledge", "reason": "trùng với sự cố khác"},
)
@dataclass(frozen=True)
class ClockClosed(Entry):
    """The clock is not asked for any more; it stays in sight with its reason."""

    code: str
    reason: str
    number: int | None = None


@entry(
    "responder.assigned",
    sentence=N_("%(person)s asked %(responder)s to take part: %(role_name)s"),
    example={"person_id": "6c0b5b2e-0000-4000-8000-000000000002", "role": "verifier"},
)
@dataclass(frozen=True)
class ResponderAssigned(Entry):
    """A person was asked to take part in a role."""

    person_id: str
    role: str


@entry(
    "responder.answered",
    sentence=N_("%(responder)s: %(answer_name)s. %(reason)s"),
    example={"person_id": "6c0b5b2e-0000-4000-8000-000000000002", "answer": "accepted", "reason": ""},
)
@dataclass(frozen=True)
class ResponderAnswered(Entry):
    """She accepted, or declined with a reason."""

    person_id: str
    answer: str
    reason: str


@entry(
    "responder.released",
    sentence=N_("%(person)s released %(responder)s: %(reason)s"),
    example={"person_id": "6c0b5b2e-0000-4000-8000-000000000002", "reason": "hết ca"},
)
@dataclass(frozen=True)
class ResponderReleased(Entry):
    """She no longer takes part."""

    person_id: str
    reason: str


@entry(
    "log.noted",
    sentence=N_("%(text)s"),
    example={
        "text": "Gọi trực lãnh đạo bệnh viện: đang đếm.",
        "occurred_at": "2023-05-12T14:24:00.000Z",
        "mentions": [],
        "corrects": None,
    },
)
@dataclass(frozen=True)
class LogNoted(Entry):
    """A line of the log; `corrects` is the id of the line it puts right."""

    text: str
    occurred_at: datetime
    mentions: list[str]
    corrects: str | None


@entry(
    "authorisation.given",
    sentence=N_("%(signer)s authorised %(responder)s to speak until %(until)s (%(document_number)s)"),
    example={
        "person_id": "6c0b5b2e-0000-4000-8000-000000000002",
        "signer": "Giám đốc",
        "document_number": "01/GUQ-STTTT",
        "valid_from": "2023-05-12T14:00:00.000Z",
        "valid_to": "2023-05-13T14:00:00.000Z",
    },
)
@dataclass(frozen=True)
class AuthorisationGiven(Entry):
    """A written authorisation to speak on this incident was recorded."""

    person_id: str
    signer: str
    document_number: str
    valid_from: datetime
    valid_to: datetime


@entry(
    "authorisation.posted",
    sentence=N_("%(person)s recorded where the authorisation %(document_number)s was posted"),
    example={"document_number": "01/GUQ-STTTT", "posted_at": "2023-05-12T15:00:00.000Z"},
)
@dataclass(frozen=True)
class AuthorisationPosted(Entry):
    """The authorisation was made public, as Decree 09/2017 Art. 3.6 asks."""

    document_number: str
    posted_at: datetime


@entry(
    "authorisation.withdrawn",
    sentence=N_("%(person)s withdrew the authorisation %(document_number)s: %(reason)s"),
    example={"document_number": "01/GUQ-STTTT", "reason": "đổi người phát ngôn"},
)
@dataclass(frozen=True)
class AuthorisationWithdrawn(Entry):
    """It is not valid any more, from this entry on."""

    document_number: str
    reason: str
