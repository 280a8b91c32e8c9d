"""Statements put together once for each engine: the shortest way from values to the driver."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any

from sqlalchemy import Column, Table
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.exc import DBAPIError

Convert = Callable[[Any], Any]


class PreparedInsert:
    """INSERT of whole rows into one table; a column that a row does not name becomes NULL."""

    def __init__(self, table: Table, dialect: Dialect) -> None:
        self._converts: list[tuple[str, Convert | None]] = [
            (column.key, column.type.dialect_impl(dialect).bind_processor(dialect)) for column in table.columns
        ]
        quote = dialect.identifier_preparer.quote
        names = ", ".join(quote(column.name) for column in table.columns)
        mark = "?" if dialect.paramstyle == "qmark" else "%s"
        marks = ", ".join([mark] * len(self._converts))
        # Names of tables and columns come from the models; every value is a parameter.
        self._statement = f"INSERT INTO {quote(table.name)} ({names}) VALUES ({marks})"  # noqa: S608

    def run(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Inserts the rows in the connection's transaction. Raises SQLAlchemy's errors, as any statement does."""
        values = [self._values(row) for row in rows]
        with _cursor(connection, self._statement) as cursor:
            if len(values) == 1:
                cursor.execute(self._statement, values[0])
            else:
                cursor.executemany(self._statement, values)

    def _values(self, row: Mapping[str, Any]) -> tuple[Any, ...]:
        return tuple(row.get(key) if convert is None else convert(row.get(key)) for key, convert in self._converts)


class PreparedLookup:
    """Whether a row of a table holds a value in a column of text."""

    def __init__(self, column: Column[Any], dialect: Dialect) -> None:
        quote = dialect.identifier_preparer.quote
        mark = "?" if dialect.paramstyle == "qmark" else "%s"
        table = quote(column.table.name)
        self._statement = f"SELECT 1 FROM {table} WHERE {quote(column.name)} = {mark}"  # noqa: S608

    def finds(self, connection: Connection, value: str) -> bool:
        """Whether there is such a row, as the connection's transaction sees it."""
        with _cursor(connection, self._statement) as cursor:
            cursor.execute(self._statement, (value,))
            return cursor.fetchone() is not None


@contextmanager
def _cursor(connection: Connection, statement: str) -> Iterator[Any]:
    cursor = connection.connection.cursor()
    errors = connection.dialect.loaded_dbapi.Error
    try:
        yield cursor
    except errors as error:
        raise DBAPIError.instance(statement, None, error, errors, dialect=connection.dialect) from error
    finally:
        cursor.close()


@cache
def prepared_lookup(column: Column[Any], dialect: Dialect) -> PreparedLookup:
    """The question for a column on an engine, made at its first use."""
    return PreparedLookup(column, dialect)


@cache
def prepared_insert(table: Table, dialect: Dialect) -> PreparedInsert:
    """The statement for a table on an engine, made at its first use."""
    return PreparedInsert(table, dialect)
