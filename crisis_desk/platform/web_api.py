"""What the endpoints under /api/v1 share: blueprints, answers with versions, pages of lists."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from typing import Any

import orjson
from flask import Response, request
from flask_smorest import Api, Blueprint
from marshmallow import Schema

from crisis_desk.platform.errors import DeskError, Invalid
from crisis_desk.platform.field_messages import translate_field_messages
from crisis_desk.platform.words import N_

PREFIX = "/api/v1"
LIMIT = 100
LARGEST_LIMIT = 500
LONGEST_NUMBER = 9

api = Api()
translate_field_messages()


class VersionNeeded(DeskError):
    """A change without If-Match would overwrite what the sender has not seen."""

    status = 428
    code = "version_needed"
    title = N_("Send the version you saw in If-Match, so that nobody's change is overwritten.")


def blueprint(name: str, description: str) -> Blueprint:
    """A group of endpoints under /api/v1; `description` stands in the OpenAPI document."""
    return Blueprint(f"api_{name}", f"api_{name}", url_prefix=PREFIX, description=description)


def answer(shape: Schema, thing: Any, status: int = 200) -> Response:
    """The object as JSON, with its version as ETag where it has one."""
    return json_answer(shape.dump(thing), status)


def json_answer(body: Any, status: int = 200) -> Response:
    """A JSON answer; an object with `version` carries it as its ETag."""
    response = Response(orjson.dumps(body, default=str), status=status, mimetype="application/json")
    if isinstance(body, dict) and "version" in body:
        response.set_etag(str(body["version"]))
    return response


def expected_version() -> int:
    """The version in If-Match. Raises `VersionNeeded` without one and `Invalid` for anything but a version."""
    etags = [tag for tag, _weak in [(t, False) for t in request.if_match.as_set()]]
    if not etags:
        raise VersionNeeded()
    if len(etags) != 1 or not is_number(etags[0]):
        raise Invalid(errors={"if_match": [N_("If-Match must hold one version, as the ETag gave it.")]})
    return int(etags[0])


def is_number(text: str) -> bool:
    """Whether a text is a version, a sequence or a count: digits of ASCII, no more than every database takes."""
    return text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER


def page_limit() -> int:
    """`?limit=`, 100 unless asked, 500 at most. Raises `Invalid`."""
    text = request.args.get("limit", str(LIMIT))
    if not is_number(text) or not 1 <= int(text) <= LARGEST_LIMIT:
        raise Invalid(errors={"limit": [N_("Ask for 1 to 500 items.")]})
    return int(text)


def page_cursor() -> list[Any] | None:
    """`?after=`, the cursor that the page before gave. Raises `Invalid`."""
    text = request.args.get("after")
    if not text:
        return None
    try:
        cursor = orjson.loads(base64.urlsafe_b64decode(text + "=="))
    except ValueError as error:
        raise Invalid(errors={"after": [N_("This is no cursor of the desk.")]}) from error
    if not isinstance(cursor, list):
        raise Invalid(errors={"after": [N_("This is no cursor of the desk.")]})
    return cursor


def list_answer(shape: Schema, rows: Sequence[Any], limit: int, cursor: Callable[[Any], list[Any]]) -> Response:
    """A page of a list from up to `limit + 1` rows; the row too many only tells that there is a next page."""
    shown = rows[:limit]
    more = len(rows) > limit
    following = base64.urlsafe_b64encode(orjson.dumps(cursor(shown[-1]))).decode().rstrip("=") if more else None
    return json_answer({"items": shape.dump(shown, many=True), "next": following})
