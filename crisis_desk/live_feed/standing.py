"""What each connection may still watch and do: revocation, verbs, presence, and the beacons that show a gap."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, cast

from gevent import sleep
from sqlalchemy import select
from sqlalchemy.orm import Session

from crisis_desk.incidents.entries import HandlingChanged, ResponderAnswered, ResponderReleased
from crisis_desk.incidents.models import Incident
from crisis_desk.incidents.rules import may_see, sees_internal
from crisis_desk.journal.entries import Recorded
from crisis_desk.journal.models import StreamHead
from crisis_desk.journal.streams import incident_stream
from crisis_desk.live_feed.boards import Boards
from crisis_desk.live_feed.watchers import Watcher, audience
from crisis_desk.people.models import Person
from crisis_desk.people.principals import open_sessions
from crisis_desk.people.queries import people_by_id
from crisis_desk.platform.live import board_room, incident_room
from crisis_desk.room import verbs

if TYPE_CHECKING:
    from crisis_desk.live_feed.feed import LiveFeed

log = logging.getLogger(__name__)

BEACON_SECONDS = 10.0
PRESENCE_SECONDS = 1.0
# After these kinds somebody may see less or do other things than before.
_CHANGES_VERBS = ("incident.", "responder.", "statement.", "authorisation.")


class Standing:
    """Watches over the watchers of one process."""

    def __init__(self, feed: LiveFeed) -> None:
        self._feed = feed
        # People who see only what they take part in; their boards are filled one by one.
        self.narrow: set[str] = set()
        self._presence_changed: set[str] = set()
        self._newcomers: set[str] = set()

    @property
    def _server(self) -> Any:
        # Flask-SocketIO's annotations leave out the server underneath.
        return cast(Any, self._feed.socketio).server

    def run(self) -> None:
        """Sends presence each second and beacons every ten, for as long as the process lives."""
        seconds = 0.0
        while True:
            sleep(PRESENCE_SECONDS)
            seconds += PRESENCE_SECONDS
            try:
                self._send_presence()
                if seconds >= BEACON_SECONDS:
                    seconds = 0.0
                    self.send_beacons()
            except Exception:
                # A beacon that fails is only late: the next one tells the same.
                log.exception("a beacon could not be sent")

    def noticed(self, person: Person, watcher: Watcher) -> None:
        """Notes how much a person sees when she begins to watch."""
        if sees_internal(person):
            self.narrow.discard(person.id)
        else:
            self.narrow.add(person.id)

    def forget(self, connection: str) -> None:
        """Removes what was known of a closed connection."""
        for room in self._feed.watchers.forget(connection):
            self.presence_changed(room)

    def presence_changed(self, room: str) -> None:
        """Notes that somebody came or went; told once a second, however many did."""
        if room != board_room():
            self._presence_changed.add(room)

    def board_opened(self, connection: str) -> None:
        """Notes that somebody opened the board: she is told once who is in every room she may see."""
        self._newcomers.add(connection)

    def incident_changed(self, session: Session, incident: Incident, entry: Recorded[Any]) -> None:
        """Takes the room from those who may not see it any more, and tells the others what they may do now."""
        room = incident_room(incident.code)
        watching = self._feed.watchers.in_room(room)
        if not watching or not entry.kind.startswith(_CHANGES_VERBS):
            return
        people = people_by_id(session, [w.person_id for w in watching])
        for watcher in watching:
            person = people.get(watcher.person_id)
            if person is None or not person.active or not may_see(person, incident):
                self.revoke(watcher, room)
            else:
                self.tell_verbs(session, watcher, person, incident)

    def people_changed(self, session: Session, entry: Recorded[Any]) -> None:
        """After a change of roles, accounts or sessions, everybody's rooms are looked at again."""
        if not entry.kind.startswith(("person.", "session.", "token.")):
            return
        self.check_everybody(session)

    def check_everybody(self, session: Session) -> None:
        """Disconnects ended sessions and takes rooms back that may not be watched any more."""
        everybody = self._feed.watchers.everybody()
        opened = open_sessions(session, {w.session_id for w in everybody}, self._feed.desk.clock())
        people = people_by_id(session, [w.person_id for w in everybody])
        for watcher in everybody:
            person = people.get(watcher.person_id)
            if person is None or not person.active:
                self._close(watcher)
            elif watcher.session_id not in opened:
                self._end(watcher)
            else:
                self.noticed(person, watcher)
                self._check_rooms(session, watcher, person)

    def _check_rooms(self, session: Session, watcher: Watcher, person: Person) -> None:
        for room in list(watcher.rooms):
            if room == board_room():
                continue
            incident = session.scalars(select(Incident).where(Incident.code == room.partition(":")[2])).one_or_none()
            if incident is None or not may_see(person, incident):
                self.revoke(watcher, room)
            else:
                self.tell_verbs(session, watcher, person, incident)

    def _close(self, watcher: Watcher) -> None:
        # Who is no member of the desk any more has nothing of it left on the screen.
        for room in list(watcher.rooms):
            self.revoke(watcher, room)
        self._server.disconnect(watcher.connection)

    def _end(self, watcher: Watcher) -> None:
        # Her page stays, and with it what she is typing, for when she has signed in again.
        for room in list(watcher.rooms):
            self._leave(watcher, room)
        self._server.disconnect(watcher.connection)

    def revoke(self, watcher: Watcher, room: str) -> None:
        """Ends the right to watch a room: nothing more of it goes to this connection."""
        self._leave(watcher, room)
        self._feed.socketio.emit("revoked", {"room": room}, to=watcher.connection)

    def _leave(self, watcher: Watcher, room: str) -> None:
        with_fragments = watcher.rooms.get(room, False)
        self._server.leave_room(watcher.connection, audience(room, watcher.language, with_fragments))
        self._feed.watchers.leave(watcher.connection, room)
        self.presence_changed(room)

    def tell_verbs(self, session: Session, watcher: Watcher, person: Person, incident: Incident) -> None:
        """Sends the person, and nobody else, what she may do with the incident and its statements now."""
        for subject, allowed in verbs.of_room(session, person, incident).items():
            self._feed.socketio.emit("may", {"subject": subject, "verbs": allowed}, to=watcher.connection)

    def send_beacons(self) -> None:
        """Tells every watched room its head and every board its digest, so that a lost last message shows too."""
        with self._feed.app.test_request_context("/"), self._feed.desk.database.reading() as session:
            self.check_everybody(session)
            for room in self._feed.watchers.rooms():
                if room != board_room():
                    self._send_head(session, room)
            self._send_digests(session)

    def _send_head(self, session: Session, room: str) -> None:
        incident = session.scalars(select(Incident).where(Incident.code == room.partition(":")[2])).one_or_none()
        head = session.get(StreamHead, incident_stream(incident.id)) if incident else None
        if head is not None:
            for watcher in self._feed.watchers.in_room(room):
                message = {"room": room, "head": head.sequence}
                self._feed.socketio.emit("heads", message, to=watcher.connection)

    def _send_digests(self, session: Session) -> None:
        watching = self._feed.watchers.in_room(board_room())
        if not watching:
            return
        boards = Boards(session)
        people = people_by_id(session, [w.person_id for w in watching])
        for watcher in watching:
            message = {"room": board_room(), "digest": boards.digest(people[watcher.person_id])}
            self._feed.socketio.emit("heads", message, to=watcher.connection)

    def _send_presence(self) -> None:
        rooms, self._presence_changed = self._presence_changed, set()
        newcomers, self._newcomers = self._newcomers, set()
        if newcomers:
            rooms |= {room for room in self._feed.watchers.rooms() if room != board_room()}
        if not rooms:
            return
        with self._feed.desk.database.reading() as session:
            on_board = self._feed.watchers.in_room(board_room())
            readers = people_by_id(session, [w.person_id for w in on_board]) if on_board else {}
            for room in rooms:
                self._tell_presence(session, room, [(w.connection, readers.get(w.person_id)) for w in on_board])

    def _tell_presence(self, session: Session, room: str, on_board: list[tuple[str, Person | None]]) -> None:
        watching = self._feed.watchers.in_room(room)
        people = people_by_id(session, [w.person_id for w in watching])
        present = [{"id": p.id, "name": p.name} for p in sorted(people.values(), key=lambda p: p.name)]
        incident = session.scalars(select(Incident).where(Incident.code == room.partition(":")[2])).one_or_none()
        told = {w.connection for w in watching}
        if incident is not None:
            told |= {connection for connection, person in on_board if person and may_see(person, incident)}
        for connection in told:
            self._feed.socketio.emit("presence", {"room": room, "people": present}, to=connection)


def saw_before(person: Person, entry: Recorded[Any]) -> bool:
    """Whether an entry that narrowed who sees the incident took it from this person."""
    data = entry.data
    if isinstance(data, HandlingChanged):
        return data.before != "restricted" and sees_internal(person)
    if isinstance(data, ResponderAnswered | ResponderReleased):
        return data.person_id == person.id
    return False
