"""What somebody can do to a bundle who has no key of the desk, or a key of his own."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from crisis_desk.journal import chain, verify
from crisis_desk.journal.keys import Signer
from tests.journal.chains import DESK_ID

Parts = dict[str, bytes]
HEADER = ("at", "data_hash", "format", "kind", "person", "previous", "sequence", "session", "stream", "subject", "via")
OWN_KEY = Ed25519PrivateKey.from_private_bytes(b"\x07" * 32)


def lines_of(parts: Parts, stream: str) -> list[bytes]:
    return parts[verify.entries_name(stream)].splitlines(keepends=True)


def put_lines(parts: Parts, stream: str, lines: list[bytes]) -> None:
    parts[verify.entries_name(stream)] = b"".join(lines)


def rewrite_chain(parts: Parts, stream: str, change: Callable[[int, dict[str, Any]], None]) -> None:
    """Changes entries (header fields, nonce, data) and gives them all the hashes they then need."""
    previous, lines = chain.ZERO, []
    for number, line in enumerate(lines_of(parts, stream), 1):
        entry = json.loads(line)
        change(number, entry)
        if "data" in entry:
            _, entry["data_hash"] = chain.data_hash(entry["nonce"], entry["data"])
        entry["previous"] = previous
        header: Any = {name: entry[name] for name in HEADER}
        _, entry["hash"] = chain.entry_hash(header)
        previous = entry["hash"]
        lines.append(chain.canonical(entry) + b"\n")
    put_lines(parts, stream, lines)


def sign_again(parts: Parts, *, desk: str = DESK_ID, key: Ed25519PrivateKey = OWN_KEY, **manifest: Any) -> None:
    """Makes heads, keys and manifest fit the entries, signed with the forger's own key."""
    signer = Signer(key, desk)
    present = json.loads(parts["manifest.json"])
    streams = [last_of(parts, head["stream"]) for head in present["streams"]]
    heads = [signer.sign({**head, "at": present["made_at"]}) for head in streams]
    parts["heads.jsonl"] = b"".join(chain.canonical(head) + b"\n" for head in heads)
    public = base64.b64encode(signer.public).decode()
    period = {"valid_from": "2026-01-01T00:00:00.000Z", "valid_to": None}
    keys = [{"id": signer.key, "public_key": public, **period}]
    parts["keys.json"] = chain.canonical({"desk": desk, "keys": keys})
    sign_manifest(parts, signer, streams=streams, **manifest)


def sign_manifest(parts: Parts, signer: Signer, **changes: Any) -> None:
    """A manifest that fits the parts, signed by whoever holds the signer."""
    named = [name for name in sorted(parts) if name != "manifest.json" and not name.startswith("entries/")]
    hashes = [{"name": name, "sha256": hashlib.sha256(parts[name]).hexdigest()} for name in named]
    present = json.loads(parts["manifest.json"])
    for name in ("format", "desk", "key", "signature"):
        del present[name]
    parts["manifest.json"] = chain.canonical(signer.sign({**present, "parts": hashes, **changes}))


def last_of(parts: Parts, stream: str) -> dict[str, Any]:
    last = json.loads(lines_of(parts, stream)[-1])
    return {"stream": stream, "sequence": last["sequence"], "hash": last["hash"]}
