"""Keys, signed heads, and what the journal tells of them."""

from __future__ import annotations

import json
import stat
import threading
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlalchemy import func, select

from crisis_desk.journal import heads, verify
from crisis_desk.journal import keys as signing_keys
from crisis_desk.journal.chain import canonical_text
from crisis_desk.journal.heads import all_signed_heads, sign_heads, signed_heads
from crisis_desk.journal.keys import Signer, WrongKey, load_key, published_keys, replace_key
from crisis_desk.journal.models import JournalEntry, SigningKey
from crisis_desk.journal.streams import DESK, incident_stream
from crisis_desk.journal.transaction import Journal
from crisis_desk.journal.verification import verify_database
from tests.journal.chains import ACTOR, DESK_ID, FLOOD, POISON, note
from tests.journal.test_chain import VECTORS
from tests.journal_checks import check_replay

VECTOR = json.loads((VECTORS / "heads.json").read_text(encoding="utf-8"))
FLOOD_STREAM, POISON_STREAM = incident_stream(FLOOD.id), incident_stream(POISON.id)


def kinds_in_desk(journal: Journal) -> list[str]:
    with journal.database.reading() as session:
        query = select(JournalEntry.kind).where(JournalEntry.stream == DESK).order_by(JournalEntry.sequence)
        return list(session.scalars(query))


def streams_signed(journal: Journal, keys: Path) -> list[tuple[str, int]]:
    return [(head["stream"], head["sequence"]) for head in sign_heads(journal, keys, actor=ACTOR)]


def test_only_chains_that_changed_are_signed(any_journal: Journal, keys: Path) -> None:
    assert streams_signed(any_journal, keys) == [(FLOOD_STREAM, 3), (POISON_STREAM, 2), (DESK, 1)]
    note(any_journal, FLOOD, "Nước rút")
    assert streams_signed(any_journal, keys) == [(FLOOD_STREAM, 4), (DESK, 2)]


def test_signing_its_own_entry_comes_to_an_end(desk_journal: Journal, keys: Path) -> None:
    sign_heads(desk_journal, keys, actor=ACTOR)
    before = kinds_in_desk(desk_journal)
    assert streams_signed(desk_journal, keys) == []
    assert kinds_in_desk(desk_journal) == before == ["journal.signing_key_started", "journal.heads_signed"]


def test_many_heads_are_told_in_entries_of_bounded_size(
    desk_journal: Journal, keys: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heads, "HEADS_IN_ONE_ENTRY", 2)
    assert len(sign_heads(desk_journal, keys, actor=ACTOR)) == 3
    assert kinds_in_desk(desk_journal).count("journal.heads_signed") == 2
    assert streams_signed(desk_journal, keys) == []
    assert verify_database(desk_journal.database).holds


def test_signed_heads_are_those_of_the_journal(any_journal: Journal, keys: Path) -> None:
    first = sign_heads(any_journal, keys, actor=ACTOR)
    note(any_journal, FLOOD, "Nước rút")
    second = sign_heads(any_journal, keys, actor=ACTOR)
    with any_journal.database.reading() as session:
        assert signed_heads(session) == sorted([*second, first[1]], key=lambda head: head["stream"])
        assert signed_heads(session, [POISON_STREAM]) == [first[1]]
        assert signed_heads(session, []) == []
        assert list(all_signed_heads(session, FLOOD_STREAM)) == [first[0], second[0]]
    check_replay(any_journal)


def test_every_signed_head_holds_for_the_verifier(desk_journal: Journal, keys: Path) -> None:
    signed = sign_heads(desk_journal, keys, actor=ACTOR)
    with desk_journal.database.reading() as session:
        published = verify.read_keys(json.dumps(published_keys(session)).encode())
    assert [verify.signature_fault(head, head["at"], DESK_ID, published) for head in signed] == [None, None, None]
    assert [heads.head_fault(head, DESK_ID, published) for head in signed] == [None, None, None]


@pytest.mark.parametrize("position", [0, 1])
def test_heads_have_their_published_signature(position: int) -> None:
    vector = VECTOR["heads"][position]
    private = signing_keys.Ed25519PrivateKey.from_private_bytes(bytes.fromhex(VECTOR["private_key_hex"]))
    signer = Signer(private, vector["head"]["desk"])
    values = {name: vector["head"][name] for name in ("stream", "sequence", "hash", "at")}
    assert signer.sign(values) == vector["head"]
    assert canonical_text(vector["head"]) == vector["line"]
    published = verify.read_keys(VECTOR["public_key"].encode())
    assert list(published) == [VECTOR["key"]] == [signer.key]
    assert verify.signature_fault(vector["head"], vector["head"]["at"], signer.desk, published) is None


def test_private_key_is_open_to_its_owner_alone(keys: Path) -> None:
    first = load_key(keys).private_bytes_raw()
    assert load_key(keys).private_bytes_raw() == first
    assert [path.name for path in keys.iterdir()] == ["signing-key.pem"]
    assert stat.S_IMODE((keys / "signing-key.pem").stat().st_mode) == 0o600
    assert stat.S_IMODE(keys.stat().st_mode) == 0o700


def test_starts_at_the_same_time_end_with_one_key(keys: Path) -> None:
    found: list[bytes] = []
    threads = [threading.Thread(target=lambda: found.append(load_key(keys).private_bytes_raw())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(found), len(set(found))) == (8, 1)
    assert [path.name for path in keys.iterdir()] == ["signing-key.pem"]


def test_replaced_key_ends_its_period_when_the_new_one_begins(any_journal: Journal, keys: Path) -> None:
    old = sign_heads(any_journal, keys, actor=ACTOR)
    replace_key(any_journal, keys, actor=ACTOR)
    note(any_journal, FLOOD, "Nước rút")
    new = sign_heads(any_journal, keys, actor=ACTOR)
    assert old[0]["key"] != new[0]["key"]
    with any_journal.database.reading() as session:
        published = published_keys(session)
    periods = [(key["id"], key["valid_to"]) for key in published["keys"]]
    assert periods == [(old[0]["key"], published["keys"][1]["valid_from"]), (new[0]["key"], None)]
    assert verify_database(any_journal.database).holds
    check_replay(any_journal)


def test_key_whose_period_has_ended_signs_nothing_more(desk_journal: Journal, keys: Path) -> None:
    sign_heads(desk_journal, keys, actor=ACTOR)
    text = (keys / "signing-key.pem").read_bytes()
    replace_key(desk_journal, keys, actor=ACTOR)
    (keys / "signing-key.pem").write_bytes(text)
    before = kinds_in_desk(desk_journal)
    with pytest.raises(WrongKey, match="ended on 2026-11-24T"):
        sign_heads(desk_journal, keys, actor=ACTOR)
    assert kinds_in_desk(desk_journal) == before


def test_lost_key_file_begins_a_new_period(desk_journal: Journal, keys: Path) -> None:
    sign_heads(desk_journal, keys, actor=ACTOR)
    (keys / "signing-key.pem").unlink()
    note(desk_journal, FLOOD, "Nước rút")
    sign_heads(desk_journal, keys, actor=ACTOR)
    with desk_journal.database.reading() as session:
        open_keys = select(func.count()).select_from(SigningKey).where(SigningKey.valid_to.is_(None))
        assert (session.scalar(open_keys), session.scalar(select(func.count()).select_from(SigningKey))) == (1, 2)
    assert verify_database(desk_journal.database).holds


def test_file_without_an_ed25519_key_is_refused(desk_journal: Journal, keys: Path) -> None:
    keys.mkdir()
    text = X25519PrivateKey.generate().private_bytes(
        signing_keys.Encoding.PEM, signing_keys.PrivateFormat.PKCS8, signing_keys.NoEncryption()
    )
    (keys / "signing-key.pem").write_bytes(text)
    with pytest.raises(WrongKey, match="holds no Ed25519 key"):
        sign_heads(desk_journal, keys, actor=ACTOR)
