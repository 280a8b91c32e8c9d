"""Signing a step, returning a text, and noting that nobody answered in time."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import uuid4

from crisis_desk.incidents.models import Incident
from crisis_desk.journal.transaction import Transaction
from crisis_desk.people.models import Organisation, Person
from crisis_desk.people.second_factor import require as require_second_factor
from crisis_desk.platform.errors import Conflict, Forbidden, NotFound
from crisis_desk.platform.words import N_
from crisis_desk.statements import approval, draft_store, queries, rules
from crisis_desk.statements.actions.loading import given_reason, loaded, record
from crisis_desk.statements.actions.submission import NOT_FROZEN, voided
from crisis_desk.statements.entries import (
    OpinionUnanswered,
    StatementApproved,
    StatementReturned,
    StatementSigned,
)
from crisis_desk.statements.models import FROZEN_STATES, SUBMITTED, Statement, StatementStep

OTHER_TEXT = N_("This is not the text that is to be signed now. Read the present one; nothing was signed.")


def sign(
    tx: Transaction, *, person: Person, statement_id: str, step_id: str, text_sha256: str, second_factor: str
) -> Statement:
    """Signs one step for the function it names, under exactly the text whose hash the signer was shown.

    Raises `Forbidden` for anybody else's step and for a writer of the text, `Conflict` for another text, a step that
    is signed, or one whose turn has not come, `Invalid` for a wrong second factor.
    """
    statement, incident = loaded(tx, person, statement_id)
    step = _step(tx, statement, step_id)
    note_unanswered(tx, statement)
    organisation = queries.function_holder(tx.session, statement, incident, step.function, tx.now)
    _refuse(rules.why_not_sign(person, statement, step, organisation), organisation)
    if text_sha256 != statement.text_sha256:
        raise Conflict(OTHER_TEXT)
    _require_open(tx, statement, step)
    require_second_factor(tx, person, second_factor, f"signature:{step.id}")
    assert organisation is not None
    data = StatementSigned(
        number=statement.number,
        revision=statement.revision,
        signature_id=str(uuid4()),
        step_id=step.id,
        type=step.type,
        function=step.function,
        organisation_id=organisation.id,
        organisation_name=organisation.name(statement.language),
        text_sha256=text_sha256,
    )
    record(tx, statement, data)
    _approve_if_complete(tx, statement)
    return statement


def return_statement(tx: Transaction, *, person: Person, statement_id: str, reason: str) -> Statement:
    """Gives the text back to its drafters with a reason; whoever holds a step may. Signatures become void."""
    statement, incident = loaded(tx, person, statement_id)
    _require_frozen(statement)
    note_unanswered(tx, statement)
    step, organisation = _held(tx, person, statement, incident)
    data = StatementReturned(
        number=statement.number,
        revision=statement.revision,
        step_id=step.id,
        function=step.function,
        organisation_id=organisation.id,
        organisation_name=organisation.name(statement.language),
        reason=given_reason(reason),
        voided=voided(tx, statement),
    )
    record(tx, statement, data)
    draft_store.thaw(tx.session, statement.id)
    return statement


def note_unanswered(tx: Transaction, statement: Statement) -> None:
    """Records every timed step that has run out: asked at, and no answer. It is never taken for consent."""
    if statement.state != SUBMITTED:
        return
    for step in approval.run_out(queries.steps_of(tx.session, statement.id), tx.now):
        assert step.asked_at is not None
        assert step.minutes is not None
        data = OpinionUnanswered(
            statement.number, statement.revision, step.id, step.function, step.asked_at, step.minutes
        )
        record(tx, statement, data)
    _approve_if_complete(tx, statement)


def _approve_if_complete(tx: Transaction, statement: Statement) -> None:
    steps = queries.steps_of(tx.session, statement.id)
    if statement.state == SUBMITTED and approval.is_approved(steps):
        assert statement.text_sha256 is not None
        record(tx, statement, StatementApproved(statement.number, statement.revision, statement.text_sha256))


def _step(tx: Transaction, statement: Statement, step_id: str) -> StatementStep:
    _require_frozen(statement)
    step = tx.session.get(StatementStep, step_id)
    if step is None or step.statement_id != statement.id:
        raise NotFound()
    if step.closed_at is not None:
        raise Conflict(OTHER_TEXT)
    return step


def _require_frozen(statement: Statement) -> None:
    if statement.state not in FROZEN_STATES:
        raise Conflict(NOT_FROZEN)


def _require_open(tx: Transaction, statement: Statement, step: StatementStep) -> None:
    if approval.is_signed(step):
        raise Conflict(N_("This step has been signed already."))
    if step not in approval.open_steps(queries.steps_of(tx.session, statement.id)):
        raise Conflict(N_("It is not this step's turn yet: an earlier one is still open."))


def _held(
    tx: Transaction, person: Person, statement: Statement, incident: Incident
) -> tuple[StatementStep, Organisation]:
    """The step that the person holds. Raises `Forbidden` with the reason why she holds none."""
    reason: str | None = N_("Nobody holds this text at present.")
    organisation: Organisation | None = None
    for step in _returnable(tx, person, statement):
        organisation = queries.function_holder(tx.session, statement, incident, step.function, tx.now)
        reason = rules.why_not_hold(person, step, organisation)
        if reason is None and organisation is not None:
            return step, organisation
    _refuse(reason, organisation)
    raise NotFound()


def _returnable(tx: Transaction, person: Person, statement: Statement) -> Sequence[StatementStep]:
    """The open steps, and what the person has signed herself: until release she may take it back."""
    own = {one.step_id for one in queries.signatures_of(tx.session, statement.id) if one.person_id == person.id}
    steps = queries.steps_of(tx.session, statement.id)
    still_open = {step.id for step in approval.open_steps(steps)}
    return [step for step in steps if step.id in own | still_open]


def _refuse(reason: str | None, organisation: Organisation | None) -> None:
    if reason is not None:
        raise Forbidden(reason, organisation=organisation.name_vi if organisation else "")
