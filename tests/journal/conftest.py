"""Journals and bundles for the tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from crisis_desk.journal.bundle import export
from crisis_desk.journal.transaction import Journal
from tests.journal.chains import ACTOR, FLOOD, POISON, empty_journal, note


def journal_at(url: str) -> Iterator[Journal]:
    """Two incidents, one with odd letters."""
    journal = empty_journal(url)
    note(journal, FLOOD, "Nước dâng tại cầu Lũ", 'Dấu "nháy" và \\ và \t và \u2028 và 🌊', "Đã báo")
    note(journal, POISON, "47 người nhập viện", "Chưa rõ nguyên nhân")
    yield journal
    journal.database.close()


@pytest.fixture
def desk_journal(tmp_path: Path) -> Iterator[Journal]:
    """A journal of two incidents in SQLite."""
    yield from journal_at(f"sqlite:///{tmp_path / 'desk.sqlite'}")


@pytest.fixture(params=["sqlite", "postgresql"])
def any_journal(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Journal]:
    """The same journal in each engine."""
    if request.param == "sqlite":
        yield from journal_at(f"sqlite:///{tmp_path / 'desk.sqlite'}")
    else:
        yield from journal_at(request.getfixturevalue("fresh_postgresql_database")())


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    """The folder of the signing key."""
    return tmp_path / "keys"


@pytest.fixture
def flood_bundle(desk_journal: Journal, keys: Path, tmp_path: Path) -> Path:
    """A bundle of one incident."""
    target = tmp_path / "flood.zip"
    export(desk_journal, keys, target, actor=ACTOR, incident=FLOOD)
    return target


@pytest.fixture
def whole_bundle(desk_journal: Journal, keys: Path, tmp_path: Path) -> Path:
    """A bundle of everything."""
    target = tmp_path / "whole.zip"
    export(desk_journal, keys, target, actor=ACTOR)
    return target
