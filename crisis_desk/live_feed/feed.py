"""Follows the journal and tells those who watch. Push is a hint: whoever misses a message finds it in the journal."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from flask_socketio import SocketIO
from gevent import sleep, spawn
from gevent.event import Event
from gevent.lock import Semaphore
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crisis_desk.incidents.entries import ResponderAnswered, ResponderReleased
from crisis_desk.incidents.lists import LIVE
from crisis_desk.incidents.models import Incident
from crisis_desk.incidents.rules import may_see
from crisis_desk.journal.entries import Recorded
from crisis_desk.journal.models import JournalEntry, StreamHead
from crisis_desk.journal.queries import entries_after, entry_message
from crisis_desk.journal.streams import ACCESS, DESK, incident_of
from crisis_desk.live_feed.standing import Standing, saw_before
from crisis_desk.live_feed.watchers import Watcher, Watchers, audience, audiences
from crisis_desk.people.queries import people_by_id
from crisis_desk.platform.live import board_room, has_connections, incident_room
from crisis_desk.platform.web import Desk
from crisis_desk.platform.words import speaking
from crisis_desk.room import fragments

log = logging.getLogger(__name__)

# What another process wrote shows within this time; the heads are looked at once in each.
LOOK_SECONDS = 1.0
# Transactions that were slow to commit carry an older time than those that overtook them.
OVERLAP = timedelta(seconds=15)


class LiveFeed:
    """One for each process: reads what was committed, renders it once for each language, sends it to its rooms."""

    def __init__(self, app: Flask, desk: Desk, socketio: SocketIO) -> None:
        self.app = app
        self.desk = desk
        self.socketio = socketio
        self.watchers = Watchers()
        self.standing = Standing(self)
        # What features add: each is told of every entry, whichever process wrote it.
        self.heard: list[Callable[[Recorded[Any]], None]] = []
        self._started = desk.clock()
        self._looked = self._started
        self._sent: dict[str, int] = {}
        self._woken: set[str] = set()
        self._bell = Event()
        # Only one follower at a time, so that entries of a stream leave in their order.
        self._following = Semaphore()

    def start(self) -> None:
        """Begins to follow; returns at once."""
        self.desk.journal.committed.append(self.wake)
        spawn(self._follow_for_ever)
        spawn(self.standing.run)

    def wake(self, recorded: Sequence[Recorded[Any]]) -> None:
        """Tells the follower that this process committed something."""
        if not has_connections(self.socketio):
            self._skip({entry.stream: entry.sequence for entry in recorded})
            return
        for entry in recorded:
            self._sent.setdefault(entry.stream, entry.sequence - 1)
            self._woken.add(entry.stream)
        self._bell.set()

    def _skip(self, heads: dict[str, int]) -> None:
        # Nobody is connected to this process, and whoever comes reads the journal before anything is sent to her.
        self._sent.update(heads)

    def _follow_for_ever(self) -> None:
        while True:
            was_woken = self._bell.wait(LOOK_SECONDS)
            self._bell.clear()
            try:
                if not was_woken or (self.desk.clock() - self._looked).total_seconds() >= LOOK_SECONDS:
                    self._look()
                streams, self._woken = self._woken, set()
                self.follow(streams)
            except Exception:
                # A store that does not answer must not end the follower: it looks again.
                log.exception("the live feed could not follow the journal")
                sleep(LOOK_SECONDS)

    def _look(self) -> None:
        moved = self._moved_heads()
        if has_connections(self.socketio):
            self._woken |= set(moved)
        else:
            self._skip(moved)

    def _moved_heads(self) -> dict[str, int]:
        now = self.desk.clock()
        with self.desk.database.reading() as session:
            query = select(StreamHead.stream, StreamHead.sequence).where(StreamHead.at >= self._looked - OVERLAP)
            heads = session.execute(query).all()
        self._looked = now
        return {stream: sequence for stream, sequence in heads if self._sent.get(stream, -1) < sequence}

    def follow(self, streams: Iterable[str]) -> None:
        """Sends everything in these streams that has not been sent by this process."""
        with self._following, self.app.test_request_context("/"), self.desk.database.reading() as session:
            for stream in streams:
                for entry in self._unsent(session, stream):
                    self._send(session, entry)
                    for hear in self.heard:
                        hear(entry)
                    self._sent[stream] = entry.sequence

    def _unsent(self, session: Session, stream: str) -> list[Recorded[Any]]:
        known = self._sent.get(stream)
        if known is None:
            known = self._sent[stream] = _sequence_before(session, stream, self._started)
        return entries_after(session, stream, known)[0]

    def _send(self, session: Session, entry: Recorded[Any]) -> None:
        incident_id = incident_of(entry.stream)
        if incident_id is None:
            if entry.stream in {DESK, ACCESS}:
                self.standing.people_changed(session, entry)
            return
        incident = session.get(Incident, incident_id)
        if incident is None:
            return
        # What one may see can change with the entry itself, so those who lost the right leave before it is told.
        self.standing.incident_changed(session, incident, entry)
        self._send_entry(session, incident, entry)
        self._send_card(session, incident, entry)

    def _send_entry(self, session: Session, incident: Incident, entry: Recorded[Any]) -> None:
        room = incident_room(incident.code)
        watching = self.watchers.in_room(room)
        for language, with_fragments in audiences(watching, room):
            message = entry_message(entry)
            if with_fragments:
                with speaking(language):
                    message["fragments"] = fragments.of_entry(session, incident, entry, language, self.desk.clock())
            self.socketio.emit("entry", message, to=audience(room, language, with_fragments))

    def _send_card(self, session: Session, incident: Incident, entry: Recorded[Any]) -> None:
        # The incident's row goes to every board that may show it, its end to those that may not any more.
        watching = self.watchers.in_room(board_room())
        if incident.handling == "restricted" or isinstance(entry.data, ResponderAnswered | ResponderReleased):
            self._send_card_apart(session, watching, incident, entry)
            return
        apart = [w for w in watching if w.person_id in self.standing.narrow]
        self._send_card_apart(session, apart, incident, entry)
        wide = [w for w in watching if w.person_id not in self.standing.narrow]
        for language, with_fragments in audiences(wide, board_room()):
            message = self._card_message(session, incident, entry.sequence, language, with_fragments)
            room = audience(board_room(), language, with_fragments)
            skipped = [w.connection for w in apart]
            self.socketio.emit("card", message, to=room, skip_sid=skipped or None)

    def _send_card_apart(
        self, session: Session, watching: Sequence[Watcher], incident: Incident, entry: Recorded[Any]
    ) -> None:
        people = people_by_id(session, [w.person_id for w in watching]) if watching else {}
        made: dict[tuple[str, bool], dict[str, Any]] = {}
        for watcher in watching:
            person = people.get(watcher.person_id)
            if person is None or not may_see(person, incident):
                # Only who saw the row learns that it is gone; to others the incident does not exist.
                if person is not None and saw_before(person, entry):
                    self.socketio.emit("card", _gone(incident, entry.sequence), to=watcher.connection)
                continue
            key = (watcher.language, watcher.rooms.get(board_room(), False))
            if key not in made:
                made[key] = self._card_message(session, incident, entry.sequence, *key)
            self.socketio.emit("card", made[key], to=watcher.connection)

    def _card_message(
        self, session: Session, incident: Incident, sequence: int, language: str, with_fragments: bool
    ) -> dict[str, Any]:
        is_live = incident.status in LIVE
        message = {"code": incident.code, "sequence": sequence} if is_live else _gone(incident, sequence)
        if with_fragments:
            with speaking(language):
                message |= _drawn(session, incident, self.desk.clock())
        return message


def _drawn(session: Session, incident: Incident, now: datetime) -> dict[str, Any]:
    if incident.status not in LIVE:
        return {"fragments": fragments.closed_card(incident)}
    card = fragments.card(session, incident, now)
    return {"html": card.row, "fragments": card.beside}


def _gone(incident: Incident, sequence: int) -> dict[str, Any]:
    return {"code": incident.code, "sequence": sequence, "gone": True}


def _sequence_before(session: Session, stream: str, moment: datetime) -> int:
    query = select(func.max(JournalEntry.sequence)).where(JournalEntry.stream == stream, JournalEntry.at < moment)
    return session.scalar(query) or 0
