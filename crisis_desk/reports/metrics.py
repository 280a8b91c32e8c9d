"""The metrics of one incident, computed from its course alone (docs/report.md lists them with their sources)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from statistics import median

from crisis_desk.platform.words import N_
from crisis_desk.reports.course import Course, Limit
from crisis_desk.reports.measures import MEASURED, NOT_APPLICABLE, NOT_MEASURED, RUNNING, Measure, Note

# A line written later than this after the event weakens the record (metric "completeness of the log").
LATE_NOTE = timedelta(minutes=30)
LEADING = ("lead", "coordinator")
HOUSE = "house"
# What no feature of the desk keeps yet, with what it would need.
_UNKEPT = {
    "enquiries_on_time": N_("The desk keeps no press enquiries yet."),
    "enquiry_response": N_("The desk keeps no press enquiries yet."),
    "claim_verification": N_("The desk keeps no claims with verdicts yet."),
    "handover": N_("The desk keeps no shifts and handovers yet."),
    "load": N_("The desk keeps no tasks and shifts yet."),
}

_PROVISIONAL = Note(N_("Counted from the receipt, for nobody knows when it happened."))


def metrics_of(course: Course, now: datetime) -> list[Measure]:
    """Every metric in the order of the report; `now` is until when an open incident is looked at."""
    return [
        _acknowledgement(course, now),
        _assignment(course),
        _first_information(course, now),
        _since(course, "first_from_occurrence", course.occurred_at),
        _since(course, "first_from_receipt", course.received_at),
        _since(course, "first_from_effect", course.impact_determined_at),
        *_statutory(course, now),
        _approval(course),
        _promises(course, now),
        _not_measured("enquiries_on_time"),
        _not_measured("enquiry_response"),
        _not_measured("claim_verification"),
        _corrections(course),
        _correction_latency(course),
        _not_measured("handover"),
        _late_notes(course),
        _not_measured("load"),
    ]


def first_release(course: Course) -> datetime | None:
    """When the public was told something for the first time."""
    told = [text.released.at for text in course.texts.values() if text.informs and text.released is not None]
    return min(told, default=None)


def _acknowledgement(course: Course, now: datetime) -> Measure:
    limits = course.limits_of("acknowledge")
    return _of_limit("acknowledgement", limits[0] if limits else None, HOUSE, now)


def _assignment(course: Course) -> Measure:
    asked = min((one.at for one in course.assignments if one.role in LEADING), default=None)
    if asked is None:
        return _inapplicable("assignment", N_("Nobody was asked to lead or to coordinate."))
    if course.acknowledged_at is None:
        return _inapplicable("assignment", N_("Nobody acknowledged the incident."))
    if asked < course.acknowledged_at:
        return Measure("assignment", MEASURED, 0, note=Note(N_("Asked before the incident was acknowledged.")))
    return Measure("assignment", MEASURED, _seconds(asked - course.acknowledged_at))


def _first_information(course: Course, now: datetime) -> Measure:
    limits = course.limits_of("first_information")
    return _of_limit("first_information", limits[-1] if limits else None, HOUSE, now)


def _since(course: Course, code: str, trigger: datetime | None) -> Measure:
    if trigger is None:
        return _inapplicable(code, N_("This moment is not in the record."))
    told = first_release(course)
    if told is not None:
        return Measure(code, MEASURED, _seconds(told - trigger))
    if course.closed_at is not None:
        return _inapplicable(code, N_("The incident ended without a statement."))
    return Measure(code, RUNNING, note=Note(N_("Nothing has been released yet.")))


def _statutory(course: Course, now: datetime) -> Iterator[Measure]:
    by_code = {"statutory": "legal_first_information", "statutory_opinion": "legal_first_information_opinion"}
    found = {code: course.limits_of(clock) for code, clock in by_code.items()}
    for code, limits in found.items():
        if limits:
            yield _of_limit(code, limits[-1], limits[-1].citation or "", now)
    if not any(found.values()):
        yield _inapplicable("statutory", N_("The law asks for no initial information at this severity."))


def _approval(course: Course) -> Measure:
    texts = [text for text in course.texts.values() if text.submitted]
    times = sorted(_seconds(text.approved[-1] - text.submitted[0]) for text in texts if text.approved)
    if not texts:
        return _inapplicable("approval", N_("No text was submitted."))
    figures = {
        "texts": len(times),
        "returns": sum(len(text.returned) for text in texts),
        "reopenings": sum(len(text.reopened) for text in texts),
        "voided_signatures": sum(text.voided for text in texts),
    }
    if not times:
        return Measure("approval", RUNNING, figures=figures, note=Note(N_("No text has been approved yet.")))
    return Measure("approval", MEASURED, int(median(times)), figures=figures | {"longest_seconds": times[-1]})


def _promises(course: Course, now: datetime) -> Measure:
    limits = course.limits_of("promise")
    # A promise whose clock was stopped before its time is neither kept nor broken by what the record holds.
    due = [limit for limit in limits if limit.met_at or limit.due_at < (limit.ended_at or now)]
    if not limits:
        return _inapplicable("promises", N_("No update was promised."))
    if not due:
        return Measure("promises", RUNNING, figures={"open": len(limits)}, note=Note(N_("No promise is due yet.")))
    kept = sum(limit.is_met_in_time for limit in due)
    return Measure(
        "promises", MEASURED, kept, len(due), target=len(due), on_time=kept == len(due), source="promise",
        figures={"open": len(limits) - len(due)},
    )  # fmt: skip


def _corrections(course: Course) -> Measure:
    released = [text for text in course.texts.values() if text.released is not None]
    if not released:
        return _inapplicable("corrections", N_("No statement was released."))
    wrong = sum(_was_wrong(text.followed.kind) for text in released if text.followed is not None)
    return Measure("corrections", MEASURED, wrong, len(released))


def _correction_latency(course: Course) -> Measure:
    followed = [text.followed.kind for text in course.texts.values() if text.followed is not None]
    if not any(map(_was_wrong, followed)):
        return _inapplicable("correction_latency", N_("No released statement had to be corrected."))
    note = Note(N_("The desk does not keep yet when an error in a statement was found."))
    return Measure("correction_latency", NOT_MEASURED, note=note)


def _was_wrong(kind: str) -> bool:
    return kind in {"statement.corrected", "statement.withdrawn"}


def _late_notes(course: Course) -> Measure:
    if not course.notes:
        return _inapplicable("late_notes", N_("Nothing was written into the log."))
    late = sum(note.at - note.data.occurred_at > LATE_NOTE for note in course.notes)
    return Measure("late_notes", MEASURED, late, len(course.notes))


def _of_limit(code: str, limit: Limit | None, source: str, now: datetime) -> Measure:
    if limit is None:
        return _inapplicable(code, N_("The house asks nothing here at this severity."))
    target = _seconds(limit.due_at - limit.starts_at)
    provisional = _PROVISIONAL if limit.provisional else None
    if limit.met_at is not None:
        margin = _seconds(limit.due_at - limit.met_at)
        used = _seconds(limit.met_at - limit.starts_at)
        return Measure(code, MEASURED, used, None, target, margin >= 0, margin, source, provisional)
    if limit.ended_at is not None:
        return _ended(code, limit, limit.ended_at, target, source)
    margin = _seconds(limit.due_at - now)
    on_time = False if margin < 0 else None
    return Measure(code, RUNNING, None, None, target, on_time, margin, source, provisional)


def _ended(code: str, limit: Limit, ended: datetime, target: int, source: str) -> Measure:
    """A limit that was closed unmet: late counts as missed, before its time it has nothing to measure."""
    if limit.reason is None:
        note = Note(N_("Not asked for any more after the severity changed."))
    else:
        note = Note(N_("Closed with a reason: %(reason)s"), {"reason": limit.reason})
    if ended <= limit.due_at:
        return Measure(code, NOT_APPLICABLE, target=target, source=source, note=note)
    margin = _seconds(limit.due_at - ended)
    return Measure(code, MEASURED, None, None, target, False, margin, source, note)


def _inapplicable(code: str, reason: str) -> Measure:
    return Measure(code, NOT_APPLICABLE, note=Note(reason))


def _not_measured(code: str) -> Measure:
    return Measure(code, NOT_MEASURED, note=Note(_UNKEPT[code]))


def _seconds(span: timedelta) -> int:
    # Whole seconds towards the past, so that half a second over the limit is over it.
    return span // timedelta(seconds=1)
