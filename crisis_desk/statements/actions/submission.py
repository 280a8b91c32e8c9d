"""Submitting freezes a text with its checks and its steps; reopening takes it back and voids what was signed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from crisis_desk.incidents.rules import require
from crisis_desk.journal.transaction import Transaction
from crisis_desk.people.models import Person
from crisis_desk.platform.errors import Conflict, Invalid
from crisis_desk.platform.words import N_, _
from crisis_desk.statements import draft_store, queries, rules
from crisis_desk.statements.actions.loading import given_reason, loaded, record
from crisis_desk.statements.canonical import canonical, from_canonical, text_sha256
from crisis_desk.statements.checks import BLOCK, Finding, run_checks
from crisis_desk.statements.entries import (
    StatementReopened,
    StatementSubmitted,
    StepsKept,
    StepsRestarted,
)
from crisis_desk.statements.frozen_text import checked, with_drill_line
from crisis_desk.statements.models import DRAFT, FROZEN_STATES, Statement

NOT_FROZEN = N_("The text is not submitted at present.")


def submit(
    tx: Transaction, *, person: Person, statement_id: str, overrides: Sequence[Mapping[str, Any]] = ()
) -> Statement:
    """Freezes the text as it is now, with the steps that the incident's severity asks for.

    `overrides` names warnings by `check` and `block` with a `reason`; what blocks can't be overridden. Raises
    `Invalid` with every place that stands in the way.
    """
    statement, incident = loaded(tx, person, statement_id)
    require(rules.is_submitter(person, incident), rules.NOT_A_SUBMITTER)
    if statement.state != DRAFT:
        raise Conflict(N_("The text has been submitted already."))
    draft = from_canonical(draft_store.freeze(tx.session, statement.id))
    blocks = with_drill_line(draft, statement.drill, statement.language)
    found = _settled(run_checks(checked(blocks, statement, incident)), overrides, person)
    steps = queries.approval_set_for(tx.session, incident.severity, tx.now)
    text = canonical(blocks)
    data = StatementSubmitted(
        number=statement.number,
        revision=statement.revision + 1,
        revision_id=str(uuid4()),
        text=text,
        text_sha256=text_sha256(text),
        severity=incident.severity,
        kind=incident.kind,
        approval_set=steps.code,
        steps=steps.as_data(_new_id),
        checks=found,
        writers=_writers(tx, statement),
    )
    record(tx, statement, data)
    return statement


def reopen(tx: Transaction, *, person: Person, statement_id: str, reason: str) -> Statement:
    """Takes a frozen text back to change it. Every signature under it becomes void."""
    statement, incident = loaded(tx, person, statement_id)
    require(rules.is_submitter(person, incident), rules.NOT_A_SUBMITTER)
    _require_frozen(statement)
    data = StatementReopened(statement.number, statement.revision, given_reason(reason), voided(tx, statement))
    record(tx, statement, data)
    draft_store.thaw(tx.session, statement.id)
    return statement


def keep_steps(tx: Transaction, *, person: Person, statement_id: str, reason: str) -> Statement:
    """After a change of severity: goes on with the steps that were frozen, for a reason."""
    statement, incident = loaded(tx, person, statement_id)
    require(rules.is_submitter(person, incident), rules.NOT_A_SUBMITTER)
    _require_outdated(rules.are_steps_outdated(statement, incident))
    record(tx, statement, StepsKept(statement.number, incident.severity, given_reason(reason)))
    return statement


def restart_steps(tx: Transaction, *, person: Person, statement_id: str) -> Statement:
    """After a change of severity: takes the steps of the new one. The text stays frozen, signatures become void."""
    statement, incident = loaded(tx, person, statement_id)
    require(rules.is_submitter(person, incident), rules.NOT_A_SUBMITTER)
    _require_outdated(rules.are_steps_outdated(statement, incident))
    steps = queries.approval_set_for(tx.session, incident.severity, tx.now)
    data = StepsRestarted(
        number=statement.number,
        revision=statement.revision,
        severity=incident.severity,
        approval_set=steps.code,
        steps=steps.as_data(_new_id),
        voided=voided(tx, statement),
    )
    record(tx, statement, data)
    return statement


def voided(tx: Transaction, statement: Statement) -> list[str]:
    """The ids of the signatures that taking the text back makes void."""
    return [signature.id for signature in queries.signatures_of(tx.session, statement.id)]


def _writers(tx: Transaction, statement: Statement) -> list[str]:
    """Everyone who wrote in the text: whoever began it, and every hand in its draft."""
    began = [statement.created_by] if statement.created_by else []
    return sorted({*began, *draft_store.writers(tx.session, statement.id)})


def _settled(
    findings: Sequence[Finding], overrides: Sequence[Mapping[str, Any]], person: Person
) -> list[dict[str, Any]]:
    """What the entry keeps of the checks. Raises `Invalid` while something blocks or a warning has no reason."""
    reasons = {(str(one.get("check")), one.get("block")): str(one.get("reason", "")).strip() for one in overrides}
    blocking = [finding for finding in findings if finding.level == BLOCK]
    unanswered = [finding for finding in findings if finding.level != BLOCK and not reasons.get(finding.key)]
    if blocking or unanswered:
        raise Invalid(
            N_("The text can't be submitted yet: mend what is marked, or say why a warning does not apply."),
            errors={"checks": [_said(finding) for finding in (*blocking, *unanswered)]},
        )
    return [finding.as_data(reasons[finding.key]) | {"overridden_by": person.id} for finding in findings]


def _said(finding: Finding) -> str:
    reason = _(finding.reason, **finding.values)
    if finding.place is None:
        return reason
    return _("Part %(place)s: %(reason)s", place=finding.place, reason=reason)


def _require_frozen(statement: Statement) -> None:
    if statement.state not in FROZEN_STATES:
        raise Conflict(NOT_FROZEN)


def _require_outdated(is_outdated: bool) -> None:
    if not is_outdated:
        raise Conflict(N_("The severity has not changed since the steps were frozen."))


def _new_id() -> str:
    return str(uuid4())
