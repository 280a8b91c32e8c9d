"""The four times of an incident with what they were thought to be before: corrections stay in sight."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from crisis_desk.incidents.models import Incident
from crisis_desk.journal.models import JournalEntry
from crisis_desk.journal.replay import recorded_from
from crisis_desk.platform.clock import parse_instant
from crisis_desk.platform.words import N_
from crisis_desk.room.names import PageNames

TIMES: dict[str, str] = {
    "occurred_at": N_("Occurred"),
    "received_at": N_("Received"),
    "impact_determined_at": N_("Effect on opinion determined"),
    "recorded_at": N_("Recorded"),
}


@dataclass(frozen=True)
class Correction:
    """That a time was thought to be `before` (None: unknown) until somebody put it right."""

    before: datetime | None
    at: datetime
    who: str


@dataclass(frozen=True)
class TimeView:
    """One of the four times; `at` is None while nobody knows it."""

    name: str
    at: datetime | None
    exactly: bool
    corrections: list[Correction]


def times_of(session: Session, incident: Incident, names: PageNames) -> list[TimeView]:
    """The four times in their order."""
    corrections = _corrections(session, incident, names)
    return [
        TimeView(
            name=label,
            at=getattr(incident, column),
            exactly=column != "occurred_at" or not incident.occurred_about,
            corrections=corrections[column],
        )
        for column, label in TIMES.items()
    ]


def _corrections(session: Session, incident: Incident, names: PageNames) -> dict[str, list[Correction]]:
    query = select(JournalEntry.header, JournalEntry.payload).where(
        JournalEntry.subject_type == "incident",
        JournalEntry.subject_id == incident.id,
        JournalEntry.kind == "incident.times_corrected",
        JournalEntry.payload.is_not(None),
    )
    found: defaultdict[str, list[Correction]] = defaultdict(list)
    for header, payload in session.execute(query.order_by(JournalEntry.sequence)).all():
        entry = recorded_from(header, payload or "")
        for column, before in entry.data.before.items():
            if column in TIMES:
                moment = parse_instant(before) if before else None
                found[column].append(Correction(moment, entry.at, names.person(entry.person)))
    return found
