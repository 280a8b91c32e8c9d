"""Random texts that open something: only their hash is kept, so a copy of the database opens nothing."""

from __future__ import annotations

import secrets
from hashlib import sha256

# A fixed beginning lets programs that look for leaked secrets recognise a token of the desk.
API_PREFIX = "desk_"
_RECOVERY_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def new_token() -> str:
    """256 bits of chance, fit for an address or a cookie."""
    return secrets.token_urlsafe(32)


def new_api_token() -> str:
    """A token for a program's Authorization header."""
    return API_PREFIX + new_token()


def new_recovery_code() -> str:
    """Ten letters and digits in two halves, without those that look alike; 49 bits."""
    half = ["".join(secrets.choice(_RECOVERY_LETTERS) for _ in range(5)) for _ in range(2)]
    return "-".join(half)


def hash_of(text: str) -> str:
    """What is kept of a token: such texts are random and long, so one plain hash is enough."""
    return sha256(text.encode()).hexdigest()


def recovery_code_hash(person_id: str, code: str) -> str:
    """What is kept of a recovery code, however she types it."""
    letters = "".join(character for character in code.casefold() if character.isalnum())
    return hash_of(f"{person_id}:{letters}")
