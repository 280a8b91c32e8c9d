"""A desk with a journal of a few chains, for the tests of chain, heads, bundle and verification."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import insert, text, update

from crisis_desk.journal import verify
from crisis_desk.journal.bundle import IncidentToExport
from crisis_desk.journal.entries import Actor, Entry, entry
from crisis_desk.journal.models import DeskIdentity, JournalEntry
from crisis_desk.journal.streams import incident_stream
from crisis_desk.journal.transaction import Journal
from crisis_desk.platform.database import Base, Database

DESK_ID = "3f0b4f0e-8a4a-4b1e-9d0c-0d6a3b1f2c11"
FLOOD = IncidentToExport("6d1f2c3b-0000-4000-8000-000000000001", "LUA-27")
POISON = IncidentToExport("6d1f2c3b-0000-4000-8000-000000000002", "SEN-28")
PERSON = "9e107d9d-372b-4b68-8e0a-6f1a2c3d4e5f"
ACTOR = Actor(person=PERSON, session=None, via="command")
START = datetime(2026, 11, 24, 5, 3, 31, 123000, tzinfo=UTC)


@entry("test.noted", sentence="%(text)s", example={"text": "…", "number": 0})
@dataclass(frozen=True)
class Noted(Entry):
    text: str
    number: int = 0


@entry("entry.sealed", sentence="%(sequence)s", example={"sequence": 1})
@dataclass(frozen=True)
class Sealed(Entry):
    sequence: int


class SteppingClock:
    """Every look at it is one second later."""

    def __init__(self) -> None:
        self.moment = START

    def __call__(self) -> datetime:
        self.moment += timedelta(seconds=1)
        return self.moment


def note(journal: Journal, incident: IncidentToExport, *texts: str) -> None:
    """One entry for each text in the chain of the incident."""
    stream = incident_stream(incident.id)
    with journal.transaction(stream, actor=ACTOR) as tx:
        for number, words in enumerate(texts):
            tx.record(stream, Noted(words, number), subject=("incident", incident.id))


def seal(journal: Journal, incident: IncidentToExport, sequence: int, *, tombstone: bool = True) -> None:
    """Takes the content of an entry away, as two people together may, with or without saying so."""
    stream = incident_stream(incident.id)
    with journal.transaction(stream, actor=ACTOR) as tx:
        if tombstone:
            tx.record(stream, Sealed(sequence), subject=("incident", incident.id))
    with journal.database.engine.begin() as connection:
        place = (JournalEntry.stream == stream) & (JournalEntry.sequence == sequence)
        connection.execute(update(JournalEntry).where(place).values(payload=None))


def empty_journal(url: str) -> Journal:
    database = Database(url)
    Base.metadata.create_all(database.engine)
    with database.engine.begin() as connection:
        connection.execute(insert(DeskIdentity).values(id=DESK_ID, name="Bàn thử", created_at=START))
    return Journal(database, SteppingClock())


def parts_of(bundle: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(bundle) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rewrite(bundle: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """A copy of the bundle whose parts `change` has altered."""
    parts = parts_of(bundle)
    change(parts)
    target = bundle.with_name(f"changed-{bundle.name}")
    target.write_bytes(zipped(parts))
    return target


def zipped(parts: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text_ in parts.items():
            archive.writestr(name, text_)
    return content.getvalue()


def faults(bundle: Path, key: bytes | None = None) -> list[str]:
    """What the stand-alone verifier finds broken."""
    found = verify.Verification(bundle, verify.read_keys(key) if key else None)
    return ["broken: {} {} {}".format(*fault) for fault in found.broken.values()]


def heads_in(parts: dict[str, bytes]) -> list[dict[str, object]]:
    return [json.loads(line) for line in parts["heads.jsonl"].splitlines()]


def execute(journal: Journal, statement: str, **values: object) -> None:
    """A change behind the journal's back."""
    with journal.database.engine.begin() as connection:
        connection.execute(text(statement), values)
