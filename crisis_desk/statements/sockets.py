"""Drafting together: the `draft:*` events. A change is acknowledged and shown to others only once it is on disk."""

from __future__ import annotations

import logging
from functools import partial
from typing import Any, cast

from flask import Flask, current_app
from flask_socketio import SocketIO, join_room, leave_room
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from crisis_desk.incidents.models import Incident
from crisis_desk.incidents.rules import may_see, require
from crisis_desk.journal.entries import Recorded
from crisis_desk.people.models import Person
from crisis_desk.people.principals import Principal
from crisis_desk.platform.clock import instant_text
from crisis_desk.platform.errors import Invalid, NotFound
from crisis_desk.platform.live import connection_id, handle
from crisis_desk.platform.web import desk
from crisis_desk.platform.words import N_, _
from crisis_desk.statements import queries, rules
from crisis_desk.statements.draft_members import Member, Members, presence_client
from crisis_desk.statements.draft_room import Drafts
from crisis_desk.statements.draft_store import MAX_UPDATE_BYTES, Change, Frozen, head_of
from crisis_desk.statements.models import DRAFT, Statement

log = logging.getLogger(__name__)

# How long somebody whose right has ended may at most still be sent what others type.
CHECK_SECONDS = 5.0
FREEZES = {"statement.submitted"}
THAWS = {"statement.reopened", "statement.returned"}


def connect(app: Flask, socketio: SocketIO) -> None:
    """Makes this process's drafts and connects their events."""
    found = desk_of(app)
    app.extensions["drafts"] = Drafts(found.journal, most_bytes=found.config.draft_bytes)
    app.extensions["draft_members"] = Members()
    for event, handler in (
        ("draft:open", open_draft),
        ("draft:close", close_draft),
        ("draft:update", update_draft),
        ("draft:presence", show_presence),
    ):
        handle(socketio, event)(handler)


def desk_of(app: Flask) -> Any:
    """The desk of an application that is being put together."""
    return app.extensions["desk"]


def drafts() -> Drafts:
    """The drafts of this process, for the routes that read or change a draft's text."""
    return cast(Drafts, current_app.extensions["drafts"])


def draft_room(statement_id: str) -> str:
    """The room of everybody who has this draft open."""
    return f"draft:{statement_id}"


def share(change: Change, *, skip: str | None = None) -> None:
    """Shows a stored change to everybody at the draft."""
    message = {"statement": change.statement_id, "number": change.number, "update": change.content}
    _live().emit("draft:update", message, to=draft_room(change.statement_id), skip_sid=skip)


def open_draft(principal: Principal, message: dict[str, Any]) -> dict[str, Any]:
    """What the editor lacks. Joined first, so that nothing is missed between the answer and the first event."""
    principal.require_scope("read")
    statement_id = _statement_id(message)
    with desk().database.reading() as session:
        statement, incident = queries.visible(session, principal.person, statement_id)
        may_write = rules.may_draft(principal.person, statement, incident)
    member = _members().join(Member(connection_id(), statement_id, principal.person.id, principal.session))
    join_room(draft_room(statement_id))
    if len(_members()) == 1:
        _live().start_background_task(_watch_over, current_app._get_current_object())  # type: ignore[attr-defined]
    opened = drafts().open(statement_id, _bytes(message, "vector", optional=True))
    return {
        "update": opened.update,
        "vector": opened.vector,
        "number": opened.number,
        "frozen": opened.is_frozen or statement.state != DRAFT,
        "write": may_write and "write" in principal.scopes,
        "most": MAX_UPDATE_BYTES,
        "person": member.person_id,
    }


def close_draft(_principal: Principal, message: dict[str, Any]) -> dict[str, Any]:
    """Leaves the draft; the others' carets of this editor go at once."""
    statement_id = _statement_id(message)
    leave_room(draft_room(statement_id))
    member = _members().leave(connection_id(), statement_id)
    if member is not None:
        _tell_left(member)
    return {}


def update_draft(principal: Principal, message: dict[str, Any]) -> dict[str, Any]:
    """Stores one change, then shows it to the others, then says so: with the number and the time it was stored at."""
    principal.require_scope("write")
    statement_id = _statement_id(message)
    content, update_id = _bytes(message, "update"), message.get("id")
    if not isinstance(update_id, str):
        raise Invalid(errors={"id": [_("Give each change an id of its own.")]})
    person = principal.person
    # Keystrokes that share a commit share the look at their statement as well.
    check = partial(_require_drafting, person, statement_id)
    change = drafts().append(Change(statement_id, content, update_id, connection_id(), person.id, check))
    if not change.is_repeated:
        share(change, skip=connection_id())
    assert change.at is not None
    return {"number": change.number, "at": instant_text(change.at)}


def show_presence(principal: Principal, message: dict[str, Any]) -> dict[str, Any]:
    """Passes on where somebody's caret is; never stored. The name is the desk's, not the one a client claims.

    The answer tells the draft's head, so that an editor that missed the last change notices.
    """
    principal.require_scope("read")
    statement_id = _statement_id(message)
    member = _members().get(connection_id(), statement_id)
    if member is None:
        raise NotFound
    with desk().database.reading() as session:
        _require_seeing(session, principal.person, statement_id)
        number, is_frozen = head_of(session, statement_id)
    state = _bytes(message, "state")
    member.client = presence_client(state)
    who = {"person": principal.person.id, "name": principal.person.name}
    told = {"statement": statement_id, "client": member.client, "state": state, **who}
    _live().emit("draft:presence", told, to=draft_room(statement_id), skip_sid=connection_id())
    return {"number": number, "frozen": is_frozen}


def forget(connection: str) -> None:
    """A connection has ended: whoever was at a draft through it is gone."""
    for member in _members().of(connection):
        _members().leave(connection, member.statement_id)
        _tell_left(member)


def _require_drafting(person: Person, statement_id: str, session: Session) -> None:
    statement, incident = queries.visible(session, person, statement_id)
    if statement.state != DRAFT:
        raise Frozen
    require(rules.may_draft(person, statement, incident), rules.NOT_A_WRITER)


def _require_seeing(session: Session, person: Person, statement_id: str) -> None:
    query = select(Incident).join(Statement, Statement.incident_id == Incident.id).where(Statement.id == statement_id)
    incident = session.scalars(query).one_or_none()
    if incident is None or not may_see(person, incident):
        raise NotFound


def _tell_left(member: Member) -> None:
    if member.client is not None:
        message = {"statement": member.statement_id, "client": member.client, "state": None}
        _live().emit("draft:presence", message, to=draft_room(member.statement_id))


def tell_frozen(socketio: SocketIO, entry: Recorded[Any]) -> None:
    """Tells everybody at a draft that an entry, whichever process wrote it, froze the text or gave it back."""
    message = {"statement": entry.subject_id, "revision": getattr(entry.data, "revision", None)}
    if entry.kind in FREEZES:
        socketio.emit("draft:frozen", message, to=draft_room(entry.subject_id))
    elif entry.kind in THAWS:
        socketio.emit("draft:thawed", message, to=draft_room(entry.subject_id))


def _watch_over(app: Flask) -> None:
    """Takes the draft from those who may not see it any more, for as long as anybody is at one."""
    members: Members = app.extensions["draft_members"]
    while len(members):
        desk_of(app).live.sleep(CHECK_SECONDS)
        try:
            with desk_of(app).database.reading() as session:
                gone = members.without_right(session, desk_of(app).clock)
        except SQLAlchemyError:
            log.exception("rights at drafts could not be looked at")
            continue
        for member in gone:
            _expel(app, member)


def _expel(app: Flask, member: Member) -> None:
    room = draft_room(member.statement_id)
    live = desk_of(app).live
    live.server.leave_room(member.connection, room)
    app.extensions["draft_members"].leave(member.connection, member.statement_id)
    live.emit("revoked", {"room": room}, to=member.connection)
    with app.app_context():
        _tell_left(member)


def _statement_id(message: dict[str, Any]) -> str:
    statement_id = message.get("statement")
    if not isinstance(statement_id, str):
        raise NotFound
    return statement_id


def _bytes(message: dict[str, Any], name: str, *, optional: bool = False) -> bytes:
    value = message.get(name)
    if isinstance(value, bytes) or (optional and value is None):
        return value or b""
    raise Invalid(N_("The message can't be read. Nothing was changed."))


def _members() -> Members:
    return cast(Members, current_app.extensions["draft_members"])


def _live() -> SocketIO:
    return cast(SocketIO, desk().live)
