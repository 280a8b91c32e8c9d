"""My own account, sessions and tokens under /api/v1."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Response

from crisis_desk.journal.streams import ACCESS, DESK
from crisis_desk.journal.transaction import Transaction
from crisis_desk.people import queries
from crisis_desk.people import schemas as shapes
from crisis_desk.people.actions import credentials, sessions, tokens
from crisis_desk.people.routes.api_people import with_secret
from crisis_desk.people.routes.pages import confirm_password
from crisis_desk.people.signed_in import principal
from crisis_desk.people.writing import write
from crisis_desk.platform.errors import Forbidden
from crisis_desk.platform.web import desk
from crisis_desk.platform.web_api import answer, blueprint, json_answer
from crisis_desk.platform.words import N_

endpoints = blueprint("me", "My own account")

PAGE_ONLY = N_("A token can't make tokens. Sign in on the page and make one in your account.")


@endpoints.route("/people/me")
@endpoints.response(200, shapes.PersonWithContact)
def show_me() -> Response:
    """The account that asks."""
    principal().require_scope("read")
    return answer(shapes.PersonWithContact(), principal().person)


@endpoints.route("/people/me", methods=["PATCH"])
@endpoints.arguments(shapes.ChangeMe)
@endpoints.response(200, shapes.PersonWithContact)
def change_me(values: dict[str, str]) -> Response:
    """My language and theme; they have no version, for nobody else sets them."""
    principal().require_scope("write")
    me = principal().person
    chosen = {"language": me.language, "theme": me.theme} | values
    with desk().journal.unjournalled_transaction("how the desk looks to one person") as session:
        credentials.set_preferences(session, person_id=me.id, **chosen)
        return answer(shapes.PersonWithContact(), queries.person_by_id(session, me.id))


@endpoints.route("/people/me/sessions")
@endpoints.response(200, shapes.SessionShape(many=True))
def list_sessions() -> Response:
    """Where I am signed in."""
    principal().require_scope("read")
    with desk().database.reading() as session:
        rows = queries.sessions_of(session, principal().person.id, desk().clock())
    return json_answer({"items": shapes.SessionShape().dump(rows, many=True), "next": None})


@endpoints.route("/people/me/sessions/<session_id>", methods=["DELETE"])
@endpoints.response(204)
def end_session(session_id: str) -> Response:
    """Signs one device of mine out."""

    def work(tx: Transaction) -> None:
        sessions.end_session(tx, person=principal().person, session_id=session_id)

    write(work, None, ACCESS)
    return Response(status=204)


@endpoints.route("/people/me/tokens")
@endpoints.response(200, shapes.TokenShape(many=True))
def list_tokens() -> Response:
    """My tokens, without their texts."""
    principal().require_scope("read")
    with desk().database.reading() as session:
        rows = queries.tokens_of(session, principal().person.id)
    return json_answer({"items": shapes.TokenShape().dump(rows, many=True), "next": None})


@endpoints.route("/people/me/tokens", methods=["POST"])
@endpoints.arguments(shapes.CreateToken)
@endpoints.response(201, shapes.NewTokenShape)
def create_token(values: dict[str, Any]) -> Response:
    """A new token; its text stands in `token` this once, and not in the answer to a repeated key."""
    if principal().via != "page":
        raise Forbidden(PAGE_ONLY)
    confirm_password(values["password"])
    made: dict[str, str] = {}

    def work(tx: Transaction) -> Any:
        me = principal().person
        token, made["token"] = tokens.create_token(
            tx,
            person=me,
            owner=me,
            label=values["label"],
            scopes=values["scopes"],
            lasts=timedelta(days=values["days"]),
        )
        return token

    return with_secret(write(work, shapes.TokenShape(), DESK, status=201), made)


@endpoints.route("/people/me/tokens/<token_id>", methods=["DELETE"])
@endpoints.response(204)
def revoke_token(token_id: str) -> Response:
    """Stops a token at once."""

    def work(tx: Transaction) -> None:
        tokens.revoke_token(tx, person=principal().person, token_id=token_id)

    write(work, None, DESK)
    return Response(status=204)
