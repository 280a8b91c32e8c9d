"""Who speaks in the present request: the cookie of a page or the token of a program, looked up once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, cast

from flask import Flask, Response, current_app, g, request
from flask_login import LoginManager
from sqlalchemy import update

from crisis_desk.people import attempts
from crisis_desk.people.actions.sessions import Opened
from crisis_desk.people.principals import Pending, Principal, by_api_token, by_session_token
from crisis_desk.people.recognition import Recognition
from crisis_desk.people.second_factor import SecondFactorRefused
from crisis_desk.people.secret_models import ApiToken, DeskSession
from crisis_desk.people.sentences import roles_in_words
from crisis_desk.platform.errors import Unauthenticated
from crisis_desk.platform.web import desk, refuse
from crisis_desk.platform.words import N_, current_language

COOKIE = "desk_session"
SEEN_EVERY = timedelta(minutes=1)
# Whom a page was drawn for; sent with everything its scripts send.
PERSON_HEADER = "X-Desk-Person"
SOMEBODY_ELSE = N_("Somebody else is signed in in this browser now. Sign in again; what you typed is still here.")
TOKEN_DEAD = N_("This token is unknown, was revoked or has expired. Create a new one.")


def connect(app: Flask) -> None:
    """Makes the desk of `app` ask here who is speaking, and Flask-Login with it."""
    app.extensions["desk"].authenticate = authenticate
    app.extensions["recognition"] = Recognition(app.extensions["desk"].database)
    app.jinja_env.filters["role_words"] = lambda roles: roles_in_words(roles, current_language())
    app.register_error_handler(SecondFactorRefused, _count_and_refuse)
    login_manager = LoginManager(app)
    login_manager.session_protection = None
    login_manager.request_loader(lambda _request: g.get("principal"))


def authenticate() -> Principal | None:
    """The person behind the token or the cookie of this request; None when nobody is signed in completely.

    Raises `Unauthenticated` for a token that does not work, and for a page that was drawn for somebody else.
    """
    token = bearer_token(request.headers.get("Authorization", ""))
    found = principal_of_token(token) if token is not None else _principal_of_cookie()
    if not is_of(found, request.headers.get(PERSON_HEADER)):
        raise Unauthenticated(SOMEBODY_ELSE)
    if found is not None and _mark_seen(found) and token is not None:
        # What was just marked must not be marked again with the next request.
        recognition().forget(token)
    return found


def is_of(found: Principal | None, person_id: Any) -> bool:
    """Whether a page that names whom it was drawn for is still that person's: what she typed is sent as nobody else's.

    Several people share the browser of a duty room, and a page of the one before goes on sending what she left in it.
    """
    return found is None or person_id is None or found.person.id == person_id


def principal() -> Principal:
    """The person who asks. Raises `Unauthenticated` on a route that is open to everybody when nobody is signed in."""
    found = g.get("principal")
    if found is None:
        raise Unauthenticated()
    return cast(Principal, found)


def pending() -> Pending | None:
    """Who gave her password in this browser but not yet the second factor."""
    return cast(Pending | None, g.get("pending"))


def bearer_token(header: str) -> str | None:
    """The token in an Authorization header; None without one."""
    scheme, _, token = header.partition(" ")
    return token.strip() if scheme.casefold() == "bearer" else None


def principal_of_token(token: str) -> Principal:
    """Whose token this is, for requests and for sockets that connect with one. Raises `Unauthenticated`."""

    def load() -> Principal | None:
        with desk().database.reading() as session:
            return by_api_token(session, token, desk().clock())

    found = recognition().find(token, desk().clock(), load)
    if found is None:
        raise Unauthenticated(TOKEN_DEAD)
    return found


def recognition() -> Recognition:
    """Who was recognised in the last second by this process."""
    return cast(Recognition, current_app.extensions["recognition"])


def keep_in_cookie(response: Response, opened: Opened) -> Response:
    """Gives the browser the session's token; no script can read it, and no other site can send it along a form."""
    response.set_cookie(
        COOKIE, opened.token, expires=opened.ends_at, httponly=True, samesite="Lax", secure=_is_secure()
    )
    return response


def forget_cookie(response: Response) -> Response:
    """Takes the session's token from the browser."""
    response.delete_cookie(COOKIE, httponly=True, samesite="Lax", secure=_is_secure())
    return response


def idle_time() -> timedelta:
    """After how long without use a session ends."""
    return timedelta(minutes=desk().config.session_idle_minutes)


def lifetime() -> timedelta:
    """After how long a session ends in any case."""
    return timedelta(days=desk().config.session_days)


def count_refusal(refused: SecondFactorRefused) -> None:
    """Counts a wrong code after the write that asked for it was rolled back."""
    with desk().journal.unjournalled_transaction("a wrong second factor is counted though nothing was written") as kept:
        attempts.count_failure(kept, attempts.code_key(refused.person_id), desk().clock())


def _count_and_refuse(refused: SecondFactorRefused) -> tuple[Response, int]:
    count_refusal(refused)
    return refuse(refused)


def _principal_of_cookie() -> Principal | None:
    token = request.cookies.get(COOKIE)
    if not token:
        return None
    with desk().database.reading() as session:
        found = by_session_token(session, token, desk().clock(), idle_time())
    g.pending = found if isinstance(found, Pending) else None
    return found if isinstance(found, Principal) else None


def _mark_seen(found: Principal) -> bool:
    now: datetime = desk().clock()
    if found.last_seen_at is not None and now - found.last_seen_at < SEEN_EVERY:
        return False
    kept = ApiToken if found.via == "api" else DeskSession
    with desk().journal.unjournalled_transaction("when a session or token was last used, once a minute") as session:
        session.execute(update(kept).where(kept.id == found.session).values(last_seen_at=now))
    return True


def _is_secure() -> bool:
    # Behind a proxy on the same machine the request itself is plain, but people reach the desk as public_url says.
    config = desk().config
    return request.is_secure or config.public_url.startswith("https:") or not config.is_loopback
