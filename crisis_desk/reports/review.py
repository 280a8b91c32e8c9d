"""The review of an incident as data: what the record says, and what reviewers wrote, in the order of the report."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy.orm import Session

from crisis_desk.incidents.codes import spoken_code
from crisis_desk.incidents.lists import ANSWERS, HANDLINGS, KINDS, RESPONDER_ROLES, SEVERITIES, STATUSES
from crisis_desk.incidents.models import Incident
from crisis_desk.incidents.rule_sets import rule_set
from crisis_desk.platform.words import translate
from crisis_desk.reports.course import Assignment
from crisis_desk.reports.integrity import Integrity
from crisis_desk.reports.metrics import metrics_of
from crisis_desk.reports.names import ReportNames
from crisis_desk.reports.queries import IncidentRecord, record_of
from crisis_desk.reports.said import MetricView, WrongView, metric_view, wrong_view
from crisis_desk.reports.sections import SECTIONS
from crisis_desk.reports.statements_view import StatementView, statement_views
from crisis_desk.reports.timeline import Timeline, timeline_of
from crisis_desk.reports.wrongs import wrongs_of

# Of the main course a paper tells what moved the incident, not every line of the log.
_COURSE = frozenset(
    [f"incident.{verb}" for verb in ("reported", "acknowledged", "status_changed", "severity_changed")]
    + [f"statement.{verb}" for verb in ("released", "corrected", "withdrawn")]
)


@dataclass(frozen=True)
class General:
    """What the incident was: in words, beside the moments that clocks count from."""

    title: str
    kind: str
    place: str
    summary: str
    lead: str
    severity: int
    highest_severity: int
    highest_severity_name: str
    status: str
    status_name: str
    handling_name: str
    rule_set: str
    rule_set_name: str
    occurred_at: datetime | None
    occurred_about: bool
    received_at: datetime | None
    impact_determined_at: datetime | None
    acknowledged_at: datetime | None
    opened_at: datetime | None
    closed_at: datetime | None


@dataclass(frozen=True)
class CourseLine:
    """What moved the incident, and when."""

    at: datetime
    text: str


@dataclass(frozen=True)
class SectionView:
    """A section that people write; version 0 is not written yet."""

    code: str
    number: str
    title: str
    guidance: str
    is_judgement: bool
    text: str
    version: int
    written_at: datetime | None
    written_by: str


@dataclass(frozen=True)
class AssignmentView:
    """Who was asked to take part, and what she answered."""

    at: datetime
    name: str
    organisation: str
    role: str
    answer: str
    answered_at: datetime | None
    released_at: datetime | None


@dataclass(frozen=True)
class Summary:
    """How many metrics were judged, and how they came out; what does not apply is never counted as in time."""

    met: int
    judged: int
    not_applicable: int
    not_measured: int


@dataclass(frozen=True)
class Review:
    """Everything a report says, in one language. `head` is the sequence of the last entry that it knows."""

    code: str
    drill: bool
    language: str
    head: int
    made_at: datetime
    is_final: bool
    general: General
    main_course: list[CourseLine]
    timeline: Timeline
    assignments: list[AssignmentView]
    organisations: list[str]
    statements: list[StatementView]
    metrics: list[MetricView]
    summary: Summary
    wrongs: list[WrongView]
    sections: dict[str, SectionView]
    missing: list[str]
    integrity: Integrity
    sha256: str = ""

    @property
    def spoken_code(self) -> str:
        """The code as people write and say it."""
        return spoken_code(self.code)

    def as_data(self) -> dict[str, Any]:
        """The review as JSON: the answer of the API and the exported file alike."""
        data: dict[str, Any] = orjson.loads(orjson.dumps(self, default=str))
        return {"format": 1, **data}


def review_of(session: Session, incident: Incident, at: datetime, language: str, integrity: Integrity) -> Review:
    """The review of an incident as it stands at `at`, in one language."""
    record = record_of(session, incident, at)
    names = ReportNames.of(session, record.entries, at, language)
    timeline = timeline_of(record, language, names)
    metrics = [metric_view(measure, language) for measure in metrics_of(record.course, at)]
    statements = statement_views(record, names)
    sections = _sections(record, names)
    review = Review(
        code=incident.code,
        drill=incident.drill,
        language=language,
        head=record.head,
        made_at=at,
        is_final=incident.status == "reviewed",
        general=_general(record, names),
        main_course=[CourseLine(event.at, event.text) for event in timeline.events if event.kind in _COURSE],
        timeline=timeline,
        assignments=[_assignment(one, record, names) for one in record.course.assignments],
        organisations=_organisations(record, names),
        statements=statements,
        metrics=metrics,
        summary=_summary(metrics),
        wrongs=[wrong_view(wrong, language, names) for wrong in wrongs_of(record.entries, record.course, at)],
        sections=sections,
        missing=[code for code, section in sections.items() if not section.text],
        integrity=integrity,
    )
    return replace(review, sha256=content_sha256(review))


def content_sha256(review: Review) -> str:
    """The hash of all that the review says; the moment at which it was made is no part of it."""
    data = {name: value for name, value in review.as_data().items() if name not in {"made_at", "sha256"}}
    return hashlib.sha256(orjson.dumps(data, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _general(record: IncidentRecord, names: ReportNames) -> General:
    incident, course, language = record.incident, record.course, names.language
    highest = course.highest_severity if course.severities else incident.severity
    return General(
        title=incident.title,
        kind=translate(KINDS[incident.kind].name, language),
        place=incident.place,
        summary=incident.summary,
        lead=names.name_of(incident.lead_organisation_id),
        severity=incident.severity,
        highest_severity=highest,
        highest_severity_name=translate(SEVERITIES[highest], language),
        status=incident.status,
        status_name=translate(STATUSES[incident.status], language),
        handling_name=translate(HANDLINGS[incident.handling], language),
        rule_set=course.rule_set,
        rule_set_name=rule_set(course.rule_set).name,
        occurred_at=course.occurred_at,
        occurred_about=course.occurred_about,
        received_at=course.received_at,
        impact_determined_at=course.impact_determined_at,
        acknowledged_at=course.acknowledged_at,
        opened_at=course.opened_at,
        closed_at=course.closed_at,
    )


def _sections(record: IncidentRecord, names: ReportNames) -> dict[str, SectionView]:
    found = {}
    for code, section in SECTIONS.items():
        written = record.sections.get(code)
        found[code] = SectionView(
            code=code,
            number=section.number,
            title=translate(section.title, names.language),
            guidance=translate(section.guidance, names.language),
            is_judgement=section.is_judgement,
            text=written.text if written else "",
            version=written.version if written else 0,
            written_at=written.written_at if written else None,
            written_by=names.person(written.written_by) if written else "",
        )
    return found


def _assignment(one: Assignment, record: IncidentRecord, names: ReportNames) -> AssignmentView:
    person = names.get(one.person_id)
    answer, released = record.course.answers.get(one.id), record.course.released.get(one.id)
    language = names.language
    given = answer.value if answer else "assigned"
    said = translate(ANSWERS[given], language)
    return AssignmentView(
        at=one.at,
        name=person.name if person else "",
        organisation=person.organisation.name(language) if person else "",
        role=translate(RESPONDER_ROLES[one.role], language),
        answer=f"{said}: {answer.reason}" if answer and answer.reason else said,
        answered_at=answer.at if answer else None,
        released_at=released.at if released else None,
    )


def _organisations(record: IncidentRecord, names: ReportNames) -> list[str]:
    """The organisations that took part, in the order in which they came in."""
    course = record.course
    reporter = record.entries[0].person if record.entries else None
    people = [reporter, *(one.person_id for one in course.assignments)]
    people += [entry.person for text in course.texts.values() for entry in text.signed if entry.person]
    bodies = [person.organisation.name(names.language) for key in people if (person := names.get(key))]
    lead = names.name_of(record.incident.lead_organisation_id)
    return list(dict.fromkeys([*([lead] if lead else []), *bodies]))


def _summary(metrics: list[MetricView]) -> Summary:
    judged = [metric.on_time for metric in metrics if metric.on_time is not None]
    states = [metric.state for metric in metrics]
    return Summary(sum(judged), len(judged), states.count("not_applicable"), states.count("not_measured"))
