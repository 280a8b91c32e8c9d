"""Accounts in bulk from a table: first a trial, then all rows or none."""

from __future__ import annotations

from flask import Response, request

from crisis_desk.people.actions.import_people import import_people
from crisis_desk.people.codes import ROLES
from crisis_desk.people.routes.pages import page, pages, sent
from crisis_desk.people.routes.people_pages import link_page
from crisis_desk.people.rules import may_administer, require
from crisis_desk.people.signed_in import principal
from crisis_desk.platform.errors import DeskError, Invalid
from crisis_desk.platform.web import desk
from crisis_desk.platform.words import _


@pages.get("/people/import")
def import_form() -> Response:
    """Where the table is pasted or chosen."""
    return _form("")


@pages.post("/people/import")
def import_table() -> Response:
    """Tries the table, or imports it; every faulty row is named."""
    require(may_administer(principal().person))
    asking = principal()
    try:
        text = _table()
        is_trial = sent("do") != "import"
        made = import_people(desk().journal, text, actor=asking.actor, person=asking.person, is_trial=is_trial)
    except Invalid as refusal:
        return _form(sent("csv"), refusal)
    if is_trial:
        return _form(text, tried=len(made))
    return link_page([(invitation.account, invitation.token) for invitation in made])


def _table() -> str:
    chosen = request.files.get("file")
    if chosen is None or not chosen.filename:
        return sent("csv")
    try:
        return str(chosen.read(), "utf-8-sig")
    except UnicodeDecodeError:
        raise Invalid(errors={"csv": [_("The file is not UTF-8 text. Export it as CSV UTF-8.")]}) from None


def _form(text: str, refusal: DeskError | None = None, *, tried: int = 0) -> Response:
    require(may_administer(principal().person))
    return page("import.html", place="people", refusal=refusal, csv=text, tried=tried, roles=ROLES)
