"""The order of an incident's life: forward as the work goes, back only with a reason."""

from __future__ import annotations

from crisis_desk.incidents.lists import STATUSES
from crisis_desk.platform.errors import Conflict, Invalid
from crisis_desk.platform.words import N_

_ORDER = list(STATUSES)
_ALLOWED = {
    "reported": {"open", "active", "closed"},
    "open": {"active", "monitoring", "closed", "reported"},
    "active": {"monitoring", "closed", "open"},
    "monitoring": {"active", "closed"},
    "closed": {"reviewed", "active", "monitoring"},
    "reviewed": {"closed"},
}


def check_move(before: str, after: str) -> None:
    """Raises `Invalid` for an unknown status and `Conflict` for a move that the life cycle does not have."""
    if after not in _ALLOWED:
        raise Invalid(errors={"to": [N_("There is no such status.")]})
    if after not in _ALLOWED[before]:
        raise Conflict(N_("An incident can't go there from its present status. Nothing was changed."))


def needs_reason(before: str, after: str) -> bool:
    """Going back and closing are told with a reason."""
    return after == "closed" or _ORDER.index(after) < _ORDER.index(before)


def moves_from(status: str) -> list[str]:
    """Where an incident can go, in the order of life."""
    return sorted(_ALLOWED[status], key=_ORDER.index)
