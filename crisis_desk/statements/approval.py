"""How far a text has come on its way: pure functions over its frozen steps, the same for action, effect and page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from crisis_desk.statements.approval_sets import APPROVE
from crisis_desk.statements.models import StatementStep


def is_signed(step: StatementStep) -> bool:
    return step.signature_id is not None


def is_settled(step: StatementStep) -> bool:
    """Whether the step no longer holds up the next stage: signed, or timed, asked and without an answer in time."""
    return is_signed(step) or step.unanswered_at is not None


def stage_of(steps: Sequence[StatementStep]) -> int | None:
    """The stage whose turn it is; None when every step is settled."""
    return min((step.stage for step in steps if not is_settled(step)), default=None)


def open_steps(steps: Sequence[StatementStep]) -> list[StatementStep]:
    """The steps that may be signed or returned now: those of the present stage and earlier ones without an answer."""
    stage = stage_of(steps)
    return [step for step in steps if not is_signed(step) and (stage is None or step.stage <= stage)]


def waited_for(steps: Sequence[StatementStep]) -> list[StatementStep]:
    """The steps whose holders have the text now, in order."""
    stage = stage_of(steps)
    return [step for step in steps if step.stage == stage and not is_settled(step)]


def is_approved(steps: Sequence[StatementStep]) -> bool:
    """Whether every step asked for is settled and every approval among them is really signed.

    Silence never approves: a step that approves counts only when it is signed, whatever its timing says.
    """
    approvals = [step for step in steps if step.type == APPROVE]
    return bool(approvals) and all(map(is_signed, approvals)) and all(map(is_settled, steps))


def due_at(step: StatementStep) -> datetime | None:
    """When a timed step stops holding up the next; None for an untimed one or one not asked yet."""
    if step.minutes is None or step.asked_at is None:
        return None
    return step.asked_at + timedelta(minutes=step.minutes)


def run_out(steps: Sequence[StatementStep], now: datetime) -> list[StatementStep]:
    """Timed steps of the present stage whose time is over without an answer, not yet noted as such."""
    return [step for step in waited_for(steps) if (due := due_at(step)) is not None and due <= now]
