"""The keys that sign heads: Ed25519, the private one a file in the data folder, the public ones with their periods."""

from __future__ import annotations

import base64
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from crisis_desk.journal.chain import FORMAT, canonical
from crisis_desk.journal.entries import Actor, Entry, Recorded, effect, entry
from crisis_desk.journal.models import DeskIdentity, SigningKey
from crisis_desk.journal.streams import DESK
from crisis_desk.journal.transaction import Journal, Transaction
from crisis_desk.platform.clock import instant_text
from crisis_desk.platform.words import N_

KEY_FILE: Final = "signing-key.pem"


class WrongKey(RuntimeError):
    """The key file is one whose period has ended; heads signed with it would be refused by every verifier."""


@entry(
    "journal.signing_key_started",
    sentence=N_("From now on the heads of the journal are signed with the key %(key)s"),
    example={"key": "21fe31dfa154a261", "public_key": "A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg="},
)
@dataclass(frozen=True)
class SigningKeyStarted(Entry):
    key: str
    public_key: str


@effect(SigningKeyStarted)
def signing_key_started(session: Session, recorded: Recorded[SigningKeyStarted]) -> None:
    session.execute(update(SigningKey).where(SigningKey.valid_to.is_(None)).values(valid_to=recorded.at))
    key = recorded.data
    session.execute(insert(SigningKey).values(id=key.key, public_key=key.public_key, valid_from=recorded.at))


def key_id(public: bytes) -> str:
    """The short name of a public key: the first 16 hex digits of its SHA-256."""
    return sha256(public).hexdigest()[:16]


class Signer:
    """A private key, ready to sign for one desk."""

    def __init__(self, private: Ed25519PrivateKey, desk: str) -> None:
        self.private = private
        self.desk = desk
        self.public = private.public_key().public_bytes_raw()
        self.key = key_id(self.public)

    def sign(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """`values` with format, desk, key and the signature over the canonical text of all of them."""
        signed = {**values, "format": FORMAT, "desk": self.desk, "key": self.key}
        return signed | {"signature": base64.b64encode(self.private.sign(canonical(signed))).decode()}

    def sign_head(self, stream: str, sequence: int, entry_hash: str, at: datetime) -> dict[str, Any]:
        return self.sign({"stream": stream, "sequence": sequence, "hash": entry_hash, "at": instant_text(at)})


def start_signing(tx: Transaction, folder: Path) -> Signer:
    """The signer of the key in `folder`, its period begun in the journal. `tx` is open on the desk's chain."""
    signer = Signer(load_key(folder), desk_id(tx.session))
    known = tx.session.get(SigningKey, signer.key)
    if known is None:
        public = base64.b64encode(signer.public).decode()
        tx.record(DESK, SigningKeyStarted(signer.key, public), subject=("desk", signer.desk))
    elif known.valid_to is not None:
        raise WrongKey(f"The period of the key {signer.key} ended on {instant_text(known.valid_to)}.")
    return signer


def replace_key(journal: Journal, folder: Path, *, actor: Actor) -> None:
    """Ends the period of the present key and begins a new one; the old private key is gone."""
    with journal.transaction(DESK, actor=actor) as tx:
        _write_key(folder, replace=True)
        start_signing(tx, folder)


def load_key(folder: Path) -> Ed25519PrivateKey:
    """The private key in `folder`, made at the first call; its file is open to its owner alone. Raises `WrongKey`."""
    path = folder / KEY_FILE
    if not path.exists():
        _write_key(folder, replace=False)
    key = load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise WrongKey(f"{path.name} holds no Ed25519 key.")
    return key


def _write_key(folder: Path, *, replace: bool) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    text = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    draft = folder / f"{KEY_FILE}.{secrets.token_hex(8)}"
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    if replace:
        draft.replace(folder / KEY_FILE)
        return
    # Of two processes that start at once, the first to link its file gives both their key.
    try:
        (folder / KEY_FILE).hardlink_to(draft)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def desk_id(session: Session) -> str:
    """The UUID of this desk; raises sqlalchemy's NoResultFound before `init`."""
    return session.scalars(select(DeskIdentity.id)).one()


def published_keys(session: Session) -> dict[str, Any]:
    """Every signing key with its period: /.well-known/crisis-desk-keys.json, and keys.json of a bundle."""
    keys = session.scalars(select(SigningKey).order_by(SigningKey.valid_from)).all()
    return {
        "desk": desk_id(session),
        "keys": [
            {
                "id": key.id,
                "public_key": key.public_key,
                "valid_from": instant_text(key.valid_from),
                "valid_to": instant_text(key.valid_to) if key.valid_to else None,
            }
            for key in keys
        ],
    }
