"""What the entries of statements do to the tables, when they are recorded and when the journal is replayed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from crisis_desk.journal.entries import Recorded, effect
from crisis_desk.statements import approval
from crisis_desk.statements import entries as e
from crisis_desk.statements.models import (
    APPROVED,
    CORRECTED,
    DRAFT,
    RELEASED,
    SUBMITTED,
    SUPERSEDED,
    WITHDRAWN,
    ApprovalSetChoice,
    Statement,
    StatementRevision,
    StatementSignature,
    StatementStep,
)

UNFROZEN: dict[str, Any] = {
    "state": DRAFT, "frozen_text": None, "text_sha256": None, "approval_set": None, "steps_severity": None,
    "holder_function": None,
}  # fmt: skip


@effect(e.StatementCreated)
def created(session: Session, recorded: Recorded[e.StatementCreated]) -> None:
    data = recorded.data
    session.execute(
        insert(Statement).values(
            id=recorded.subject_id, incident_id=data.incident_id, number=data.number, drill=data.drill,
            title=data.title, purpose=data.purpose, template=data.template, language=data.language,
            issuer_id=data.issuer_id, issuer_name=data.issuer_name, authority=data.authority,
            signatory_title=data.signatory_title, corrects_id=data.corrects_id, state=DRAFT, revision=0,
            created_at=recorded.at, created_by=recorded.person, checks=[], writers=[], forms=[],
            holder_person_id=recorded.person, holder_since=recorded.at, version=1,
        )
    )  # fmt: skip


@effect(e.StatementHeadChanged)
def head_changed(session: Session, recorded: Recorded[e.StatementHeadChanged]) -> None:
    _change(session, recorded, **recorded.data.after)


@effect(e.RevisionNamed)
def revision_named(session: Session, recorded: Recorded[e.RevisionNamed]) -> None:
    _add_revision(session, recorded, recorded.data.name, submitted=False)
    _change(session, recorded, revision=recorded.data.revision)


@effect(e.FamilyInformed)
def family_informed(session: Session, recorded: Recorded[e.FamilyInformed]) -> None:
    data = recorded.data
    _change(session, recorded, family_informed_by=data.informed_by, family_informed_at=data.informed_at)


@effect(e.StatementSubmitted)
def submitted(session: Session, recorded: Recorded[e.StatementSubmitted]) -> None:
    data = recorded.data
    _add_revision(session, recorded, "", submitted=True)
    _change(
        session, recorded, state=SUBMITTED, revision=data.revision, frozen_text=data.text,
        text_sha256=data.text_sha256, submitted_at=recorded.at, submitted_by=recorded.person,
        approval_set=data.approval_set, steps_severity=data.severity, checks=data.checks, writers=data.writers,
    )  # fmt: skip
    _add_steps(session, recorded, data.steps)


@effect(e.StatementSigned)
def signed(session: Session, recorded: Recorded[e.StatementSigned]) -> None:
    data = recorded.data
    session.execute(
        insert(StatementSignature).values(
            id=data.signature_id, statement_id=recorded.subject_id, step_id=data.step_id, person_id=recorded.person,
            type=data.type, function=data.function, organisation_id=data.organisation_id,
            organisation_name=data.organisation_name, text_sha256=data.text_sha256, at=recorded.at,
        )
    )  # fmt: skip
    _change_step(session, data.step_id, signature_id=data.signature_id)
    _hand_on(session, recorded)


@effect(e.OpinionUnanswered)
def unanswered(session: Session, recorded: Recorded[e.OpinionUnanswered]) -> None:
    _change_step(session, recorded.data.step_id, unanswered_at=recorded.at)
    _hand_on(session, recorded)


@effect(e.StatementApproved)
def approved(session: Session, recorded: Recorded[e.StatementApproved]) -> None:
    _change(session, recorded, state=APPROVED, holder_function="spokesperson", holder_since=recorded.at)


@effect(e.StatementReturned)
def returned(session: Session, recorded: Recorded[e.StatementReturned]) -> None:
    _unfreeze(session, recorded)


@effect(e.StatementReopened)
def reopened(session: Session, recorded: Recorded[e.StatementReopened]) -> None:
    _unfreeze(session, recorded)


@effect(e.StepsKept)
def steps_kept(session: Session, recorded: Recorded[e.StepsKept]) -> None:
    _change(session, recorded, steps_severity=recorded.data.severity)


@effect(e.StepsRestarted)
def steps_restarted(session: Session, recorded: Recorded[e.StepsRestarted]) -> None:
    data = recorded.data
    _close_steps(session, recorded)
    _change(
        session, recorded, state=SUBMITTED, approval_set=data.approval_set, steps_severity=data.severity
    )  # fmt: skip
    _add_steps(session, recorded, data.steps)


@effect(e.StatementReleased)
def released(session: Session, recorded: Recorded[e.StatementReleased]) -> None:
    data = recorded.data
    _change(
        session, recorded, state=RELEASED, released_at=recorded.at, released_by=recorded.person,
        released_as=data.released_as, authorisation_id=data.authorisation_id, sequence_number=data.sequence_number,
        forms=data.forms, next_update_at=data.next_update_at, final_text=data.final_text,
        final_sha256=data.final_sha256, issuer_name=data.issuer_name, holder_function=None, holder_person_id=None,
        holder_since=None,
    )  # fmt: skip


@effect(e.StatementSuperseded)
def superseded(session: Session, recorded: Recorded[e.StatementSuperseded]) -> None:
    _change(session, recorded, state=SUPERSEDED, followed_by=recorded.data.by, followed_at=recorded.at)


@effect(e.StatementCorrected)
def corrected(session: Session, recorded: Recorded[e.StatementCorrected]) -> None:
    _change(session, recorded, state=CORRECTED, followed_by=recorded.data.by, followed_at=recorded.at)


@effect(e.StatementWithdrawn)
def withdrawn(session: Session, recorded: Recorded[e.StatementWithdrawn]) -> None:
    _change(session, recorded, state=WITHDRAWN, followed_by=recorded.data.by, followed_at=recorded.at)


@effect(e.ApprovalSetChosen)
def approval_set_chosen(session: Session, recorded: Recorded[e.ApprovalSetChosen]) -> None:
    data = recorded.data
    session.execute(delete(ApprovalSetChoice).where(ApprovalSetChoice.severity == data.severity))
    session.execute(
        insert(ApprovalSetChoice).values(
            severity=data.severity, approval_set=data.approval_set, chosen_at=recorded.at, chosen_by=recorded.person
        )
    )


# ---- the parts they share ----


def _change(session: Session, recorded: Recorded[Any], **columns: Any) -> None:
    session.execute(
        update(Statement)
        .where(Statement.id == recorded.subject_id)
        .values(version=Statement.version + 1, **columns)
        .execution_options(synchronize_session="fetch")
    )


def _change_step(session: Session, step_id: str, **columns: Any) -> None:
    session.execute(
        update(StatementStep)
        .where(StatementStep.id == step_id)
        .values(**columns)
        .execution_options(synchronize_session="fetch")
    )


def _add_revision(session: Session, recorded: Recorded[Any], name: str, *, submitted: bool) -> None:
    data = recorded.data
    session.execute(
        insert(StatementRevision).values(
            id=data.revision_id, statement_id=recorded.subject_id, number=data.revision, name=name, text=data.text,
            text_sha256=data.text_sha256, submitted=submitted, at=recorded.at, person_id=recorded.person,
        )
    )  # fmt: skip


def _add_steps(session: Session, recorded: Recorded[Any], steps: Sequence[dict[str, Any]]) -> None:
    own = {"statement_id": recorded.subject_id, "revision": recorded.data.revision}
    session.execute(insert(StatementStep), [{**step, **own} for step in steps])
    _hand_on(session, recorded)


def _present_steps(session: Session, statement_id: str) -> list[StatementStep]:
    query = select(StatementStep).where(StatementStep.statement_id == statement_id, StatementStep.closed_at.is_(None))
    return list(session.scalars(query.order_by(StatementStep.position).execution_options(populate_existing=True)))


def _hand_on(session: Session, recorded: Recorded[Any]) -> None:
    """Asks those whose turn it now is, and says in whose hands the text lies."""
    waiting = approval.waited_for(_present_steps(session, recorded.subject_id))
    for step in waiting:
        if step.asked_at is None:
            _change_step(session, step.id, asked_at=recorded.at)
    since = min((step.asked_at or recorded.at for step in waiting), default=recorded.at)
    function = waiting[0].function if waiting else None
    _change(session, recorded, holder_function=function, holder_person_id=None, holder_since=since)


def _close_steps(session: Session, recorded: Recorded[Any]) -> None:
    """What was signed is void, and stays in the record as such."""
    _end(session, StatementStep, StatementStep.closed_at, recorded)
    _end(session, StatementSignature, StatementSignature.voided_at, recorded)


def _end(
    session: Session, model: type[StatementStep | StatementSignature], column: Any, recorded: Recorded[Any]
) -> None:
    at: datetime = recorded.at
    session.execute(
        update(model)
        .where(model.statement_id == recorded.subject_id, column.is_(None))
        .values({column: at})
        .execution_options(synchronize_session="fetch")
    )


def _unfreeze(session: Session, recorded: Recorded[Any]) -> None:
    holder = session.scalar(select(Statement.submitted_by).where(Statement.id == recorded.subject_id))
    _close_steps(session, recorded)
    _change(session, recorded, holder_person_id=holder, holder_since=recorded.at, **UNFROZEN)
