"""Setting up the second factor, which strong roles can't get past."""

from __future__ import annotations

import re

import segno
from flask import Response, g, make_response, redirect, url_for
from markupsafe import Markup
from sqlalchemy import select

from crisis_desk.journal.entries import Actor
from crisis_desk.journal.models import DeskIdentity
from crisis_desk.journal.streams import ACCESS
from crisis_desk.people import second_factor
from crisis_desk.people.actions import credentials
from crisis_desk.people.principals import Pending, Principal
from crisis_desk.people.routes.pages import confirm_password, next_page, page, pages, sent
from crisis_desk.people.signed_in import keep_in_cookie, lifetime, pending
from crisis_desk.platform.errors import DeskError, Invalid, TooMany
from crisis_desk.platform.web import desk, public


@pages.get("/account/second-factor")
@public
def enrolment_form() -> Response:
    """Shows the secret as a picture and in letters, to her alone who gave her password."""
    enrolling = _enrolling()
    return _form(enrolling) if enrolling is not None else _to_sign_in()


@pages.post("/account/second-factor")
@public
def enrol() -> Response:
    """A code of the new device; then the recovery codes, shown this once."""
    enrolling = _enrolling()
    if enrolling is None:
        return _to_sign_in()
    try:
        # A whole session may have been left open on a desk; a half one has just shown the password.
        if isinstance(enrolling, Principal):
            confirm_password(sent("password"))
        actor = Actor(enrolling.person.id, enrolling.session, "page")
        with desk().journal.transaction(ACCESS, actor=actor) as tx:
            codes, opened = credentials.set_second_factor(
                tx, person=enrolling.person, session_id=enrolling.session, code=sent("code"), lifetime=lifetime()
            )
    except (Invalid, TooMany) as refusal:
        return _form(enrolling, refusal)
    return keep_in_cookie(page("recovery_codes.html", codes=codes, next=next_page()), opened)


def _enrolling() -> Principal | Pending | None:
    half = pending()
    if half is not None and half.needs == "enrolment":
        return half
    whole: Principal | None = g.principal
    return whole if whole is not None and whole.via == "page" else None


def _form(enrolling: Principal | Pending, refusal: DeskError | None = None) -> Response:
    person = enrolling.person
    with desk().journal.unjournalled_transaction("a secret is kept until a code confirms it") as kept:
        secret = credentials.pending_secret(kept, person_id=person.id)
        name = kept.scalars(select(DeskIdentity.name)).first() or "crisis_desk"
    address = second_factor.enrolment_address(secret, account=person.email or person.name, issuer=name)
    return page(
        "enrolment.html",
        refusal=refusal,
        picture=_picture(address),
        secret=" ".join(re.findall(".{1,4}", secret)),
        asks_password=isinstance(enrolling, Principal),
        next=next_page(),
    )


def _picture(address: str) -> Markup:
    """A QR code on white whatever the theme, without a style attribute, which the page's policy would refuse."""
    code = segno.make(address, micro=False)
    drawing = code.svg_inline(omitsize=True, border=4, dark="#000", light="#fff", svgclass="qr-code")
    # The drawing is made of numbers here; nothing a person typed is in it.
    return Markup(drawing)  # noqa: S704


def _to_sign_in() -> Response:
    return make_response(redirect(url_for("people.sign_in"), 303))
