"""What was known when: how the incident stood at each entry, to be looked at minute by minute."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crisis_desk.incidents.lists import SEVERITIES, STATUSES
from crisis_desk.platform.words import translate
from crisis_desk.reports.course import Step
from crisis_desk.reports.queries import IncidentRecord
from crisis_desk.reports.review import Review


@dataclass(frozen=True)
class Stand:
    """The stand at one moment: `said` are the statements that stood in public, `lines` how many entries there were."""

    at: datetime
    sequence: int
    status: str
    severity: str
    holder: str
    said: str
    lines: int


def stands_of(record: IncidentRecord, review: Review) -> list[Stand]:
    """One stand for each entry up to the closing, in the order in which the desk learned."""
    last = review.timeline.end
    language = review.language
    return [
        Stand(
            at=entry.at,
            sequence=entry.sequence,
            status=translate(STATUSES[_value(record.course.statuses, entry.at, "reported")], language),
            severity=_severity(_value(record.course.severities, entry.at, 1), language),
            holder=_holder(review, entry.at),
            said=_said(record, entry.at),
            lines=place,
        )
        for place, entry in enumerate(record.entries, 1)
        if entry.at <= last
    ]


def _value(steps: list[Step], at: datetime, before: Any) -> Any:
    return next((step.value for step in reversed(steps) if step.at <= at), before)


def _severity(level: int, language: str) -> str:
    return f"{level} – {translate(SEVERITIES[level], language)}"


def _holder(review: Review, at: datetime) -> str:
    held = [
        f"{one.code}: {holding.who}"
        for one in review.statements
        for holding in one.holdings
        if holding.since <= at and (holding.until is None or at < holding.until)
    ]
    return "; ".join(held) or "–"


def _said(record: IncidentRecord, at: datetime) -> str:
    stood = [
        text.code
        for text in record.course.texts.values()
        if text.released is not None and text.released.at <= at and (text.followed is None or at < text.followed.at)
    ]
    return ", ".join(stood) or "–"
