"""Whatever is changed in the database behind the journal's back, its verification names the place."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest
from sqlalchemy import text

from crisis_desk.journal import stored, verification, verify
from crisis_desk.journal.heads import sign_heads
from crisis_desk.journal.streams import DESK, incident_stream
from crisis_desk.journal.transaction import Journal
from crisis_desk.journal.verification import verify_database
from tests.journal.chains import ACTOR, FLOOD, POISON, empty_journal, execute, note, seal

STREAM, OTHER = incident_stream(FLOOD.id), incident_stream(POISON.id)


def found(journal: Journal) -> list[str]:
    return str(verify_database(journal.database)).splitlines()


def test_untouched_journal_is_verified(any_journal: Journal, keys: Path) -> None:
    assert found(any_journal) == ["verified 5 entries in 2 chains"]
    sign_heads(any_journal, keys, actor=ACTOR)
    assert found(any_journal) == ["verified 7 entries in 3 chains"]


def test_empty_journal_is_verified(tmp_path: Path) -> None:
    journal = empty_journal(f"sqlite:///{tmp_path / 'empty.sqlite'}")
    assert found(journal) == ["verified 0 entries in 0 chains"]
    journal.database.close()


def test_chain_longer_than_a_page_is_read_to_its_end(desk_journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    note(desk_journal, FLOOD, *map(str, range(stored.PAGE + 5)))
    assert found(desk_journal) == [f"verified {stored.PAGE + 10} entries in 2 chains"]
    execute(desk_journal, "UPDATE journal_entry SET kind = 'x.y' WHERE sequence = :last", last=stored.PAGE + 8)
    assert found(desk_journal) == [f"broken: {STREAM} {stored.PAGE + 8} index column differs from the header"]


AT_TWO = "WHERE stream = :stream AND sequence = 2"


@pytest.mark.parametrize(
    ("statement", "place"),
    [
        (f"UPDATE journal_entry SET payload = replace(payload, 'number', 'numbes') {AT_TWO}", "2 content changed"),
        (f"UPDATE journal_entry SET header = replace(header, 'command', 'page') {AT_TWO}", "2 header changed"),
        (f"UPDATE journal_entry SET hash = replace(hash, 'a', 'b') {AT_TWO}", "2 header changed"),
        (f"UPDATE journal_entry SET kind = 'log.noted' {AT_TWO}", "2 index column differs from the header"),
        (
            f"UPDATE journal_entry SET at = '2026-11-24T05:03:31.124Z' {AT_TWO}",
            "2 index column differs from the header",
        ),
        (f"UPDATE journal_entry SET person = NULL {AT_TWO}", "2 index column differs from the header"),
        (f"UPDATE journal_entry SET subject_id = 'x' {AT_TWO}", "2 index column differs from the header"),
        (f"UPDATE journal_entry SET subject_type = 'task' {AT_TWO}", "2 index column differs from the header"),
        (f"UPDATE journal_entry SET payload = NULL {AT_TWO}", "2 sealed without tombstone"),
        (f"DELETE FROM journal_entry {AT_TWO}", "2 sequence gap: found 3"),
        ("DELETE FROM journal_entry WHERE stream = :stream AND sequence = 1", "1 sequence gap: found 2"),
        (
            "DELETE FROM journal_entry WHERE stream = :stream AND sequence = 3",
            "3 the last entry is not the stream's head",
        ),
        ("DELETE FROM journal_entry WHERE stream = :stream", "1 the last entry is not the stream's head"),
        ("DELETE FROM stream_head WHERE stream = :stream", "1 the last entry is not the stream's head"),
        ("UPDATE stream_head SET hash = 'x' WHERE stream = :stream", "4 the last entry is not the stream's head"),
    ],
)
def test_change_behind_the_journals_back_is_named(any_journal: Journal, statement: str, place: str) -> None:
    execute(any_journal, statement, stream=STREAM)
    assert found(any_journal) == [f"broken: {STREAM} {place}"]


def test_each_broken_chain_is_named_once(desk_journal: Journal) -> None:
    execute(desk_journal, "UPDATE journal_entry SET kind = 'x.y'")
    reason = "1 index column differs from the header"
    assert found(desk_journal) == [f"broken: {STREAM} {reason}", f"broken: {OTHER} {reason}"]


def cut(journal: Journal, stream: str, after: int) -> None:
    """Shortens a chain and sets its head back, as somebody with the rights of the database could."""
    execute(journal, "DELETE FROM journal_entry WHERE stream = :s AND sequence > :n", s=stream, n=after)
    execute(
        journal,
        "UPDATE stream_head SET sequence = :n, hash = "
        "(SELECT hash FROM journal_entry WHERE stream = :s AND sequence = :n) WHERE stream = :s",
        s=stream,
        n=after,
    )


def test_missing_tail_shows_by_the_signed_head(any_journal: Journal, keys: Path) -> None:
    cut(any_journal, STREAM, 2)
    assert found(any_journal) == ["verified 4 entries in 2 chains"]
    note(any_journal, FLOOD, "Đã báo")
    sign_heads(any_journal, keys, actor=ACTOR)
    cut(any_journal, STREAM, 2)
    assert found(any_journal) == [f"broken: {STREAM} 3 missing tail behind a signed head"]


def test_missing_stream_shows_by_the_signed_head(any_journal: Journal, keys: Path) -> None:
    sign_heads(any_journal, keys, actor=ACTOR)
    execute(any_journal, "DELETE FROM journal_entry WHERE stream = :s", s=STREAM)
    execute(any_journal, "DELETE FROM stream_head WHERE stream = :s", s=STREAM)
    assert found(any_journal) == [f"broken: {STREAM} 1 the stream is missing, but a signed head names it"]


def test_chain_written_anew_differs_from_its_signed_head(any_journal: Journal, keys: Path) -> None:
    sign_heads(any_journal, keys, actor=ACTOR)
    cut(any_journal, STREAM, 1)
    note(any_journal, FLOOD, "Không có gì", "Vẫn không có gì", "Hết")
    assert found(any_journal) == [f"broken: {STREAM} 3 differs from its signed head"]


def test_desk_chain_can_not_be_cut_behind_its_own_signed_head(desk_journal: Journal, keys: Path) -> None:
    sign_heads(desk_journal, keys, actor=ACTOR)
    note(desk_journal, FLOOD, "Nước rút")
    sign_heads(desk_journal, keys, actor=ACTOR)
    execute(desk_journal, "DELETE FROM journal_entry WHERE stream = :s AND sequence = 2", s=DESK)
    assert found(desk_journal) == [f"broken: {DESK} 2 sequence gap: found 3"]


def test_key_that_the_database_does_not_know_is_named(any_journal: Journal, keys: Path) -> None:
    [head, *_] = sign_heads(any_journal, keys, actor=ACTOR)
    execute(any_journal, "DELETE FROM signing_key")
    reason = f"unknown key {head['key']}"
    assert found(any_journal) == [
        f"broken: {STREAM} 3 {reason}",
        f"broken: {OTHER} 2 {reason}",
        f"broken: desk 1 {reason}",
    ]


def test_key_got_elsewhere_shows_a_journal_written_anew_as_a_whole(
    desk_journal: Journal, keys: Path, tmp_path: Path
) -> None:
    sign_heads(desk_journal, keys, actor=ACTOR)
    trusted = verify_keys(desk_journal)
    forged = empty_journal(f"sqlite:///{tmp_path / 'forged.sqlite'}")
    note(forged, FLOOD, "Không có gì xảy ra")
    [head, *_] = sign_heads(forged, tmp_path / "other", actor=ACTOR)
    assert found(forged) == ["verified 3 entries in 2 chains"]
    reason = f"unknown key {head['key']}"
    expected = [f"broken: {STREAM} 1 {reason}", f"broken: desk 1 {reason}"]
    assert str(verify_database(forged.database, trusted)).splitlines() == expected
    assert verify_database(desk_journal.database, trusted).holds
    forged.database.close()


def verify_keys(journal: Journal) -> dict[str, verify.Key]:
    with journal.database.engine.connect() as connection:
        return verify.read_keys(connection.scalars(text("SELECT public_key FROM signing_key")).one().encode())


def test_sealed_entry_needs_its_tombstone(any_journal: Journal) -> None:
    seal(any_journal, FLOOD, 2)
    assert found(any_journal) == ["verified 6 entries in 2 chains"]
    seal(any_journal, POISON, 1, tombstone=False)
    assert found(any_journal) == [f"broken: {OTHER} 1 sealed without tombstone"]


def test_tombstone_in_another_chain_excuses_nothing(desk_journal: Journal) -> None:
    seal(desk_journal, POISON, 2)
    seal(desk_journal, FLOOD, 2, tombstone=False)
    assert found(desk_journal) == [f"broken: {STREAM} 2 sealed without tombstone"]


def test_memory_does_not_grow_with_the_length_of_the_journal(desk_journal: Journal) -> None:
    def peak() -> int:
        tracemalloc.start()
        verify_database(desk_journal.database)
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return used

    note(desk_journal, FLOOD, *map(str, range(2 * stored.PAGE)))
    peak()
    short = peak()
    note(desk_journal, FLOOD, *map(str, range(4 * stored.PAGE)))
    assert peak() < short * 1.1


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_several_processes_find_what_one_finds(
    engine: str, request: pytest.FixtureRequest, keys: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite:///{tmp_path / 'x.sqlite'}" if engine == "sqlite" else request.getfixturevalue("postgresql_url")
    journal = empty_journal(url)
    monkeypatch.setattr(verification, "ENTRIES_IN_A_GROUP", 1)
    note(journal, FLOOD, *map(str, range(30)))
    note(journal, POISON, *map(str, range(20)))
    sign_heads(journal, keys, actor=ACTOR)
    assert str(verify_database(journal.database, processes=2)) == "verified 52 entries in 3 chains"
    execute(journal, "UPDATE journal_entry SET kind = 'x.y' WHERE sequence = 12")
    cut(journal, OTHER, 15)
    alone = verify_database(journal.database)
    together = verify_database(journal.database, processes=2)
    assert together.faults == alone.faults
    assert sorted(alone.faults) == sorted([STREAM, OTHER])
    journal.database.close()
