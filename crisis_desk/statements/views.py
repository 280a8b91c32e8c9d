"""A statement as data for pages and programs: its text, its way, whose hands it is in, what its checks say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from crisis_desk.incidents.models import Incident
from crisis_desk.people.models import Organisation, Person
from crisis_desk.people.queries import people_by_id
from crisis_desk.platform.clock import instant_text
from crisis_desk.platform.words import current_language, translate
from crisis_desk.statements import approval, queries, release, rules
from crisis_desk.statements.canonical import from_canonical, text_sha256
from crisis_desk.statements.canonical_blocks import Blocks
from crisis_desk.statements.checks import run_checks
from crisis_desk.statements.frozen_text import checked
from crisis_desk.statements.models import DRAFT, Statement, StatementSignature, StatementStep

SIGNED = "signed"
UNANSWERED = "unanswered"
OPEN = "open"
LATER = "later"


@dataclass(frozen=True)
class StepView:
    """A step with who holds its function now and what became of it."""

    step: StatementStep
    state: str
    organisation: Organisation | None
    signature: StatementSignature | None
    signer: Person | None

    @property
    def due(self) -> datetime | None:
        return approval.due_at(self.step)


@dataclass(frozen=True)
class StatementView:
    """A statement as one person sees it at one moment; `held` are the steps she could sign now."""

    statement: Statement
    incident: Incident
    text: str
    blocks: Blocks
    steps: list[StepView]
    checks: list[dict[str, Any]]
    people: dict[str, Person]
    held: list[str] = field(default_factory=list)

    @property
    def text_sha256(self) -> str:
        return self.statement.text_sha256 or text_sha256(self.text)

    @property
    def waiting(self) -> list[StepView]:
        """The steps whose holders have the text now."""
        return [view for view in self.steps if view.state == OPEN]

    @property
    def is_outdated(self) -> bool:
        return rules.are_steps_outdated(self.statement, self.incident)

    def person(self, person_id: str | None) -> Person | None:
        return self.people.get(person_id or "")


def view(
    session: Session, person: Person, statement: Statement, incident: Incident, text: str, now: datetime
) -> StatementView:
    """The statement with its text as given: the draft's, the frozen or the final one."""
    blocks = from_canonical(text)
    signatures = queries.signatures_of(session, statement.id)
    named = [statement.created_by, statement.submitted_by, statement.holder_person_id, statement.released_by]
    people = people_by_id(session, [key for key in (*named, *(s.person_id for s in signatures)) if key])
    steps = queries.steps_of(session, statement.id)
    found = [found.as_data() for found in run_checks(checked(blocks, statement, incident))]
    return StatementView(
        statement=statement,
        incident=incident,
        text=text,
        blocks=blocks,
        steps=_steps(session, statement, incident, steps, signatures, people, now),
        checks=found if statement.state == DRAFT else statement.checks,
        people=people,
        held=queries.held_steps(session, person, statement, incident, now),
    )


def _steps(
    session: Session,
    statement: Statement,
    incident: Incident,
    steps: Sequence[StatementStep],
    signatures: Sequence[StatementSignature],
    people: dict[str, Person],
    now: datetime,
) -> list[StepView]:
    signed = {signature.step_id: signature for signature in signatures}
    waiting = {step.id for step in approval.waited_for(steps)}
    return [
        StepView(
            step=step,
            state=_state(step, waiting),
            organisation=queries.function_holder(session, statement, incident, step.function, now),
            signature=signed.get(step.id),
            signer=people.get(signed[step.id].person_id) if step.id in signed else None,
        )
        for step in steps
    ]


def _state(step: StatementStep, waiting: set[str]) -> str:
    if approval.is_signed(step):
        return SIGNED
    if step.unanswered_at is not None:
        return UNANSWERED
    return OPEN if step.id in waiting else LATER


def said(finding: dict[str, Any]) -> str:
    """What a check says, in the reader's language."""
    return translate(finding["reason"], current_language(), **finding["values"])


# ---- as the interface gives it ----


def as_data(shown: StatementView) -> dict[str, Any]:
    """The statement in the shape of the interface."""
    statement = shown.statement
    return {
        **{name: getattr(statement, name) for name in _PLAIN},
        "incident": shown.incident.code,
        "code": statement.code,
        "issuer": statement.issuer_id,
        "corrects": statement.corrects_id,
        "text": shown.text,
        "text_sha256": shown.text_sha256,
        "steps": [_step_data(view) for view in shown.steps],
        "steps_outdated": shown.is_outdated,
        "holder": _holder_data(shown),
        "checks": [{**finding, "sentence": said(finding)} for finding in shown.checks],
        "tokens": release.open_tokens(shown.blocks),
        "public_code": release.public_code(shown.incident.code, statement) if statement.released_at else None,
    }


_PLAIN = (
    "id", "number", "title", "purpose", "template", "language", "issuer_name", "authority", "signatory_title",
    "state", "revision", "created_at", "submitted_at", "released_at", "sequence_number", "forms", "next_update_at",
    "final_sha256", "followed_by", "family_informed_by", "family_informed_at", "approval_set", "drill", "version",
)  # fmt: skip


def _step_data(view: StepView) -> dict[str, Any]:
    step, signature = view.step, view.signature
    return {
        "id": step.id,
        "type": step.type,
        "function": step.function,
        "stage": step.stage,
        "state": view.state,
        "organisation": view.organisation.id if view.organisation else None,
        "organisation_name": signature.organisation_name if signature else _name(view.organisation),
        "asked_at": step.asked_at,
        "due": view.due,
        "unanswered_at": step.unanswered_at,
        "signature": _signature_data(view) if signature else None,
    }


def _signature_data(view: StepView) -> dict[str, Any]:
    assert view.signature is not None
    signature = view.signature
    return {
        "id": signature.id,
        "person": signature.person_id,
        "organisation": signature.organisation_id,
        "at": instant_text(signature.at),
        "text_sha256": signature.text_sha256,
    }


def _holder_data(shown: StatementView) -> dict[str, Any] | None:
    statement = shown.statement
    if statement.holder_since is None:
        return None
    organisations = [view.organisation.id for view in shown.waiting if view.organisation]
    return {
        "person": statement.holder_person_id,
        "function": statement.holder_function,
        "organisations": organisations,
        "since": statement.holder_since,
    }


def _name(organisation: Organisation | None) -> str | None:
    return organisation.name_vi if organisation else None
