"""Law one, checked: whatever actions did to the tables, the journal alone can do again in an empty database."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import orjson
import pytest
from sqlalchemy import create_engine, event
from sqlalchemy.pool import StaticPool

from crisis_desk.journal.guard import WatchedSession
from crisis_desk.journal.replay import journalled_rows, read_all, replay
from crisis_desk.journal.transaction import Journal
from crisis_desk.platform.database import Base, dump_json

Rows = dict[str, list[dict[str, Any]]]


def _with_foreign_keys(connection: sqlite3.Connection, _record: Any) -> None:
    connection.execute("PRAGMA foreign_keys=ON")


@contextmanager
def empty_database() -> Iterator[WatchedSession]:
    """A database in memory that has every table of the features imported so far, and no row."""
    engine = create_engine("sqlite://", poolclass=StaticPool, json_serializer=dump_json, json_deserializer=orjson.loads)
    event.listen(engine, "connect", _with_foreign_keys)
    Base.metadata.create_all(engine)
    with WatchedSession(engine, autoflush=False, expire_on_commit=False) as session:
        yield session
    engine.dispose()


def rows_and_replayed_rows(journal: Journal) -> tuple[Rows, Rows]:
    """The journalled rows as they are, and as the entries alone make them."""
    with journal.database.reading() as session, empty_database() as empty:
        replay(read_all(session), empty)
        return journalled_rows(session), journalled_rows(empty)


def check_replay(journal: Journal) -> None:
    """Fails, table by table, where the journal would rebuild other rows than those that stand."""
    present, replayed = rows_and_replayed_rows(journal)
    assert set(replayed) == set(present)
    for table, rows in present.items():
        assert replayed[table] == rows, f"the journal rebuilds {table} differently"


@pytest.fixture
def verified_journal(journal: Journal) -> Iterator[Journal]:
    """The test's journal; when the test is over, its replay must give the same rows.

    A feature's conftest makes it hold for every test with `pytestmark` or an autouse fixture that asks for it.
    """
    yield journal
    check_replay(journal)
