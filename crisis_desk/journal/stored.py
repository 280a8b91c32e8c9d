"""Reading the journal as it is stored: one consistent state, one entry after the other, memory flat."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from sqlalchemy import String, bindparam, select, type_coerce
from sqlalchemy.engine import Connection

from crisis_desk.journal.chain import StoredRow
from crisis_desk.journal.models import JournalEntry, StreamHead
from crisis_desk.platform.database import Database

PAGE = 1000

_entry = JournalEntry.__table__.c
_head = StreamHead.__table__.c
_after = (
    select(
        *(type_coerce(column, String) if column.key == "at" else column for column in JournalEntry.__table__.columns)
    )
    .where(_entry.stream == bindparam("stream"), _entry.sequence > bindparam("after"))
    .order_by(_entry.sequence)
    .limit(PAGE)
)


@contextmanager
def snapshot(database: Database) -> Iterator[Connection]:
    """A connection that sees one state of the database for as long as it is open."""
    with database.engine.connect() as connection:
        if not database.is_sqlite:
            connection = connection.execution_options(isolation_level="REPEATABLE READ")
        with connection.begin():
            yield connection


def stored_rows(connection: Connection, stream: str) -> Iterator[StoredRow]:
    """Every entry of a chain in the order of its sequence, page by page, `at` as the text it is stored as."""
    after = 0
    while rows := _page(connection, stream, after):
        yield from rows
        after = rows[-1][1]


def _page(connection: Connection, stream: str, after: int) -> list[StoredRow]:
    # The driver's own tuples: to name the columns of a million rows costs more than to read them.
    with connection.execute(_after, {"stream": stream, "after": after}) as result:
        return cast(list[StoredRow], result.cursor.fetchall())


def stored_heads(connection: Connection) -> dict[str, tuple[int, str]]:
    """Sequence and hash of the last entry of each chain, as the table of heads has them."""
    rows = connection.execute(select(_head.stream, _head.sequence, _head.hash).order_by(_head.stream))
    return {row.stream: (row.sequence, row.hash) for row in rows}
