"""The one place that commits. A write takes its chains' heads, records entries, and leaves them or nothing behind."""

from __future__ import annotations

import logging
import secrets
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, TypeVar, cast

import gevent
from gevent import monkey
from sqlalchemy import Table, bindparam, select, update
from sqlalchemy.engine import Connection
from sqlalchemy.exc import OperationalError

from crisis_desk.journal import chain
from crisis_desk.journal.entries import Actor, Entry, Recorded, dump, effect_of, kind_of
from crisis_desk.journal.guard import WatchedSession
from crisis_desk.journal.models import JournalEntry, StreamHead
from crisis_desk.platform.clock import Clock, instant_text
from crisis_desk.platform.database import Base, Database
from crisis_desk.platform.errors import Unavailable
from crisis_desk.platform.prepared import prepared_insert

E = TypeVar("E", bound=Entry)
Committed = Callable[[Sequence[Recorded[Any]]], None]

log = logging.getLogger(__name__)

# A write that can't get the store in this time is refused with a sentence instead of waiting for ever.
LOCK_SECONDS = 10.0

_entries = cast(Table, JournalEntry.__table__)
_heads = cast(Table, StreamHead.__table__)
_heads_of = (
    select(_heads.c.stream, _heads.c.sequence, _heads.c.hash, _heads.c.at)
    .where(_heads.c.stream.in_(bindparam("streams", expanding=True)))
    .order_by(_heads.c.stream)
)
_move_head = (
    update(_heads)
    .where(_heads.c.stream == bindparam("at_stream"))
    .values(sequence=bindparam("to_sequence"), hash=bindparam("to_hash"), at=bindparam("to_at"))
)


@dataclass
class Head:
    """Where a chain stands inside this transaction."""

    sequence: int = 0
    hash: str = chain.ZERO
    is_new: bool = True


def _row(entry: Recorded[Any], header: str, payload: str, entry_hash: str) -> dict[str, Any]:
    return {
        "stream": entry.stream,
        "sequence": entry.sequence,
        "at": entry.at,
        "kind": entry.kind,
        "person": entry.person,
        "subject_type": entry.subject_type,
        "subject_id": entry.subject_id,
        "header": header,
        "payload": payload,
        "hash": entry_hash,
    }


@dataclass
class Transaction:
    """An open write. `now` was read under the lock of the heads, so it never runs backwards within a chain."""

    session: WatchedSession
    now: datetime
    actor: Actor
    heads: dict[str, Head]
    recorded: list[Recorded[Any]] = field(default_factory=list)
    _rows: list[dict[str, Any]] = field(default_factory=list)

    def record(self, stream: str, data: E, *, subject: tuple[str, str]) -> Recorded[E]:
        """Appends an entry and lets its effect change the tables.

        `stream` is one that the transaction was opened with, or a new incident's. `subject` is (type, id).
        """
        head = self._head(stream)
        entry = Recorded(
            stream, head.sequence + 1, self.now, self.actor.person, self.actor.session, self.actor.via,
            kind_of(data), subject[0], subject[1], data,
        )  # fmt: skip
        self._apply(entry)
        self._append(head, entry)
        return entry

    def keep(self, model: type[Base], key: str, **columns: Any) -> None:
        """Sets unjournalled columns of a row (a password's hash, a contact), which no entry may carry."""
        self.session.execute(update(model).where(cast(Any, model).id == key).values(**columns))

    def _head(self, stream: str) -> Head:
        # A stream that was not named at the opening must be new: the key of its head refuses a second first entry.
        return self.heads.setdefault(stream, Head())

    def _apply(self, entry: Recorded[Any]) -> None:
        effect = effect_of(type(entry.data))
        if effect is not None:
            with self.session.allowing():
                effect(self.session, entry)
                self.session.flush()

    def _append(self, head: Head, entry: Recorded[Any]) -> None:
        payload, data_hash = chain.data_hash(secrets.token_hex(16), dump(entry.data))
        header = chain.make_header(
            stream=entry.stream, sequence=entry.sequence, at=instant_text(entry.at), person=entry.person,
            session=entry.session, via=entry.via, kind=entry.kind, subject_type=entry.subject_type,
            subject_id=entry.subject_id, data_hash=data_hash, previous=head.hash,
        )  # fmt: skip
        header_text, entry_hash = chain.entry_hash(header)
        head.sequence, head.hash = entry.sequence, entry_hash
        self.recorded.append(entry)
        self._rows.append(_row(entry, header_text, payload, entry_hash))

    def finish(self) -> None:
        """Writes entries and heads; `SilentWrite` if something changed that no entry tells of."""
        self.session.flush()
        if not self._rows:
            return
        connection = self.session.connection()
        prepared_insert(_entries, connection.dialect).run(connection, self._rows)
        for stream in sorted({row["stream"] for row in self._rows}):
            self._write_head(connection, stream, self.heads[stream])

    def _write_head(self, connection: Connection, stream: str, head: Head) -> None:
        if head.is_new:
            values = {"stream": stream, "sequence": head.sequence, "hash": head.hash, "at": self.now}
            prepared_insert(_heads, connection.dialect).run(connection, [values])
        else:
            values = {"at_stream": stream, "to_sequence": head.sequence, "to_hash": head.hash, "to_at": self.now}
            connection.execute(_move_head, values)


class Journal:
    """Opens transactions on a database and tells `committed` what they left behind."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.database = database
        self.clock = clock
        self.committed: list[Committed] = []
        # SQLite's one writer holds the whole file; elsewhere the heads are locked row by row, always in one order.
        self._locking_heads = _heads_of if database.is_sqlite else _heads_of.with_for_update()

    @contextmanager
    def transaction(self, *streams: str, actor: Actor) -> Iterator[Transaction]:
        """A write on `streams`, whose heads are locked in sorted order. Leaving commits, raising rolls back.

        Raises `Unavailable` when the store can't be had within ten seconds.
        """
        with self._writing() as session:
            tx = self._open(session, sorted(set(streams)), actor)
            yield tx
            tx.finish()
            session.commit()
        # SQLAlchemy's own after_commit also fires for a released savepoint, so those who listen are told here.
        self._tell(tx.recorded)

    @contextmanager
    def unjournalled_transaction(self, reason: str) -> Iterator[WatchedSession]:
        """The only other door, for tables that are declared unjournalled; `reason` is for the reader of the call."""
        with self._writing() as session:
            yield session
            session.flush()
            self._commit_aside(session)

    def _commit_aside(self, session: WatchedSession) -> None:
        # SQLite waits for the disk in C. Keystrokes come many times a second, and nobody else should stand still
        # meanwhile, so that wait is a real thread's.
        if self.database.is_sqlite and monkey.is_module_patched("threading"):
            gevent.get_hub().threadpool.apply(session.commit)
        else:
            session.commit()

    def _open(self, session: WatchedSession, streams: Sequence[str], actor: Actor) -> Transaction:
        rows = session.connection().execute(self._locking_heads, {"streams": streams}).all() if streams else []
        heads = {stream: Head() for stream in streams}
        heads |= {row.stream: Head(row.sequence, row.hash, is_new=False) for row in rows}
        # A clock that was set back must not make a chain run backwards.
        now = max([self.clock(), *(row.at for row in rows)])
        return Transaction(session, now, actor, heads)

    @contextmanager
    def _writing(self) -> Iterator[WatchedSession]:
        if self.database.is_sqlite:
            with self.database.write_lock, self._session(self._sqlite_connection()) as session:
                yield session
        else:
            with self._session(self.database.engine.connect()) as session:
                yield session

    @contextmanager
    def _session(self, connection: Connection) -> Iterator[WatchedSession]:
        # The connection may hold the write lock already, so the session takes its transaction over as its own.
        mode: Literal["control_fully"] = "control_fully"
        with (
            connection,
            WatchedSession(connection, autoflush=False, expire_on_commit=False, join_transaction_mode=mode) as session,
        ):
            yield session

    def _sqlite_connection(self) -> Connection:
        connection = self.database.engine.connect().execution_options(desk_write=True)
        deadline = time.monotonic() + LOCK_SECONDS
        while True:
            try:
                connection.begin()
                return connection
            except OperationalError as error:
                if not _is_busy(error) or time.monotonic() > deadline:
                    connection.close()
                    raise Unavailable() from error
                # Another process writes. Waiting in C would freeze every greenlet of this one, so the wait is ours.
                time.sleep(0.003)

    def _tell(self, recorded: Sequence[Recorded[Any]]) -> None:
        for callback in self.committed if recorded else ():
            try:
                callback(recorded)
            except Exception:
                # The write stands; whoever missed the news finds it in the journal.
                log.exception("a listener failed after a commit")


def _is_busy(error: OperationalError) -> bool:
    original = error.orig
    return isinstance(original, sqlite3.OperationalError) and original.sqlite_errorcode & 0xFF in {5, 6}
