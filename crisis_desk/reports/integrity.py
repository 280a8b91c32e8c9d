"""Whether the incident's chain holds, with what an inspector compares: first and last hash, number, signed head."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from crisis_desk.journal.heads import signed_heads
from crisis_desk.journal.models import JournalEntry, SignedHead, StreamHead
from crisis_desk.journal.streams import incident_stream
from crisis_desk.journal.verification import verify_chain
from crisis_desk.platform.database import Database


@dataclass(frozen=True)
class Integrity:
    """The result for one chain; `signed` is its last signed head in the journal format, None before the first."""

    stream: str
    entries: int
    first_hash: str
    last_hash: str
    head_at: datetime | None
    holds: bool
    fault: str
    signed: dict[str, Any] | None


def integrity_of(database: Database, incident_id: str) -> Integrity:
    """Reads and verifies the whole chain: work for the processor, under gevent for its thread pool."""
    stream = incident_stream(incident_id)
    report = verify_chain(database, stream)
    with database.reading() as session:
        head = session.get_one(StreamHead, stream)
        return Integrity(
            stream=stream,
            entries=head.sequence,
            first_hash=_first_hash(session, stream),
            last_hash=head.hash,
            head_at=head.at,
            holds=report.holds,
            fault="" if report.holds else str(report),
            signed=_signed_head(session, stream),
        )


def _signed_head(session: Session, stream: str) -> dict[str, Any] | None:
    has_key = session.scalar(select(SignedHead.sequence).where(SignedHead.stream == stream).limit(1)) is not None
    return next(iter(signed_heads(session, [stream])), None) if has_key else None


def _first_hash(session: Session, stream: str) -> str:
    query = select(JournalEntry.hash).where(JournalEntry.stream == stream, JournalEntry.sequence == 1)
    return session.scalars(query).one()


def integrity_at(address: str, incident_id: str) -> Integrity:
    """As `integrity_of`, on a connection of its own: a thread beside the others must not wait for their pool."""
    database = Database(address, pool_size=1)
    try:
        return integrity_of(database, incident_id)
    finally:
        database.close()
