"""Accounts under /api/v1."""

from __future__ import annotations

from typing import Any

import orjson
from flask import Response, request

from crisis_desk.journal.streams import ACCESS, DESK
from crisis_desk.journal.transaction import Transaction
from crisis_desk.people import queries
from crisis_desk.people import schemas as shapes
from crisis_desk.people.actions import accounts
from crisis_desk.people.actions.organisations import organisation_meant
from crisis_desk.people.init import link_path
from crisis_desk.people.models import Person
from crisis_desk.people.rules import may_see_contact
from crisis_desk.people.signed_in import principal
from crisis_desk.people.writing import write
from crisis_desk.platform.web import desk
from crisis_desk.platform.web_api import (
    answer,
    blueprint,
    expected_version,
    list_answer,
    page_cursor,
    page_limit,
)

endpoints = blueprint("people", "Accounts of those who work on the desk")


@endpoints.route("/people")
@endpoints.response(200, shapes.PersonShape(many=True))
def list_people() -> Response:
    """Accounts by name. `role` and `organisation` (id or code) narrow the list."""
    principal().require_scope("read")
    limit = page_limit()
    with desk().database.reading() as session:
        rows = queries.people(
            session,
            after=page_cursor(),
            limit=limit + 1,
            role=request.args.get("role"),
            organisation=request.args.get("organisation"),
        )
    return list_answer(shapes.PersonShape(), rows, limit, lambda person: [person.name, person.id])


@endpoints.route("/people", methods=["POST"])
@endpoints.arguments(shapes.InvitePerson)
@endpoints.response(201, shapes.PersonWithContact)
def invite_person(values: dict[str, Any]) -> Response:
    """A new account without a password; its owner sets one with a link (POST /people/ID/link)."""
    asking = principal().person

    def work(tx: Transaction) -> Person:
        fields = dict(values)
        organisation = organisation_meant(tx, "organisation", fields.pop("organisation"))
        return accounts.invite(tx, person=asking, organisation_id=organisation.id, **fields)

    return write(work, shapes.PersonWithContact(), DESK, status=201, scope="admin")


@endpoints.route("/people/<person_id>")
@endpoints.response(200, shapes.PersonWithContact)
def show_person(person_id: str) -> Response:
    """One account; how it is reached is shown to its owner and to administrators."""
    principal().require_scope("read")
    with desk().database.reading() as session:
        account = queries.person_by_id(session, person_id)
    sees_contact = may_see_contact(principal().person, account)
    return answer(shapes.PersonWithContact() if sees_contact else shapes.PersonShape(), account)


@endpoints.route("/people/<person_id>", methods=["PATCH"])
@endpoints.arguments(shapes.ChangePerson)
@endpoints.response(200, shapes.PersonWithContact)
def change_person(values: dict[str, Any], person_id: str) -> Response:
    """Name, title, organisation, roles, contact; `active` with a `reason` closes the account or opens it again."""
    version = expected_version()
    return write(
        lambda tx: _change(tx, accounts.account_to_change(tx, person_id, version), values),
        shapes.PersonWithContact(),
        DESK,
        scope="admin",
    )


@endpoints.route("/people/<person_id>/link", methods=["POST"])
@endpoints.response(201, shapes.LinkShape)
def issue_link(person_id: str) -> Response:
    """A link with which the owner sets a password, in `link`; a repeated key answers without it."""
    issued: dict[str, str] = {}

    def work(tx: Transaction) -> dict[str, Any]:
        account = queries.person_by_id(tx.session, person_id)
        token = accounts.issue_link(tx, person=principal().person, account=account)
        issued["link"] = (desk().config.public_url.rstrip("/") or request.host_url.rstrip("/")) + link_path(token)
        return {"person": account.id}

    return with_secret(write(work, None, DESK, status=201, scope="admin"), issued)


@endpoints.route("/people/<person_id>/second-factor", methods=["DELETE"])
@endpoints.arguments(shapes.GivenReason)
@endpoints.response(200, shapes.PersonWithContact)
def remove_second_factor(values: dict[str, str], person_id: str) -> Response:
    """Takes a lost device from the account and signs it out everywhere."""

    def work(tx: Transaction) -> Person:
        account = queries.person_by_id(tx.session, person_id)
        accounts.remove_second_factor(tx, person=principal().person, account=account, reason=values["reason"])
        return account

    return write(work, shapes.PersonWithContact(), DESK, ACCESS, scope="admin")


def with_secret(response: Response, secret: dict[str, str]) -> Response:
    """Adds what may be told once and kept nowhere to an answer that was kept without it."""
    if secret:
        response.set_data(orjson.dumps(orjson.loads(response.get_data()) | secret))
    return response


def _change(tx: Transaction, account: Person, values: dict[str, Any]) -> Person:
    asking = principal().person
    facts: dict[str, str] = {field: values[field] for field in ("name", "title") if field in values}
    if "organisation" in values:
        facts["organisation_id"] = organisation_meant(tx, "organisation", values["organisation"]).id
    accounts.change_person(tx, person=asking, account=account, **facts)
    contacts = {field: values[field] for field in ("email", "phone") if field in values}
    accounts.change_contact(tx, person=asking, account=account, **contacts)
    if "roles" in values:
        accounts.change_roles(tx, person=asking, account=account, roles=values["roles"])
    if values.get("active") is False:
        accounts.deactivate(tx, person=asking, account=account, reason=values.get("reason", ""))
    if values.get("active") is True:
        accounts.reactivate(tx, person=asking, account=account)
    return account
