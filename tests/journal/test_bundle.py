"""What an export writes, and what it refuses to write."""

from __future__ import annotations

import hashlib
import json
import stat
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import select

from crisis_desk.journal import verify
from crisis_desk.journal.bundle import FORMAT_DESCRIPTION, Attachment, ChangedFile, IncidentToExport, export
from crisis_desk.journal.heads import sign_heads
from crisis_desk.journal.models import JournalEntry
from crisis_desk.journal.streams import ACCESS, incident_stream
from crisis_desk.journal.transaction import Journal
from crisis_desk.platform.errors import NotFound
from tests.journal.chains import ACTOR, DESK_ID, FLOOD, PERSON, POISON, faults, heads_in, note, parts_of

STREAM = incident_stream(FLOOD.id)


def attachment(tmp_path: Path, content: bytes) -> Attachment:
    path = tmp_path / "evidence.bin"
    path.write_bytes(content)
    return Attachment(hashlib.sha256(content).hexdigest(), path)


def test_bundle_of_an_incident_holds_its_chain_and_nothing_of_others(flood_bundle: Path) -> None:
    parts = parts_of(flood_bundle)
    expected = [
        "FORMAT.md",
        f"entries/incident_{FLOOD.id}.jsonl",
        "heads.jsonl",
        "keys.json",
        "manifest.json",
        "verify.py",
    ]
    assert sorted(parts) == expected
    assert POISON.id.encode() not in b"".join(parts.values())
    assert parts["FORMAT.md"] == FORMAT_DESCRIPTION.read_bytes()
    assert parts["verify.py"] == Path(verify.__file__).read_bytes()


def test_line_of_an_entry_is_header_content_and_hash(desk_journal: Journal, flood_bundle: Path) -> None:
    query = select(JournalEntry).where(JournalEntry.stream == STREAM).order_by(JournalEntry.sequence)
    with desk_journal.database.reading() as session:
        rows = list(session.scalars(query))
    lines = parts_of(flood_bundle)[f"entries/incident_{FLOOD.id}.jsonl"].splitlines()
    expected = [{**json.loads(row.header), **json.loads(str(row.payload)), "hash": row.hash} for row in rows]
    assert [json.loads(line) for line in lines] == expected


def test_manifest_says_what_the_bundle_holds(flood_bundle: Path, whole_bundle: Path) -> None:
    manifest = json.loads(parts_of(flood_bundle)["manifest.json"])
    [head] = heads_in(parts_of(flood_bundle))
    assert manifest["streams"] == [{name: head[name] for name in ("stream", "sequence", "hash")}]
    told = {name: manifest[name] for name in ("format", "desk", "made_by", "whole", "incident")}
    assert told == {"format": 1, "desk": DESK_ID, "made_by": PERSON, "whole": False, "incident": "LUA-27"}
    whole = json.loads(parts_of(whole_bundle)["manifest.json"])
    assert (whole["whole"], whole["incident"]) == (True, None)
    assert [chain["stream"] for chain in whole["streams"]] == ["access", "desk", STREAM, incident_stream(POISON.id)]


def test_bundle_of_an_incident_brings_every_head_signed_so_far(
    desk_journal: Journal, keys: Path, tmp_path: Path
) -> None:
    target = tmp_path / "flood.zip"
    sign_heads(desk_journal, keys, actor=ACTOR)
    note(desk_journal, FLOOD, "Nước rút")
    export(desk_journal, keys, target, actor=ACTOR, incident=FLOOD)
    assert [head["sequence"] for head in heads_in(parts_of(target))] == [3, 4]
    assert faults(target) == []


def test_export_is_an_entry_that_a_whole_bundle_tells_itself(whole_bundle: Path) -> None:
    [line] = parts_of(whole_bundle)["entries/access.jsonl"].splitlines()
    entry = json.loads(line)
    assert (entry["kind"], entry["person"], entry["data"]) == (
        "journal.exported",
        PERSON,
        {"incident": None, "files": 0},
    )


def test_export_of_an_incident_is_told_with_its_id(desk_journal: Journal, flood_bundle: Path) -> None:
    query = select(JournalEntry.subject_type, JournalEntry.subject_id).where(JournalEntry.stream == ACCESS)
    with desk_journal.database.reading() as session:
        assert [tuple(row) for row in session.execute(query)] == [("incident", FLOOD.id)]


def test_files_travel_under_the_hash_of_their_content(desk_journal: Journal, keys: Path, tmp_path: Path) -> None:
    target = tmp_path / "flood.zip"
    file = attachment(tmp_path, bytes(3_000_000))
    export(desk_journal, keys, target, actor=ACTOR, incident=FLOOD, attachments=[file, file])
    with zipfile.ZipFile(target) as archive:
        member = archive.getinfo(f"files/{file.sha256}")
        assert (member.compress_type, member.file_size) == (zipfile.ZIP_STORED, 3_000_000)
    assert faults(target) == []


def test_file_with_another_content_stops_the_export(desk_journal: Journal, keys: Path, tmp_path: Path) -> None:
    target = tmp_path / "flood.zip"
    file = attachment(tmp_path, b"as it was")
    file.path.write_bytes(b"as it is")
    with pytest.raises(ChangedFile):
        export(desk_journal, keys, target, actor=ACTOR, incident=FLOOD, attachments=[file])
    assert [path.name for path in tmp_path.iterdir() if "flood" in path.name] == []


def test_incident_without_a_chain_is_not_found(desk_journal: Journal, keys: Path, tmp_path: Path) -> None:
    stranger = IncidentToExport("00000000-0000-4000-8000-000000000000", "LUA-99")
    with pytest.raises(NotFound):
        export(desk_journal, keys, tmp_path / "x.zip", actor=ACTOR, incident=stranger)
    assert not (tmp_path / "x.zip").exists()


def test_bundle_is_open_to_its_owner_alone(flood_bundle: Path) -> None:
    assert stat.S_IMODE(flood_bundle.stat().st_mode) == 0o600


def test_bundle_of_each_engine_verifies(any_journal: Journal, keys: Path, tmp_path: Path) -> None:
    target = tmp_path / "whole.zip"
    export(any_journal, keys, target, actor=ACTOR)
    found = verify.Verification(target, verify.read_keys(parts_of(target)["keys.json"]))
    assert (found.broken, found.entries, found.chains) == ({}, 8, 4)
