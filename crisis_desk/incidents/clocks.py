"""Which clocks run for an incident, computed from the rule sets; pure, so that a preview and an action agree."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from crisis_desk.incidents.models import Clock
from crisis_desk.incidents.rule_sets import ClockRule, RuleSet, Targets
from crisis_desk.platform.clock import instant_text, parse_instant
from crisis_desk.platform.words import N_

CLOCKS: dict[str, str] = {
    "acknowledge": N_("Acknowledge"),
    "first_information": N_("Initial information"),
    "legal_first_information": N_("Initial information by law, 24 hours"),
    "legal_first_information_opinion": N_("Initial information by law, 24 hours from the effect on opinion"),
    "promise": N_("Promised in public: update no. %(number)s"),
    "authorisation_posting": N_("Post the authorisation to speak"),
}
FIRST_INFORMATION = ("first_information", "legal_first_information", "legal_first_information_opinion")


@dataclass(frozen=True)
class Moments:
    """The moments from which clocks of one incident run; `severity_since` is when its present severity was set."""

    occurred_at: datetime | None
    received_at: datetime
    impact_determined_at: datetime | None
    severity_since: datetime


@dataclass(frozen=True)
class Running:
    """A clock as it should run."""

    code: str
    starts_at: datetime
    due_at: datetime
    provisional: bool = False
    citation: str | None = None

    def as_data(self, clock_id: str | None = None) -> dict[str, Any]:
        """The shape in which an entry carries a clock."""
        return {
            "id": clock_id or str(uuid4()),
            "code": self.code,
            "starts_at": instant_text(self.starts_at),
            "due_at": instant_text(self.due_at),
            "provisional": self.provisional,
            "citation": self.citation,
        }


def wanted(severity: int, moments: Moments, rules: RuleSet, targets: Targets) -> list[Running]:
    """Every clock that should run at this severity."""
    clocks = [_after("acknowledge", moments.received_at, targets.acknowledge)]
    if targets.first_information is not None:
        # A target counts from when the severity was set: raising it must not make the desk late at once.
        start = max(moments.received_at, moments.severity_since)
        clocks.append(_after("first_information", start, targets.first_information))
    legal = (_legal(rule, moments) for rule in rules.clocks if severity >= rule.from_severity)
    return clocks + [clock for clock in legal if clock is not None]


def _after(code: str, start: datetime, minutes: int) -> Running:
    return Running(code, start, start + timedelta(minutes=minutes))


def _legal(rule: ClockRule, moments: Moments) -> Running | None:
    start: datetime | None = getattr(moments, rule.trigger)
    if start is None and rule.trigger != "occurred_at":
        return None
    # Decree 09/2017 counts from the event; while nobody knows when it happened, the clock runs from the receipt.
    known = start or moments.received_at
    return Running(rule.code, known, known + timedelta(hours=rule.hours), start is None, rule.citation)


def changes(
    present: Sequence[Clock], wanted_now: Iterable[Running], *, is_raised: bool = False
) -> tuple[list[dict[str, Any]], list[str]]:
    """What to write so that the running clocks are the wanted ones: (started or moved, ids no longer asked for).

    A clock that has been met or closed is past and stays as it was; only future targets are computed again. When the
    severity is raised, nothing gets more time than it had.
    """
    by_code = {clock.code: clock for clock in present}
    written: list[dict[str, Any]] = []
    wanted_codes = set()
    for running in wanted_now:
        wanted_codes.add(running.code)
        clock = by_code.get(running.code)
        if clock is None:
            written.append(running.as_data())
        elif is_raised and clock.due_at <= running.due_at:
            continue
        elif is_open(clock) and (clock.due_at, clock.starts_at) != (running.due_at, running.starts_at):
            written.append(running.as_data(clock.id))
    governed = {"acknowledge", *FIRST_INFORMATION}
    dropped = [c.id for c in present if is_open(c) and c.code in governed and c.code not in wanted_codes]
    return written, dropped


def is_open(clock: Clock) -> bool:
    """Whether the clock still runs."""
    return clock.met_at is None and clock.closed_at is None


def clock_columns(data: dict[str, Any]) -> dict[str, Any]:
    """The columns of a clock from the shape in which an entry carries it."""
    return {**data, "starts_at": parse_instant(data["starts_at"]), "due_at": parse_instant(data["due_at"])}
