"""The servers that other tests rely on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from redis import Redis
from sqlalchemy import create_engine, text

from tests import servers

HOUSE = Path(__file__).resolve().parents[2]
KILLED = """
import time
from tests import servers
with servers.postgresql() as server:
    print(server.url.port, flush=True)
    time.sleep(60)
"""


def _tables(url: str) -> list[str]:
    engine = create_engine(url)
    with engine.connect() as connection:
        names = connection.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).all()
    engine.dispose()
    return list(names)


def _make_table(url: str) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE desk (name text)"))
    engine.dispose()


def test_fresh_databases_know_nothing_of_each_other(fresh_postgresql_database: Callable[[], str]) -> None:
    first, second = fresh_postgresql_database(), fresh_postgresql_database()
    _make_table(first)
    assert (_tables(first), _tables(second)) == (["desk"], [])


def test_a_template_is_built_once_and_copied(postgresql: servers.PostgreSQL) -> None:
    built: list[str] = []

    def build(url: str) -> None:
        built.append(url)
        _make_table(url)

    copies = [postgresql.copy_of("one table", build) for _ in range(2)]
    assert [_tables(url) for url in copies] == [["desk"], ["desk"]]
    assert len(built) == 1
    for url in copies:
        postgresql.drop_database(url)


def test_postgresql_folds_vietnamese_letters_beyond_ascii(postgresql_url: str) -> None:
    with psycopg.connect(postgresql_url.replace("+psycopg", "")) as connection:
        assert connection.execute("SELECT lower('ĐẮK LẮK')").fetchone() == ("đắk lắk",)


def test_redis_passes_a_message_on(redis_url: str) -> None:
    with Redis.from_url(redis_url) as client, client.pubsub(ignore_subscribe_messages=True) as listener:
        listener.subscribe("desk")
        listener.get_message(timeout=5)
        client.publish("desk", "here")
        message = listener.get_message(timeout=5)
    assert message is not None
    assert message["data"] == b"here"


def test_a_named_server_that_does_not_answer_fails_with_advice(monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"postgresql://postgres@127.0.0.1:{servers.free_port()}/postgres"
    monkeypatch.setenv(servers.POSTGRESQL_VARIABLE, url)
    with pytest.raises(servers.ServerFailed, match="does not answer: start it, or unset"), servers.postgresql():
        pass


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A temporary folder that other users may enter, as the servers' own user must."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o755)
        yield Path(name)


def test_servers_end_when_their_starter_is_killed(open_folder: Path) -> None:
    environment = {**os.environ, "TMPDIR": str(open_folder)}
    command = [sys.executable, "-c", KILLED]
    starter = subprocess.Popen(command, cwd=HOUSE, env=environment, stdout=subprocess.PIPE)
    assert starter.stdout is not None
    port = starter.stdout.readline().decode().strip()
    os.kill(starter.pid, signal.SIGKILL)
    starter.wait()
    starter.stdout.close()
    deadline = time.monotonic() + 15
    while _answers(port) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _answers(port)


def _answers(port: str) -> bool:
    try:
        psycopg.connect(f"postgresql://postgres@127.0.0.1:{port}/postgres", connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True
