"""The words for codes in the templates of board and room, and what a clock or a person is called there."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from crisis_desk.incidents.clocks import CLOCKS
from crisis_desk.incidents.codes import spoken_code
from crisis_desk.incidents.lists import (
    ANSWERS,
    HANDLINGS,
    KINDS,
    RESPONDER_ROLES,
    SEVERITIES,
    STATUSES,
    TRIGGERS,
)
from crisis_desk.incidents.models import Clock
from crisis_desk.platform.clock import PROVINCE
from crisis_desk.platform.words import current_language, translate
from crisis_desk.room.waiting import ACT
from crisis_desk.statements.approval_sets import STEP_TYPES
from crisis_desk.statements.lists import AUTHORITIES, HOLDERS, PURPOSES, STATES


def _said(codes: dict[Any, str]) -> dict[Any, str]:
    language = current_language()
    return {code: translate(word, language) for code, word in codes.items()}


def clock_name(clock: Clock) -> str:
    """What a clock asks for: "Initial information", "Promised in public: update no. 2"."""
    return translate(CLOCKS[clock.code], current_language(), number=clock.number or "")


def wall_clock(at: datetime | None) -> str:
    """A moment as a field for date and time holds it: the province's wall clock, to the minute."""
    return f"{at.astimezone(PROVINCE):%Y-%m-%dT%H:%M}" if at is not None else ""


def labels() -> dict[str, Any]:
    """What the templates of this feature know beyond the frame's, in the language spoken now."""
    return {
        "ACT": ACT,
        "clock_name": clock_name,
        "spoken_code": spoken_code,
        "kinds": _said({code: kind.name for code, kind in KINDS.items()}),
        "severities": _said(SEVERITIES),
        "statuses": _said(STATUSES),
        "triggers": _said(TRIGGERS),
        "handlings": _said(HANDLINGS),
        "responder_roles": _said(RESPONDER_ROLES),
        "answers": _said(ANSWERS),
        "purposes": _said(PURPOSES),
        "authorities": _said(AUTHORITIES),
        "statement_states": _said(STATES),
        "holder_functions": _said(HOLDERS),
        "step_types": _said(STEP_TYPES),
    }
