"""The administrator's pages of organisations and functions."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Response, request

from crisis_desk.journal.streams import DESK
from crisis_desk.journal.transaction import Transaction
from crisis_desk.people import queries
from crisis_desk.people.actions import organisations
from crisis_desk.people.actions.organisations import organisation_meant
from crisis_desk.people.codes import FUNCTIONS, LETTERHEAD_KINDS, ORGANISATION_KINDS
from crisis_desk.people.models import Organisation
from crisis_desk.people.routes.pages import back_to, carry_out, page, pages, sent
from crisis_desk.people.rules import existed_on, may_administer, require
from crisis_desk.people.signed_in import principal
from crisis_desk.platform.clock import PROVINCE
from crisis_desk.platform.errors import DeskError, Invalid
from crisis_desk.platform.web import desk
from crisis_desk.platform.words import _

_TEXTS = ("name_vi", "name_en", "short_name", "abbreviation", "kind", "letterhead_kind", "head_title")


@pages.get("/organisations")
def list_organisations() -> Response:
    """Every organisation by kind."""
    return _list_page()


@pages.post("/organisations")
def add_organisation() -> Response:
    """A new organisation."""

    def work(tx: Transaction) -> Organisation:
        parent = organisation_meant(tx, "parent", sent("parent")) if sent("parent") else None
        return organisations.add_organisation(
            tx,
            person=principal().person,
            code=sent("code"),
            parent=parent,
            valid_from=_day("valid_from"),
            **{field: sent(field) for field in _TEXTS},
        )

    added, refusal = carry_out(work, DESK)
    if added is None:
        return _list_page(refusal)
    return back_to("show_organisation", _("Added."), organisation_id=added.id)


@pages.get("/organisations/<organisation_id>")
def show_organisation(organisation_id: str) -> Response:
    """One organisation, what it holds and who succeeded it."""
    return _organisation_page(organisation_id)


@pages.post("/organisations/<organisation_id>")
def change_organisation(organisation_id: str) -> Response:
    """Corrects what the desk keeps of it, from the version that the form showed."""
    version = int(sent("version")) if sent("version").isdigit() else None
    changes = {field: sent(field) for field in _TEXTS}
    _result, refusal = carry_out(
        lambda tx: organisations.change_organisation(
            tx, person=principal().person, organisation_id=organisation_id, version=version, **changes
        ),
        DESK,
    )
    if refusal is not None:
        return _organisation_page(organisation_id, refusal)
    return back_to("show_organisation", _("Saved."), organisation_id=organisation_id)


@pages.post("/organisations/<organisation_id>/successor")
def succeed_organisation(organisation_id: str) -> Response:
    """Puts another organisation in its place from a day on."""

    def work(tx: Transaction) -> None:
        from_day = _day("from_day")
        if from_day is None:
            raise Invalid(errors={"from_day": [_("This can't be empty.")]})
        organisations.succeed_organisation(
            tx,
            person=principal().person,
            organisation_id=organisation_id,
            successor=organisation_meant(tx, "successor", sent("successor")),
            from_day=from_day,
        )

    _result, refusal = carry_out(work, DESK)
    if refusal is not None:
        return _organisation_page(organisation_id, refusal)
    return back_to("show_organisation", _("Saved."), organisation_id=organisation_id)


@pages.get("/functions")
def list_functions() -> Response:
    """Which organisation holds which function, held it and will hold it."""
    return _functions_page()


@pages.post("/functions")
def assign_function() -> Response:
    """Points a function at an organisation for a period."""

    def work(tx: Transaction) -> Any:
        return organisations.assign_function(
            tx,
            person=principal().person,
            function=sent("function"),
            to=organisation_meant(tx, "organisation", sent("organisation")),
            valid_from=_day("valid_from"),
            valid_to=_day("valid_to"),
        )

    _result, refusal = carry_out(work, DESK)
    return _functions_page(refusal) if refusal is not None else back_to("list_functions", _("Saved."))


def _day(field: str) -> date | None:
    try:
        return date.fromisoformat(sent(field)) if sent(field) else None
    except ValueError:
        raise Invalid(errors={field: [_("This is not a date.")]}) from None


def _list_page(refusal: DeskError | None = None) -> Response:
    require(may_administer(principal().person))
    today = _today()
    with desk().database.reading() as session:
        bodies = queries.organisations(session)
    by_kind = {kind: [body for body in bodies if body.kind == kind] for kind in ORGANISATION_KINDS}
    return page(
        "organisations.html",
        place="people",
        refusal=refusal,
        by_kind=by_kind,
        present={body.id for body in bodies if existed_on(body, today)},
        bodies=bodies,
        kinds=ORGANISATION_KINDS,
        letterheads=LETTERHEAD_KINDS,
        entered=request.form,
    )


def _organisation_page(organisation_id: str, refusal: DeskError | None = None) -> Response:
    require(may_administer(principal().person))
    with desk().database.reading() as session:
        body = queries.organisation(session, organisation_id)
        bodies = queries.organisations(session)
        held = [holder for holder in queries.function_holders(session) if holder.organisation_id == body.id]
    by_id = {other.id: other for other in bodies}
    return page(
        "organisation.html",
        place="people",
        refusal=refusal,
        body=body,
        parent=by_id.get(body.parent_id or ""),
        successor=by_id.get(body.successor_id or ""),
        others=[other for other in bodies if other.id != body.id],
        held=held,
        functions=FUNCTIONS,
        kinds=ORGANISATION_KINDS,
        letterheads=LETTERHEAD_KINDS,
        entered=request.form if refusal is not None else None,
    )


def _functions_page(refusal: DeskError | None = None) -> Response:
    require(may_administer(principal().person))
    with desk().database.reading() as session:
        holders = queries.function_holders(session)
        bodies = queries.organisations(session)
    today = _today()
    return page(
        "functions.html",
        place="people",
        refusal=refusal,
        functions=FUNCTIONS,
        holders={function: [held for held in holders if held.function == function] for function in FUNCTIONS},
        present={held.id for held in holders if existed_on(held, today)},
        bodies=bodies,
        entered=request.form,
    )


def _today() -> date:
    return desk().clock().astimezone(PROVINCE).date()
