"""Reading chains in order, for screens that catch up and for programs."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from crisis_desk.journal.entries import Recorded, dump
from crisis_desk.journal.models import JournalEntry, StreamHead
from crisis_desk.journal.replay import recorded_from
from crisis_desk.platform.clock import instant_text

MOST = 500


def entries_after(session: Session, stream: str, after: int, limit: int = MOST) -> tuple[list[Recorded[Any]], bool]:
    """Entries of a chain after a sequence, at most `limit`, and whether there are more. Sealed ones are left out."""
    query = (
        select(JournalEntry.header, JournalEntry.payload)
        .where(JournalEntry.stream == stream, JournalEntry.sequence > after)
        .order_by(JournalEntry.sequence)
        .limit(limit + 1)
    )
    rows = session.execute(query).all()
    return [recorded_from(header, text) for header, text in rows[:limit] if text is not None], len(rows) > limit


def head_of(session: Session, stream: str) -> int:
    """The sequence of the chain's last entry; 0 for an empty one."""
    head = session.get(StreamHead, stream)
    return head.sequence if head else 0


def entry_message(entry: Recorded[Any]) -> dict[str, Any]:
    """An entry as it goes over the socket and the API: the header's fields and the data, without hashes."""
    return {
        "stream": entry.stream,
        "sequence": entry.sequence,
        "kind": entry.kind,
        "at": instant_text(entry.at),
        "person": entry.person,
        "subject": {"type": entry.subject_type, "id": entry.subject_id},
        "data": dump(entry.data),
    }
