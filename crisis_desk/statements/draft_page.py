"""The drafting page as data: the text, its way to approval, what is filled at release, what stands in its way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from markupsafe import Markup
from sqlalchemy.orm import Session

from crisis_desk.incidents.models import Incident
from crisis_desk.incidents.rule_sets import targets_at
from crisis_desk.people.models import Organisation, Person
from crisis_desk.people.queries import people_by_id
from crisis_desk.platform.words import translate
from crisis_desk.statements import approval, draft_store, queries, rules
from crisis_desk.statements.approval_sets import STEP_TYPES, Step
from crisis_desk.statements.canonical import from_canonical, tokens
from crisis_desk.statements.canonical_blocks import Blocks, Token
from crisis_desk.statements.canonical_forms import to_html
from crisis_desk.statements.canonical_tokens import bounds_text, token_label
from crisis_desk.statements.checks import BLOCK, CHECK_NAMES, Finding, run_checks
from crisis_desk.statements.frozen_text import checked, with_drill_line
from crisis_desk.statements.models import DRAFT, Statement, StatementRevision, StatementSignature, StatementStep
from crisis_desk.statements.templates_catalogue import DEFAULT_UPDATE, token_bounds

SHORT_HASH = 8


@dataclass(frozen=True)
class StepView:
    """One step of the way: `state` is done, now, unanswered or later; times where there are any."""

    name: str
    organisation: str
    state: str
    signer: str = ""
    at: datetime | None = None
    due: datetime | None = None


@dataclass(frozen=True)
class NoteView:
    """What a check found, in the reader's language; `reason_given` is why it was overridden."""

    check: str
    name: str
    is_block: bool
    block: int
    place: int | None
    sentence: str
    reason_given: str = ""


@dataclass(frozen=True)
class DraftPage:
    """Everything the page shows of one statement to one person."""

    statement: Statement
    incident: Incident
    is_draft: bool
    may_write: bool
    may_submit: bool
    may_reopen: bool
    text: Markup
    notes: Sequence[NoteView]
    steps: Sequence[StepView]
    tokens: Sequence[dict[str, str]]
    usual_bounds: dict[str, str]
    revisions: Sequence[StatementRevision]
    holder: str
    submitter: str

    @property
    def blocking(self) -> int:
        """How many notes stand in the way of submitting."""
        return sum(note.is_block for note in self.notes)

    @property
    def short_hash(self) -> str:
        """The first digits of the frozen text's hash, in two groups, as printed on paper."""
        digits = (self.statement.text_sha256 or "")[:SHORT_HASH]
        return f"{digits[:4]} {digits[4:]}".strip()


def draft_page(
    session: Session, person: Person, statement: Statement, incident: Incident, *, now: datetime, language: str
) -> DraftPage:
    """The page of a statement that the person may see."""
    is_draft = statement.state == DRAFT
    blocks = _blocks(session, statement, is_draft)
    steps = queries.steps_of(session, statement.id)
    people = people_by_id(session, _person_ids(session, statement))
    return DraftPage(
        statement=statement,
        incident=incident,
        is_draft=is_draft,
        may_write=rules.may_draft(person, statement, incident),
        may_submit=rules.may_submit(person, statement, incident),
        may_reopen=rules.may_reopen(person, statement, incident),
        text=to_html(blocks, language),
        notes=_notes(statement, incident, blocks, language) if is_draft else _kept_notes(statement, language),
        steps=_steps(session, statement, incident, steps, people, now, language),
        tokens=[_token(token, language) for token in {token.name: token for token in tokens(blocks)}.values()],
        usual_bounds=_usual_bounds(session, incident, now),
        revisions=list(reversed(queries.revisions_of(session, statement.id))),
        holder=_name(people, statement.holder_person_id),
        submitter=_name(people, statement.submitted_by),
    )


def _blocks(session: Session, statement: Statement, is_draft: bool) -> Blocks:
    if not is_draft:
        return from_canonical(statement.final_text or statement.frozen_text or "")
    text = draft_store.load(session, statement.id).text
    return with_drill_line(from_canonical(text), statement.drill, statement.language)


def _person_ids(session: Session, statement: Statement) -> list[str]:
    signers = [signature.person_id for signature in queries.signatures_of(session, statement.id)]
    return [one for one in (*signers, statement.holder_person_id, statement.submitted_by) if one is not None]


def _name(people: dict[str, Person], person_id: str | None) -> str:
    person = people.get(person_id or "")
    return person.name if person is not None else ""


def _token(token: Token, language: str) -> dict[str, str]:
    whole, word = token_label(token.name, token.bounds, language), token_label(token.name, "..", language)
    return {"name": token.name, "bounds": token.bounds, "word": word, "span": whole.removeprefix(word).strip()}


def _usual_bounds(session: Session, incident: Incident, now: datetime) -> dict[str, str]:
    """The bounds that a token put in now begins with, so that nobody has to set them at night."""
    minutes = targets_at(incident.received_at, incident.severity).update
    rhythm = timedelta(minutes=minutes) if minutes is not None else DEFAULT_UPDATE
    bounds = token_bounds(now, queries.next_sequence_number(session, incident.id), rhythm)
    return {name: bounds_text(bound) for name, bound in bounds.items()}


def _notes(statement: Statement, incident: Incident, blocks: Blocks, language: str) -> list[NoteView]:
    """What the checks find now, but for open places, which the editor itself shows letter by letter."""
    found = run_checks(checked(blocks, statement, incident))
    return [_note(finding, language) for finding in found if finding.check != "placeholder"]


def _note(finding: Finding, language: str) -> NoteView:
    sentence = translate(finding.reason, language, **finding.values)
    name = translate(CHECK_NAMES[finding.check], language)
    return NoteView(finding.check, name, finding.level == BLOCK, finding.block, finding.place, sentence)


def _kept_notes(statement: Statement, language: str) -> list[NoteView]:
    return [_kept_note(data, language) for data in statement.checks]


def _kept_note(data: dict[str, Any], language: str) -> NoteView:
    sentence = translate(data["reason"], language, **data["values"])
    name = translate(CHECK_NAMES.get(data["check"], data["check"]), language)
    return NoteView(data["check"], name, False, data["block"], data["place"], sentence, data.get("override") or "")


def _steps(
    session: Session,
    statement: Statement,
    incident: Incident,
    steps: Sequence[StatementStep],
    people: dict[str, Person],
    now: datetime,
    language: str,
) -> list[StepView]:
    def body(function: str) -> str:
        found = queries.function_holder(session, statement, incident, function, now)
        return _organisation(found, language)

    if not steps:
        planned = queries.approval_set_for(session, incident.severity, now)
        return [_planned(step, body(step.function), language) for stage in planned.stages for step in stage]
    signed = {signature.step_id: signature for signature in queries.signatures_of(session, statement.id)}
    waiting = {step.id for step in approval.waited_for(steps)}
    return [
        _frozen(step, body(step.function), signed.get(step.id), people, step.id in waiting, language) for step in steps
    ]


def _organisation(found: Organisation | None, language: str) -> str:
    return found.name(language) if found is not None else ""


def _planned(step: Step, organisation: str, language: str) -> StepView:
    return StepView(translate(STEP_TYPES[step.type], language), organisation, "later")


def _frozen(
    step: StatementStep,
    organisation: str,
    signature: StatementSignature | None,
    people: dict[str, Person],
    is_waiting: bool,
    language: str,
) -> StepView:
    name = translate(STEP_TYPES[step.type], language)
    if signature is not None:
        return StepView(name, signature.organisation_name, "done", _name(people, signature.person_id), signature.at)
    if step.unanswered_at is not None:
        return StepView(name, organisation, "unanswered", at=step.asked_at)
    state = "now" if is_waiting else "later"
    return StepView(name, organisation, state, at=step.asked_at, due=approval.due_at(step))
