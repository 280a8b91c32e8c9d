"""The arithmetic of the journal, held against RFC 8785 and the published vectors."""

from __future__ import annotations

import json
import string
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from crisis_desk.journal import chain, verify
from crisis_desk.journal.chain import ZERO, BrokenLink, NotCanonical, Stored

VECTORS = Path(__file__).parents[2] / "docs" / "journal-vectors"
CANONICAL = json.loads((VECTORS / "canonical.json").read_text(encoding="utf-8"))
CHAIN = json.loads((VECTORS / "chain.json").read_text(encoding="utf-8"))["entries"]

texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
leaves = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | texts
keys = st.text(string.ascii_lowercase + string.digits + "_", min_size=1, max_size=8)


def objects(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(keys, inner, max_size=4)


values = st.recursive(leaves, lambda inner: st.lists(inner, max_size=4) | objects(inner), max_leaves=12)


@given(values)
def test_canonical_text_is_that_of_rfc_8785(value: Any) -> None:
    assert chain.canonical(value) == rfc8785.dumps(value)


@given(objects(values))
def test_verifier_reads_what_the_desk_writes(value: dict[str, Any]) -> None:
    assert verify.parse(chain.canonical(value)) == value
    assert verify.canonical(value) == chain.canonical(value)


@pytest.mark.parametrize("vector", CANONICAL["allowed"], ids=lambda vector: repr(vector["value"])[:30])
def test_allowed_values_have_their_published_text(vector: dict[str, Any]) -> None:
    assert chain.canonical_text(vector["value"]) == vector["text"]
    assert rfc8785.dumps(vector["value"]).decode() == vector["text"]


@pytest.mark.parametrize("vector", CANONICAL["refused"], ids=lambda vector: vector["text"][:30])
def test_verifier_refuses_text_that_is_not_canonical(vector: dict[str, Any]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # Each text is refused for its own reason, from several parsers.
        verify.parse(vector["text"].encode())


class Words(str):
    __slots__ = ()


@pytest.mark.parametrize(
    "value",
    [
        1.0,
        float("nan"),
        2**53,
        -(2**53),
        "a\0b",
        "\ud800",
        {"Key": 1},
        {"": 1},
        {"khoá": 1},
        {1: 1},
        (1, 2),
        b"bytes",
        Words("a kind of string"),
        {"list": [{"deep": [0.5]}]},
        {"key\n": 1},
    ],
    ids=repr,
)
def test_writer_refuses_what_format_1_does_not_allow(value: Any) -> None:
    with pytest.raises(NotCanonical):
        chain.canonical(value)


def nested(depth: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(depth - 1):
        value = [value]
    return value


def test_writer_and_verifier_agree_on_the_deepest_nesting() -> None:
    assert chain.canonical({"a": nested(63)}) == verify.canonical(verify.parse(chain.canonical({"a": nested(63)})))
    with pytest.raises(NotCanonical, match="deeper"):
        chain.canonical({"a": nested(64)})
    with pytest.raises(ValueError, match="too deep"):
        verify.parse(verify.canonical({"a": nested(64)}))
    with pytest.raises(NotCanonical, match="deeper"):
        chain.canonical(nested(100_000))


@pytest.mark.parametrize("vector", CHAIN, ids=lambda vector: vector["header"]["kind"])
def test_entries_have_their_published_texts_and_hashes(vector: dict[str, Any]) -> None:
    header = vector["header"]
    payload, data_hash = chain.data_hash(vector["nonce"], vector["data"])
    assert (payload, data_hash) == (vector["payload_text"], vector["data_hash"])
    made = chain.make_header(
        **{name: value for name, value in header.items() if name not in ("format", "subject")},
        subject_type=header["subject"]["type"],
        subject_id=header["subject"]["id"],
    )
    assert made == header
    assert chain.entry_hash(made) == (vector["header_text"], vector["hash"])


def stored(position: int = 0) -> Stored:
    """A published entry as a row of the database."""
    vector = CHAIN[position]
    header = vector["header"]
    return Stored(
        header["stream"],
        header["sequence"],
        header["at"],
        header["kind"],
        header["person"],
        header["subject"]["type"],
        header["subject"]["id"],
        vector["header_text"],
        vector["payload_text"],
        vector["hash"],
    )


def check(row: Stored, sequence: int = 1, previous: str = ZERO) -> dict[str, Any] | None:
    return chain.check_link(row, CHAIN[0]["header"]["stream"], sequence, previous)


def test_published_chain_holds() -> None:
    previous = ZERO
    for position, vector in enumerate(CHAIN):
        assert check(stored(position), position + 1, previous) == vector["data"]
        previous = vector["hash"]


def test_sealed_entry_keeps_its_place_without_content() -> None:
    assert check(stored()._replace(payload=None)) is None


def rewritten(row: Stored, **changes: Any) -> Stored:
    """The row with another header and its right hash, as a forger would leave it."""
    text, entry_hash = chain.entry_hash({**json.loads(row.header), **changes})  # type: ignore[typeddict-item]
    return row._replace(header=text, hash=entry_hash)


def with_payload(row: Stored, payload: str) -> Stored:
    data_hash = chain.sha256(payload.encode()).hexdigest()
    return rewritten(row._replace(payload=payload), data_hash=data_hash)


NONCE = '"nonce":"00000000000000000000000000000000"'


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (stored()._replace(payload=stored().payload.replace("Lũ", "Lu")), "content changed"),
        (stored()._replace(header=stored().header.replace("page", "mail")), "header changed"),
        (stored()._replace(hash="0" * 64), "header changed"),
        (stored(1), "sequence gap: found 2"),
        (rewritten(stored(), previous="1" * 64), "link broken"),
        (rewritten(stored(), stream="desk"), "header belongs to another stream"),
        (stored()._replace(stream="desk"), "header belongs to another stream"),
        (stored()._replace(at="2026-11-24T05:03:31.124Z"), "index column differs from the header"),
        (stored()._replace(kind="log.noted"), "index column differs from the header"),
        (stored()._replace(person=None), "index column differs from the header"),
        (stored()._replace(subject_type="task"), "index column differs from the header"),
        (stored()._replace(subject_id="x"), "index column differs from the header"),
        (rewritten(stored(), sequence=2), "index column differs from the header"),
        (rewritten(stored(), added=1), "index column differs from the header"),
        (rewritten(stored(), format=2), "index column differs from the header"),
        (rewritten(stored(), via="door"), "header is not of format 1"),
        (rewritten(stored(), session=1), "header is not of format 1"),
        (with_payload(stored(), f'{{{NONCE},"data":{{}}}}'), "content is not canonical"),
        (with_payload(stored(), f'{{"data":{{"a":1.5}},{NONCE}}}'), "content is not canonical"),
        (with_payload(stored(), '{"data":{},"nonce":"short"}'), "content is not of format 1"),
        (with_payload(stored(), f'{{"data":[],{NONCE}}}'), "content is not of format 1"),
        (with_payload(stored(), f'{{"data":{{}},"more":1,{NONCE}}}'), "content is not of format 1"),
        (with_payload(stored(), "[]"), "content is not canonical"),
    ],
)
def test_any_change_to_a_stored_entry_is_named(row: Stored, reason: str) -> None:
    with pytest.raises(BrokenLink) as raised:
        check(row)
    assert str(raised.value) == reason


def test_header_text_that_is_not_canonical_is_named() -> None:
    text = stored().header.replace('"format":1', '"format": 1')
    row = stored()._replace(header=text, hash=chain.sha256(text.encode()).hexdigest())
    with pytest.raises(BrokenLink) as raised:
        check(row)
    assert str(raised.value) == "header is not canonical"


@pytest.mark.parametrize("nonce", ["", "0" * 31, "0" * 33, "G" * 32, "A" * 32, "0" * 31 + "\n"])
def test_nonce_is_32_lower_case_hex_digits(nonce: str) -> None:
    with pytest.raises(NotCanonical):
        chain.data_hash(nonce, {})


def test_unknown_way_in_is_refused() -> None:
    header = CHAIN[0]["header"]
    with pytest.raises(NotCanonical):
        chain.make_header(
            stream="desk", sequence=1, at=header["at"], person=None, session=None, via="window", kind="a.b",
            subject_type="a", subject_id="b", data_hash=ZERO, previous=ZERO,
        )  # fmt: skip
