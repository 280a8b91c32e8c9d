"""What went wrong, as the record shows it: corrections, returns, voided signatures, late limits, late lines."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crisis_desk.incidents.entries import LogNoted
from crisis_desk.journal.entries import Recorded
from crisis_desk.reports.course import Course, Limit
from crisis_desk.reports.metrics import LATE_NOTE
from crisis_desk.statements import entries as e


@dataclass(frozen=True)
class Wrong:
    """One thing: its kind (a code), when, the entry that tells it, and how many seconds late where that matters."""

    kind: str
    at: datetime
    entry: Recorded[Any] | None = None
    limit: Limit | None = None
    late_seconds: int | None = None
    voided: int = 0


def wrongs_of(entries: Iterable[Recorded[Any]], course: Course, now: datetime) -> list[Wrong]:
    """Everything in the order it happened, entries of one moment as recorded; a limit stands where it was due."""
    found = [wrong for entry in entries for wrong in _of_entry(entry)]
    found += [_late(limit, now) for limit in course.limits.values() if limit.is_late(now)]
    return sorted(found, key=lambda wrong: wrong.at)


_KINDS: dict[type, str] = {
    e.StatementCorrected: "statement_corrected",
    e.StatementWithdrawn: "statement_withdrawn",
    e.StatementReturned: "text_returned",
    e.StatementReopened: "text_reopened",
    e.StepsRestarted: "steps_restarted",
    e.OpinionUnanswered: "opinion_unanswered",
}


def _of_entry(entry: Recorded[Any]) -> list[Wrong]:
    kind = _KINDS.get(type(entry.data))
    if kind is not None:
        return [Wrong(kind, entry.at, entry, voided=len(getattr(entry.data, "voided", ())))]
    return _of_note(entry) if isinstance(entry.data, LogNoted) else []


def _of_note(entry: Recorded[LogNoted]) -> list[Wrong]:
    found = [Wrong("note_corrected", entry.at, entry)] if entry.data.corrects else []
    late = entry.at - entry.data.occurred_at
    if late > LATE_NOTE:
        found.append(Wrong("note_late", entry.at, entry, late_seconds=int(late.total_seconds())))
    return found


def _late(limit: Limit, now: datetime) -> Wrong:
    ended = limit.met_at or limit.ended_at or now
    return Wrong("limit_late", limit.due_at, limit=limit, late_seconds=int((ended - limit.due_at).total_seconds()))
