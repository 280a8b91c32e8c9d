"""The real desk as a subject of the fan-out: its board watched by programs, one event for each note in a log."""

from __future__ import annotations

import http.client
import json
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from bench.desks import QUIET, LaidOut, lay_out
from bench.harness import ServerProcess, server
from bench.watchers import Crowd, Greeting, Subject

CARD = b'42["card"'
BOARD = {"room": "board", "fragments": True}


class Notes:
    """Writes into the log of an incident, over REST, and does not wait for the answer before the event arrives."""

    def __init__(self, desk: LaidOut) -> None:
        self.desk = desk
        self.path = ""
        self.connections: dict[int, http.client.HTTPConnection] = {}

    def write(self, running: ServerProcess, _crowd: Crowd | None = None) -> None:
        """One note; the answer to the one before is read first. Raises RuntimeError when that was refused."""
        connection = self.connections.get(running.port)
        if connection is None:
            connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=30)
            self.path = self.path or self._log_of_an_incident(connection)
            self.connections = {running.port: connection}
        else:
            self._answer(connection, 201)
        headers = self.desk.headers | {"Content-Type": "application/json"}
        connection.request("POST", self.path, json.dumps({"text": "Ghi nhận lúc giao ca"}), headers)

    def _log_of_an_incident(self, connection: http.client.HTTPConnection) -> str:
        connection.request("GET", "/api/v1/incidents?status=active&limit=1", headers=self.desk.headers)
        found = json.loads(self._answer(connection, 200))["items"]
        return f"/api/v1/incidents/{found[0]['code']}/log"

    def _answer(self, connection: http.client.HTTPConnection, status: int) -> bytes:
        answer = connection.getresponse()
        body = answer.read()
        if answer.status != status:
            raise RuntimeError(f"{answer.status} {body[:300].decode(errors='replace')}")
        return body


@contextmanager
def watched_desk() -> Iterator[Subject]:
    """The demonstration desk, its board watched as its pages watch it."""
    with tempfile.TemporaryDirectory() as folder:
        desk = lay_out(f"sqlite:///{folder}/desk.sqlite", Path(folder))
        watch = "420" + json.dumps(["watch", BOARD])
        greeting = Greeting(
            "/socket.io/?EIO=4&transport=websocket", ("40" + json.dumps({"token": desk.token}), watch), answers=3
        )
        subject = Subject(desk.command, greeting, Notes(desk).write, CARD, "/health", environment=QUIET)
        yield replace(subject, size=_size_of_an_event(subject))


def _size_of_an_event(subject: Subject) -> int:
    with server(subject.command, **subject.environment) as running, Crowd(running.port, subject.greeting, 1) as crowd:
        subject.tell(running, crowd)
        return crowd.delivery(subject.event, time.monotonic()).size
