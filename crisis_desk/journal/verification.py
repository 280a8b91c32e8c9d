"""Verifies the journal in a database: every chain, every column that repeats a header, every signed head."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context
from typing import Any, Final

from sqlalchemy import bindparam, func, select
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from crisis_desk.journal.chain import ZERO, BrokenLink, check_link
from crisis_desk.journal.heads import all_signed_heads, head_fault
from crisis_desk.journal.models import DeskIdentity, JournalEntry, SigningKey
from crisis_desk.journal.stored import snapshot, stored_heads, stored_rows
from crisis_desk.journal.streams import DESK
from crisis_desk.journal.verify import Key
from crisis_desk.platform.clock import instant_text
from crisis_desk.platform.database import Database

# Enough work for one process to be worth handing over.
ENTRIES_IN_A_GROUP: Final = 20_000

_entry = JournalEntry.__table__.c
_hash_at = select(_entry.hash).where(_entry.stream == bindparam("stream"), _entry.sequence == bindparam("sequence"))
_length = select(func.max(_entry.sequence)).where(_entry.stream == bindparam("stream"))


@dataclass(frozen=True)
class Fault:
    """The first place of a chain that does not hold, and why."""

    stream: str
    sequence: int
    reason: str

    def __str__(self) -> str:
        return f"broken: {self.stream} {self.sequence} {self.reason}"


@dataclass
class Report:
    """What was read, and the first fault of each chain."""

    entries: int = 0
    chains: int = 0
    faults: dict[str, Fault] = field(default_factory=dict)

    @property
    def holds(self) -> bool:
        return not self.faults

    def note(self, fault: Fault) -> None:
        earlier = self.faults.setdefault(fault.stream, fault)
        if fault.sequence < earlier.sequence:
            self.faults[fault.stream] = fault

    def add(self, other: Report) -> None:
        self.entries += other.entries
        self.chains += other.chains
        for fault in other.faults.values():
            self.note(fault)

    def __str__(self) -> str:
        if self.holds:
            return f"verified {self.entries} entries in {self.chains} chains"
        return "\n".join(str(fault) for fault in self.faults.values())


def verify_database(database: Database, trusted: Mapping[str, Key] | None = None, *, processes: int = 1) -> Report:
    """Reads every entry of the database; memory does not grow with their number.

    `trusted` are keys got elsewhere (`verify.read_keys`); without them those of the database itself are believed.
    Several `processes` share the chains among them, each seeing one state: chains only ever grow, so what holds in
    each holds together. They are for a command, not for a server: a process with threads must not fork.
    """
    with snapshot(database) as connection:
        lengths = {stream: sequence for stream, (sequence, _) in stored_heads(connection).items()}
        lengths = dict.fromkeys(connection.scalars(select(_entry.stream).distinct()), 0) | lengths
    groups = _groups(lengths)
    if processes == 1 or len(groups) == 1:
        return _verify_streams(database, trusted, [stream for group in groups for stream in group])
    # What a process inherits of an open connection, it would close as well.
    database.engine.dispose()
    report = Report()
    url = database.url.render_as_string(hide_password=False)
    with ProcessPoolExecutor(processes, get_context("fork")) as pool:
        for part in pool.map(partial(_verify_elsewhere, url, trusted), groups):
            report.add(part)
    return report


def _groups(lengths: Mapping[str, int]) -> list[list[str]]:
    """The chains, the desk's first, in groups of many entries."""
    groups: list[list[str]] = [[]]
    entries = 0
    for stream in sorted(lengths, key=lambda name: (name != DESK, name)):
        if entries > ENTRIES_IN_A_GROUP:
            groups.append([])
            entries = 0
        groups[-1].append(stream)
        entries += lengths[stream]
    return groups


def _verify_elsewhere(url: str, trusted: Mapping[str, Key] | None, streams: list[str]) -> Report:
    database = Database(url, pool_size=1)
    try:
        return _verify_streams(database, trusted, streams)
    finally:
        database.close()


def _verify_streams(database: Database, trusted: Mapping[str, Key] | None, streams: list[str]) -> Report:
    with snapshot(database) as connection:
        run = _Run(connection, trusted)
        heads = stored_heads(connection)
        for stream in streams:
            run.check_chain(stream, heads.get(stream, (0, ZERO)))
    return run.report


def verify_chain(database: Database, stream: str, trusted: Mapping[str, Key] | None = None) -> Report:
    """Reads one chain and every signed head that names it, in one state of the database."""
    with snapshot(database) as connection, Session(connection) as session:
        run = _Run(connection, trusted)
        run.check_chain(stream, stored_heads(connection).get(stream, (0, ZERO)))
        # A desk without an identity has no key, and so nothing signed.
        for head in all_signed_heads(session, stream) if run.desk else ():
            run.check_head(head)
    return run.report


def database_keys(connection: Connection) -> dict[str, Key]:
    """The public keys that the database names, by their id."""
    key = SigningKey.__table__.c
    rows = connection.execute(select(key.id, key.public_key, key.valid_from, key.valid_to))
    return {
        row.id: Key(
            base64.b64decode(row.public_key),
            instant_text(row.valid_from),
            instant_text(row.valid_to) if row.valid_to else None,
        )
        for row in rows
    }


class _Run:
    def __init__(self, connection: Connection, trusted: Mapping[str, Key] | None) -> None:
        self.report = Report()
        self._connection = connection
        self._keys = trusted or database_keys(connection)
        self.desk = connection.scalar(select(DeskIdentity.id)) or ""

    def check_chain(self, stream: str, head: tuple[int, str]) -> None:
        """Reads one chain to its end or to its first fault."""
        sequence, previous = 0, ZERO
        sealed: set[int] = set()
        try:
            for row in stored_rows(self._connection, stream):
                sequence += 1
                data = check_link(row, stream, sequence, previous)
                _, _, _, kind, _, _, _, _, _, previous = row
                if data is None:
                    sealed.add(sequence)
                elif kind == "entry.sealed" or kind == "journal.heads_signed":
                    self._follow(stream, kind, data, sealed)
        except BrokenLink as error:
            self.report.note(Fault(stream, sequence, str(error)))
            return
        if sealed:
            self.report.note(Fault(stream, min(sealed), "sealed without tombstone"))
        if head != (sequence, previous):
            self.report.note(Fault(stream, min(head[0], sequence) + 1, "the last entry is not the stream's head"))
        self.report.entries += sequence
        self.report.chains += 1

    def _follow(self, stream: str, kind: str, data: dict[str, Any], sealed: set[int]) -> None:
        """A tombstone excuses an earlier entry; a recorded head must fit the chain that it names."""
        try:
            if kind == "entry.sealed":
                sealed.discard(data["sequence"])
            elif stream == DESK:
                for head in data["heads"]:
                    self.check_head(head)
        except (KeyError, TypeError) as error:
            raise BrokenLink("content is not of format 1") from error

    def check_head(self, head: dict[str, Any]) -> None:
        """Notes what is wrong with a signed head, or with the chain where it names it."""
        reason = head_fault(head, self.desk, self._keys)
        fault = Fault(head["stream"], head["sequence"], reason) if reason else self._place_fault(head)
        if fault:
            self.report.note(fault)

    def _place_fault(self, head: dict[str, Any]) -> Fault | None:
        stream, sequence = head["stream"], head["sequence"]
        found = self._connection.scalar(_hash_at, {"stream": stream, "sequence": sequence})
        if found is not None:
            return None if found == head["hash"] else Fault(stream, sequence, "differs from its signed head")
        length = self._connection.scalar(_length, {"stream": stream})
        if length is None:
            return Fault(stream, 1, "the stream is missing, but a signed head names it")
        # A gap in the middle is found when the chain itself is read.
        return Fault(stream, length + 1, "missing tail behind a signed head") if length < sequence else None
