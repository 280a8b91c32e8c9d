"""What tests of every feature may ask for."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests import servers


@pytest.fixture(scope="session")
def postgresql() -> Iterator[servers.PostgreSQL]:
    """A real PostgreSQL server, one per test process."""
    with servers.postgresql() as server:
        yield server


@pytest.fixture(scope="module")
def postgresql_url(postgresql: servers.PostgreSQL) -> Iterator[str]:
    """The address of an empty database that this test module has for itself."""
    url = postgresql.create_database()
    yield url
    postgresql.drop_database(url)


@pytest.fixture
def fresh_postgresql_database(postgresql: servers.PostgreSQL) -> Iterator[Callable[[], str]]:
    """Makes empty databases for one test; call it as often as needed."""
    made: list[str] = []

    def fresh() -> str:
        made.append(postgresql.create_database())
        return made[-1]

    yield fresh
    for url in made:
        postgresql.drop_database(url)


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """The address of a real Redis, one per test process."""
    with servers.redis() as url:
        yield url
