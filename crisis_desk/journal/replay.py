"""From the journal to the tables: the same effects as when the entries were recorded, in an empty database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from crisis_desk.journal.entries import Recorded, effect_of, load
from crisis_desk.journal.guard import WatchedSession, is_unjournalled, unjournalled_columns
from crisis_desk.journal.models import JournalEntry
from crisis_desk.journal.streams import ACCESS, DESK
from crisis_desk.platform.clock import parse_instant
from crisis_desk.platform.database import Base


def recorded_from(header_text: str, payload: str) -> Recorded[Any]:
    """The entry that stands in these two stored texts."""
    header = orjson.loads(header_text)
    data = load(header["kind"], orjson.loads(payload)["data"])
    subject = header["subject"]
    return Recorded(
        header["stream"], header["sequence"], parse_instant(header["at"]), header["person"], header["session"],
        header["via"], header["kind"], subject["type"], subject["id"], data,
    )  # fmt: skip


def read_all(session: Session) -> Iterator[Recorded[Any]]:
    """Every unsealed entry: the desk's chain first, for people and organisations come from it, then the others."""
    streams = session.scalars(select(JournalEntry.stream).distinct()).all()
    for stream in sorted(streams, key=lambda name: (name != DESK, name != ACCESS, name)):
        query = select(JournalEntry.header, JournalEntry.payload).where(JournalEntry.stream == stream)
        for header, payload in session.execute(query.order_by(JournalEntry.sequence)).all():
            if payload is not None:
                yield recorded_from(header, payload)


def replay(entries: Iterable[Recorded[Any]], into: WatchedSession) -> None:
    """Lets every entry's effect change the tables of `into`, which the caller has emptied and commits."""
    with into.allowing():
        for entry in entries:
            effect = effect_of(type(entry.data))
            if effect is not None:
                effect(into, entry)
                into.flush()


def journalled_rows(session: Session) -> dict[str, list[dict[str, Any]]]:
    """Every row that the journal answers for, by table, without the columns it leaves out, in a fixed order."""
    return {
        table.name: sorted((dict(row._mapping) for row in session.execute(select(*columns)).all()), key=repr)
        for table in Base.metadata.sorted_tables
        if not is_unjournalled(table)
        for columns in [[c for c in table.columns if c.key not in unjournalled_columns(table)]]
    }
