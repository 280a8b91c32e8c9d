"""The arithmetic of the journal: canonical text, hashes, links. Pure: no clock, no database, no settings.

Everything here follows "Journal entry, format 1" in docs/journal-format.md.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from hashlib import sha256
from typing import Any, Final, NamedTuple, TypedDict

import orjson

FORMAT: Final = 1
ZERO: Final = "0" * 64
VIAS: Final = frozenset({"page", "api", "socket", "command", "clock", "mail", "system"})
DEEPEST: Final = 64
INTEGER_LIMIT: Final = 2**53

_KEY = re.compile(r"[a-z0-9_]+").fullmatch
_STRICT = orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER
_PLAIN = frozenset({str, int, bool, type(None)})
_SESSION = re.compile(r'null|"[0-9a-f-]+"').fullmatch
_ENDS = frozenset(f'{via}"}}' for via in VIAS)


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


StoredRow = tuple[str, int, str, str, str | None, str, str, str, str | None, str]


class Stored(NamedTuple):
    """One journal row in the order of its columns; those before `header` repeat what the header says."""

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
    if not _is_nonce(nonce):
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
    _require_each_allowed((value,), depth)


def _require_each_allowed(values: Iterable[Any], depth: int) -> None:
    # One loop over all kinds of values, strings first: a million entries pass through here.
    for value in values:
        kind = type(value)
        if kind is str:
            if "\0" in value:
                raise NotCanonical("a string holds a NUL")
        elif kind is dict or kind is list:
            if depth == DEEPEST:
                raise NotCanonical(f"nested deeper than {DEEPEST}")
            if kind is list:
                _require_each_allowed(value, depth + 1)
            else:
                _require_keys_allowed(value)
                _require_each_allowed(value.values(), depth + 1)
        elif kind is int:
            if not -INTEGER_LIMIT < value < INTEGER_LIMIT:
                raise NotCanonical("an integer is not below 2^53 in size")
        elif value is not None and kind is not bool:
            raise NotCanonical(f"{kind.__name__} is not allowed")


def _require_keys_allowed(value: dict[Any, Any]) -> None:
    for key in value:
        if key not in _known_keys:
            _learn_key(key)


# Kinds have few fields, so their keys are known after the first entry of each kind.
_known_keys: set[str] = set()
_MOST_KNOWN_KEYS: Final = 4096


def _learn_key(key: object) -> None:
    if type(key) is not str or not _KEY(key):
        raise NotCanonical(f"the key {key!r} is not [a-z0-9_]+")
    if len(_known_keys) < _MOST_KNOWN_KEYS:
        _known_keys.add(key)


def _serialise(value: object) -> bytes:
    # orjson sorts keys by code point and escapes as RFC 8785 does; for ASCII keys and integers the two are equal.
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except (orjson.JSONEncodeError, RecursionError) as error:
        raise NotCanonical(str(error)) from error


def check_link(row: StoredRow, stream: str, sequence: int, previous: str) -> dict[str, Any] | None:
    """Checks one stored entry against the place it must have in its chain.

    `sequence` and `previous` are what the entry before calls for (1 and ZERO for the first). Returns the data, or None
    when the entry is sealed, which the caller accepts only with a tombstone. Raises BrokenLink.
    """
    _, found, _, _, _, _, _, header, payload, entry_hash = row
    if found != sequence:
        raise BrokenLink(f"sequence gap: found {found}")
    text = header.encode("utf-8", "surrogatepass")
    if sha256(text).hexdigest() != entry_hash:
        raise BrokenLink("header changed")
    content = None if payload is None else payload.encode("utf-8", "surrogatepass")
    data_hash = "" if content is None else sha256(content).hexdigest()
    if not _is_plainly(row, stream, previous, data_hash):
        _check_header(text, Stored._make(row), stream, previous, data_hash)
    return None if content is None else _check_content(content)


def _is_plainly(row: StoredRow, stream: str, previous: str, data_hash: str) -> bool:
    """Whether the header is letter for letter what the columns call for: quicker than to parse it, and as certain."""
    row_stream, sequence, at, kind, person, subject_type, subject_id, header, _, _ = row
    middle, closing = _frame(kind, person, subject_type, subject_id, row_stream)
    start = f'{{"at":"{at}","data_hash":"{data_hash}{middle}{previous}","sequence":{sequence},"session":'
    return (
        row_stream == stream
        and middle != ""
        and header.startswith(start)
        and _is_ending(header[len(start) :], closing)
        and _is_plain_text(at)
    )


@lru_cache(maxsize=4096)
def _frame(kind: str, person: str | None, subject_type: str, subject_id: str, stream: str) -> tuple[str, str]:
    """The parts of a header that stand between at, hashes, sequence and session; empty when a word needs escaping."""
    if not _is_plain_text(f"{kind}{person}{subject_type}{subject_id}{stream}"):
        return "", ""
    who = "null" if person is None else f'"{person}"'
    return (
        f'","format":{FORMAT},"kind":"{kind}","person":{who},"previous":"',
        f',"stream":"{stream}","subject":{{"id":"{subject_id}","type":"{subject_type}"}},"via":"',
    )


@lru_cache(maxsize=4096)
def _is_ending(text: str, closing: str) -> bool:
    """Whether a header may end so: a session, the closing part of its frame, a way into the desk."""
    session, found, end = text.partition(closing)
    return found != "" and end in _ENDS and _SESSION(session) is not None


def _is_plain_text(words: str) -> bool:
    return words.isascii() and words.isprintable() and '"' not in words and "\\" not in words


def _check_header(text: bytes, row: Stored, stream: str, previous: str, data_hash: str) -> None:
    """The same by parsing: for sealed entries, for unusual words, and to find out what is wrong."""
    header = _read(text, "header")
    if header.get("previous") != previous:
        raise BrokenLink("link broken")
    _check_columns(header, row, stream)
    if data_hash and header["data_hash"] != data_hash:
        raise BrokenLink("content changed")


def _check_columns(header: dict[str, Any], row: Stored, stream: str) -> None:
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


def _check_content(text: bytes) -> dict[str, Any]:
    content = _read(text, "content")
    data, nonce = content.get("data"), content.get("nonce")
    if len(content) != 2 or type(data) is not dict or not _is_nonce(nonce):
        raise BrokenLink("content is not of format 1")
    # Most data is flat, with known keys and nothing escaped; reading it has refused large integers already.
    if data.keys() <= _known_keys and _PLAIN.issuperset(map(type, data.values())) and b"\\" not in text:
        return data
    try:
        require_allowed(data, 1)
    except NotCanonical as error:
        raise BrokenLink("content is not canonical") from error
    return data


def _is_nonce(value: object) -> bool:
    # Of several ways to ask this, stripping is the quickest.
    return type(value) is str and len(value) == 32 and not value.strip("0123456789abcdef")


def _read(text: bytes, part: str) -> dict[str, Any]:
    """The object in a stored text, refused when the text is not the canonical one of that object."""
    try:
        value = orjson.loads(text)
        same = type(value) is dict and orjson.dumps(value, option=_STRICT) == text
    except (orjson.JSONDecodeError, orjson.JSONEncodeError) as error:
        raise BrokenLink(f"{part} is not canonical") from error
    if not same:
        raise BrokenLink(f"{part} is not canonical")
    return value  # type: ignore[no-any-return]
