"""Names that must be unique, chosen by several transactions at once."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.engine import Connection


def reserve(connection: Connection, name: str) -> bool:
    """Whether this transaction has the name to itself until it ends; nobody waits for anybody.

    Whoever has reserved a name may look whether it is taken: what others did with it before is visible by then.
    SQLite has one writer at a time, which has every name to itself.
    """
    if connection.dialect.name == "sqlite":
        return True
    lock = func.pg_try_advisory_xact_lock(func.hashtextextended(name, 0))
    return bool(connection.scalar(select(lock)))
