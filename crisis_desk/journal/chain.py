"""The arithmetic of the journal: canonical text, hashes, links. Pure: no clock, no database, no settings.

Everything here follows "Journal entry, format 1" in docs/journal-format.md.
"""

import re
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final, NamedTuple, TypedDict

import orjson

FORMAT: Final = 1
ZERO: Final = "0" * 64
VIAS: Final = frozenset({"page", "api", "socket", "command", "clock", "mail", "system"})
DEEPEST: Final = 64
INTEGER_LIMIT: Final = 2**53

_KEY = re.compile(r"[a-z0-9_]+").fullmatch
_NONCE = re.compile(r"[0-9a-f]{32}").fullmatch


class NotCanonical(ValueError):
    """The value cannot stand in a journal entry: a float, a key outside [a-z0-9_]+, a NUL, a lone surrogate..."""


class BrokenLink(ValueError):
    """A stored entry does not fit its chain; the message is the reason in a few plain words."""


class Subject(TypedDict):
    type: str
    id: str


class Header(TypedDict):
    """What an entry's hash covers."""

    format: int
    stream: str
    sequence: int
    at: str
    person: str | None
    session: str | None
    via: str
    kind: str
    subject: Subject
    data_hash: str
    previous: str


class Stored(NamedTuple):
    """One journal row in the order of its columns; the columns between `at` and `subject_id` repeat the header."""

    stream: str
    sequence: int
    at: str
    kind: str
    person: str | None
    subject_type: str
    subject_id: str
    header: str
    payload: str | None
    hash: str


def canonical(value: object) -> bytes:
    """The RFC 8785 text of `value` in UTF-8; raises NotCanonical for anything the journal does not allow."""
    require_allowed(value)
    return _serialise(value)


def canonical_text(value: object) -> str:
    return canonical(value).decode()


def data_hash(nonce: str, data: Mapping[str, Any]) -> tuple[str, str]:
    """The payload text that is stored and its SHA-256; `nonce` is 32 lower-case hex digits."""
    if not _NONCE(nonce):
        raise NotCanonical("the nonce is not 32 lower-case hex digits")
    payload = canonical({"nonce": nonce, "data": dict(data)})
    return payload.decode(), sha256(payload).hexdigest()


def make_header(
    *,
    stream: str,
    sequence: int,
    at: str,
    person: str | None,
    session: str | None,
    via: str,
    kind: str,
    subject_type: str,
    subject_id: str,
    data_hash: str,
    previous: str,
) -> Header:
    """The header of one entry; `at` is RFC 3339 in UTC with milliseconds and "Z", `previous` is ZERO for the first."""
    if via not in VIAS:
        raise NotCanonical(f"{via!r} is no way into the desk")
    return {
        "format": FORMAT,
        "stream": stream,
        "sequence": sequence,
        "at": at,
        "person": person,
        "session": session,
        "via": via,
        "kind": kind,
        "subject": {"type": subject_type, "id": subject_id},
        "data_hash": data_hash,
        "previous": previous,
    }


def entry_hash(header: Header) -> tuple[str, str]:
    """The header text that is stored and its SHA-256, which is the hash of the entry."""
    text = canonical(header)
    return text.decode(), sha256(text).hexdigest()


def require_allowed(value: object, depth: int = 0) -> None:
    """Raises NotCanonical unless `value` is made only of what format 1 allows."""
    kind = type(value)
    if kind is str:
        if "\0" in value:  # type: ignore[operator]
            raise NotCanonical("a string holds a NUL")
    elif kind is int:
        if not -INTEGER_LIMIT < value < INTEGER_LIMIT:  # type: ignore[operator]
            raise NotCanonical("an integer is not below 2^53 in size")
    elif kind is dict or kind is list:
        _require_allowed_inside(value, depth + 1)
    elif value is not None and kind is not bool:
        raise NotCanonical(f"{kind.__name__} is not allowed")


def _require_allowed_inside(value: Any, depth: int) -> None:
    if depth > DEEPEST:
        raise NotCanonical(f"nested deeper than {DEEPEST}")
    if type(value) is list:
        for item in value:
            require_allowed(item, depth)
        return
    for key, item in value.items():
        if type(key) is not str or not _KEY(key):
            raise NotCanonical(f"the key {key!r} is not [a-z0-9_]+")
        require_allowed(item, depth)


def _serialise(value: object) -> bytes:
    # orjson sorts keys by code point and escapes as RFC 8785 does; for ASCII keys and integers the two are equal.
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except (orjson.JSONEncodeError, RecursionError) as error:
        raise NotCanonical(str(error)) from error


def check_link(row: Stored, *, stream: str, sequence: int, previous: str) -> bytes | None:
    """Checks one stored entry against the place it must have in its chain.

    `sequence` and `previous` are what the entry before calls for (1 and ZERO for the first). Returns the payload that
    was hashed, or None when it is sealed, which the caller accepts only with a tombstone. Raises BrokenLink.
    """
    if row.sequence != sequence:
        raise BrokenLink(f"sequence gap: found {row.sequence}")
    text = row.header.encode("utf-8", "surrogatepass")
    if sha256(text).hexdigest() != row.hash:
        raise BrokenLink("header changed")
    header = _read(text, "header")
    if header.get("previous") != previous:
        raise BrokenLink("link broken")
    _check_header(header, row, stream)
    if row.payload is None:
        return None
    return _check_payload(row.payload, header["data_hash"])


def _check_header(header: dict[str, Any], row: Stored, stream: str) -> None:
    """The text is canonical already, so equality with the columns proves the types and that no key is added."""
    if row.stream != stream or header.get("stream") != stream:
        raise BrokenLink("header belongs to another stream")
    columns = {
        "format": FORMAT,
        "stream": row.stream,
        "sequence": row.sequence,
        "at": row.at,
        "kind": row.kind,
        "person": row.person,
        "subject": {"type": row.subject_type, "id": row.subject_id},
        "session": header.get("session"),
        "via": header.get("via"),
        "data_hash": header.get("data_hash"),
        "previous": header.get("previous"),
    }
    if columns != header:
        raise BrokenLink("index column differs from the header")
    if header["via"] not in VIAS or not isinstance(header["session"], str | None):
        raise BrokenLink("header is not of format 1")


def _check_payload(payload: str, expected: str) -> bytes:
    text = payload.encode("utf-8", "surrogatepass")
    if sha256(text).hexdigest() != expected:
        raise BrokenLink("content changed")
    value = _read(text, "content")
    if value.keys() != {"nonce", "data"} or type(value["data"]) is not dict or not _is_nonce(value["nonce"]):
        raise BrokenLink("content is not of format 1")
    try:
        require_allowed(value)
    except NotCanonical as error:
        raise BrokenLink("content is not canonical") from error
    return text


def _is_nonce(value: object) -> bool:
    return type(value) is str and _NONCE(value) is not None


def _read(text: bytes, part: str) -> dict[str, Any]:
    """The object in a stored text, refused when the text is not the canonical one of that object."""
    try:
        value = orjson.loads(text)
        same = type(value) is dict and orjson.dumps(value, option=orjson.OPT_SORT_KEYS) == text
    except (orjson.JSONDecodeError, orjson.JSONEncodeError) as error:
        raise BrokenLink(f"{part} is not canonical") from error
    if not same:
        raise BrokenLink(f"{part} is not canonical")
    return value  # type: ignore[no-any-return]
