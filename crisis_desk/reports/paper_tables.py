"""The tables of the report: statements, metrics, what went wrong."""

from __future__ import annotations

from datetime import datetime

from crisis_desk.paper.model import Table
from crisis_desk.platform import wording
from crisis_desk.platform.words import N_, translate
from crisis_desk.reports.measures import NOT_APPLICABLE, NOT_MEASURED
from crisis_desk.reports.review import Review


def moment(at: datetime | None, language: str) -> str:
    """A moment as papers write it, or an empty text."""
    return wording.formal(at, language) if at is not None else ""


def _header(review: Review, *messages: str) -> tuple[str, ...]:
    return tuple(translate(message, review.language) for message in messages)


def statements_table(review: Review) -> Table:
    """What was released: number, time, forms, who spoke, on which ground, the hash of the text."""
    rows = tuple(
        (
            f"{one.code} ({translate(N_('no. %(number)s'), review.language, number=one.sequence_number)})",
            moment(one.released_at, review.language),
            "; ".join(one.forms),
            f"{one.spokesperson}, {one.released_as}",
            one.ground,
            one.final_sha256[:8],
        )
        for one in review.statements
        if one.released_at
    )
    header = _header(review, N_("Number"), N_("Time"), N_("Form"), N_("Spokesperson"), N_("Ground"), N_("Text hash"))
    return Table(header, rows, (1.9, 2.6, 3.4, 3.3, 2.8, 2.4))


def metrics_table(review: Review) -> Table:
    """Every metric that was measured, runs or does not apply, with its formula, target and source."""
    rows = tuple(
        (
            metric.name,
            metric.formula,
            metric.text,
            "\n".join(filter(None, (metric.target_text, metric.source))),
            "; ".join(filter(None, (metric.verdict if metric.verdict != metric.text else "", metric.note))) or "–",
        )
        for metric in review.metrics
        if metric.state != NOT_MEASURED
    )
    header = _header(review, N_("Metric"), N_("Formula"), N_("Value"), N_("Target"), N_("Result"))
    return Table(header, rows, (3.4, 3.6, 2.2, 3, 3.6))


def unmeasured_lines(review: Review) -> tuple[str, ...]:
    """The metrics that the desk keeps no data for, each with why; they are never shown as zero."""
    state = translate(N_("not measured yet"), review.language)
    return tuple(f"{metric.name}: {state}. {metric.note}" for metric in review.metrics if metric.state == NOT_MEASURED)


def inapplicable_count(review: Review) -> int:
    """How many metrics had nothing to measure."""
    return sum(metric.state == NOT_APPLICABLE for metric in review.metrics)


def wrongs_table(review: Review) -> Table:
    """What went wrong, from the record: when, what, and what came of it."""
    rows = tuple((moment(one.at, review.language), one.text, one.consequence or "–") for one in review.wrongs)
    return Table(_header(review, N_("Time"), N_("What"), N_("What came of it")), rows, (3, 8, 4))
