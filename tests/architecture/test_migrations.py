"""A desk keeps its data through every version: numbered steps, one head, and tables that the code expects."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Table

from crisis_desk.features import Base
from crisis_desk.platform.database import Database
from crisis_desk.platform.migrate import head, upgrade
from tests.architecture.sources import HOUSE, files
from tests.servers import PostgreSQL

VERSIONS = files("migrations/versions", ".py")
NUMBERED = re.compile(r"(\d{4})_[a-z0-9_]+\.py")
JOURNAL = {"journal_entry", "stream_head", "signed_head", "signing_key"}


@pytest.fixture(params=["sqlite", "postgresql"])
def upgraded(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty database that every migration has run on."""
    if request.param == "sqlite":
        database = Database(f"sqlite:///{tmp_path / 'desk.sqlite'}")
    else:
        server: PostgreSQL = request.getfixturevalue("postgresql")
        database = Database(server.create_database())
    upgrade(database)
    yield database
    database.close()
    if request.param == "postgresql":
        server.drop_database(database.url.render_as_string(hide_password=False))


def test_migrations_are_numbered_without_a_gap() -> None:
    numbers = [match.group(1) for path in VERSIONS if (match := NUMBERED.fullmatch(path.name))]
    assert len(numbers) == len(VERSIONS)
    assert numbers == [f"{number:04d}" for number in range(1, len(VERSIONS) + 1)]


def test_each_migration_follows_the_one_before() -> None:
    texts = [path.read_text() for path in VERSIONS]
    own = [re.search(r'^revision = "(\w+)"', text, re.MULTILINE) for text in texts]
    before = [re.search(r'^down_revision = (?:"(\w+)"|None)', text, re.MULTILINE) for text in texts]
    chain = [(found and found.group(1), last and last.group(1)) for found, last in zip(own, before, strict=True)]
    numbers = [path.name[:4] for path in VERSIONS]
    assert chain == list(zip(numbers, [None, *numbers[:-1]], strict=True))


def test_the_head_is_the_one_that_is_written_down() -> None:
    # Two branches that both add a migration then meet in this file, where somebody sees it.
    assert (HOUSE / "migrations" / "head.txt").read_text().strip() == head()


def test_an_upgraded_database_has_the_tables_of_the_code(upgraded: Database) -> None:
    with upgraded.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": _is_ours})
        differences = compare_metadata(context, Base.metadata)
    assert differences == []


def test_upgrading_twice_changes_nothing(upgraded: Database) -> None:
    upgrade(upgraded)
    with upgraded.engine.connect() as connection:
        assert MigrationContext.configure(connection).get_current_revision() == head()


def test_no_later_migration_rebuilds_a_table_of_the_journal() -> None:
    # A rebuilt table is a rewritten journal, and loses the triggers that keep it as it was.
    rebuilding = re.compile(r"(batch_alter_table|drop_table|rename_table|alter_column|drop_column)\(\s*['\"](\w+)['\"]")
    found = {
        (path.name, match.group(0))
        for path in VERSIONS[1:]
        for match in rebuilding.finditer(path.read_text())
        if match.group(2) in JOURNAL
    }
    assert found == set()


def _is_ours(thing: object, name: str | None, kind: str, reflected: bool, compared: object) -> bool:
    """Left out: what SQLite's and PostgreSQL's word search keeps for itself, which is not described by models."""
    search = re.compile(r"(_fts|_search|_words)(_\w+)?$|^ix_.*_(trgm|tsv)$|^sqlite_")
    if kind == "table" and isinstance(thing, Table):
        return not (reflected and compared is None and search.search(thing.name))
    return not (reflected and compared is None and name is not None and search.search(name))
