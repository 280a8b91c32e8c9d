"""Real desks to measure: laid out in a database, with a person who may use it, and the command that serves it."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.harness import python
from bench.layout import PERSON
from tests import servers

QUIET = {"CRISIS_DESK_LOG_LEVEL": "ERROR"}


@dataclass(frozen=True)
class LaidOut:
    """A demonstration desk with `live` and `closed` incidents more; `token` is a coordinator's, to read and write."""

    url: str
    data: Path
    token: str

    @property
    def command(self) -> list[str]:
        """What serves it."""
        place = ("--data", str(self.data), "--database", self.url)
        return python("crisis_desk.commands", "serve", "--port", "{port}", *place)

    @property
    def headers(self) -> dict[str, str]:
        """What its coordinator sends along with a request."""
        return {"Authorization": f"Bearer {self.token}"}


def lay_out(url: str, data: Path, live: int = 0, closed: int = 0) -> LaidOut:
    """The demonstration desk in an empty database, and so many incidents beside it."""
    subprocess.run(python("bench.layout", url, str(data), str(live), str(closed)), check=True)
    made = run_command(["token", "create", "--person", PERSON, "--scope", "read,write"], url, data)
    return LaidOut(url, data, made.splitlines()[-1])


def run_command(words: Sequence[str], url: str, data: Path) -> str:
    """What a command of the desk prints."""
    command = python("crisis_desk.commands", *words, "--data", str(data), "--database", url)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CRISIS_DESK_")}
    done = subprocess.run(command, check=True, env=environment, stdout=subprocess.PIPE, text=True)
    return done.stdout.strip()


@contextmanager
def databases(engine: str) -> Iterator[Callable[[], str]]:
    """Makes empty databases of an engine, "sqlite" or "postgresql"."""
    with tempfile.TemporaryDirectory() as folder:
        if engine == "sqlite":
            numbers = iter(range(100))
            yield lambda: f"sqlite:///{folder}/{next(numbers)}.sqlite"
        else:
            with servers.postgresql(durable=True) as made:
                yield made.create_database
