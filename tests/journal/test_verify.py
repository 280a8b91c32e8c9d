"""Whatever is changed in a bundle, the stand-alone verifier names the place."""

from __future__ import annotations

import ast
import io
import json
import random
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crisis_desk.journal import verify
from crisis_desk.journal.bundle import export
from crisis_desk.journal.keys import Signer, load_key
from crisis_desk.journal.streams import incident_stream
from crisis_desk.journal.transaction import Journal
from tests.journal.chains import (
    ACTOR,
    DESK_ID,
    FLOOD,
    POISON,
    faults,
    note,
    parts_of,
    rewrite,
    seal,
)
from tests.journal.forger import (
    OWN_KEY,
    Parts,
    lines_of,
    put_lines,
    rewrite_chain,
    sign_again,
    sign_manifest,
)

STREAM = incident_stream(FLOOD.id)
ENTRIES = verify.entries_name(STREAM)


def run(*arguments: object) -> tuple[int, str]:
    """The verifier as a stranger runs it: without the desk, without any other package."""
    command = [sys.executable, "-I", "-S", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    return done.returncode, done.stdout


def test_bundle_verifies_with_the_verifier_it_brings(flood_bundle: Path, tmp_path: Path) -> None:
    folder = tmp_path / "unpacked"
    with zipfile.ZipFile(flood_bundle) as archive:
        archive.extractall(folder)
    expected = f"verified 3 entries in 1 chains\n{verify.OWN_KEY}\n"
    assert run(folder / "verify.py", flood_bundle) == (0, expected)
    assert run(folder / "verify.py", folder) == (0, expected)


def test_with_a_key_got_elsewhere_nothing_had_to_be_believed(flood_bundle: Path, tmp_path: Path) -> None:
    key = tmp_path / "keys.json"
    key.write_bytes(parts_of(flood_bundle)["keys.json"])
    assert run(verify.__file__, flood_bundle, "--key", key) == (0, "verified 3 entries in 1 chains\n")


def test_key_may_be_pem_or_base64(flood_bundle: Path, keys: Path, tmp_path: Path) -> None:
    published = json.loads(parts_of(flood_bundle)["keys.json"])["keys"][0]["public_key"]
    pem = subprocess.run(
        ["openssl", "pkey", "-in", keys / "signing-key.pem", "-pubout"], capture_output=True, check=True
    ).stdout
    assert faults(flood_bundle, pem) == []
    assert faults(flood_bundle, f"{published}\n".encode()) == []


def test_wrong_use_is_told_from_a_broken_bundle(flood_bundle: Path, tmp_path: Path) -> None:
    nothing = tmp_path / "nothing.zip"
    nothing.write_bytes(b"no zip")
    assert run(verify.__file__, tmp_path / "absent.zip") == (2, "")
    assert run(verify.__file__, flood_bundle, "--key", nothing) == (2, "")
    assert run(verify.__file__, flood_bundle, "--key", tmp_path / "absent.json") == (2, "")
    assert run(verify.__file__) == (2, "")
    code, output = run(verify.__file__, nothing)
    assert (code, output.splitlines()[0]) == (1, "broken: bundle 0 not of format 1: File is not a zip file")


def test_whole_journal_verifies_with_every_chain(whole_bundle: Path) -> None:
    found = verify.Verification(whole_bundle)
    assert (found.broken, found.chains) == ({}, 4)
    counts = {name: text.count(b"\n") for name, text in parts_of(whole_bundle).items() if name.startswith("entries/")}
    assert found.entries == sum(counts.values())
    assert sorted(counts) == sorted(map(verify.entries_name, ["access", "desk", STREAM, incident_stream(POISON.id)]))


class InMemory(verify.Bundle):
    """A bundle of one part, without a file for each of thousands of changes."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def open(self, name: str) -> io.BytesIO:
        return io.BytesIO(self._content)


def test_every_single_byte_of_a_chain_counts(flood_bundle: Path) -> None:
    content = parts_of(flood_bundle)[ENTRIES]
    last = json.loads(content.splitlines()[-1])["hash"]

    def check(entries: bytes) -> None:
        verify.check_chain(InMemory(entries).lines(ENTRIES), STREAM, {3: last}, 3)

    check(content)
    for position in range(len(content)):
        for flip in (0x01, 0x20, 0x80):
            with pytest.raises(verify.Broken) as raised:
                check(content[:position] + bytes([content[position] ^ flip]) + content[position + 1 :])
            assert raised.value.args[1] == 1 + content.count(b"\n", 0, position)


def test_sampled_bytes_of_every_part_count(whole_bundle: Path) -> None:
    parts = parts_of(whole_bundle)
    chance = random.Random(20261124)
    for name in parts:
        for position in chance.sample(range(len(parts[name])), 6):
            flipped = bytearray(parts[name])
            flipped[position] ^= 1 << chance.randrange(8)
            changed = rewrite(
                whole_bundle, lambda copy, name=name, flipped=flipped: copy.update({name: bytes(flipped)})
            )  # type: ignore[misc]
            assert faults(changed) != [], f"{name} {position}"


def edited(edit: Callable[[list[bytes]], list[bytes]]) -> Callable[[Parts], None]:
    return lambda parts: put_lines(parts, STREAM, edit(lines_of(parts, STREAM)))


def fork(lines: list[bytes]) -> list[bytes]:
    """An entry of the same chain at its right place that follows another one."""
    parts = {ENTRIES: b"".join(lines)}
    rewrite_chain(parts, STREAM, lambda number, entry: entry.update(via="mail") if number == 1 else None)
    return [lines[0], *lines_of(parts, STREAM)[1:]]


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (lambda lines: lines[:-1], f"{STREAM} 3 missing tail behind a signed head"),
        (lambda lines: [], f"{STREAM} 1 missing tail behind a signed head"),
        (lambda lines: lines[1:], f"{STREAM} 1 sequence gap: found 2"),
        (lambda lines: [lines[0], lines[2]], f"{STREAM} 2 sequence gap: found 3"),
        (lambda lines: [lines[0], lines[2], lines[1]], f"{STREAM} 2 sequence gap: found 3"),
        (lambda lines: [lines[0], lines[0], *lines[1:]], f"{STREAM} 2 sequence gap: found 1"),
        (lambda lines: [*lines, lines[-1]], f"{STREAM} 4 sequence gap: found 3"),
        (fork, f"{STREAM} 2 link broken"),
        (lambda lines: [lines[0].replace(b"L\xc5\xa9", b"Lu"), *lines[1:]], f"{STREAM} 1 content changed"),
        (lambda lines: [lines[0].replace(b'"number":0', b'"number":7'), *lines[1:]], f"{STREAM} 1 content changed"),
        (lambda lines: [lines[0].replace(b"command", b"page"), *lines[1:]], f"{STREAM} 1 header changed"),
        (lambda lines: [lines[0].replace(b":", b": ", 1), *lines[1:]], f"{STREAM} 1 the text is not canonical"),
        (lambda lines: [*lines[:2], lines[2][:-1]], f"{STREAM} 3 the text is not canonical"),
        (lambda lines: [lines[0].replace(b"\n", b"\r\n"), *lines[1:]], f"{STREAM} 1 the text is not canonical"),
        (lambda lines: [b"\n", *lines], f"{STREAM} 1 the text is not canonical"),
        (lambda lines: [b'{"format":1}\n', *lines], f"{STREAM} 1 not an entry of format 1"),
    ],
)
def test_change_of_entries_is_named(
    flood_bundle: Path, edit: Callable[[list[bytes]], list[bytes]], expected: str
) -> None:
    assert faults(rewrite(flood_bundle, edited(edit))) == [f"broken: {expected}"]


def test_one_fault_of_each_chain_is_named_and_the_first(whole_bundle: Path) -> None:
    other = incident_stream(POISON.id)

    def change(parts: Parts) -> None:
        put_lines(parts, STREAM, [line.replace(b'"text":"', b'"text":"!') for line in lines_of(parts, STREAM)])
        put_lines(parts, other, lines_of(parts, other)[:1])

    assert faults(rewrite(whole_bundle, change)) == [
        f"broken: {STREAM} 1 content changed",
        f"broken: {other} 2 missing tail behind a signed head",
    ]


def falsify(number: int, entry: dict[str, Any]) -> None:
    if number == 2:
        entry["data"]["text"] = "Không có gì xảy ra"


def test_chain_that_was_rewritten_with_right_hashes_differs_from_its_head(flood_bundle: Path) -> None:
    changed = rewrite(flood_bundle, lambda parts: rewrite_chain(parts, STREAM, falsify))
    assert faults(changed) == [f"broken: {STREAM} 3 differs from its signed head"]


def forge(parts: Parts) -> None:
    rewrite_chain(parts, STREAM, falsify)
    sign_again(parts)


def test_forgery_with_a_key_of_its_own_shows_only_to_who_has_the_desks_key(flood_bundle: Path) -> None:
    forged = rewrite(flood_bundle, forge)
    desks_key = parts_of(flood_bundle)["keys.json"]
    own = Signer(OWN_KEY, "").key
    assert faults(forged) == []
    assert faults(forged, desks_key) == [f"broken: manifest.json 0 unknown key {own}"]
    assert run(verify.__file__, forged) == (0, f"verified 3 entries in 1 chains\n{verify.OWN_KEY}\n")


def unsigned(head: dict[str, Any]) -> dict[str, Any]:
    return {name: head[name] for name in ("stream", "sequence", "hash", "at")}


@pytest.mark.parametrize(
    ("forge_head", "reason"),
    [
        (lambda head: Signer(OWN_KEY, DESK_ID).sign(unsigned(head)), f"unknown key {Signer(OWN_KEY, DESK_ID).key}"),
        (lambda head: {**head, "at": "2026-11-24T05:59:59.000Z"}, "signature wrong"),
        (lambda head: {**head, "signature": "A" * 86 + "=="}, "signature wrong"),
    ],
)
def test_forged_head_is_named(
    flood_bundle: Path, keys: Path, forge_head: Callable[[dict[str, Any]], dict[str, Any]], reason: str
) -> None:
    def change(parts: Parts) -> None:
        head = json.loads(parts["heads.jsonl"])
        parts["heads.jsonl"] = verify.canonical(forge_head(head)) + b"\n"
        sign_manifest(parts, desk_signer(keys))

    assert faults(rewrite(flood_bundle, change)) == [f"broken: {STREAM} 3 {reason}"]


def desk_signer(keys: Path, desk: str | None = None) -> Signer:
    return Signer(load_key(keys), desk or DESK_ID)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"desk": "00000000-0000-4000-8000-000000000000"}, "signed for another desk"),
        ({"at": "2026-11-24T05:03:31.000Z"}, "signed outside the period of its key"),
        ({"sequence": 9}, "missing tail behind a signed head"),
        ({"hash": "0" * 64}, "two signed heads differ"),
        ({"sequence": 2, "hash": "0" * 64}, "differs from its signed head"),
        ({"stream": "incident:x"}, "the stream is missing, but a signed head names it"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_head_that_does_not_fit_is_named(flood_bundle: Path, keys: Path, changes: dict[str, Any], reason: str) -> None:
    def change(parts: Parts) -> None:
        head = json.loads(parts["heads.jsonl"])
        values = unsigned(head) | changes
        signer = desk_signer(keys, values.pop("desk", None))
        parts["heads.jsonl"] += verify.canonical(signer.sign(values)) + b"\n"
        sign_manifest(parts, desk_signer(keys))

    [fault] = faults(rewrite(flood_bundle, change))
    assert fault.endswith(reason)


def test_manifest_without_the_desks_signature_is_refused(flood_bundle: Path) -> None:
    def change(parts: Parts) -> None:
        manifest = json.loads(parts["manifest.json"])
        parts["manifest.json"] = verify.canonical({**manifest, "incident": "LUA-99"})

    assert faults(rewrite(flood_bundle, change)) == ["broken: manifest.json 0 signature wrong"]


def test_bundle_of_an_older_state_can_not_pass_for_the_present(
    desk_journal: Journal, keys: Path, tmp_path: Path, flood_bundle: Path
) -> None:
    note(desk_journal, FLOOD, "Sau đó")
    newer = tmp_path / "newer.zip"
    export(desk_journal, keys, newer, actor=ACTOR, incident=FLOOD)

    def change(parts: Parts) -> None:
        put_lines(parts, STREAM, lines_of(parts, STREAM)[:3])
        parts["heads.jsonl"] = parts["heads.jsonl"].splitlines(keepends=True)[0]

    assert faults(newer) == []
    assert faults(rewrite(newer, change)) == [
        f"broken: {STREAM} 4 missing tail behind a signed head",
        "broken: heads.jsonl 0 content changed",
    ]


def test_stream_left_out_of_a_whole_bundle_shows_in_the_desks_chain(whole_bundle: Path, keys: Path) -> None:
    def change(parts: Parts) -> None:
        del parts[ENTRIES]
        streams = [head for head in json.loads(parts["manifest.json"])["streams"] if head["stream"] != STREAM]
        heads = parts["heads.jsonl"].splitlines(keepends=True)
        parts["heads.jsonl"] = b"".join(head for head in heads if json.loads(head)["stream"] != STREAM)
        sign_manifest(parts, desk_signer(keys), streams=streams)

    expected = f"broken: {STREAM} 1 the stream is missing, but a signed head names it"
    assert faults(rewrite(whole_bundle, change)) == [expected]


def test_rewritten_desk_chain_can_not_drop_the_heads_it_recorded(whole_bundle: Path, keys: Path) -> None:
    def change(parts: Parts) -> None:
        rewrite_chain(parts, STREAM, falsify)
        signer = desk_signer(keys)
        sign_again(parts, key=signer.private)

    assert faults(rewrite(whole_bundle, change)) == [f"broken: {STREAM} 3 two signed heads differ"]


def test_sealed_entry_needs_a_later_tombstone(desk_journal: Journal, keys: Path, tmp_path: Path) -> None:
    seal(desk_journal, FLOOD, 2)
    bundle = tmp_path / "sealed.zip"
    export(desk_journal, keys, bundle, actor=ACTOR, incident=FLOOD)
    sealed = json.loads(lines_of(parts_of(bundle), STREAM)[1])
    assert {"nonce", "data"} & sealed.keys() == set()
    assert faults(bundle) == []

    def seal_another(parts: Parts) -> None:
        lines = lines_of(parts, STREAM)
        entry = json.loads(lines[0])
        del entry["nonce"], entry["data"]
        put_lines(parts, STREAM, [verify.canonical(entry) + b"\n", *lines[1:]])

    assert faults(rewrite(bundle, seal_another)) == [f"broken: {STREAM} 1 sealed without tombstone"]

    def seal_the_tombstone(parts: Parts) -> None:
        lines = lines_of(parts, STREAM)
        entry = json.loads(lines[3])
        del entry["nonce"], entry["data"]
        put_lines(parts, STREAM, [*lines[:3], verify.canonical(entry) + b"\n"])

    assert faults(rewrite(bundle, seal_the_tombstone)) == [f"broken: {STREAM} 2 sealed without tombstone"]


def test_tombstone_before_the_entry_excuses_nothing(desk_journal: Journal, keys: Path, tmp_path: Path) -> None:
    seal(desk_journal, FLOOD, 5)
    note(desk_journal, FLOOD, "Ghi sau")
    seal(desk_journal, FLOOD, 5, tombstone=False)
    bundle = tmp_path / "early.zip"
    export(desk_journal, keys, bundle, actor=ACTOR, incident=FLOOD)
    assert faults(bundle) == [f"broken: {STREAM} 5 sealed without tombstone"]


def test_half_sealed_entry_is_no_entry(flood_bundle: Path) -> None:
    def change(parts: Parts) -> None:
        lines = lines_of(parts, STREAM)
        entry = json.loads(lines[0])
        del entry["nonce"]
        put_lines(parts, STREAM, [verify.canonical(entry) + b"\n", *lines[1:]])

    assert faults(rewrite(flood_bundle, change)) == [f"broken: {STREAM} 1 not an entry of format 1"]


def test_verifier_is_written_in_python_3_9() -> None:
    text = Path(verify.__file__).read_text(encoding="utf-8")
    tree = ast.parse(text, feature_version=(3, 9))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.partition(".")[0] for name in imported} <= sys.stdlib_module_names
