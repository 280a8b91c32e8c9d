"""The door of every page and endpoint: closed unless a route says otherwise, one translation of refusals, headers."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

import orjson
from flask import Flask, Response, current_app, g, redirect, render_template, request, url_for
from flask_wtf import CSRFProtect
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError
from werkzeug.exceptions import HTTPException, UnsupportedMediaType
from werkzeug.wrappers import Response as WerkzeugResponse

from crisis_desk.platform.clock import Clock
from crisis_desk.platform.database import Database
from crisis_desk.platform.errors import DeskError, Invalid, NotFound, TooLarge, Unauthenticated
from crisis_desk.platform.words import N_, current_language, translate

log = logging.getLogger(__name__)
csrf = CSRFProtect()

View = TypeVar("View", bound=Callable[..., Any])

CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
}


@dataclass
class Desk:
    """What the running application holds on to. `journal` and `live` are typed where they are made."""

    config: Any
    database: Database
    journal: Any
    clock: Clock
    live: Any = None
    demonstration: bool = False
    # Who is asking; people provides it, so that the platform knows no accounts.
    authenticate: Callable[[], Any] = field(default=lambda: None)
    # The places a person can go to, the present one marked; they belong to features that the platform doesn't know.
    navigation: Callable[[Any, str], list[dict[str, object]]] = field(default=lambda _person, _current: [])
    # Who sends this socket message; asked anew for each one.
    admit_message: Callable[[], Any] = field(default=lambda: None)


def desk() -> Desk:
    """The desk that this request or message belongs to."""
    return cast(Desk, current_app.extensions["desk"])


def public(view: View) -> View:
    """Opens a route to people who are not signed in. Everything else is closed."""
    view.__dict__["is_public"] = True
    return view


def is_public(endpoint: str | None) -> bool:
    """Whether the endpoint is open to everybody."""
    view = current_app.view_functions.get(endpoint or "")
    return endpoint == "static" or bool(getattr(view, "is_public", False))


def close_the_door(app: Flask) -> None:
    """Makes every route of `app` need a signed-in person, a CSRF token where a cookie speaks, and safe headers."""
    csrf.init_app(app)
    app.before_request(_admit)
    app.after_request(_add_headers)
    app.register_error_handler(DeskError, refuse)
    app.register_error_handler(CSRFError, _refuse_forged)
    app.register_error_handler(HTTPException, _refuse_http)
    app.register_error_handler(DataError, _refuse_data)
    app.register_error_handler(RecursionError, _refuse_depth)
    app.register_error_handler(Exception, _refuse_fault)


def wants_json() -> bool:
    """Whether the answer goes to a program: everything under /api."""
    return request.path.startswith("/api/")


def _admit() -> WerkzeugResponse | None:
    if request.endpoint == "static":
        return None
    g.principal = desk().authenticate()
    if g.principal is None and request.endpoint is not None and not is_public(request.endpoint):
        return _ask_to_sign_in()
    # A token in the header can't be sent by a foreign page, a cookie can: only the cookie needs the second proof.
    if g.principal is None or g.principal.via == "page":
        csrf.protect()
    if wants_json() and request.content_length and not request.is_json:
        raise UnsupportedMediaType()
    return None


def _ask_to_sign_in() -> WerkzeugResponse:
    if wants_json() or request.method != "GET":
        raise Unauthenticated()
    target = request.full_path.rstrip("?")
    return redirect(url_for("people.sign_in", next=target if target != "/" else None))


def _add_headers(response: Response) -> Response:
    given = {name.lower() for name, _value in response.headers}
    wanted = HEADERS
    if request.is_secure:
        wanted = wanted | {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"}
    if request.endpoint != "static":
        # What one person may read must not stay in a shared cache, nor in the history after signing out.
        wanted = wanted | {"Cache-Control": "no-store"}
    for name, value in wanted.items():
        if name.lower() not in given:
            response.headers.add(name, value)
    return response


def problem(error: DeskError) -> dict[str, Any]:
    """The body of a refusal, RFC 9457; `errors` names fields with their sentences."""
    language = current_language()
    body: dict[str, Any] = {
        "type": f"urn:crisis-desk:{error.code}",
        "title": translate(error.title, language, **error.values),
        "status": error.status,
        "code": error.code,
    }
    if error.errors:
        body["errors"] = _sentences(error.errors)
    present = getattr(error, "present", None)
    if present is not None:
        body["present"] = present
    return body


def _sentences(value: Any) -> Any:
    """Fields, nested as they were sent, each with the list of its sentences."""
    if isinstance(value, dict):
        return {str(key): _sentences(item) for key, item in value.items()}
    items = value if isinstance(value, list | tuple) else [value]
    return [_as_text(item) for item in items]


def _as_text(value: Any) -> str:
    return translate(value, current_language()) if isinstance(value, str) and "%" not in value else str(value)


def refuse(error: DeskError) -> tuple[Response, int]:
    """The one translation of a refusal: problem+json for programs, a page for people."""
    body = problem(error)
    if wants_json():
        return Response(orjson.dumps(body), mimetype="application/problem+json"), error.status
    # Forbidden and missing read the same, so that a page tells nobody that something is there.
    page = render_template("errors/error.html", problem=body)
    return Response(page, mimetype="text/html"), error.status


def _refuse_forged(_error: CSRFError) -> tuple[Response, int]:
    refusal = DeskError(N_("This page is too old to send from. Reload it and send again; copy your text first."))
    refusal.status, refusal.code = 400, "csrf"
    return refuse(refusal)


def _refuse_http(error: HTTPException) -> Any:
    if error.code is not None and error.code < 400:
        return error
    known = {404: NotFound, 413: TooLarge}
    if error.code in known:
        return refuse(known[error.code]())
    refusal = DeskError(_HTTP_TITLES.get(error.code or 500, DeskError.title), errors=_messages(error))
    refusal.status = error.code or 500
    refusal.code = _HTTP_CODES.get(refusal.status, "error")
    return refuse(refusal)


def _messages(error: HTTPException) -> Any:
    data = getattr(error, "data", None) or {}
    messages = data.get("messages", {})
    # The parser groups messages by where the value stood; a person looks for the field.
    return {field: text for place in messages.values() if isinstance(place, dict) for field, text in place.items()}


def _refuse_data(error: DataError) -> tuple[Response, int]:
    # PostgreSQL takes no NUL and no text longer than its column; whatever let one through, the sender can mend it.
    log.warning("the database refused a value of %s: %s", request.endpoint, type(error.orig).__name__)
    return refuse(Invalid())


def _refuse_depth(_error: RecursionError) -> tuple[Response, int]:
    # Nothing that the desk itself makes is nested as deep as what a stranger can send.
    log.warning("what was sent is nested too deep: %s %s", request.method, request.endpoint, exc_info=True)
    return refuse(Invalid())


def _refuse_fault(_error: Exception) -> tuple[Response, int]:
    log.exception("a request failed: %s %s", request.method, request.endpoint)
    return refuse(DeskError())


_HTTP_CODES = {400: "bad_request", 405: "method_not_allowed", 415: "unsupported_media_type", 422: "invalid"}
_HTTP_TITLES = {
    400: N_("The request can't be read. Nothing was changed."),
    405: N_("This address does not take such a request."),
    415: N_("Send this as JSON, please."),
    422: N_("Some of what was entered can't be used. Nothing was changed."),
}
