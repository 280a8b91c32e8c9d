#!/usr/bin/env python3
"""Verifies a bundle of the journal (a zip, or the folder it was unpacked to): python3 verify.py BUNDLE [--key FILE]

Needs only Python 3.9 or later; FORMAT.md beside it in every bundle describes the format. Exit code 0 and "verified N
entries in M chains"; or 1 and "broken: STREAM SEQUENCE reason" for the first broken entry of each chain; or 2 for use.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import io
import json
import re
import struct
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from functools import lru_cache, partial
from pathlib import Path
from typing import IO, Any, NamedTuple

LONGEST_TEXT = 256 << 20
# Deflate can shrink a thousandfold, but an entry holds hashes, and files stand in the zip as they are.
STEEPEST_RATIO = 200
# What reading damaged or foreign input raises.
DAMAGE = (ArithmeticError, AttributeError, LookupError, OSError, RuntimeError, TypeError, ValueError, EOFError,
          struct.error, zipfile.BadZipFile, zlib.error)  # fmt: skip
OWN_KEY = "Checked with the key in the bundle, which a forger can replace: get the desk's key elsewhere and use --key."
NOT_CANONICAL = "the text is not canonical"
NO_ENTRY = "not an entry of format 1"


class Broken(Exception):
    """The place where something does not hold, and why: stream (or part), sequence (or 0), reason."""


# ---- Canonical JSON: RFC 8785, for the values that format 1 allows ----
# With ASCII keys and no numbers but integers, Python's own encoder writes exactly RFC 8785.
_encode = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode
# A number that is no integer becomes a string here, and so never gives its own text again.
_decode = json.JSONDecoder(parse_float=str, parse_constant=str).raw_decode
_is_key = lru_cache(4096)(re.compile(r"[a-z0-9_]+").fullmatch)


def canonical(value: Any) -> bytes:
    return _encode(value).encode("utf-8")


def _read(text: bytes) -> dict[str, Any]:
    """The object that the text begins with; whether that is all of it, the comparison with its own text shows."""
    try:
        value, _ = _decode(text.decode("utf-8"))
    except (ValueError, RecursionError):
        value = None
    if type(value) is not dict:
        raise ValueError(NOT_CANONICAL)
    return value


def parse(text: bytes) -> dict[str, Any]:
    """The object that `text` is the canonical text of; ValueError for any other text."""
    value = _read(text)
    if canonical(value) != text:
        raise ValueError(NOT_CANONICAL)
    _require_allowed((value,), 0)
    return value


def _require_allowed(values: Iterable[Any], depth: int) -> None:
    for value in values:
        kind = type(value)
        if kind is str:
            if "\0" in value:
                raise ValueError("a string holds a NUL")
        elif kind is dict or kind is list:
            if depth == 64:
                raise ValueError("nested too deep")
            if kind is dict and not all(map(_is_key, value)):
                raise ValueError("a key is not [a-z0-9_]+")
            _require_allowed(value.values() if kind is dict else value, depth + 1)
        elif kind is int and not -(2**53) < value < 2**53:
            raise ValueError("an integer is not below 2^53 in size")


# ---- Ed25519: RFC 8032, section 5.1. A point is X, Y, Z, T with x = X/Z, y = Y/Z, xy = T/Z ----
P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
Point = tuple[int, int, int, int]


def _add(a: Point, b: Point) -> Point:
    """Addition, also of a point to itself (section 5.1.4)."""
    s, t = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    c, d = 2 * a[3] * b[3] % P * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = t - s, d - c, d + c, t + s
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def _decompress(text: bytes) -> Point:
    """The point in 32 bytes (section 5.1.3); ValueError when there is none."""
    sign, y = text[31] >> 7, int.from_bytes(text, "little") & ((1 << 255) - 1)
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * pow(2, (P - 1) // 4, P) % P
    if y >= P or x * x % P != square or (x == 0 and sign):
        raise ValueError("not a point of the curve")
    x = x if x & 1 == sign else P - x
    return (x, y, 1, x * y % P)


def _compress(point: Point) -> bytes:
    inverse = pow(point[2], P - 2, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


BASE = _decompress((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def signature_holds(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the signature (64 bytes) is that of the message under the public key (32 bytes), section 5.1.7."""
    s = int.from_bytes(signature[32:], "little")
    if len(public) != 32 or len(signature) != 64 or s >= ORDER:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % ORDER
    x, y, z, t = _decompress(public)
    minus = (P - x, y, z, P - t)
    # s times the base minus h times the key, both in one pass over the bits.
    steps = ((0, 1, 1, 0), BASE, minus, _add(BASE, minus))
    result: Point = steps[0]
    for bit in range(252, -1, -1):
        result = _add(result, result)
        step = (s >> bit & 1) | (h >> bit & 1) << 1
        if step:
            result = _add(result, steps[step])
    return _compress(result) == signature[:32]


class Key(NamedTuple):
    public: bytes
    valid_from: str
    valid_to: str | None


def read_keys(text: bytes) -> dict[str, Key]:
    """Keys by their id, from the JSON a desk publishes, from a PEM public key, or from 32 bytes in base64."""
    if text.lstrip().startswith(b"{"):
        keys = [Key(_base64(key["public_key"]), key["valid_from"], key["valid_to"]) for key in json.loads(text)["keys"]]
    else:
        body = re.sub(rb"-----[A-Z ]+-----|\s", b"", text)
        # A PEM public key is twelve fixed bytes and the key (RFC 8410).
        keys = [Key(_base64(body.decode("ascii"))[-32:], "", None)]
    if not keys or any(len(key.public) != 32 for key in keys):
        raise ValueError("no Ed25519 public key found")
    return {hashlib.sha256(key.public).hexdigest()[:16]: key for key in keys}


def _base64(text: str) -> bytes:
    content = base64.b64decode(text, validate=True)
    if base64.b64encode(content).decode() != text:
        raise ValueError("not canonical base64")
    return content


def signature_fault(signed: dict[str, Any], at: str, desk: str, keys: Mapping[str, Key]) -> str | None:
    """What is wrong with a signed object, or None; `at` is the moment it says it was signed."""
    key = keys.get(signed["key"])
    if signed["desk"] != desk:
        return "signed for another desk"
    if key is None:
        return f"unknown key {signed['key']}"
    if not key.valid_from <= at <= (key.valid_to or at):
        return "signed outside the period of its key"
    message = canonical({name: value for name, value in signed.items() if name != "signature"})
    return None if signature_holds(key.public, message, _base64(signed["signature"])) else "signature wrong"


# ---- The bundle: nothing is unpacked, every part is read as a stream with a limit ----
class Bundle(ExitStack):
    """The named parts of a zip, open as long as the block, or of a folder."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        self._zip = None if path.is_dir() else self.enter_context(zipfile.ZipFile(path))
        self.names = set(_names_in_zip(self._zip.infolist(), path.stat().st_size) if self._zip else _names_in(path))

    def open(self, name: str) -> IO[bytes]:
        if name not in self.names:
            raise Broken(name, 0, "missing")
        part = self._zip.open(name) if self._zip else (self._path / name).open("rb")
        # The zip's own reader is slow at finding the ends of lines.
        return io.BufferedReader(part, 1 << 18)  # type: ignore[type-var]

    def read(self, name: str) -> bytes:
        with self.open(name) as part:
            return part.read(LONGEST_TEXT)

    def sha256(self, name: str) -> str:
        with self.open(name) as part:
            digest = hashlib.sha256()
            for block in iter(partial(part.read, 1 << 20), b""):
                digest.update(block)
        return digest.hexdigest()

    def lines(self, name: str) -> Iterator[bytes]:
        """The lines without their line feed; one that has none, cut off or too long, is no canonical text any more."""
        with self.open(name) as part:
            while line := part.readline(LONGEST_TEXT):
                yield line[:-1] if line.endswith(b"\n") else line + b"\0"


def entries_name(stream: str) -> str:
    return f"entries/{stream.replace(':', '_')}.jsonl"


def _names_in(folder: Path) -> Iterator[str]:
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            yield path.relative_to(folder).as_posix()


def _names_in_zip(members: list[zipfile.ZipInfo], size: int) -> Iterator[str]:
    # Members that share their bytes are the other way to write a bomb.
    if sum(member.compress_size for member in members) > size:
        raise Broken("bundle", 0, "it would unpack to too much")
    if len({member.filename for member in members}) != len(members):
        raise Broken("bundle", 0, "a name stands in the zip twice")
    for member in members:
        name = member.orig_filename
        if re.search(r"(^|/)\.\.?(/|$)|^/|[\\:\x00-\x1f]", name):
            raise Broken("bundle", 0, f"unsafe name {name!r}")
        too_steep = member.file_size > STEEPEST_RATIO * max(member.compress_size, 4096)
        if too_steep or member.flag_bits & 1 or member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Broken("bundle", 0, f"{name} is stored in a way that bundles do not use")
        if not name.endswith("/"):
            yield name


def _text(value: str | None) -> str:
    return "null" if value is None else f'"{value}"'


def _link(line: bytes, stream: str, sequence: int, previous: str) -> dict[str, Any]:
    """The entry in a line, checked against the place it must have in its chain; ValueError says what is wrong."""
    entry = _read(line)
    if ("data" in entry) != ("nonce" in entry):
        raise ValueError(NO_ENTRY)
    data, nonce = (f'"{name}":{_encode(entry[name])},' if name in entry else "" for name in ("data", "nonce"))
    # Written out, a line costs a third of what the encoder takes; comparing it shows that nothing is missing or added.
    at, hashes = f'{{"at":"{entry["at"]}",', f'"data_hash":"{entry["data_hash"]}","format":1,'
    own_hash, kind = f'"hash":"{entry["hash"]}",', f'"kind":"{entry["kind"]}",'
    rest = (
        f'"person":{_text(entry["person"])},"previous":"{entry["previous"]}","sequence":{entry["sequence"]},'
        f'"session":{_text(entry["session"])},"stream":"{entry["stream"]}","subject":{{'
        f'"id":{_encode(entry["subject"]["id"])},"type":{_encode(entry["subject"]["type"])}}},"via":"{entry["via"]}"}}'
    )
    header = at + hashes + kind + rest
    if f"{at}{data}{hashes}{own_hash}{kind}{nonce}{rest}".encode() != line or "\\u0000" in header:
        raise ValueError(NOT_CANONICAL)
    _require_allowed((entry.get("data"),), 1)
    if hashlib.sha256(header.encode()).hexdigest() != entry["hash"]:
        raise ValueError("header changed")
    if entry["stream"] != stream:
        raise ValueError("entry of another stream")
    if entry["sequence"] != sequence:
        raise ValueError(f"sequence gap: found {entry['sequence']}")
    if entry["previous"] != previous:
        raise ValueError("link broken")
    if data and hashlib.sha256(f"{{{data}{nonce[:-1]}}}".encode()).hexdigest() != entry["data_hash"]:
        raise ValueError("content changed")
    return entry


def check_chain(lines: Iterable[bytes], stream: str, heads: Mapping[int, str], last: int) -> None:
    """Reads one chain, which must end with the sequence `last`. Raises Broken. Memory does not grow with the length."""
    sequence, previous = 0, "0" * 64
    sealed: set[int] = set()
    try:
        for line in lines:
            sequence += 1
            entry = _link(line, stream, sequence, previous)
            previous = entry["hash"]
            if heads.get(sequence, previous) != previous:
                raise ValueError("differs from its signed head")
            if "data" not in entry:
                sealed.add(sequence)
            elif entry["kind"] == "entry.sealed":
                sealed.discard(entry["data"]["sequence"])
    except DAMAGE as error:
        reason = NO_ENTRY if isinstance(error, (LookupError, TypeError)) else str(error)
        raise Broken(stream, max(sequence, 1), reason) from error
    if sealed:
        raise Broken(stream, min(sealed), "sealed without tombstone")
    if max(heads, default=0) > sequence:
        raise Broken(stream, sequence + 1, "missing tail behind a signed head")
    if sequence != last:
        raise Broken(stream, last + 1, "entries behind the last one that the manifest names")


class Verification:
    """One run over one bundle: what it counts, and the first broken place of each chain."""

    def __init__(self, path: Path, trusted: Mapping[str, Key] | None = None) -> None:
        self.entries, self.chains = 0, 0
        self.broken: dict[str, tuple[Any, ...]] = {}
        self.keys: Mapping[str, Key] = trusted or {}
        self._heads: dict[str, dict[int, str]] = {}
        self._attempt("bundle", self._check, path)

    def _attempt(self, place: str, check: Callable[..., None], *arguments: Any) -> None:
        try:
            check(*arguments)
            return
        except Broken as error:
            found = error.args
        except DAMAGE as error:
            found = (place, 0, f"not of format 1: {error}")
        self.broken[found[0]] = min(self.broken.get(found[0], found), found, key=lambda fault: fault[1])

    def _check(self, path: Path) -> None:
        with Bundle(path) as self.bundle:
            self.manifest = parse(self.bundle.read("manifest.json"))
            self.keys = self.keys or read_keys(self.bundle.read("keys.json"))
            fault = signature_fault(self.manifest, self.manifest["made_at"], self.manifest["desk"], self.keys)
            if fault:
                raise Broken("manifest.json", 0, fault)
            held = {head["stream"]: head["sequence"] for head in self.manifest["streams"]}
            for head in self.manifest["streams"]:
                self._expect(head)
            for line in self.bundle.lines("heads.jsonl"):
                self._attempt("heads.jsonl", self._read_head, line)
            if "desk" in held:
                self._attempt("desk", self._read_recorded_heads, None if self.manifest["whole"] else held)
            for stream in self._heads:
                self._attempt(stream, self._check_stream, stream, held.get(stream))
            parts = {part["name"]: part["sha256"] for part in self.manifest["parts"]}
            for name in sorted(self.bundle.names.union(parts).difference(map(entries_name, held))):
                self._attempt(name, self._check_part, name, parts.get(name))

    def _expect(self, head: dict[str, Any]) -> None:
        known = self._heads.setdefault(head["stream"], {}).setdefault(head["sequence"], head["hash"])
        if known != head["hash"]:
            raise Broken(head["stream"], head["sequence"], "two signed heads differ")

    def _read_head(self, line: bytes) -> None:
        head = parse(line)
        fault = signature_fault(head, head["at"], self.manifest["desk"], self.keys)
        if fault:
            raise Broken(head["stream"], head["sequence"], fault)
        self._expect(head)

    def _read_recorded_heads(self, held: Mapping[str, int] | None) -> None:
        # The desk's chain is checked like any other; to parse all its lines twice would cost as much as all the rest.
        for line in self.bundle.lines(entries_name("desk")):
            if b'"kind":"journal.heads_signed"' in line:
                for head in parse(line).get("data", {}).get("heads", ()):
                    if held is None or head["stream"] in held:
                        self._expect(head)

    def _check_stream(self, stream: str, last: int | None) -> None:
        if last is None or entries_name(stream) not in self.bundle.names:
            raise Broken(stream, 1, "the stream is missing, but a signed head names it")
        check_chain(self.bundle.lines(entries_name(stream)), stream, self._heads[stream], last)
        self.entries += last
        self.chains += 1

    def _check_part(self, name: str, sha256: str | None) -> None:
        if sha256 is None and name.startswith(("entries/", "files/")):
            raise Broken(name, 0, "not named in the manifest")
        if sha256 not in (None, self.bundle.sha256(name)):
            raise Broken(name, 0, "content changed")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Verifies a bundle of the journal without the desk.")
    parser.add_argument("bundle", help="the zip, or the folder it was unpacked to")
    parser.add_argument("--key", metavar="FILE", help="the desk's public key, got elsewhere than from the bundle")
    options = parser.parse_args(arguments)
    try:
        trusted = read_keys(Path(options.key).read_bytes()) if options.key else None
        Path(options.bundle).stat()
    except (OSError, ValueError, KeyError, TypeError) as error:
        parser.error(str(error))
    found = Verification(Path(options.bundle), trusted)
    lines = ["broken: {} {} {}".format(*fault) for fault in found.broken.values()]
    lines = lines or [f"verified {found.entries} entries in {found.chains} chains"]
    sys.stdout.write("".join(f"{line}\n" for line in lines + ([] if trusted else [OWN_KEY])))
    return 1 if found.broken else 0


if __name__ == "__main__":
    sys.exit(main())
