"""A bundle may come from anybody: nothing in it may write, read elsewhere, or eat memory."""

from __future__ import annotations

import io
import json
import random
import struct
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from crisis_desk.journal import verify
from crisis_desk.journal.chain import ZERO
from tests.journal.chains import DESK_ID, faults, parts_of, rewrite, zipped
from tests.journal.forger import HEADER, Parts


def with_member(bundle: Path, name: str, content: bytes = b"x", method: int = zipfile.ZIP_DEFLATED) -> Path:
    target = bundle.with_name("hostile.zip")
    target.write_bytes(bundle.read_bytes())
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr(zipfile.ZipInfo(name), content, method)
    return target


@pytest.mark.parametrize(
    "name", ["../evil", "a/../../evil", "/etc/passwd", "..\\evil", "C:evil", "entries/..", "./manifest.json", "a\nb"]
)
def test_name_that_leads_elsewhere_is_refused(flood_bundle: Path, name: str) -> None:
    assert faults(with_member(flood_bundle, name)) == [f"broken: bundle 0 unsafe name {name!r}"]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_name_that_stands_twice_is_refused(flood_bundle: Path) -> None:
    assert faults(with_member(flood_bundle, "heads.jsonl")) == ["broken: bundle 0 a name stands in the zip twice"]


@pytest.mark.parametrize("name", ["entries/incident_x.jsonl", f"files/{'0' * 64}"])
def test_part_that_the_manifest_does_not_name_is_refused(flood_bundle: Path, name: str) -> None:
    assert faults(with_member(flood_bundle, name)) == [f"broken: {name} 0 not named in the manifest"]


def test_missing_part_is_named(flood_bundle: Path) -> None:
    assert faults(rewrite(flood_bundle, lambda parts: parts.pop("FORMAT.md"))) == ["broken: FORMAT.md 0 missing"]
    assert faults(rewrite(flood_bundle, lambda parts: parts.pop("keys.json"))) == ["broken: keys.json 0 missing"]
    assert faults(rewrite(flood_bundle, dict.clear)) == ["broken: manifest.json 0 missing"]


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_compressions_are_refused(flood_bundle: Path, method: int) -> None:
    expected = "broken: bundle 0 big is stored in a way that bundles do not use"
    assert faults(with_member(flood_bundle, "big", b"x" * 9000, method)) == [expected]


def test_member_that_unpacks_to_too_much_is_refused_unread(flood_bundle: Path) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("heads.jsonl", "w") as member:
        for _ in range(64):
            member.write(bytes(1 << 20))
    bomb = flood_bundle.with_name("bomb.zip")
    bomb.write_bytes(content.getvalue())
    tracemalloc.start()
    assert faults(bomb) == ["broken: bundle 0 heads.jsonl is stored in a way that bundles do not use"]
    assert tracemalloc.get_traced_memory()[1] < 1 << 20
    tracemalloc.stop()


def test_members_that_share_their_bytes_are_refused(tmp_path: Path) -> None:
    """Many names for one block of compressed bytes: the other way to write a bomb."""
    content = bytearray(zipped({f"part{number:04}": random.Random(1).randbytes(3000) for number in range(20)}))
    directory = content.index(b"PK\x01\x02")
    position = directory
    while content[position : position + 4] == b"PK\x01\x02":
        name, extra, comment = struct.unpack_from("<HHH", content, position + 28)
        struct.pack_into("<I", content, position + 42, 0)
        position += 46 + name + extra + comment
    overlapping = bytes(content[:4000]) + bytes(content[directory:])
    end = bytearray(overlapping)
    struct.pack_into("<I", end, len(end) - 6, 4000)
    bomb = tmp_path / "overlap.zip"
    bomb.write_bytes(bytes(end))
    assert faults(bomb) == ["broken: bundle 0 it would unpack to too much"]


def test_link_in_a_folder_is_not_followed(flood_bundle: Path, tmp_path: Path) -> None:
    folder = tmp_path / "unpacked"
    with zipfile.ZipFile(flood_bundle) as archive:
        archive.extractall(folder)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_bytes((folder / "FORMAT.md").read_bytes())
    (folder / "FORMAT.md").unlink()
    (folder / "FORMAT.md").symlink_to(elsewhere)
    assert faults(folder) == ["broken: FORMAT.md 0 missing"]


def test_damaged_zip_never_ends_in_an_error_of_the_program(whole_bundle: Path) -> None:
    content = whole_bundle.read_bytes()
    damaged = whole_bundle.with_name("damaged.zip")
    chance = random.Random(7)
    for _ in range(150):
        changed = bytearray(content)
        for _ in range(chance.choice((1, 1, 4, 40))):
            changed[chance.randrange(len(changed))] = chance.randrange(256)
        cut = chance.choice((len(changed), len(changed), chance.randrange(len(changed))))
        damaged.write_bytes(bytes(changed[:cut]))
        verify.Verification(damaged)


@pytest.mark.parametrize(
    "manifest",
    [
        b"",
        b"[]",
        b"{}",
        b"\xff",
        b'{"desk":1,"key":[],"made_at":"x"}',
        b'{"desk":"d","key":{},"made_at":null,"streams":3}',
        b"[" * 100_000,
        b'{"a":' + b"9" * 5000 + b"}",
    ],
    ids=lambda manifest: repr(manifest[:20]),
)
def test_manifest_of_any_shape_is_only_broken(flood_bundle: Path, manifest: bytes) -> None:
    found = faults(rewrite(flood_bundle, lambda parts: parts.update({"manifest.json": manifest})))
    assert [fault.split()[:3] for fault in found] == [["broken:", "bundle", "0"]]


@pytest.mark.parametrize(
    "content", [b"", b"{}", b'{"keys":[]}', b'{"keys":[{}]}', b"AAAA", b"-----BEGIN X-----", b"\xff"]
)
def test_something_that_holds_no_key_is_refused(content: bytes, flood_bundle: Path, tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_bytes(content)
    with pytest.raises(SystemExit) as raised:
        verify.main([str(flood_bundle), "--key", str(file)])
    assert raised.value.code == 2


def test_heads_of_any_shape_are_only_broken(flood_bundle: Path) -> None:
    def change(parts: Parts) -> None:
        parts["heads.jsonl"] += b'{"key":[]}\n{}\n[]\n\xff\n'

    found = faults(rewrite(flood_bundle, change))
    assert [fault.split()[:3] for fault in found] == [["broken:", "heads.jsonl", "0"]]


def test_memory_does_not_grow_with_the_length_of_a_chain(flood_bundle: Path) -> None:
    [line] = [text.splitlines()[0] for name, text in parts_of(flood_bundle).items() if name.startswith("entries/")]
    entry = json.loads(line)
    header = {name: entry[name] for name in HEADER}

    def peak(count: int) -> int:
        tracemalloc.start()
        heads = {count: ""}
        previous = ZERO

        def lines():  # type: ignore[no-untyped-def]  # noqa: ANN202
            nonlocal previous
            for sequence in range(1, count + 1):
                link = {**header, "sequence": sequence, "previous": previous}
                previous = verify.hashlib.sha256(verify.canonical(link)).hexdigest()
                heads[count] = previous
                yield verify.canonical({**entry, **link, "hash": previous})

        verify.check_chain(lines(), entry["stream"], heads, count)
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return used

    peak(10)
    assert peak(3000) < peak(300) + 20_000
    assert DESK_ID
