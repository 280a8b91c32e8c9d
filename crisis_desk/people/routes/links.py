"""Invitations and resets: a link with which somebody sets her password, once."""

from __future__ import annotations

from flask import Response

from crisis_desk.journal.streams import ACCESS
from crisis_desk.people import queries
from crisis_desk.people.actions import credentials
from crisis_desk.people.actions.credentials import LINK_DEAD
from crisis_desk.people.models import Person
from crisis_desk.people.routes.pages import device, new_password_hash, page, pages, sent
from crisis_desk.people.routes.sign_in import NOBODY_YET, on_to
from crisis_desk.people.signed_in import keep_in_cookie, lifetime
from crisis_desk.platform.errors import Invalid, NotFound
from crisis_desk.platform.web import desk, public


@pages.get("/link/<token>")
@public
def link(token: str) -> Response:
    """The form to choose a password; opening it uses nothing up."""
    return page("link.html", account=_account(token))


@pages.post("/link/<token>")
@public
def use_link(token: str) -> Response:
    """Sets the password and signs in."""
    account = _account(token)
    try:
        password_hash = new_password_hash(
            sent("new_password"), sent("repeated"), name=account.name, email=account.email or ""
        )
    except Invalid as refusal:
        return page("link.html", account=account, refusal=refusal)
    with desk().journal.transaction(ACCESS, actor=NOBODY_YET) as tx:
        opened = credentials.use_link(
            tx, token=token, password_hash=password_hash, device=device(), lifetime=lifetime()
        )
    return keep_in_cookie(on_to(opened.needs, "/"), opened)


def _account(token: str) -> Person:
    with desk().database.reading() as session:
        account = queries.account_of_link(session, token, desk().clock())
    if account is None:
        raise NotFound(LINK_DEAD)
    return account
