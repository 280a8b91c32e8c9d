"""The pages of a statement outside drafting: its way and release, signing on a phone, beginning a new one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as WerkzeugResponse

from crisis_desk.incidents.lists import SEVERITIES
from crisis_desk.incidents.models import Incident
from crisis_desk.incidents.queries import visible as visible_incident
from crisis_desk.incidents.rules import require
from crisis_desk.journal.queries import head_of
from crisis_desk.journal.streams import incident_stream
from crisis_desk.people.codes import FUNCTIONS
from crisis_desk.people.models import Person
from crisis_desk.people.queries import organisations
from crisis_desk.people.signed_in import principal
from crisis_desk.platform.web import desk
from crisis_desk.platform.words import current_language, translate
from crisis_desk.statements import queries, rules, statement_page
from crisis_desk.statements.approval_sets import OWN_FUNCTIONS, STEP_TYPES, ApprovalSet, fits, sets_at
from crisis_desk.statements.checks import CHECK_NAMES
from crisis_desk.statements.draft_page import draft_page
from crisis_desk.statements.lists import AUTHORITIES, PURPOSES, STATES
from crisis_desk.statements.models import DRAFT, FROZEN_STATES
from crisis_desk.statements.templates_catalogue import templates

pages = Blueprint("statements", __name__)


def _page(name: str, person: Person, place: str = "board", **context: Any) -> str:
    return render_template(
        f"statements/{name}.html",
        navigation=desk().navigation(person, place),
        states=STATES,
        step_names=STEP_TYPES,
        check_names=CHECK_NAMES,
        **context,
    )


def _place(session: Session, incident: Incident) -> dict[str, Any]:
    """Where in the journal the page was drawn, so that it hears of what comes after."""
    stream = incident_stream(incident.id)
    return {"stream": stream, "head": head_of(session, stream)}


@pages.get("/statements/<statement_id>")
def show_statement(statement_id: str) -> str | WerkzeugResponse:
    """A submitted, approved or released statement; a draft is shown where it is drafted."""
    person = principal().person
    with desk().database.reading() as session:
        statement, incident = queries.visible(session, person, statement_id)
        if statement.state == DRAFT:
            return redirect(url_for("statements.show_draft", statement_id=statement.id))
        page = statement_page.statement_page(session, person, statement, incident, desk().clock(), current_language())
        return _page("statement", person, page=page, drill=statement.drill, **_place(session, incident))


@pages.get("/statements/<statement_id>/draft")
def show_draft(statement_id: str) -> str:
    """The page where a statement is drafted together, read only once it is frozen."""
    person = principal().person
    with desk().database.reading() as session:
        statement, incident = queries.visible(session, person, statement_id)
        page = draft_page(session, person, statement, incident, now=desk().clock(), language=current_language())
        return _page("draft", person, page=page, drill=statement.drill)


@pages.get("/statements/<statement_id>/approval")
def show_approval(statement_id: str) -> str | WerkzeugResponse:
    """What a signer needs on a phone: what changed first, the whole text, six digits, sign or return."""
    person = principal().person
    with desk().database.reading() as session:
        statement, incident = queries.visible(session, person, statement_id)
        if statement.state not in FROZEN_STATES:
            return redirect(url_for("statements.show_statement", statement_id=statement.id))
        page = statement_page.approval_page(session, person, statement, incident, desk().clock(), current_language())
        return _page("approve", person, page=page, drill=statement.drill, **_place(session, incident))


@pages.get("/incidents/<code>/statements/new")
def show_new(code: str) -> str:
    """Beginning a statement: for what, from which template, in whose name."""
    person = principal().person
    with desk().database.reading() as session:
        incident = visible_incident(session, person, code)
        require(rules.may_begin(person, incident), rules.NOT_A_WRITER)
        context = _choices(session, incident.kind)
        return _page("new", person, incident=incident, drill=incident.drill, **context)


def _choices(session: Session, kind: str) -> dict[str, Any]:
    language = current_language()
    return {
        "purposes": [(code, translate(words, language)) for code, words in PURPOSES.items()],
        "authorities": [(code, f"{code} {translate(words, language)}") for code, words in AUTHORITIES.items() if code],
        "templates": [(one.code, f"{one.code} – {one.name.said(language)}") for one in templates().values()],
        "fitting": next((one.code for one in templates().values() if one.kind == kind), ""),
        "organisations": [(body.id, body.name(language)) for body in organisations(session, at=desk().clock())],
    }


@pages.get("/approval-sets")
def show_approval_sets() -> str:
    """Which steps each severity asks for, and the choice of others."""
    person = principal().person
    require(rules.may_choose_set(person), rules.ONLY_ADMINISTRATOR)
    now = desk().clock()
    with desk().database.reading() as session:
        used = {severity: queries.approval_set_for(session, severity, now) for severity in SEVERITIES}
    uses = [{"severity": level, "used": one, "others": _others(level, one, now)} for level, one in used.items()]
    functions = {**FUNCTIONS, **OWN_FUNCTIONS}
    return _page("approval_sets", person, "people", uses=uses, function_names=functions)


def _others(severity: int, used: ApprovalSet, now: datetime) -> list[tuple[str, str]]:
    fitting = [one for one in sets_at(now).values() if fits(one, severity) and one.code != used.code]
    return [(one.code, one.name(current_language())) for one in fitting]
