"""What is measured: the metrics of a review, each with its definition and formula. Published in docs/report.md.

A metric without a case to measure is *not applicable*, one that the desk keeps no data for is *not measured*; neither
is ever counted as in time, nor shown as zero.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from crisis_desk.platform.words import N_, translate

MEASURED = "measured"
RUNNING = "running"
NOT_APPLICABLE = "not_applicable"
NOT_MEASURED = "not_measured"

STATES: dict[str, str] = {
    MEASURED: N_("measured"),
    RUNNING: N_("still running"),
    NOT_APPLICABLE: N_("not applicable"),
    NOT_MEASURED: N_("not measured yet"),
}

DURATION = "duration"
COUNT = "count"
SHARE = "share"


@dataclass(frozen=True)
class Definition:
    """What a metric is called, what it means, how it is computed, and in which unit."""

    name: str
    meaning: str
    formula: str
    unit: str


DEFINITIONS: dict[str, Definition] = {
    "acknowledgement": Definition(
        N_("Time to acknowledge"),
        N_("How long the report waited until somebody took the incident in hand."),
        N_("acknowledged − received"),
        DURATION,
    ),
    "assignment": Definition(
        N_("Time to assign"),
        N_("How long it took to ask the first person to lead or to coordinate."),
        N_("first lead or coordinator asked − acknowledged"),
        DURATION,
    ),
    "first_information": Definition(
        N_("Initial information, house target"),
        N_("How long after its severity was set the first statement was released."),
        N_("first release − severity set (not before receipt)"),
        DURATION,
    ),
    "first_from_occurrence": Definition(
        N_("Initial information from the event"),
        N_("How long after the event the first statement was released."),
        N_("first release − occurred"),
        DURATION,
    ),
    "first_from_receipt": Definition(
        N_("Initial information from the receipt"),
        N_("How long after the desk heard of the event the first statement was released."),
        N_("first release − received"),
        DURATION,
    ),
    "first_from_effect": Definition(
        N_("Initial information from the effect on opinion"),
        N_("How long after its effect on public opinion was determined the first statement was released."),
        N_("first release − effect determined"),
        DURATION,
    ),
    "statutory": Definition(
        N_("Initial information by law"),
        N_("Whether the first statement was released within the time the law allows, and with what margin."),
        N_("first release − trigger of the rule ≤ time allowed"),
        DURATION,
    ),
    "statutory_opinion": Definition(
        N_("Initial information by law, from the effect on opinion"),
        N_("Whether the first statement was released within the time the law allows from the effect on opinion."),
        N_("first release − effect determined ≤ time allowed"),
        DURATION,
    ),
    "approval": Definition(
        N_("Approval time"),
        N_("How long a text took from its first submission to its last approval, with returns and new signatures."),
        N_("median of (last approval − first submission)"),
        DURATION,
    ),
    "promises": Definition(
        N_("Promised updates kept"),
        N_("How many updates that were promised in public came by the promised time."),
        N_("promises met in time / promises that are due"),
        SHARE,
    ),
    "enquiries_on_time": Definition(
        N_("Press enquiries answered in time"),
        N_("How many enquiries were answered by their deadline; open and refused ones are counted apart."),
        N_("answered in time / all due"),
        SHARE,
    ),
    "enquiry_response": Definition(
        N_("Time to answer the press"),
        N_("How long enquiries waited for their answer."),
        N_("median and 90th percentile of (answered − received)"),
        DURATION,
    ),
    "claim_verification": Definition(
        N_("Time to verify claims"),
        N_("How long it took from noting a claim to its verdict."),
        N_("median of (verdict − noted)"),
        DURATION,
    ),
    "corrections": Definition(
        N_("Own corrections"),
        N_("How many released statements had to be corrected or withdrawn."),
        N_("statements corrected or withdrawn / statements released"),
        SHARE,
    ),
    "correction_latency": Definition(
        N_("Time to correct"),
        N_("How long it took from finding an error to releasing its correction."),
        N_("correction released − error found"),
        DURATION,
    ),
    "handover": Definition(
        N_("Complete handovers"),
        N_("How many handovers were accepted within 15 minutes of the change of shift, with no task lost."),
        N_("handovers accepted in time / all"),
        SHARE,
    ),
    "late_notes": Definition(
        N_("Completeness of the log"),
        N_("How many lines of the log were written more than 30 minutes after what they tell."),
        N_("lines written late / all lines"),
        SHARE,
    ),
    "load": Definition(
        N_("Workload"),
        N_("How many open tasks and how many hours on shift fell to one person."),
        N_("open tasks and hours on shift for each responder"),
        COUNT,
    ),
}


@dataclass(frozen=True)
class Note:
    """A sentence with its values, spoken in the reader's language."""

    message: str
    values: dict[str, object] = field(default_factory=dict)

    def spoken(self, language: str) -> str:
        """The sentence in one language."""
        return translate(self.message, language, **self.values)


@dataclass(frozen=True)
class Measure:
    """One metric's result. Durations are in seconds; `of` is the whole of a share; `on_time` None is not judged.

    `source` is where the target comes from: a citation, or the code of the house rule. `figures` are further counts.
    """

    code: str
    state: str
    value: int | None = None
    of: int | None = None
    target: int | None = None
    on_time: bool | None = None
    margin: int | None = None
    source: str = ""
    note: Note | None = None
    figures: dict[str, int] = field(default_factory=dict)
