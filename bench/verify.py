"""How long does it take to verify the journal, against bare SHA-256 over the same texts, and does memory stay flat?

Each measurement is a process of its own, so that its largest memory is its own too.
"""

from __future__ import annotations

import json
import secrets
import subprocess
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert
from sqlalchemy.engine import Connection

from bench.harness import Comparison, Figures, python, table
from crisis_desk.journal import chain, verify
from crisis_desk.journal.bundle import export
from crisis_desk.journal.entries import Actor
from crisis_desk.journal.models import DeskIdentity, JournalEntry, StreamHead
from crisis_desk.journal.stored import snapshot, stored_heads, stored_rows
from crisis_desk.journal.streams import incident_stream
from crisis_desk.journal.transaction import Journal
from crisis_desk.journal.verification import verify_database
from crisis_desk.platform import clock
from crisis_desk.platform.database import Base, Database

SECONDS = "seconds for a million entries"
CPU = "processor seconds for a million entries"
MEMORY = "MB at most"
BARE, OURS, ALONE = "bare SHA-256", "crisis-desk journal verify", "verify.py"
MOST_TIMES_BARE = {OURS: 5.0, ALONE: 20.0}
MOST_TIMES_MEMORY = 1.2
ENTRIES_IN_A_CHAIN = 5000
BATCH = 2000
TEXT = "Ghi nhận lúc giao ca: mực nước tại cầu Lũ dâng thêm 12 cm, tổ trực đã báo điều phối viên và người phát ngôn."


def fill(url: str, entries: int) -> None:
    """A journal with so many entries of a usual size, in chains of usual length, its heads signed."""
    database = Database(url)
    Base.metadata.create_all(database.engine)
    start = datetime(2026, 1, 1, tzinfo=UTC)
    with database.engine.begin() as connection:
        connection.execute(insert(DeskIdentity).values(id=str(UUID(int=1)), name="bench", created_at=start))
        for first in range(0, entries, ENTRIES_IN_A_CHAIN):
            _fill_chain(connection, str(uuid4()), min(ENTRIES_IN_A_CHAIN, entries - first), start)
    database.close()


def _fill_chain(connection: Connection, incident: str, length: int, start: datetime) -> None:
    stream, previous, rows, person = incident_stream(incident), chain.ZERO, [], str(uuid4())
    for sequence in range(1, length + 1):
        at = start + timedelta(seconds=sequence)
        payload, data_hash = chain.data_hash(secrets.token_hex(16), {"text": TEXT, "number": sequence, "late": False})
        header = chain.make_header(
            stream=stream, sequence=sequence, at=clock.instant_text(at), person=person, session=None, via="page",
            kind="log.noted", subject_type="incident", subject_id=incident, data_hash=data_hash, previous=previous,
        )  # fmt: skip
        text, previous = chain.entry_hash(header)
        rows.append(
            {
                "stream": stream, "sequence": sequence, "at": at, "kind": "log.noted", "person": person,
                "subject_type": "incident", "subject_id": incident, "header": text, "payload": payload, "hash": previous,
            }
        )  # fmt: skip
    connection.execute(insert(JournalEntry.__table__), rows)
    connection.execute(insert(StreamHead).values(stream=stream, sequence=length, hash=previous, at=at))


def bare(url: str) -> float:
    """Seconds that hashing the stored texts takes, without reading, parsing or comparing anything."""
    database, spent = Database(url), 0.0
    with snapshot(database) as connection:
        for stream in stored_heads(connection):
            texts = list(_texts(connection, stream))
            start = time.perf_counter()
            for text in texts:
                sha256(text).hexdigest()
            spent += time.perf_counter() - start
    return spent


def _texts(connection: Connection, stream: str) -> Iterator[bytes]:
    for *_, header, payload, _ in stored_rows(connection, stream):
        yield header.encode()
        yield (payload or "").encode()


def ours(url: str) -> float:
    start = time.perf_counter()
    found = verify_database(Database(url))
    assert found.holds, str(found)
    return time.perf_counter() - start


def alone(bundle: str) -> float:
    start = time.perf_counter()
    found = verify.Verification(Path(bundle))
    assert not found.broken, found.broken
    return time.perf_counter() - start


PROGRAMS: dict[str, Callable[[str], float]] = {BARE: bare, OURS: ours, ALONE: alone}


def measure(program: str, place: str, entries: int) -> Figures:
    """One program in a process of its own."""
    command = python("bench.verify", "--program", program, "--place", place)
    printed = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout
    found: dict[str, Any] = json.loads(printed)
    return {SECONDS: found["seconds"] / entries * 1e6, MEMORY: found["kilobytes"] / 1000}


def prepare(folder: Path, url: str, entries: int) -> Path:
    """The database at `url` and a bundle of all of it."""
    fill(url, entries)
    database = Database(url)
    bundle = folder / f"{entries}.zip"
    export(Journal(database, clock.now), folder / "keys", bundle, actor=Actor(person=None, via="command"))
    database.close()
    return bundle


def compare(folder: Path, url: str, entries: int, rounds: int) -> Comparison:
    bundle = prepare(folder, url, entries)
    places = {BARE: url, OURS: url, ALONE: str(bundle)}
    variants = {name: partial(measure, name, place, entries) for name, place in places.items()}
    comparison = Comparison(variants).run(rounds)
    print(table(f"{entries} entries in {url.split(':')[0]}, {rounds} rounds", comparison.rows()))
    return comparison
