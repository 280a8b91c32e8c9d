"""Exports a bundle: chains with signed heads, keys and files in one zip that verifies without the desk."""

from __future__ import annotations

import hashlib
import os
import secrets
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import orjson
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from crisis_desk.journal import verify
from crisis_desk.journal.chain import Stored, canonical
from crisis_desk.journal.entries import Actor, Entry, entry
from crisis_desk.journal.heads import all_signed_heads, sign_heads
from crisis_desk.journal.keys import Signer, published_keys, start_signing
from crisis_desk.journal.stored import snapshot, stored_heads, stored_rows
from crisis_desk.journal.streams import ACCESS, DESK, incident_stream
from crisis_desk.journal.transaction import Journal
from crisis_desk.platform.clock import instant_text
from crisis_desk.platform.errors import NotFound
from crisis_desk.platform.words import N_

FORMAT_DESCRIPTION: Final = Path(verify.__file__).parents[2] / "docs" / "journal-format.md"
BLOCK: Final = 1 << 20


@entry(
    "journal.exported",
    sentence=N_("%(person)s exported the journal as a bundle"),
    example={"incident": None, "files": 0},
)
@dataclass(frozen=True)
class JournalExported(Entry):
    incident: str | None
    files: int


@dataclass(frozen=True)
class Attachment:
    """A file that belongs to what is exported; `sha256` names its content."""

    sha256: str
    path: Path


class ChangedFile(RuntimeError):
    """A file has another content than the journal says; the bundle is not made."""


@dataclass(frozen=True)
class IncidentToExport:
    id: str
    code: str


def export(
    journal: Journal,
    folder: Path,
    target: Path,
    *,
    actor: Actor,
    incident: IncidentToExport | None = None,
    attachments: Iterable[Attachment] = (),
) -> None:
    """Writes a bundle of one incident, or of the whole journal, to `target`.

    Signs what has changed with the key in `folder`, and records the export in the chain of accesses first, so that a
    bundle of everything tells of itself. Raises `NotFound` for an incident without a chain, `ChangedFile`, `OSError`.
    """
    files = sorted({attachment.sha256: attachment.path for attachment in attachments}.items())
    signer = _record(journal, folder, actor, incident, len(files))
    draft = target.with_name(f".{target.name}.{secrets.token_hex(8)}")
    try:
        # A bundle may hold restricted material, so nobody else may read it before its owner decides.
        with os.fdopen(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as file:
            with snapshot(journal.database) as connection, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
                _Bundle(connection, archive, signer, journal.clock()).write(actor, incident, files)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)


def _record(journal: Journal, folder: Path, actor: Actor, incident: IncidentToExport | None, files: int) -> Signer:
    with journal.transaction(ACCESS, DESK, actor=actor) as tx:
        signer = start_signing(tx, folder)
        subject = ("incident", incident.id) if incident else ("desk", signer.desk)
        tx.record(ACCESS, JournalExported(incident.id if incident else None, files), subject=subject)
    sign_heads(journal, folder, actor=actor)
    return signer


@dataclass(frozen=True)
class _Bundle:
    connection: Connection
    archive: zipfile.ZipFile
    signer: Signer
    made_at: datetime

    def write(self, actor: Actor, incident: IncidentToExport | None, files: list[tuple[str, Path]]) -> None:
        held = self._held(incident)
        documents = self._documents(held)
        hashes = {name: hashlib.sha256(text).hexdigest() for name, text in documents.items()}
        parts = hashes | {f"files/{sha256}": sha256 for sha256, _ in files}
        manifest = {
            "made_at": instant_text(self.made_at),
            "made_by": actor.person,
            "whole": incident is None,
            "incident": incident.code if incident else None,
            "streams": [{"stream": name, "sequence": head[0], "hash": head[1]} for name, head in held.items()],
            "parts": [{"name": name, "sha256": sha256} for name, sha256 in sorted(parts.items())],
        }
        self._put("manifest.json", canonical(self.signer.sign(manifest)))
        for name, text in documents.items():
            self._put(name, text)
        for stream in held:
            self._put_entries(stream)
        for sha256, path in files:
            self._put_file(sha256, path)

    def _held(self, incident: IncidentToExport | None) -> dict[str, tuple[int, str]]:
        heads = stored_heads(self.connection)
        if incident is None:
            return heads
        stream = incident_stream(incident.id)
        if stream not in heads:
            raise NotFound()
        return {stream: heads[stream]}

    def _documents(self, held: Mapping[str, tuple[int, str]]) -> dict[str, bytes]:
        with Session(self.connection) as session:
            return {
                "heads.jsonl": b"".join(canonical(head) + b"\n" for head in self._heads(session, held)),
                "keys.json": canonical(published_keys(session)),
                "FORMAT.md": FORMAT_DESCRIPTION.read_bytes(),
                "verify.py": Path(verify.__file__).read_bytes(),
            }

    def _heads(self, session: Session, held: Mapping[str, tuple[int, str]]) -> Iterator[dict[str, Any]]:
        """The heads signed so far, unless the desk's own chain brings them, and one for each last entry."""
        for stream, (sequence, entry_hash) in held.items():
            if DESK not in held:
                yield from (head for head in all_signed_heads(session, stream) if head["sequence"] != sequence)
            yield self.signer.sign_head(stream, sequence, entry_hash, self.made_at)

    def _put(self, name: str, content: bytes) -> None:
        self.archive.writestr(self._member(name), content)

    def _put_entries(self, stream: str) -> None:
        with self.archive.open(self._member(verify.entries_name(stream)), "w", force_zip64=True) as member:
            for row in stored_rows(self.connection, stream):
                member.write(entry_line(Stored._make(row)))

    def _put_file(self, sha256: str, path: Path) -> None:
        member = self._member(f"files/{sha256}", zipfile.ZIP_STORED)
        digest = hashlib.sha256()
        with path.open("rb") as source, self.archive.open(member, "w", force_zip64=True) as target:
            while block := source.read(BLOCK):
                digest.update(block)
                target.write(block)
        if digest.hexdigest() != sha256:
            raise ChangedFile(f"The file {sha256} has another content than the journal says.")

    def _member(self, name: str, compression: int = zipfile.ZIP_DEFLATED) -> zipfile.ZipInfo:
        made = self.made_at
        member = zipfile.ZipInfo(name, (made.year, made.month, made.day, made.hour, made.minute, made.second))
        member.compress_type = compression
        member.external_attr = 0o644 << 16
        return member


def entry_line(row: Stored) -> bytes:
    """The line of one entry in a bundle: header, hash, and unless sealed nonce and data; canonical as a whole."""
    line = orjson.loads(row.header) | {"hash": row.hash}
    if row.payload is not None:
        line |= orjson.loads(row.payload)
    return orjson.dumps(line, option=orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE)
