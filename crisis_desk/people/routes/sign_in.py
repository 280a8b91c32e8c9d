"""The way in: address and password, then the second factor; and the way out."""

from __future__ import annotations

from flask import Response, g, make_response, redirect, request, url_for

from crisis_desk.journal.entries import Actor
from crisis_desk.journal.streams import ACCESS
from crisis_desk.people import attempts, passwords, queries, second_factor
from crisis_desk.people.actions import credentials, sessions
from crisis_desk.people.actions.sessions import Opened
from crisis_desk.people.demonstration import PASSWORD
from crisis_desk.people.models import Organisation, Person
from crisis_desk.people.principals import Pending
from crisis_desk.people.routes.pages import device, next_page, page, pages, sent
from crisis_desk.people.signed_in import forget_cookie, keep_in_cookie, lifetime, pending, principal
from crisis_desk.platform.errors import DeskError, Invalid, NotFound, TooMany
from crisis_desk.platform.web import desk, public
from crisis_desk.platform.words import N_, _

NOBODY_YET = Actor(person=None, via="page")
WRONG = N_("The address or the password is not right. Check both and try again.")


@pages.get("/sign-in")
@public
def sign_in() -> Response:
    """The form; whoever is signed in already, or half, is sent on."""
    if g.principal is not None:
        return make_response(redirect(next_page()))
    half = pending()
    return on_to(half.needs, next_page()) if half is not None else _form(request.args.get("account", ""))


@pages.post("/sign-in")
@public
def try_to_sign_in() -> Response:
    """Address and password. The hash is computed before the transaction, which holds up other writes."""
    email, password = sent("email"), sent("password")
    try:
        opened = _opened(email, password)
    except TooMany as refusal:
        return _form(email, refusal)
    if opened is None:
        return _form(email, Invalid(WRONG))
    return keep_in_cookie(on_to(opened.needs, next_page()), opened)


@pages.get("/sign-in/second-factor")
@public
def second_factor_form() -> Response:
    """Asks for the code of the device."""
    half = pending()
    if half is None or half.needs != "second_factor":
        return _to_the_beginning()
    return _code_form(half)


@pages.post("/sign-in/second-factor")
@public
def give_second_factor() -> Response:
    """A code of the device or a recovery code."""
    half = pending()
    if half is None or half.needs != "second_factor":
        return _to_the_beginning()
    try:
        with desk().journal.transaction(ACCESS, actor=NOBODY_YET) as tx:
            opened = sessions.give_second_factor(tx, pending=half, code=sent("code"), lifetime=lifetime())
    except (Invalid, TooMany) as refusal:
        return _code_form(half, refusal)
    if opened is None:
        wrong = _("This code is not right. Enter the one that is shown now.")
        return _code_form(half, Invalid(errors={"second_factor": [wrong]}))
    return keep_in_cookie(on_to(opened.needs, next_page()), opened)


@pages.get("/account/demonstration-code")
def demonstration_code() -> dict[str, str]:
    """The code that the device of a demonstration account would show now. Raises `NotFound` for any other account."""
    person = principal().person
    if not _is_shown_to(person):
        raise NotFound()
    with desk().database.reading() as session:
        secret = second_factor.confirmed_secret(session, person.id) or ""
    return {"code": second_factor.present_code(secret, desk().clock())}


@pages.post("/sign-out")
@public
def sign_out() -> Response:
    """Ends the session of this browser, whole or half."""
    ending = g.principal or pending()
    if ending is not None:
        with desk().journal.transaction(ACCESS, actor=Actor(ending.person.id, ending.session, "page")) as tx:
            sessions.sign_out(tx, person=ending.person, session_id=ending.session)
    return forget_cookie(_to_the_beginning())


def on_to(needs: str | None, target: str) -> Response:
    """Where a session goes that still needs this, on its way to the target."""
    following = None if target == "/" else target
    if needs == "second_factor":
        return make_response(redirect(url_for("people.second_factor_form", next=following), 303))
    if needs == "enrolment":
        return make_response(redirect(url_for("people.enrolment_form", next=following), 303))
    return make_response(redirect(target, 303))


def _opened(email: str, password: str) -> Opened | None:
    with desk().database.reading() as session:
        # Refusing before the hash is computed keeps a locked address from costing the desk anything.
        attempts.refuse_if_locked(session, attempts.password_key(email), desk().clock())
        account, password_hash = queries.password_hash_of(session, email)
    is_right = passwords.is_password(password_hash, password)
    with desk().journal.transaction(ACCESS, actor=NOBODY_YET) as tx:
        opened = sessions.sign_in(
            tx, email=email, account=account, is_right=is_right, device=device(), lifetime=lifetime()
        )
    if opened is not None and account is not None and passwords.needs_new_hash(password_hash or ""):
        renewed = passwords.hash_password(password)
        with desk().journal.unjournalled_transaction("the same password, hashed with today's settings") as kept:
            credentials.renew_hash(kept, person_id=account.id, password_hash=renewed)
    return opened


def _form(email: str, refusal: DeskError | None = None) -> Response:
    offered = _offered()
    chosen = next((account for _body, accounts in offered for account in accounts if account.email == email), None)
    return page(
        "sign_in.html",
        refusal=refusal,
        email=email,
        password=PASSWORD if chosen is not None else "",
        offered=offered,
        chosen=chosen,
        next=next_page(),
    )


def _code_form(half: Pending, refusal: DeskError | None = None) -> Response:
    return page(
        "second_factor.html", refusal=refusal, name=half.person.name, code=_shown_code(half.person), next=next_page()
    )


def _offered() -> list[tuple[Organisation, list[Person]]]:
    """The demonstration accounts by organisation, offered to whoever can reach the form: this machine only."""
    if not desk().config.is_loopback:
        return []
    with desk().database.reading() as session:
        return queries.demonstration_accounts(session, desk().clock())


def _shown_code(person: Person) -> str:
    if not _is_shown_to(person):
        return ""
    with desk().database.reading() as session:
        return second_factor.unused_code(session, person.id, sessions.SIGN_IN, desk().clock()) or ""


def _is_shown_to(person: Person) -> bool:
    # Their secret is published, so on this machine nothing is given away.
    return person.demonstration and desk().config.is_loopback


def _to_the_beginning() -> Response:
    return make_response(redirect(url_for("people.sign_in"), 303))
