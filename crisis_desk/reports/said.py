"""Measures and wrongs as words: what a metric came to, what was asked, where the rule stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from crisis_desk.incidents.sentences import clock_name
from crisis_desk.journal.sentences import sentence
from crisis_desk.platform import wording
from crisis_desk.platform.words import N_, translate
from crisis_desk.reports.course import Limit
from crisis_desk.reports.measures import DEFINITIONS, DURATION, SHARE, STATES, Measure
from crisis_desk.reports.metrics import HOUSE
from crisis_desk.reports.names import ReportNames, span
from crisis_desk.reports.wrongs import Wrong

_SOURCES = {HOUSE: N_("House rule of severities"), "promise": N_("Promised in the released text")}
_FIGURES = {
    "texts": N_("texts approved: %(count)s"),
    "returns": N_("returned: %(count)s"),
    "reopenings": N_("reopened after submission: %(count)s"),
    "voided_signatures": N_("signatures made void: %(count)s"),
    "open": N_("not due yet: %(count)s"),
}


@dataclass(frozen=True)
class MetricView:
    """A metric in words, beside its figures; `on_time` None is not judged."""

    code: str
    name: str
    meaning: str
    formula: str
    unit: str
    state: str
    value: int | None
    of: int | None
    target: int | None
    on_time: bool | None
    margin: int | None
    figures: dict[str, int]
    text: str
    target_text: str
    verdict: str
    source: str
    note: str


@dataclass(frozen=True)
class WrongView:
    """One thing that went wrong, in words."""

    kind: str
    at: Any
    sequence: int | None
    text: str
    consequence: str


def metric_view(measure: Measure, language: str) -> MetricView:
    """A measure in words of one language."""
    definition = DEFINITIONS[measure.code]
    named = {"name": definition.name, "meaning": definition.meaning, "formula": definition.formula}
    return MetricView(
        code=measure.code,
        unit=definition.unit,
        state=measure.state,
        value=measure.value,
        of=measure.of,
        target=measure.target,
        on_time=measure.on_time,
        margin=measure.margin,
        figures=measure.figures,
        text=_value(measure, language),
        target_text=_target(measure, language),
        verdict=_verdict(measure, language),
        source=translate(_SOURCES[measure.source], language) if measure.source in _SOURCES else measure.source,
        note=_note(measure, language),
        **{name: translate(message, language) for name, message in named.items()},
    )


def _value(measure: Measure, language: str) -> str:
    if measure.value is None:
        return translate(STATES[measure.state], language) if measure.state != "measured" else "–"
    unit = DEFINITIONS[measure.code].unit
    if unit == SHARE:
        return translate(N_("%(part)s of %(whole)s"), language, part=measure.value, whole=measure.of)
    return span(measure.value, language) if unit == DURATION else str(measure.value)


def _target(measure: Measure, language: str) -> str:
    if measure.target is None:
        return ""
    if DEFINITIONS[measure.code].unit == SHARE:
        return translate(N_("all"), language)
    return translate(N_("at most %(span)s"), language, span=span(measure.target, language))


def _verdict(measure: Measure, language: str) -> str:
    if measure.on_time is None:
        return "" if measure.state == "measured" else translate(STATES[measure.state], language)
    if measure.margin is None:
        return translate(N_("met") if measure.on_time else N_("not met"), language)
    message = N_("met, %(span)s to spare") if measure.on_time else N_("not met, %(span)s over")
    return translate(message, language, span=span(measure.margin, language))


def _note(measure: Measure, language: str) -> str:
    said = [measure.note.spoken(language)] if measure.note else []
    if measure.figures and said:
        said = [said[0].rstrip(".")]
    if "longest_seconds" in measure.figures:
        longest = span(measure.figures["longest_seconds"], language)
        said.append(translate(N_("longest: %(span)s"), language, span=longest))
    said += [
        translate(message, language, count=measure.figures[name])
        for name, message in _FIGURES.items()
        if measure.figures.get(name)
    ]
    return "; ".join(said)


def wrong_view(wrong: Wrong, language: str, names: ReportNames) -> WrongView:
    """What went wrong as a sentence, with what came of it."""
    entry = wrong.entry
    text = sentence(entry, language, names.on(entry.at)) if entry else limit_name(wrong.limit, language)
    return WrongView(wrong.kind, wrong.at, entry.sequence if entry else None, text, _consequence(wrong, language))


def limit_name(limit: Limit | None, language: str) -> str:
    """What a time limit is called, with the moment it was due."""
    if limit is None:
        return ""
    name = clock_name(limit.code, limit.number, language)
    return translate(N_("%(clock)s, due %(time)s"), language, clock=name, time=wording.formal(limit.due_at, language))


def _consequence(wrong: Wrong, language: str) -> str:
    if wrong.kind == "text_returned":
        return translate(N_("stopped before release"), language)
    if wrong.kind == "opinion_unanswered":
        return translate(N_("silence did not count as consent"), language)
    if wrong.voided:
        return translate(N_("signatures made void: %(count)s"), language, count=wrong.voided)
    if wrong.late_seconds is None:
        return ""
    late = translate(N_("%(span)s late"), language, span=span(wrong.late_seconds, language))
    reason = wrong.limit.reason if wrong.limit and not wrong.limit.met_at else None
    return f"{late}: {reason}" if reason else late
