"""Release: what was signed goes out to the letter, in the legal forms, by somebody who may speak now."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from crisis_desk.incidents.actions.clocks import meet_clocks, start_clock
from crisis_desk.incidents.clocks import FIRST_INFORMATION
from crisis_desk.incidents.models import Incident, SpeakingAuthorisation
from crisis_desk.incidents.queries import authorisation_now
from crisis_desk.incidents.rules import is_valid, require
from crisis_desk.journal.transaction import Transaction
from crisis_desk.people.models import Organisation, Person
from crisis_desk.people.second_factor import require as require_second_factor
from crisis_desk.platform.errors import Conflict
from crisis_desk.platform.words import N_
from crisis_desk.statements import approval, queries, release, rules
from crisis_desk.statements.actions.loading import loaded, record
from crisis_desk.statements.canonical import text_sha256
from crisis_desk.statements.entries import (
    StatementCorrected,
    StatementReleased,
    StatementSuperseded,
    StatementWithdrawn,
)
from crisis_desk.statements.lists import CORRECTION, LINE, REPLACING, WITHDRAWAL
from crisis_desk.statements.models import APPROVED, PUBLIC_STATES, Statement

PROMISE = "promise"


@dataclass(frozen=True)
class Capacity:
    """In what capacity a person speaks: her standing duty (no id), or a written authorisation."""

    words: str
    authorisation_id: str | None = None


def release_statement(
    tx: Transaction,
    *,
    person: Person,
    statement_id: str,
    forms: Sequence[str],
    second_factor: str,
    authorisation_id: str | None = None,
    next_update_at: datetime | None = None,
) -> Statement:
    """Releases an approved text: fills its tokens, keeps both hashes, starts the clock of what it promises.

    A repetition by the same person in the same forms answers as the first time. Raises `Forbidden` for somebody who
    may not speak now, `Conflict` unless every step is signed under this very text, `Invalid` for forms the rules do
    not know and values outside the bounds that were signed.
    """
    statement, incident = loaded(tx, person, statement_id)
    if _is_repetition(statement, person, forms):
        return statement
    capacity = _capacity(tx, person, statement, incident, authorisation_id)
    _require_releasable(tx, statement, incident)
    about = tx.session.get(Statement, statement.corrects_id) if statement.corrects_id else None
    chosen = release.checked_forms(forms, incident.rule_set, statement, about)
    number = queries.next_sequence_number(tx.session, incident.id)
    promised = release.next_update(statement, incident, next_update_at, tx.now)
    text = release.final_text(statement, issued_at=tx.now, sequence_number=number, next_update_at=promised)
    require_second_factor(tx, person, second_factor, f"release:{statement.id}")
    assert statement.text_sha256 is not None
    issuer = tx.session.get_one(Organisation, statement.issuer_id)
    data = StatementReleased(
        number=statement.number,
        revision=statement.revision,
        text_sha256=statement.text_sha256,
        final_text=text,
        final_sha256=text_sha256(text),
        sequence_number=number,
        forms=chosen,
        rule_set=incident.rule_set,
        authorisation_id=capacity.authorisation_id,
        released_as=capacity.words,
        issuer_name=issuer.name(statement.language),
        next_update_at=promised,
    )
    record(tx, statement, data)
    _mark_others(tx, statement, about)
    _keep_clocks(tx, statement, incident)
    return statement


def _is_repetition(statement: Statement, person: Person, forms: Sequence[str]) -> bool:
    is_same = statement.released_by == person.id and set(statement.forms) == set(forms)
    return statement.state in PUBLIC_STATES and is_same


def _capacity(
    tx: Transaction, person: Person, statement: Statement, incident: Incident, authorisation_id: str | None
) -> Capacity:
    standing = rules.may_release_standing(person, statement, queries.province_speakers(tx.session, tx.now))
    if standing and authorisation_id is None:
        return Capacity(person.title)
    written = _authorisation(tx, person, incident, authorisation_id)
    require(written is not None, rules.NOT_A_SPEAKER)
    assert written is not None
    return Capacity(written.document_number, written.id)


def _authorisation(
    tx: Transaction, person: Person, incident: Incident, authorisation_id: str | None
) -> SpeakingAuthorisation | None:
    """The authorisation named, or any that is valid: for this person, this incident, and now."""
    if authorisation_id is None:
        return authorisation_now(tx.session, incident.id, person.id, tx.now)
    found = tx.session.get(SpeakingAuthorisation, authorisation_id)
    if found is None or (found.incident_id, found.person_id) != (incident.id, person.id):
        return None
    return found if is_valid(found, tx.now) else None


def _require_releasable(tx: Transaction, statement: Statement, incident: Incident) -> None:
    if statement.state in PUBLIC_STATES:
        raise Conflict(N_("This has been released already."))
    if statement.purpose == LINE:
        raise Conflict(N_("A line answers the press; it is used from the moment it is approved and not released."))
    if rules.are_steps_outdated(statement, incident):
        raise Conflict(N_("The severity changed after the submission. Keep the steps or take the new ones first."))
    if statement.state != APPROVED or not is_wholly_signed(tx, statement):
        raise Conflict(N_("Not every step is signed under this text. Nothing was released."))


def is_wholly_signed(tx: Transaction, statement: Statement) -> bool:
    """Whether the frozen text is the one that was hashed and each signature that counts stands under that hash."""
    steps = queries.steps_of(tx.session, statement.id)
    signed = {one.step_id: one.text_sha256 for one in queries.signatures_of(tx.session, statement.id)}
    present = hashlib.sha256((statement.frozen_text or "").encode()).hexdigest()
    hashes = {signed.get(step.id) for step in steps if approval.is_signed(step)}
    return approval.is_approved(steps) and hashes == {present} == {statement.text_sha256}


def _mark_others(tx: Transaction, statement: Statement, about: Statement | None) -> None:
    """What the release means for earlier notices; they stay readable, each with what it became."""
    by = (statement.id, statement.number)
    if about is not None and statement.purpose == CORRECTION:
        record(tx, about, StatementCorrected(about.number, *by))
    if about is not None and statement.purpose == WITHDRAWAL:
        record(tx, about, StatementWithdrawn(about.number, *by))
    if statement.purpose in REPLACING:
        for one in queries.still_standing(tx.session, statement.incident_id):
            if one.id != statement.id:
                record(tx, one, StatementSuperseded(one.number, *by))


def _keep_clocks(tx: Transaction, statement: Statement, incident: Incident) -> None:
    """A notice informs the public, so it meets what waited for one; what it promises becomes the next clock."""
    if statement.purpose != WITHDRAWAL:
        meet_clocks(tx, incident=incident, codes=(*FIRST_INFORMATION, PROMISE))
    if statement.next_update_at is not None:
        start_clock(
            tx, incident=incident, code=PROMISE, starts_at=tx.now, due_at=statement.next_update_at,
            number=(statement.sequence_number or 0) + 1, subject_id=statement.id,
        )  # fmt: skip
