"""The socket events of rooms: `watch` and `unwatch`; `draft:*` live with the statements."""

from __future__ import annotations

from typing import Any

from flask import current_app
from flask_socketio import SocketIO, join_room, leave_room
from sqlalchemy.orm import Session

from crisis_desk.incidents import queries
from crisis_desk.incidents.models import Incident
from crisis_desk.journal.queries import entries_after, entry_message, head_of
from crisis_desk.journal.streams import incident_stream
from crisis_desk.live_feed.boards import Boards
from crisis_desk.live_feed.feed import LiveFeed
from crisis_desk.live_feed.watchers import Watcher, audience
from crisis_desk.people.principals import Principal
from crisis_desk.people.sockets import admit_connection
from crisis_desk.platform.errors import Invalid, NotFound
from crisis_desk.platform.live import board_room, connection_id, handle, incident_room
from crisis_desk.platform.web import desk
from crisis_desk.platform.words import N_, current_language, speaking
from crisis_desk.room import fragments
from crisis_desk.statements import sockets as draft_sockets


def register(socketio: SocketIO) -> None:
    """Connects the events of rooms."""
    socketio.on_event("connect", _connect)
    socketio.on_event("disconnect", _disconnect)
    handle(socketio, "watch")(watch)
    handle(socketio, "unwatch")(unwatch)


def feed() -> LiveFeed:
    """The live feed of this process."""
    found: LiveFeed = current_app.extensions["live_feed"]
    return found


def _connect(auth: Any = None) -> bool:
    # Refusing here closes the connection before any event is heard.
    return admit_connection(auth)


def _disconnect(*_reason: Any) -> None:
    feed().standing.forget(connection_id())
    draft_sockets.forget(connection_id())


def watch(principal: Principal, message: dict[str, Any]) -> dict[str, Any]:
    """Begins to watch a room and gives what came after `after`. Joined first, so that nothing falls between."""
    room, with_fragments = str(message.get("room", "")), bool(message.get("fragments"))
    if room == board_room():
        return _watch_board(principal, with_fragments)
    return _watch_incident(principal, room, _after(message), with_fragments)


def unwatch(_principal: Principal, message: dict[str, Any]) -> dict[str, Any]:
    """Stops watching a room."""
    room = str(message.get("room", ""))
    watcher = feed().watchers.of(connection_id())
    if watcher is not None and room in watcher.rooms:
        leave_room(audience(room, watcher.language, watcher.rooms[room]))
        feed().watchers.leave(watcher.connection, room)
        feed().standing.presence_changed(room)
    return {}


def _after(message: dict[str, Any]) -> int:
    after = message.get("after", 0)
    if not isinstance(after, int) or isinstance(after, bool) or after < 0:
        raise Invalid(errors={"after": [N_("This must be the sequence of an entry.")]})
    return after


def _join(principal: Principal, room: str, with_fragments: bool) -> Watcher:
    language = current_language()
    fresh = Watcher(connection_id(), principal.person.id, principal.session, language)
    watcher = feed().watchers.of(connection_id()) or fresh
    join_room(audience(room, watcher.language, with_fragments))
    feed().watchers.join(watcher, room, with_fragments)
    feed().standing.noticed(principal.person, watcher)
    return watcher


def _watch_board(principal: Principal, with_fragments: bool) -> dict[str, Any]:
    _join(principal, board_room(), with_fragments)
    feed().standing.board_opened(connection_id())
    with desk().database.reading() as session:
        return {"cards": Boards(session).cards(principal.person)}


def _watch_incident(principal: Principal, room: str, after: int, with_fragments: bool) -> dict[str, Any]:
    with desk().database.reading() as session:
        incident = _incident_of(session, principal, room)
    watcher = _join(principal, room, with_fragments)
    # A second look at the store, begun after joining: what is committed between the two is seen at least once.
    with desk().database.reading() as session:
        answer = _catch_up(session, incident, after, watcher, with_fragments)
        feed().standing.tell_verbs(session, watcher, principal.person, incident)
    feed().standing.presence_changed(room)
    return answer


def _incident_of(session: Session, principal: Principal, room: str) -> Incident:
    kind, _, code = room.partition(":")
    if kind != "incident" or not code:
        raise NotFound()
    incident = queries.visible(session, principal.person, code)
    if room != incident_room(incident.code):
        raise NotFound()
    return incident


def _catch_up(
    session: Session, incident: Incident, after: int, watcher: Watcher, with_fragments: bool
) -> dict[str, Any]:
    stream = incident_stream(incident.id)
    shown, more = entries_after(session, stream, after)
    messages = [entry_message(entry) for entry in shown]
    if with_fragments and shown:
        touched = dict.fromkeys(part for entry in shown for part in fragments.parts_of(entry.kind))
        with speaking(watcher.language):
            for entry, entry_json in zip(shown, messages, strict=True):
                parts = touched if entry is shown[-1] else ()
                entry_json["fragments"] = fragments.of_entry(
                    session, incident, entry, watcher.language, desk().clock(), parts=parts
                )
    return {"head": head_of(session, stream), "entries": messages, "more": more}
