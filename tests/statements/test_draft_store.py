"""What was acknowledged is on disk; what is read comes from the store; what is refused leaves no trace."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import OperationalError

from crisis_desk.journal.transaction import Journal
from crisis_desk.platform.database import Base, Database
from crisis_desk.platform.errors import DeskError, Invalid, NotFound, TooLarge, Unavailable
from crisis_desk.statements import draft_store as store
from crisis_desk.statements.canonical import text_sha256
from crisis_desk.statements.draft_document import apply_update
from crisis_desk.statements.draft_models import DraftSnapshot, DraftUpdate
from crisis_desk.statements.draft_room import Drafts
from crisis_desk.statements.draft_store import Change, Frozen, UnknownBase
from tests.statements.draft_documents import draft_of, text_of, type_into

ID = "11111111-1111-4111-8111-111111111111"
MORNING = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
Another = Callable[[], Drafts]
TABLES = [table for name, table in Base.metadata.tables.items() if name.startswith("draft_")]


class Hands:
    """A clock that the test sets."""

    def __init__(self) -> None:
        self.at = MORNING

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    url = f"sqlite:///{tmp_path / 'desk.sqlite'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("fresh_postgresql_database")()
    opened = Database(url)
    Base.metadata.create_all(opened.engine, TABLES)
    yield opened
    opened.close()


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture
def drafts(database: Database, clock: Hands) -> Drafts:
    made = Drafts(Journal(database, clock), gather_seconds=0.001)
    begin(made)
    return made


@pytest.fixture
def another(database: Database, clock: Hands) -> Iterator[Another]:
    """Opens the same store as another process sees it."""
    opened: list[Database] = []

    def open_it() -> Drafts:
        opened.append(Database(database.url.render_as_string(hide_password=False)))
        return Drafts(Journal(opened[-1], clock))

    yield open_it
    for one in opened:
        one.close()


def begin(drafts: Drafts, statement_id: str = ID, words: str = "p\tĐầu.") -> None:
    with drafts.journal.unjournalled_transaction("test") as session:
        store.start(session, statement_id, words, person_id="thao", at=drafts.journal.clock())


def typed(drafts: Drafts, words: str, after: str = "Đầu", update_id: str | None = None) -> Change:
    content = type_into(draft_of(drafts.open(ID).update), after, words)
    return drafts.append(Change(ID, content, update_id or words, "tab", "ha"))


def freeze(drafts: Drafts) -> str:
    with drafts.journal.unjournalled_transaction("test") as session:
        return store.freeze(session, ID)


def test_changes_are_numbered_one_by_one_from_the_first_text(drafts: Drafts) -> None:
    assert [typed(drafts, word).number for word in (" một", " hai")] == [2, 3]
    assert drafts.text(ID) == "p\tĐầu hai một."


def test_opening_shows_what_another_process_stored(drafts: Drafts, another: Another) -> None:
    drafts.open(ID)
    typed(another(), " nơi khác")
    assert text_of(draft_of(drafts.open(ID).update)) == "p\tĐầu nơi khác."


def test_an_editor_gets_only_what_it_lacks(drafts: Drafts) -> None:
    mine = draft_of(drafts.open(ID).update)
    typed(drafts, " mới")
    opened = drafts.open(ID, mine.get_state())
    assert len(opened.update) < len(drafts.open(ID).update)
    apply_update(mine, opened.update)
    assert (text_of(mine), opened.number, opened.vector) == ("p\tĐầu mới.", 2, mine.get_state())


def test_a_repeated_change_keeps_its_first_number(drafts: Drafts) -> None:
    first = typed(drafts, " một", update_id="same")
    typed(drafts, " hai")
    again = drafts.append(Change(ID, first.content, "same", "tab", "ha"))
    assert (again.number, again.is_repeated, again.at) == (first.number, True, first.at)
    assert drafts.open(ID).number == 3


def test_many_at_once_lose_nothing_and_share_commits(drafts: Drafts) -> None:
    contents = [type_into(draft_of(drafts.open(ID).update), "Đầu", f" [{n}]") for n in range(40)]
    threads = [
        threading.Thread(target=drafts.append, args=(Change(ID, content, str(n), "tab", f"person{n % 3}"),))
        for n, content in enumerate(contents)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    words = drafts.text(ID)
    assert [n for n in range(40) if f" \\[{n}\\]" not in words] == []
    with drafts.journal.database.reading() as session:
        numbers = session.scalars(select(DraftUpdate.number).order_by(DraftUpdate.number)).all()
        assert list(numbers) == list(range(1, 42))
        assert store.writers(session, ID) == ["person0", "person1", "person2", "thao"]


def test_a_frozen_draft_refuses_changes_until_it_is_opened_again(drafts: Drafts, another: Another) -> None:
    typed(drafts, " một")
    late = type_into(draft_of(drafts.open(ID).update), "Đầu", " muộn")
    elsewhere = another()
    assert freeze(drafts) == "p\tĐầu một."
    for process in (drafts, elsewhere):
        with pytest.raises(Frozen):
            process.append(Change(ID, late, "late", "tab", "ha"))
    with pytest.raises(Frozen):
        freeze(drafts)
    assert (drafts.text(ID), drafts.open(ID).is_frozen) == ("p\tĐầu một.", True)
    with drafts.journal.unjournalled_transaction("test") as session:
        store.thaw(session, ID)
    assert elsewhere.append(Change(ID, late, "late", "tab", "ha")).number == 3


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        (Change(ID, b"no update", "x"), Invalid),
        (Change(ID, b"", "x"), Invalid),
        (Change(ID, b"\x00\x00", ""), Invalid),
        (Change(ID, b"\x00\x00", "x" * 65), Invalid),
        (Change(ID, bytes(store.MAX_UPDATE_BYTES + 1), "x"), TooLarge),
        (Change("22222222-2222-4222-8222-222222222222", b"\x00\x00", "x"), NotFound),
    ],
)
def test_what_is_refused_is_not_stored(drafts: Drafts, change: Change, refusal: type[DeskError]) -> None:
    with pytest.raises(refusal):
        drafts.append(Change(change.statement_id, change.content, change.update_id))
    assert drafts.open(ID).number == 1


def test_a_document_beyond_its_bound_takes_no_more(database: Database, clock: Hands) -> None:
    drafts = Drafts(Journal(database, clock), most_bytes=5_000)
    begin(drafts)
    typed(drafts, "x" * 4_000, update_id="x")
    with pytest.raises(TooLarge):
        typed(drafts, "y" * 4_000, update_id="y")
    typed(drafts, " vừa")
    assert drafts.text(ID).startswith("p\tĐầu vừaxxx")


def test_one_refused_change_does_not_hold_up_the_others_of_its_commit(drafts: Drafts) -> None:
    begin(drafts, "33333333-3333-4333-8333-333333333333")
    freeze(drafts)
    content = type_into(draft_of(drafts.open(ID).update), "Đầu", " x")
    changes = [Change(ID, content, "a"), Change("33333333-3333-4333-8333-333333333333", content, "b")]
    with drafts.journal.unjournalled_transaction("test") as session:
        store.write(session, changes, MORNING)
    assert [type(change.error) for change in changes] == [Frozen, type(None)]
    assert [change.number for change in changes] == [0, 2]


def test_a_fault_of_the_store_is_no_empty_text(drafts: Drafts, another: Another) -> None:
    content = type_into(draft_of(drafts.open(ID).update), "Đầu", " x")
    with drafts.journal.database.engine.begin() as connection:
        connection.execute(text("ALTER TABLE draft_update RENAME TO draft_update_away"))
    for process in (drafts, another()):
        with pytest.raises(Unavailable):
            process.open(ID)
        with pytest.raises(Unavailable):
            process.append(Change(ID, content, "x", "tab", "ha"))
    with drafts.journal.database.engine.begin() as connection:
        connection.execute(text("ALTER TABLE draft_update_away RENAME TO draft_update"))
    assert drafts.append(Change(ID, content, "x", "tab", "ha")).number == 2
    assert drafts.text(ID) == "p\tĐầu x."


def test_a_draft_with_a_hole_is_not_shown_as_if_it_were_whole(drafts: Drafts, another: Another) -> None:
    typed(drafts, " một")
    typed(drafts, " hai")
    with drafts.journal.database.engine.begin() as connection:
        connection.execute(text("DELETE FROM draft_update WHERE number = 2"))
    with pytest.raises(Unavailable):
        another().open(ID)


def test_compaction_keeps_the_text_and_drops_what_is_older_than_a_day(
    drafts: Drafts, another: Another, clock: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "SNAPSHOT_EVERY", 10)
    for turn in range(25):
        typed(drafts, f" {turn}")
    clock.at += timedelta(hours=25)
    before = drafts.text(ID)
    for turn in range(25, 35):
        typed(drafts, f" {turn}")
    with drafts.journal.database.reading() as session:
        snapshots = session.scalars(select(DraftSnapshot.number).order_by(DraftSnapshot.number)).all()
        first = session.scalar(select(func.min(DraftUpdate.number)))
    assert (list(snapshots), first) == ([20, 30], 21)
    fresh = another()
    assert fresh.text(ID) == drafts.text(ID)
    assert len(before) < len(fresh.text(ID))


def test_a_text_given_out_can_be_changed_for_a_day_whatever_was_typed_since(
    drafts: Drafts, clock: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "SNAPSHOT_EVERY", 3)
    given = drafts.give_text(ID)
    assert (given.text, given.text_sha256) == ("p\tĐầu.", text_sha256("p\tĐầu."))
    for turn in range(10):
        typed(drafts, f" {turn}")
    clock.at += timedelta(hours=23)
    merged = drafts.merge(ID, "h1\tTin\np\tĐầu. Hết.", given.text_sha256, person_id="api")
    assert merged.number == 12
    assert drafts.text(ID) == "h1\tTin\np\tĐầu 9 8 7 6 5 4 3 2 1 0. Hết."
    clock.at += timedelta(hours=2)
    with pytest.raises(UnknownBase):
        drafts.merge(ID, "p\tKhác", given.text_sha256, person_id="api")


def test_a_text_that_was_never_given_out_is_no_base(drafts: Drafts) -> None:
    with pytest.raises(UnknownBase):
        drafts.merge(ID, "p\tKhác", text_sha256("p\tĐầu."), person_id="api")


def test_a_frozen_draft_takes_no_text_from_a_program(drafts: Drafts) -> None:
    given = drafts.give_text(ID)
    freeze(drafts)
    with pytest.raises(Frozen):
        drafts.merge(ID, "p\tKhác", given.text_sha256, person_id="api")


def test_killing_the_process_while_three_type_loses_nothing_acknowledged(drafts: Drafts, another: Another) -> None:
    url = drafts.journal.database.url.render_as_string(False)
    for _ in range(2):
        before = drafts.open(ID).number
        acknowledged = _type_and_kill(url, 25)
        fresh = another()
        words = fresh.text(ID)
        assert [word for _, word in acknowledged if f" {word}." not in words] == []
        assert fresh.open(ID).number >= max(number for number, _ in acknowledged) > before
        _start_anew(drafts)


def _type_and_kill(url: str, lines: int) -> list[tuple[int, str]]:
    command = [sys.executable, "-m", "tests.statements.draft_writer", url, ID]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    victim = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    assert victim.stdout is not None
    heard = [victim.stdout.readline() for _ in range(lines)]
    victim.send_signal(signal.SIGKILL)
    heard += victim.stdout.readlines()
    victim.wait()
    victim.stdout.close()
    whole = [line.split() for line in heard if line.endswith("\n")]
    return [(int(number), word) for number, word in whole]


def _start_anew(drafts: Drafts) -> None:
    deadline = time.monotonic() + 10
    while True:
        try:
            with drafts.journal.database.engine.begin() as connection:
                for table in ("draft_update", "draft_head", "draft_snapshot", "draft_base", "draft_writer"):
                    connection.execute(text(f"DELETE FROM {table}"))
            break
        except OperationalError:
            assert time.monotonic() < deadline
    begin(drafts)
