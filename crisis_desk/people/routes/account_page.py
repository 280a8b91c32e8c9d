"""My account: language, appearance, password, second factor, sessions, tokens."""

from __future__ import annotations

from datetime import timedelta

from flask import Response, request

from crisis_desk.journal.streams import ACCESS, DESK
from crisis_desk.people import queries
from crisis_desk.people.actions import credentials, sessions, tokens
from crisis_desk.people.codes import LANGUAGES, SCOPES, THEMES
from crisis_desk.people.routes.pages import back_to, carry_out, confirm_password, new_password_hash, page, pages, sent
from crisis_desk.people.rules import may_administer
from crisis_desk.people.signed_in import principal
from crisis_desk.platform.errors import DeskError, Invalid, TooMany
from crisis_desk.platform.web import desk
from crisis_desk.platform.words import _


@pages.get("/account")
def account() -> Response:
    """Everything that is mine to set."""
    return _account_page()


@pages.post("/account/preferences")
def set_preferences() -> Response:
    """Language and appearance; what was chosen on this device only gives way to it."""
    with desk().journal.unjournalled_transaction("how the desk looks to one person") as session:
        credentials.set_preferences(
            session, person_id=principal().person.id, language=sent("language"), theme=sent("theme")
        )
    response = back_to("account", _("Saved."))
    for choice in ("language", "theme"):
        response.delete_cookie(choice)
    return response


@pages.post("/account/password")
def change_password() -> Response:
    """A new password, after the old one; other devices are signed out."""
    asking = principal()
    try:
        confirm_password(sent("password"))
        password_hash = new_password_hash(
            sent("new_password"), sent("repeated"), name=asking.person.name, email=asking.person.email or ""
        )
    except (Invalid, TooMany) as refusal:
        return _account_page(refusal, form="password")
    carry_out(
        lambda tx: credentials.change_password(
            tx, person=asking.person, password_hash=password_hash, session_id=asking.session
        ),
        ACCESS,
    )
    return back_to("account", _("The password is changed. Your other devices are signed out."))


@pages.post("/account/recovery-codes")
def make_recovery_codes() -> Response:
    """New recovery codes, shown this once."""
    try:
        confirm_password(sent("password"))
    except (Invalid, TooMany) as refusal:
        return _account_page(refusal, form="recovery")
    codes, _refusal = carry_out(lambda tx: credentials.make_recovery_codes(tx, person=principal().person), ACCESS)
    return page("recovery_codes.html", codes=codes, next="/account")


@pages.post("/account/sessions/<session_id>/end")
def end_session(session_id: str) -> Response:
    """Signs one device out."""
    carry_out(lambda tx: sessions.end_session(tx, person=principal().person, session_id=session_id), ACCESS)
    return back_to("account", _("The device is signed out."))


@pages.post("/account/sessions/end")
def end_sessions() -> Response:
    """Signs every other device out."""
    asking = principal()
    carry_out(
        lambda tx: sessions.end_sessions(tx, person=asking.person, account=asking.person, keep=asking.session), ACCESS
    )
    return back_to("account", _("Your other devices are signed out."))


@pages.post("/account/tokens")
def create_token() -> Response:
    """A token for programs, shown this once."""
    asking = principal().person
    lasts = timedelta(days=int(sent("days")) if sent("days").isdigit() and len(sent("days")) < 5 else 0)
    try:
        confirm_password(sent("password"))
    except (Invalid, TooMany) as refusal:
        return _account_page(refusal, form="token")
    scopes = request.form.getlist("scopes")
    made, refused = carry_out(
        lambda tx: tokens.create_token(
            tx, person=asking, owner=asking, label=sent("label"), scopes=scopes, lasts=lasts
        ),
        DESK,
    )
    return _account_page(refused, form="token") if made is None else _account_page(new_token=made[1])


@pages.post("/account/tokens/<token_id>/revoke")
def revoke_token(token_id: str) -> Response:
    """Stops a token of mine at once."""
    carry_out(lambda tx: tokens.revoke_token(tx, person=principal().person, token_id=token_id), DESK)
    return back_to("account", _("The token is revoked."))


def _account_page(refusal: DeskError | None = None, *, form: str = "", new_token: str = "") -> Response:
    asking = principal()
    now = desk().clock()
    with desk().database.reading() as session:
        return page(
            "account.html",
            refusal=refusal,
            form=form,
            new_token=new_token,
            me=asking.person,
            this_session=asking.session,
            sessions=queries.sessions_of(session, asking.person.id, now),
            tokens=queries.tokens_of(session, asking.person.id),
            has_second_factor=queries.has_second_factor(session, asking.person.id),
            languages=LANGUAGES,
            themes=THEMES,
            scopes={scope: word for scope, word in SCOPES.items() if scope != "admin" or may_administer(asking.person)},
        )
