"""What the pages of people share: one blueprint, how a form writes, and where one may be sent afterwards."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for

from crisis_desk.journal.transaction import Transaction
from crisis_desk.people import attempts, passwords, queries
from crisis_desk.people.signed_in import principal
from crisis_desk.platform.errors import Conflict, DeskError, Invalid, Stale, TooMany
from crisis_desk.platform.look import reader
from crisis_desk.platform.web import desk, problem
from crisis_desk.platform.words import _

pages = Blueprint("people", __name__)

# What a browser says of itself, the particular before the general: Edge also calls itself Chrome and Safari.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def page(template: str, *, place: str = "", refusal: DeskError | None = None, **values: Any) -> Response:
    """A page with its frame; `refusal` is why what was sent was not done, shown at its fields and above."""
    person = reader()
    shown = problem(refusal) if refusal is not None else {}
    text = render_template(
        f"people/{template}",
        navigation=desk().navigation(person, place) if person is not None else [],
        refused=shown.get("title"),
        errors=shown.get("errors", {}),
        **values,
    )
    return make_response(text, refusal.status if refusal is not None else 200)


def carry_out(work: Callable[[Transaction], Any], *streams: str) -> tuple[Any, DeskError | None]:
    """Runs `work` as the signed-in person; what the form can mend comes back instead of being raised."""
    try:
        with desk().journal.transaction(*streams, actor=principal().actor) as tx:
            return work(tx), None
    except (Invalid, Conflict, Stale, TooMany) as refusal:
        return None, refusal


def back_to(endpoint: str, said: str, **values: Any) -> Response:
    """Sends the browser to a page that then says what was done, so that reloading does not send again."""
    flash(str(said), "ok")
    return make_response(redirect(url_for(f"people.{endpoint}", **values), 303))


def sent(name: str) -> str:
    """A field of the form as it was sent, nothing if it was not."""
    return request.form.get(name, "")


def next_page() -> str:
    """Where the person wanted to go before she had to sign in."""
    return own_path(request.values.get("next", ""))


def own_path(text: str) -> str:
    """The path if it leads to a page of this desk, else the board: a foreign link must not use our sign-in page."""
    leads_away = not text.startswith("/") or text.startswith(("//", "/\\")) or not text.isprintable()
    return "/" if leads_away else text


def device() -> str:
    """The browser and system of this request in two words, for the list of sessions."""
    agent = request.user_agent.string
    found = [next((name for mark, name in marks if mark in agent), "") for marks in (_BROWSERS, _SYSTEMS)]
    return " · ".join(name for name in found if name)


def confirm_password(password: str) -> None:
    """Raises `Invalid` unless it is the signed-in person's own; wrong ones count as they do at sign-in."""
    person = principal().person
    key = attempts.password_key(person.email or "")
    with desk().database.reading() as session:
        attempts.refuse_if_locked(session, key, desk().clock())
        _account, password_hash = queries.password_hash_of(session, person.email or "")
    if not passwords.is_password(password_hash, password):
        with desk().journal.unjournalled_transaction("a wrong password is counted though nothing was written") as kept:
            attempts.count_failure(kept, key, desk().clock())
        raise Invalid(errors={"password": [_("This is not your password.")]})


def new_password_hash(password: str, repeated: str, *, name: str, email: str) -> str:
    """The hash of a password chosen twice alike. Raises `Invalid` for one that can't be used."""
    wrong = passwords.faults(password, name=name, email=email)
    if wrong:
        raise Invalid(errors={"new_password": wrong})
    if passwords.canonical(password) != passwords.canonical(repeated):
        raise Invalid(errors={"repeated": [_("The two passwords differ. Type the same one twice.")]})
    return passwords.hash_password(password)
