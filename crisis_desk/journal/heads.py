"""Signed heads: what makes a rewritten or a shortened chain show."""

from __future__ import annotations

import base64
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import exists, func, insert, select
from sqlalchemy.orm import Session

from crisis_desk.journal.chain import FORMAT, canonical
from crisis_desk.journal.entries import Actor, Entry, Recorded, effect, entry
from crisis_desk.journal.keys import desk_id, start_signing
from crisis_desk.journal.models import JournalEntry, SignedHead, StreamHead
from crisis_desk.journal.streams import DESK
from crisis_desk.journal.transaction import Journal, Transaction
from crisis_desk.journal.verify import Key
from crisis_desk.platform.clock import instant_text, parse_instant
from crisis_desk.platform.words import N_

# One entry stays small enough to be read and sent, however many incidents there are.
HEADS_IN_ONE_ENTRY: Final = 500


@entry(
    "journal.heads_signed",
    sentence=N_("The heads of the journal's chains were signed"),
    example={
        "heads": [
            {
                "format": 1, "desk": "3f0b4f0e-8a4a-4b1e-9d0c-0d6a3b1f2c11", "key": "21fe31dfa154a261",
                "stream": "desk", "sequence": 7, "hash": "0" * 64, "at": "2026-11-24T05:00:00.000Z", "signature": "",
            }
        ]
    },
)  # fmt: skip
@dataclass(frozen=True)
class HeadsSigned(Entry):
    heads: list[dict[str, Any]]


@effect(HeadsSigned)
def heads_signed(session: Session, recorded: Recorded[HeadsSigned]) -> None:
    columns = ("stream", "sequence", "hash", "key", "signature")
    rows = [{name: head[name] for name in columns} | {"at": parse_instant(head["at"])} for head in recorded.data.heads]
    session.execute(insert(SignedHead), rows)


def sign_heads(journal: Journal, folder: Path, *, actor: Actor) -> list[dict[str, Any]]:
    """Signs the heads that changed since they were last signed, records them, and gives them back.

    `folder` holds the key and gets one if it has none. Raises `WrongKey`.
    """
    with journal.transaction(DESK, actor=actor) as tx:
        signer = start_signing(tx, folder)
        heads = [signer.sign_head(*head, at=tx.now) for head in _changed_heads(tx)]
        for start in range(0, len(heads), HEADS_IN_ONE_ENTRY):
            part = heads[start : start + HEADS_IN_ONE_ENTRY]
            tx.record(DESK, HeadsSigned(part), subject=("desk", signer.desk))
    return heads


def _changed_heads(tx: Transaction) -> list[tuple[str, int, str]]:
    signed = exists().where(SignedHead.stream == StreamHead.stream, SignedHead.sequence == StreamHead.sequence)
    query = select(StreamHead.stream, StreamHead.sequence, StreamHead.hash).where(
        ~signed, StreamHead.stream != DESK, StreamHead.sequence > 0
    )
    changed = [(row.stream, row.sequence, row.hash) for row in tx.session.execute(query.order_by(StreamHead.stream))]
    desk = tx.heads[DESK]
    # The last signing is itself an entry of the desk's chain; signing that alone would never come to an end.
    if changed or not _ends_with_a_signing(tx):
        changed.append((DESK, desk.sequence, desk.hash))
    return changed


def _ends_with_a_signing(tx: Transaction) -> bool:
    if tx.recorded:
        return False
    kind = tx.session.scalar(
        select(JournalEntry.kind).where(JournalEntry.stream == DESK, JournalEntry.sequence == tx.heads[DESK].sequence)
    )
    return kind is None or kind == "journal.heads_signed"


def signed_heads(session: Session, streams: Collection[str] | None = None) -> list[dict[str, Any]]:
    """The last signed head of each chain, or of those named, in the form of the journal format."""
    last = select(SignedHead.stream, func.max(SignedHead.sequence).label("sequence")).group_by(SignedHead.stream)
    if streams is not None:
        last = last.where(SignedHead.stream.in_(streams))
    newest = last.subquery()
    query = select(SignedHead).join(
        newest, (SignedHead.stream == newest.c.stream) & (SignedHead.sequence == newest.c.sequence)
    )
    desk = desk_id(session)
    return [head_object(desk, head) for head in session.scalars(query.order_by(SignedHead.stream))]


def all_signed_heads(session: Session, stream: str) -> Iterator[dict[str, Any]]:
    """Every signed head of one chain, the oldest first."""
    desk = desk_id(session)
    for head in session.scalars(select(SignedHead).where(SignedHead.stream == stream).order_by(SignedHead.sequence)):
        yield head_object(desk, head)


def head_object(desk: str, head: SignedHead) -> dict[str, Any]:
    """The signed head as the journal format writes it."""
    return {
        "format": FORMAT,
        "desk": desk,
        "key": head.key,
        "stream": head.stream,
        "sequence": head.sequence,
        "hash": head.hash,
        "at": instant_text(head.at),
        "signature": head.signature,
    }


def head_fault(head: Mapping[str, Any], desk: str, keys: Mapping[str, Key]) -> str | None:
    """What is wrong with a signed head, or None."""
    key = keys.get(head["key"])
    if head["desk"] != desk:
        return "signed for another desk"
    if key is None:
        return f"unknown key {head['key']}"
    if not key.valid_from <= head["at"] <= (key.valid_to or head["at"]):
        return "signed outside the period of its key"
    message = canonical({name: value for name, value in head.items() if name != "signature"})
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(base64.b64decode(head["signature"]), message)
    except (InvalidSignature, ValueError):
        return "signature wrong"
    return None
