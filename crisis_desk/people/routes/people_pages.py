"""The administrator's pages of accounts."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from crisis_desk.journal.streams import ACCESS, DESK
from crisis_desk.journal.transaction import Transaction
from crisis_desk.people import queries
from crisis_desk.people.actions import accounts, sessions, tokens
from crisis_desk.people.actions.organisations import organisation_meant
from crisis_desk.people.codes import ROLES
from crisis_desk.people.init import link_path
from crisis_desk.people.models import Person
from crisis_desk.people.routes.pages import back_to, carry_out, page, pages, sent
from crisis_desk.people.rules import may_administer, require
from crisis_desk.people.signed_in import principal
from crisis_desk.platform.errors import DeskError
from crisis_desk.platform.text import fold
from crisis_desk.platform.web import desk
from crisis_desk.platform.words import _


@pages.get("/people")
def list_people() -> Response:
    """Every account, found by name, address, organisation or role without diacritics."""
    return _list_page()


@pages.post("/people")
def invite() -> Response:
    """A new account; the answer shows the link to hand over, this once."""

    def work(tx: Transaction) -> tuple[Person, str]:
        organisation = organisation_meant(tx, "organisation", sent("organisation"))
        account = accounts.invite(
            tx,
            person=principal().person,
            email=sent("email"),
            name=sent("name"),
            title=sent("title"),
            organisation_id=organisation.id,
            roles=request.form.getlist("roles"),
            phone=sent("phone"),
        )
        return account, accounts.issue_link(tx, person=principal().person, account=account)

    made, refusal = carry_out(work, DESK)
    return _list_page(refusal) if made is None else link_page([made])


@pages.get("/people/<person_id>")
def show_person(person_id: str) -> Response:
    """One account."""
    return _person_page(person_id)


@pages.post("/people/<person_id>")
def change_person(person_id: str) -> Response:
    """Name, title, organisation, roles and contact, from the version that the form showed."""

    def work(tx: Transaction) -> None:
        asking = principal().person
        account = accounts.account_to_change(tx, person_id, _version())
        organisation = organisation_meant(tx, "organisation", sent("organisation"))
        accounts.change_person(
            tx,
            person=asking,
            account=account,
            name=sent("name"),
            title=sent("title"),
            organisation_id=organisation.id,
        )
        accounts.change_contact(tx, person=asking, account=account, email=sent("email"), phone=sent("phone"))
        accounts.change_roles(tx, person=asking, account=account, roles=request.form.getlist("roles"))

    _result, refusal = carry_out(work, DESK)
    if refusal is not None:
        return _person_page(person_id, refusal)
    return back_to("show_person", _("Saved."), person_id=person_id)


@pages.post("/people/<person_id>/link")
def issue_link(person_id: str) -> Response:
    """A link to hand over, shown this once; older ones stop working."""

    def work(tx: Transaction) -> tuple[Person, str]:
        account = queries.person_by_id(tx.session, person_id)
        return account, accounts.issue_link(tx, person=principal().person, account=account)

    made, refusal = carry_out(work, DESK)
    return _person_page(person_id, refusal) if made is None else link_page([made])


@pages.post("/people/<person_id>/deactivation")
def deactivate(person_id: str) -> Response:
    """Closes the account, with a reason."""
    return _changed(person_id, accounts.deactivate, _("The account is closed."), reason=sent("reason"))


@pages.post("/people/<person_id>/reactivation")
def reactivate(person_id: str) -> Response:
    """Opens the account again."""
    return _changed(person_id, accounts.reactivate, _("The account is open again."))


@pages.post("/people/<person_id>/second-factor-removal")
def remove_second_factor(person_id: str) -> Response:
    """Takes a lost device from the account, with a reason."""
    said = _("The second factor is removed and every device signed out.")
    return _changed(person_id, accounts.remove_second_factor, said, reason=sent("factor_reason"))


@pages.post("/people/<person_id>/sessions/end")
def end_person_sessions(person_id: str) -> Response:
    """Signs the account out on every device."""
    return _changed(person_id, sessions.end_sessions, _("Every device is signed out."))


@pages.post("/people/<person_id>/tokens/<token_id>/revoke")
def revoke_person_token(person_id: str, token_id: str) -> Response:
    """Stops a token of the account at once."""
    carry_out(lambda tx: tokens.revoke_token(tx, person=principal().person, token_id=token_id), DESK)
    return back_to("show_person", _("The token is revoked."), person_id=person_id)


def _changed(person_id: str, action: Any, said: str, **values: str) -> Response:
    def work(tx: Transaction) -> None:
        action(tx, person=principal().person, account=queries.person_by_id(tx.session, person_id), **values)

    _result, refusal = carry_out(work, DESK, ACCESS)
    if refusal is not None:
        return _person_page(person_id, refusal)
    return back_to("show_person", said, person_id=person_id)


def _version() -> int | None:
    return int(sent("version")) if sent("version").isdigit() else None


def _list_page(refusal: DeskError | None = None) -> Response:
    require(may_administer(principal().person))
    wanted = fold(request.args.get("q", "")).strip()
    now = desk().clock()
    with desk().database.reading() as session:
        everybody = queries.people(session)
        shown = sorted((person for person in everybody if wanted in _searchable(person)), key=_in_order)
        return page(
            "people.html",
            place="people",
            refusal=refusal,
            shown=shown,
            count=len(everybody),
            q=request.args.get("q", ""),
            standings=queries.standings(session),
            organisations=queries.organisations(session, at=now),
            roles=ROLES,
            entered=request.form,
        )


def _in_order(person: Person) -> tuple[str, str]:
    # A Vietnamese list goes by the given name, which comes last; the database sorts by code points, "Đ" behind "Z".
    return fold(person.name).split()[-1], fold(person.name)


def _searchable(person: Person) -> str:
    body = person.organisation
    roles = " ".join(str(_(ROLES[role])) for role in person.roles if role in ROLES)
    of_body = (body.name_vi, body.short_name, body.abbreviation, body.code)
    return fold(" ".join(word for word in (person.name, person.email, person.title, *of_body, roles) if word))


def _person_page(person_id: str, refusal: DeskError | None = None) -> Response:
    require(may_administer(principal().person))
    now = desk().clock()
    with desk().database.reading() as session:
        account = queries.person_by_id(session, person_id)
        return page(
            "person.html",
            place="people",
            refusal=refusal,
            account=account,
            standing=queries.standings(session).get(person_id),
            sessions=queries.sessions_of(session, person_id, now),
            tokens=queries.tokens_of(session, person_id),
            organisations=queries.organisations(session),
            roles=ROLES,
            entered=request.form if refusal is not None else None,
        )


def link_page(made: list[tuple[Person, str]]) -> Response:
    """The links to hand over, shown this once."""
    base = desk().config.public_url.rstrip("/") or request.host_url.rstrip("/")
    links = [(account, base + link_path(token)) for account, token in made]
    return page("links.html", place="people", links=links)
