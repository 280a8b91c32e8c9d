"""Which steps a text must go through, as dated data: the sets, and which of them holds for a severity."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from crisis_desk.platform.clock import PROVINCE
from crisis_desk.platform.words import N_

SOURCE = Path(__file__).with_name("approval_sets.yaml")

APPROVE = "approve"
OPINION = "opinion"

STEP_TYPES: dict[str, str] = {
    "confirm_figures": N_("Confirm the figures"),
    "examine": N_("Examine"),
    OPINION: N_("Opinion"),
    APPROVE: N_("Approve"),
}
# Functions that a statement or its incident names; every other one is looked up among the desk's functions.
OWN_FUNCTIONS: dict[str, str] = {
    "unit": N_("unit of the drafter"),
    "issuer": N_("issuer"),
    "lead_agency": N_("lead agency"),
}


@dataclass(frozen=True)
class Step:
    """One step of a set; `minutes` is set for a step that is timed."""

    type: str
    function: str
    roles: tuple[str, ...]
    minutes: int | None = None


@dataclass(frozen=True)
class ApprovalSet:
    """Steps by stage, in force from `valid_from` until the day before `valid_to`, local dates."""

    code: str
    severity: int | None
    vi: str
    en: str
    valid_from: date
    valid_to: date | None
    stages: tuple[tuple[Step, ...], ...]

    def name(self, language: str) -> str:
        """The set's name in the reader's language."""
        return self.en if language == "en" else self.vi

    def as_data(self, new_id: Any) -> list[dict[str, Any]]:
        """The steps in the shape in which an entry carries them; `new_id()` names each."""
        numbered = [(stage, step) for stage, steps in enumerate(self.stages, 1) for step in steps]
        return [
            {
                "id": new_id(), "position": position, "stage": stage, "type": step.type, "function": step.function,
                "roles": list(step.roles), "minutes": step.minutes,
            }
            for position, (stage, step) in enumerate(numbered, 1)
        ]  # fmt: skip


def sets_at(moment: datetime) -> dict[str, ApprovalSet]:
    """The sets in force at a moment, by code."""
    day = moment.astimezone(PROVINCE).date()
    known = approval_sets()
    return {one.code: one for one in known if one.valid_from <= day and (one.valid_to is None or day < one.valid_to)}


def fits(one: ApprovalSet, severity: int) -> bool:
    """Whether a set may be chosen for a severity: one made for a lower severity can't be borrowed for a higher one."""
    return one.severity is None or one.severity >= severity


def own_set(severity: int, moment: datetime) -> ApprovalSet:
    """The set that comes with a severity. Raises LookupError when none is in force."""
    for one in sets_at(moment).values():
        if one.severity == severity:
            return one
    raise LookupError(f"no approval set for severity {severity} at {moment}")


@cache
def approval_sets() -> tuple[ApprovalSet, ...]:
    """Every set of steps, past ones too."""
    loaded = yaml.safe_load(SOURCE.read_text(encoding="utf-8"))
    return tuple(_read(raw) for raw in loaded["approval_sets"])


def _read(raw: dict[str, Any]) -> ApprovalSet:
    end = raw["valid_to"]
    return ApprovalSet(
        code=raw["code"],
        severity=raw["severity"],
        vi=raw["vi"],
        en=raw["en"],
        valid_from=date.fromisoformat(raw["valid_from"]),
        valid_to=date.fromisoformat(end) if end else None,
        stages=tuple(tuple(_step(step) for step in stage) for stage in raw["stages"]),
    )


def _step(raw: dict[str, Any]) -> Step:
    return Step(raw["type"], raw["function"], tuple(raw["roles"]), raw.get("minutes"))
