"""Bare Flask routes that write what the desk writes for a report. `python -m bench.servers.writing PORT URL`.

`/rows` writes the same rows into the same schema in one transaction, by the driver itself; `/insert` one row.
"""

# The standard library is patched before anything else is imported.
# ruff: noqa: E402
from gevent import monkey

monkey.patch_all()

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import orjson
from flask import Flask, Response, request
from sqlalchemy import make_url

from crisis_desk.platform.database import Database
from crisis_desk.platform.serving import serve

NOW = "2026-11-24T02:14:00.000Z"
HEADER = "h" * 480
PAYLOAD = "p" * 1100
INCIDENT = (
    'id, code, title, kind, severity, "trigger", summary, place, handling, status, occurred_about, received_at, '
    "recorded_at, severity_since, drill, rule_set, team, search, version"
)
CLOCK = "id, incident_id, code, starts_at, due_at, provisional"
ENTRY = "stream, sequence, at, kind, subject_type, subject_id, header, payload, hash"
HEAD = "stream, sequence, hash, at"


class Store:
    """Connections as the desk holds them: one writer at a time on SQLite, a pool on PostgreSQL."""

    def __init__(self, url: str) -> None:
        self.database = Database(url)
        self._lock = threading.Lock()
        self.mark = "?" if self.database.is_sqlite else "%s"
        self.true: Any = 1 if self.database.is_sqlite else True

    @contextmanager
    def writing(self) -> Iterator[Callable[[str, str, tuple[Any, ...]], None]]:
        """One transaction of the driver, committed at the end."""
        if self.database.is_sqlite:
            with self._lock, self._cursor() as cursor:
                yield self._inserting(cursor)
        else:
            with self._cursor() as cursor:
                yield self._inserting(cursor)

    @contextmanager
    def _cursor(self) -> Iterator[Any]:
        connection = self.database.engine.raw_connection()
        try:
            cursor = connection.cursor()
            if self.database.is_sqlite:
                cursor.execute("BEGIN IMMEDIATE")
            yield cursor
            if self.database.is_sqlite:
                cursor.execute("COMMIT")
            else:
                connection.commit()
        finally:
            connection.close()

    def _inserting(self, cursor: Any) -> Callable[[str, str, tuple[Any, ...]], None]:
        def insert(table: str, columns: str, values: tuple[Any, ...]) -> None:
            marks = ", ".join([self.mark] * len(values))
            cursor.execute(f"INSERT INTO {table} ({columns}) VALUES ({marks})", values)

        return insert


def make_app(url: str) -> Flask:
    app, store = Flask("bench"), Store(url)
    false: Any = 0 if store.database.is_sqlite else False

    @app.post("/rows")
    def rows() -> Response:
        title = request.get_json()["title"]
        key = str(uuid4())
        with store.writing() as insert:
            insert(
                "incident",
                INCIDENT,
                (key, f"B-{key[:18]}", title, "other", 2, "harm", "", "", "internal", "reported", false, NOW, NOW, NOW,
                 false, "VN-244-2026", "[]", title, 1),
            )  # fmt: skip
            for code in ("acknowledge", "first_information", "legal_first_information"):
                insert("clock", CLOCK, (str(uuid4()), key, code, NOW, NOW, false))
            stream = f"incident:{key}"
            insert("journal_entry", ENTRY, (stream, 1, NOW, "x.y", "incident", key, HEADER, PAYLOAD, "0" * 64))
            insert("stream_head", HEAD, (stream, 1, "0" * 64, NOW))
        return Response(orjson.dumps({"id": key}), status=201, mimetype="application/json")

    @app.post("/insert")
    def one() -> Response:
        title = request.get_json()["title"]
        key = f"bench:{uuid4()}"
        with store.writing() as insert:
            insert("stream_head", HEAD, (key, 1, title[:64], NOW))
        return Response(orjson.dumps({"id": key}), status=201, mimetype="application/json")

    return app


if __name__ == "__main__":
    assert make_url(sys.argv[2])
    serve(make_app(sys.argv[2]), "127.0.0.1", int(sys.argv[1]))
