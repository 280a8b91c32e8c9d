"""Insert statements put together once for each engine: the shortest way from values to the driver."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Table
from sqlalchemy.engine import Connection, Dialect

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
        """Inserts the rows in the connection's transaction."""
        values = [self._values(row) for row in rows]
        connection.exec_driver_sql(self._statement, values if len(values) > 1 else values[0])

    def _values(self, row: Mapping[str, Any]) -> tuple[Any, ...]:
        return tuple(row.get(key) if convert is None else convert(row.get(key)) for key, convert in self._converts)


@cache
def prepared_insert(table: Table, dialect: Dialect) -> PreparedInsert:
    """The statement for a table on an engine, made at its first use."""
    return PreparedInsert(table, dialect)
