"""The alarm against silent writes: a journalled table changes only inside the effect of a recorded entry."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar, cast

from sqlalchemy import Table, event, inspect
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction, make_transient_to_detached
from sqlalchemy.orm.attributes import instance_dict

from crisis_desk.platform.database import Base
from crisis_desk.platform.prepared import prepared_insert

M = TypeVar("M", bound=Base)


class SilentWrite(RuntimeError):
    """A change to a journalled table that no entry tells of. It is a programming error; the write is rolled back."""


class WatchedSession(Session):
    """A session that raises `SilentWrite`. `allowed` is set while an effect runs."""

    allowed = False

    def insert_row(self, model: type[M], values: dict[str, Any]) -> M:
        """Inserts one row by the driver's shortest way and gives it as an object of this session.

        A column that is not named becomes NULL. Raises `SilentWrite` outside an effect for a journalled table.
        """
        (row,) = self.insert_rows(model, [values])
        # The row is known to be as it was written, so the object is filled as if it had been loaded.
        instance = cast(M, inspect(model).class_manager.new_instance())
        instance_dict(instance).update(row)
        make_transient_to_detached(instance)
        self.add(instance)
        # A session holds its objects weakly; this one is asked for again before anybody else keeps it.
        self.info.setdefault("written", []).append(instance)
        return instance

    def insert_rows(self, model: type[Base], rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """Inserts rows by the driver's shortest way and gives back what was written, without making objects."""
        table = cast(Table, inspect(model).local_table)
        if not self.allowed:
            _refuse(table, None)
        names = table.columns.keys()
        written = [{name: row.get(name) for name in names} for row in rows]
        connection = self.connection()
        prepared_insert(table, connection.dialect).run(connection, written)
        return written

    @contextmanager
    def allowing(self) -> Iterator[None]:
        """Within this block changes are told by the entry whose effect is running."""
        before, self.allowed = self.allowed, True
        try:
            yield
        finally:
            self.allowed = before


def is_unjournalled(table: Table) -> bool:
    """Whether the whole table is left out of journal and replay."""
    return bool(table.info.get("unjournalled"))


def unjournalled_columns(table: Table) -> frozenset[str]:
    """The columns of a journalled table that stay out of the journal: secrets, contacts, marks of last use."""
    return frozenset(column.key for column in table.columns if column.info.get("unjournalled"))


@event.listens_for(WatchedSession, "before_flush")
def _watch_flush(session: WatchedSession, _context: UOWTransaction, _instances: Any) -> None:
    if session.allowed:
        return
    for changed in (session.new, session.deleted):
        for instance in changed:
            _refuse(inspect(instance).mapper.local_table, None)
    for instance in session.dirty:
        if session.is_modified(instance):
            state = inspect(instance)
            changed_keys = [attribute.key for attribute in state.attrs if attribute.history.has_changes()]
            _refuse(state.mapper.local_table, changed_keys)


@event.listens_for(WatchedSession, "do_orm_execute")
def _watch_statement(state: ORMExecuteState) -> None:
    session = state.session
    if not isinstance(session, WatchedSession) or session.allowed:
        return
    if state.is_update or state.is_insert or state.is_delete:
        statement: Any = state.statement
        columns = statement.compile().params.keys() if state.is_update else None
        _refuse(statement.table, columns)


def _refuse(table: Table, columns: Iterable[str] | None) -> None:
    if is_unjournalled(table):
        return
    if columns is not None and set(_column_keys(table, columns)) <= unjournalled_columns(table):
        return
    raise SilentWrite(f"{table.name} was changed without an entry")


def _column_keys(table: Table, names: Iterable[str]) -> list[str]:
    return [name for name in names if name in table.columns]
