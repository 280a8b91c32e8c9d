"""Who sends a socket message: the session cookie of the handshake, or the token the client connected with."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Flask, request

from crisis_desk.people.principals import Principal
from crisis_desk.people.signed_in import COOKIE, authenticate, is_of, principal_of_token, recognition
from crisis_desk.platform.errors import DeskError
from crisis_desk.platform.web import desk

# The handshake's environment lives as long as the connection and is handed to every message.
_TOKEN = "crisis_desk.token"  # noqa: S105  the name of a place, not a secret
_PERSON = "crisis_desk.person"


def connect(app: Flask) -> None:
    """Makes the desk of `app` ask here for each message."""
    app.extensions["desk"].admit_message = admit_message


def admit_connection(auth: Any) -> bool:
    """Whether a new connection comes from somebody who is signed in; `auth` is what the client sent along."""
    sent = auth if isinstance(auth, dict) else {}
    if isinstance(sent.get("token"), str):
        request.environ[_TOKEN] = sent["token"]
    request.environ[_PERSON] = sent.get("person")
    return admit_message() is not None


def admit_message() -> Principal | None:
    """The person behind this message as the database knows her now; None when her right to speak ended."""
    token = request.environ.get(_TOKEN)
    try:
        found = principal_of_token(token) if token is not None else _of_cookie()
    except DeskError:
        return None
    if found is None or not is_of(found, request.environ.get(_PERSON)):
        return None
    return replace(found, via="socket")


def _of_cookie() -> Principal | None:
    cookie = request.cookies.get(COOKIE)
    if cookie is None:
        return authenticate()
    return recognition().find(cookie, desk().clock(), authenticate)
