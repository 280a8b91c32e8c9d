"""Organisations and functions under /api/v1."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from crisis_desk.journal.streams import DESK
from crisis_desk.journal.transaction import Transaction
from crisis_desk.people import queries
from crisis_desk.people import schemas as shapes
from crisis_desk.people.actions import organisations
from crisis_desk.people.actions.organisations import organisation_meant
from crisis_desk.people.models import FunctionHolder, Organisation
from crisis_desk.people.signed_in import principal
from crisis_desk.people.writing import write
from crisis_desk.platform.web import desk
from crisis_desk.platform.web_api import answer, blueprint, expected_version, list_answer, page_cursor, page_limit

endpoints = blueprint("organisations", "Organisations, and the functions they hold from day to day")


@endpoints.route("/organisations")
@endpoints.response(200, shapes.OrganisationShape(many=True))
def list_organisations() -> Response:
    """Organisations by code, past and present."""
    principal().require_scope("read")
    limit, after = page_limit(), page_cursor()
    with desk().database.reading() as session:
        found = queries.organisations(session)
    rows = [body for body in found if after is None or body.code > str(after[0])]
    return list_answer(shapes.OrganisationShape(), rows[: limit + 1], limit, lambda body: [body.code])


@endpoints.route("/organisations", methods=["POST"])
@endpoints.arguments(shapes.AddOrganisation)
@endpoints.response(201, shapes.OrganisationShape)
def add_organisation(values: dict[str, Any]) -> Response:
    """A new organisation."""

    def work(tx: Transaction) -> Organisation:
        fields = dict(values)
        named = fields.pop("parent")
        parent = organisation_meant(tx, "parent", named) if named else None
        return organisations.add_organisation(tx, person=principal().person, parent=parent, **fields)

    return write(work, shapes.OrganisationShape(), DESK, status=201, scope="admin")


@endpoints.route("/organisations/<organisation_id>")
@endpoints.response(200, shapes.OrganisationShape)
def show_organisation(organisation_id: str) -> Response:
    """One organisation."""
    principal().require_scope("read")
    with desk().database.reading() as session:
        return answer(shapes.OrganisationShape(), queries.organisation(session, organisation_id))


@endpoints.route("/organisations/<organisation_id>", methods=["PATCH"])
@endpoints.arguments(shapes.ChangeOrganisation)
@endpoints.response(200, shapes.OrganisationShape)
def change_organisation(values: dict[str, str], organisation_id: str) -> Response:
    """Corrects what the desk keeps of it."""
    version = expected_version()

    def work(tx: Transaction) -> Organisation:
        return organisations.change_organisation(
            tx, person=principal().person, organisation_id=organisation_id, version=version, **values
        )

    return write(work, shapes.OrganisationShape(), DESK, scope="admin")


@endpoints.route("/organisations/<organisation_id>/successor", methods=["POST"])
@endpoints.arguments(shapes.SucceedOrganisation)
@endpoints.response(200, shapes.OrganisationShape)
def succeed_organisation(values: dict[str, Any], organisation_id: str) -> Response:
    """Puts another organisation in its place from a day on, with the functions it holds."""

    def work(tx: Transaction) -> Organisation:
        organisations.succeed_organisation(
            tx,
            person=principal().person,
            organisation_id=organisation_id,
            successor=organisation_meant(tx, "successor", values["successor"]),
            from_day=values["from_day"],
        )
        return queries.organisation(tx.session, organisation_id)

    return write(work, shapes.OrganisationShape(), DESK, scope="admin")


@endpoints.route("/functions")
@endpoints.response(200, shapes.FunctionHolderShape(many=True))
def list_functions() -> Response:
    """Who holds, held and will hold each function, latest first. `function` narrows the list."""
    principal().require_scope("read")
    limit, after = page_limit(), page_cursor()
    with desk().database.reading() as session:
        found = queries.function_holders(session, request.args.get("function"))
    start = next((place + 1 for place, held in enumerate(found) if after and held.id == after[0]), 0)
    rows = found[start : start + limit + 1]
    return list_answer(shapes.FunctionHolderShape(), rows, limit, lambda held: [held.id])


@endpoints.route("/functions", methods=["POST"])
@endpoints.arguments(shapes.AssignFunction)
@endpoints.response(201, shapes.FunctionHolderShape)
def assign_function(values: dict[str, Any]) -> Response:
    """Points a function at an organisation for a period."""

    def work(tx: Transaction) -> FunctionHolder:
        return organisations.assign_function(
            tx,
            person=principal().person,
            function=values["function"],
            to=organisation_meant(tx, "organisation", values["organisation"]),
            valid_from=values["valid_from"],
            valid_to=values["valid_to"],
        )

    return write(work, shapes.FunctionHolderShape(), DESK, status=201, scope="admin")
