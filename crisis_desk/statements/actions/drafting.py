"""Beginning a statement and what is said around its text while it is a draft."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy.orm import Session

from crisis_desk.incidents.models import Incident
from crisis_desk.incidents.queries import visible_by_id
from crisis_desk.incidents.rules import require
from crisis_desk.journal.streams import incident_stream
from crisis_desk.journal.transaction import Transaction
from crisis_desk.people.models import Organisation, Person
from crisis_desk.platform.errors import Conflict, Invalid, Stale
from crisis_desk.platform.text import normal
from crisis_desk.platform.words import N_
from crisis_desk.statements import draft_store, queries, rules
from crisis_desk.statements.actions.loading import given_reason, loaded, record
from crisis_desk.statements.canonical import canonical, read_text, text_sha256
from crisis_desk.statements.canonical_blocks import Blocks
from crisis_desk.statements.entries import FamilyInformed, RevisionNamed, StatementCreated, StatementHeadChanged
from crisis_desk.statements.frozen_text import with_drill_line
from crisis_desk.statements.lists import ABOUT_ANOTHER, AUTHORITIES
from crisis_desk.statements.models import DRAFT, PUBLIC_STATES, Statement
from crisis_desk.statements.templates_catalogue import (
    DEFAULT_UPDATE,
    filled,
    in_words,
    incident_values,
    template,
    token_bounds,
)

FROZEN = N_("The text is frozen. Reopen it first, with a reason; what was signed becomes void.")


def create_statement(
    tx: Transaction,
    *,
    person: Person,
    incident_id: str,
    title: str,
    purpose: str,
    template_code: str | None = None,
    text: str | None = None,
    language: str = "vi",
    issuer_id: str | None = None,
    authority: str = "",
    signatory_title: str = "",
    corrects_id: str | None = None,
) -> Statement:
    """Begins a statement from a template, from a text, or blank, with what the incident knows filled in.

    The issuer is the incident's lead agency unless another is named: the desk never speaks in its own name. A
    correction or withdrawal is about `corrects_id`, or the last notice that stands. Raises `Forbidden`, `Invalid`.
    """
    incident = visible_by_id(tx.session, person, incident_id)
    require(rules.may_begin(person, incident), rules.NOT_A_WRITER)
    issuer = _issuer(tx.session, person, incident, issuer_id)
    blocks = with_drill_line(_first_text(tx, incident, template_code, text, language), incident.drill, language)
    statement_id = str(uuid4())
    data = StatementCreated(
        incident_id=incident.id,
        number=queries.next_number(tx.session, incident.id),
        drill=incident.drill,
        title=title.strip(),
        purpose=purpose,
        template=template_code,
        language=language,
        issuer_id=issuer.id,
        issuer_name=issuer.name(language),
        authority=_authority(authority),
        signatory_title=signatory_title.strip() or issuer.head_title,
        corrects_id=_corrected(tx.session, incident, purpose, corrects_id),
        text=canonical(blocks),
    )
    tx.record(incident_stream(incident.id), data, subject=("statement", statement_id))
    draft_store.start(tx.session, statement_id, data.text, person_id=person.id, at=tx.now)
    return tx.session.get_one(Statement, statement_id)


def change_head(
    tx: Transaction, *, person: Person, statement_id: str, version: int, changes: Mapping[str, Any]
) -> Statement:
    """Changes title, issuer_id, authority or signatory_title of a draft. Raises `Stale` for another version."""
    statement, incident = loaded(tx, person, statement_id)
    require(rules.is_submitter(person, incident), rules.NOT_A_SUBMITTER)
    _require_draft(statement)
    if statement.version != version:
        raise Stale(present=statement)
    wanted = _cleaned(tx.session, statement, changes)
    before = {name: getattr(statement, name) for name, value in wanted.items() if getattr(statement, name) != value}
    if before:
        after = {name: wanted[name] for name in before}
        record(tx, statement, StatementHeadChanged(statement.number, before, after))
    return statement


def name_revision(tx: Transaction, *, person: Person, statement_id: str, name: str) -> Statement:
    """Keeps the text as it is now under a name, to compare with and to come back to."""
    statement, incident = loaded(tx, person, statement_id)
    require(rules.may_begin(person, incident), rules.NOT_A_WRITER)
    _require_draft(statement)
    text = draft_store.load(tx.session, statement.id).text
    called = given_reason(name, "name")[:200]
    data = RevisionNamed(statement.number, statement.revision + 1, str(uuid4()), called, text, text_sha256(text))
    record(tx, statement, data)
    return statement


def note_family_informed(
    tx: Transaction, *, person: Person, statement_id: str, informed_by: str, informed_at: datetime
) -> Statement:
    """Notes who told the family of somebody who died, and when; without it no text that mentions a death goes on."""
    statement, incident = loaded(tx, person, statement_id)
    require(rules.may_begin(person, incident), rules.NOT_A_WRITER)
    _require_draft(statement)
    if informed_at > tx.now:
        raise Invalid(errors={"informed_at": [N_("This time has not come yet.")]})
    told_by = given_reason(informed_by, "informed_by")[:200]
    record(tx, statement, FamilyInformed(statement.number, told_by, informed_at))
    return statement


def require_drafting(person: Person, statement: Statement, incident: Incident) -> None:
    """Raises `Forbidden` for somebody who does not write statements, `Conflict` for a frozen text."""
    require(rules.may_begin(person, incident), rules.NOT_A_WRITER)
    _require_draft(statement)


def _require_draft(statement: Statement) -> None:
    if statement.state != DRAFT:
        raise Conflict(FROZEN)


def _first_text(
    tx: Transaction, incident: Incident, template_code: str | None, text: str | None, language: str
) -> Blocks:
    if text is not None:
        return read_text(text)
    if template_code is None:
        return ()
    chosen = template(template_code)
    lead_id = incident.lead_organisation_id
    lead = tx.session.get(Organisation, lead_id) if lead_id else None
    values = incident_values(incident, lead.name(language) if lead else "", language)
    number = queries.next_sequence_number(tx.session, incident.id)
    bounds = token_bounds(tx.now, number, chosen.update_every or DEFAULT_UPDATE)
    return in_words(filled(chosen.texts[language], values, bounds), chosen, language)


def _issuer(session: Session, person: Person, incident: Incident, issuer_id: str | None) -> Organisation:
    key = issuer_id or incident.lead_organisation_id or person.organisation_id
    issuer = session.get(Organisation, key)
    if issuer is None:
        raise Invalid(errors={"issuer": [N_("There is no such organisation.")]})
    return issuer


def _authority(authority: str) -> str:
    if authority not in AUTHORITIES:
        raise Invalid(errors={"authority": [N_("Use TM., KT., TL., TUQ., Q. or nothing.")]})
    return authority


def _corrected(session: Session, incident: Incident, purpose: str, corrects_id: str | None) -> str | None:
    """The notice that a correction or withdrawal is about."""
    if purpose not in ABOUT_ANOTHER:
        return None
    about = session.get(Statement, corrects_id) if corrects_id else queries.latest_released(session, incident.id)
    if about is None or about.incident_id != incident.id or about.state not in PUBLIC_STATES:
        raise Invalid(errors={"corrects": [N_("Name a released statement of this incident that this is about.")]})
    return about.id


def _cleaned(session: Session, statement: Statement, changes: Mapping[str, Any]) -> dict[str, Any]:
    wanted = {name: normal(str(value)).strip() for name, value in changes.items()}
    if "authority" in wanted:
        _authority(wanted["authority"])
    if "title" in wanted and not wanted["title"]:
        raise Invalid(errors={"title": [N_("This must not be empty.")]})
    if "issuer_id" in wanted:
        issuer = session.get(Organisation, wanted["issuer_id"])
        if issuer is None:
            raise Invalid(errors={"issuer": [N_("There is no such organisation.")]})
        wanted["issuer_name"] = issuer.name(statement.language)
    return wanted
