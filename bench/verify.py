"""How long does it take to verify the journal, against bare SHA-256 over the same texts, and does memory stay flat?

Each measurement is a process of its own, so that its largest memory is its own too.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert
from sqlalchemy.engine import Connection

from bench.harness import Comparison, Figures, Target, python, report, table
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
from tests import servers

SECONDS = "seconds for a million entries"
CPU = "processor seconds for a million entries"
MEMORY = "MB at most"
BARE, READ, OURS, SHARED, ALONE = (
    "bare SHA-256", "SHA-256 of what is read", "crisis-desk, one process", "crisis-desk, all processors", "verify.py"
)  # fmt: skip
# The promise is a share of the bare speed: a fifth for the desk's own verification, a twentieth for verify.py.
# It is judged by processor time, which other work on the machine does not change; the command, which shares the chains
# among the processors, by the clock as well.
PROMISES = ((OURS, CPU, 5.0), (ALONE, CPU, 20.0), (SHARED, SECONDS, 5.0))
MOST_TIMES_MEMORY = 1.2
ENTRIES_IN_A_CHAIN = 5000
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
                "subject_type": "incident", "subject_id": incident, "header": text, "payload": payload,
                "hash": previous,
            }
        )  # fmt: skip
    connection.execute(insert(JournalEntry.__table__), rows)
    connection.execute(insert(StreamHead).values(stream=stream, sequence=length, hash=previous, at=at))


def bare(url: str) -> Figures:
    """Hashing the stored texts, without reading, parsing or comparing anything."""
    database, spent = Database(url), 0.0
    with snapshot(database) as connection:
        for stream in stored_heads(connection):
            texts = list(_texts(connection, stream))
            start = time.process_time()
            for text in texts:
                sha256(text).hexdigest()
            spent += time.process_time() - start
    return {SECONDS: spent, CPU: spent}


def _texts(connection: Connection, stream: str) -> Iterator[bytes]:
    for *_, header, payload, _ in stored_rows(connection, stream):
        yield header.encode()
        yield (payload or "").encode()


def read(url: str) -> None:
    """The same with the reading: no verification of a database can take less."""
    with snapshot(Database(url)) as connection:
        for stream in stored_heads(connection):
            for text in _texts(connection, stream):
                sha256(text).hexdigest()


def ours(url: str, processes: int = 1) -> None:
    found = verify_database(Database(url), processes=processes)
    assert found.holds, str(found)


def alone(bundle: str) -> None:
    found = verify.Verification(Path(bundle))
    assert not found.broken, found.broken


def timed(program: Callable[[str], None], place: str) -> Figures:
    """Time on the clock and on all processors."""
    start, spent = time.perf_counter(), processor_seconds()
    program(place)
    return {SECONDS: time.perf_counter() - start, CPU: processor_seconds() - spent}


def processor_seconds() -> float:
    """Used so far by this process and by those it has waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def largest_memory() -> float:
    """Megabytes; `getrusage` would count what the process had before it became this program."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) / 1000  # type: ignore[index]


PROGRAMS: dict[str, Callable[[str], Figures]] = {
    BARE: bare,
    READ: partial(timed, read),
    OURS: partial(timed, ours),
    SHARED: partial(timed, partial(ours, processes=os.cpu_count() or 1)),
    ALONE: partial(timed, alone),
}


def measure(program: str, place: str, entries: int) -> Figures:
    """One program in a process of its own."""
    command = python("bench.verify", "--program", program, "--place", place)
    found: dict[str, Any] = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
    return {name: value if name == MEMORY else value / entries * 1e6 for name, value in found.items()}


def prepare(folder: Path, url: str, entries: int) -> Path:
    """Fills the database at `url` and makes a bundle of all of it."""
    fill(url, entries)
    database = Database(url)
    bundle = folder / f"{entries}.zip"
    export(Journal(database, clock.now), folder / "keys", bundle, actor=Actor(person=None, via="command"))
    database.close()
    return bundle


def compare(folder: Path, url: str, entries: int, rounds: int) -> Comparison:
    """All programs over a journal of so many entries, printed."""
    bundle = prepare(folder, url, entries)
    places = dict.fromkeys(PROGRAMS, url) | {ALONE: str(bundle)}
    variants = {name: partial(measure, name, place, entries) for name, place in places.items()}
    comparison = Comparison(variants).run(rounds)
    print(table(f"{entries} entries in {url.partition(':')[0]}, {rounds} rounds", comparison.rows()))
    return comparison


def targets(engine: str, few: Comparison, many: Comparison) -> list[Target]:
    """What is promised: a share of the bare speed, and memory that many entries need no more of than few."""
    found = []
    for name, figure, most in PROMISES:
        ratio = many.ratio(name, figure)
        assert ratio is not None
        found.append(Target(f"{name}, {engine}: {figure}, times bare SHA-256", ratio, most))
    for name in (OURS, ALONE):
        growth = max(many.values(name, MEMORY)) / max(few.values(name, MEMORY))
        found.append(Target(f"{name}, {engine}: memory, times that of a tenth", growth, MOST_TIMES_MEMORY))
    return found


def bench(folder: Path, engine: str, make_url: Callable[[str], str], entries: int, rounds: int) -> list[Target]:
    """The targets, from a journal and from one of a tenth."""
    few = compare(folder, make_url("few"), entries // 10, 1)
    return targets(engine, few, compare(folder, make_url("many"), entries, rounds))


def main(words: Sequence[str] | None = None) -> int:
    """Measure and print; the exit code is 1 when a target is missed."""
    parser = argparse.ArgumentParser(prog="python -m bench.verify", description=__doc__)
    parser.add_argument("--entries", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--postgresql", action="store_true", help="measure PostgreSQL as well")
    parser.add_argument("--program", choices=PROGRAMS, help=argparse.SUPPRESS)
    parser.add_argument("--place", help=argparse.SUPPRESS)
    arguments = parser.parse_args(words)
    if arguments.program:
        found = PROGRAMS[arguments.program](arguments.place)
        print(json.dumps(found | {MEMORY: largest_memory()}))
        return 0
    return report(both_engines(arguments))


def both_engines(arguments: argparse.Namespace) -> list[Target]:
    """SQLite, and a PostgreSQL started for it when asked for."""
    with tempfile.TemporaryDirectory() as name:
        folder, sizes = Path(name), (arguments.entries, arguments.rounds)
        found = bench(folder, "SQLite", lambda word: f"sqlite:///{folder / word}.sqlite", *sizes)
        if arguments.postgresql:
            with servers.postgresql() as server:
                found += bench(folder, "PostgreSQL", lambda _: server.create_database(), *sizes)
    return found


if __name__ == "__main__":
    sys.exit(main())
