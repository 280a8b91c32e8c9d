"""Dated rules as data: which clocks run, which forms of release there are, what the house asks at each severity."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import yaml

from crisis_desk.platform.clock import PROVINCE

SOURCE = Path(__file__).with_name("rule_sets.yaml")


@dataclass(frozen=True)
class ClockRule:
    """A clock that the law starts at a moment of the incident (`trigger`, a column) and that runs `hours`."""

    code: str
    trigger: str
    hours: int
    citation: str
    from_severity: int


@dataclass(frozen=True)
class Form:
    """A legal form of release with its words and where the rule names it."""

    code: str
    vi: str
    en: str
    citation: str


D = TypeVar("D", "RuleSet", "House")


@dataclass(frozen=True)
class RuleSet:
    """The rules in force from `valid_from` until the day before `valid_to`, local dates."""

    code: str
    name: str
    valid_from: date
    valid_to: date | None
    clocks: tuple[ClockRule, ...]
    forms: tuple[Form, ...]


@dataclass(frozen=True)
class Targets:
    """What the house asks at one severity, in minutes; None where it asks nothing."""

    acknowledge: int
    first_information: int | None
    update: int | None


@dataclass(frozen=True)
class House:
    """A dated set of targets by severity."""

    code: str
    valid_from: date
    valid_to: date | None
    severities: dict[int, Targets]


def rule_set_at(moment: datetime) -> RuleSet:
    """The rule set in force at a moment, by the province's calendar."""
    return _in_force(rule_sets(), moment)


def rule_set(code: str) -> RuleSet:
    """A rule set by its code. Raises KeyError."""
    return {rules.code: rules for rules in rule_sets()}[code]


def targets_at(moment: datetime, severity: int) -> Targets:
    """The house's targets at a moment for a severity 1–4."""
    return _in_force(_houses(), moment).severities[severity]


def _in_force(dated: tuple[D, ...], moment: datetime) -> D:
    day = moment.astimezone(PROVINCE).date()
    for rules in dated:
        if rules.valid_from <= day and (rules.valid_to is None or day < rules.valid_to):
            return rules
    return dated[0]


@cache
def rule_sets() -> tuple[RuleSet, ...]:
    """Every rule set, past ones too, in the order of time."""
    return tuple(
        RuleSet(
            code=raw["code"],
            name=raw["name"],
            clocks=tuple(ClockRule(**clock) for clock in raw["clocks"]),
            forms=tuple(Form(**form) for form in raw["forms"]),
            valid_from=date.fromisoformat(raw["valid_from"]),
            valid_to=_day(raw["valid_to"]),
        )
        for raw in _source()["rule_sets"]
    )


@cache
def _houses() -> tuple[House, ...]:
    return tuple(
        House(
            code=raw["code"],
            severities={level: Targets(**targets) for level, targets in raw["severities"].items()},
            valid_from=date.fromisoformat(raw["valid_from"]),
            valid_to=_day(raw["valid_to"]),
        )
        for raw in _source()["targets"]
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


@cache
def _source() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(SOURCE.read_text(encoding="utf-8"))
    return loaded
