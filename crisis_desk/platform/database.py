"""One database through one code: SQLite in WAL mode with full synchronisation, or PostgreSQL."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import MetaData, String, create_engine, event, make_url
from sqlalchemy.engine import URL, Connection, Dialect, Engine
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

from crisis_desk.platform.clock import instant_text, parse_instant

UNJOURNALLED = {"unjournalled": True}


class Base(DeclarativeBase):
    """Every table of the desk. A table or column with `info=UNJOURNALLED` is left out of journal and replay."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Instant(TypeDecorator[datetime]):
    """A moment, kept as the text the journal uses, so that it sorts and is the same on both engines."""

    impl = String(24)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        return None if value is None else instant_text(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        return None if value is None else parse_instant(value)


def dump_json(value: Any) -> str:
    """JSON text for JSON columns, keys in order, so that equal values are equal texts."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


class Database:
    """The engine and the two ways to it: `reading()` here, writing through the journal's transaction."""

    def __init__(self, url: str, *, pool_size: int = 20) -> None:
        self.url = make_url(url)
        if self.url.drivername in {"postgres", "postgresql"}:
            self.url = self.url.set(drivername="postgresql+psycopg")
        self.dialect = self.url.get_backend_name()
        self.engine = _engine(self.url, self.dialect, pool_size)
        # SQLite has one writer; waiting in C for another process's lock would freeze every greenlet (see transaction).
        self.write_lock = threading.Lock()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that sees one consistent state and is rolled back when left."""
        with Session(self.engine, autoflush=False, expire_on_commit=False) as session:
            yield session

    @property
    def is_sqlite(self) -> bool:
        return self.dialect == "sqlite"

    def close(self) -> None:
        self.engine.dispose()


def _engine(url: URL, dialect: str, pool_size: int) -> Engine:
    if dialect == "sqlite":
        return _sqlite_engine(url, pool_size)
    return create_engine(
        url,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_pre_ping=True,
        json_serializer=dump_json,
        json_deserializer=orjson.loads,
        connect_args={"options": "-c timezone=UTC -c lock_timeout=10000 -c statement_timeout=60000"},
    )


def _sqlite_engine(url: URL, pool_size: int) -> Engine:
    path = url.database
    if path:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=pool_size * 4,
        connect_args={"check_same_thread": False, "timeout": 0, "cached_statements": 512},
        json_serializer=dump_json,
        json_deserializer=orjson.loads,
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    # The driver's own transaction handling begins too late for BEGIN IMMEDIATE, so it is switched off.
    connection.isolation_level = None
    cursor = connection.cursor()
    # Two processes that open a new database at once may briefly meet; afterwards no wait may happen in C.
    for pragma in ("busy_timeout=2000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-16000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.execute("PRAGMA busy_timeout=0")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    immediate = connection.get_execution_options().get("desk_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")
