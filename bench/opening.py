"""What does it cost to open an incident over REST? `python -m bench.opening`.

Against bare Flask routes on the same server and the same schema: one that writes the same rows in one transaction, and
one that does a single INSERT. At 1, 8 and 32 clients, on SQLite and on PostgreSQL.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from bench.harness import Comparison, Figures, ServerProcess, Target, python, report, server, table
from bench.posting import posts_per_second
from tests import servers

RATE = "requests a second"
DESK, ROWS, INSERT = "crisis_desk", "bare route, same rows", "bare route, one INSERT"
LEAST_OF_ROWS = 0.6
LEAST_OF_INSERT = 0.2
BODY = {"title": "Cháy kho hoá chất khu công nghiệp Phú Lộc Giang", "severity": 2, "trigger": "harm"}
PERSON = "coordinator.stttt@demo.invalid"


def main(words: Sequence[str] | None = None) -> int:
    """Measures and prints; 1 when a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 8, 32])
    parser.add_argument("--engines", nargs="+", default=["sqlite", "postgresql"])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=2.0)
    options = parser.parse_args(words)
    targets: list[Target] = []
    for engine in options.engines:
        with _database(engine) as url, tempfile.TemporaryDirectory() as data:
            targets += _measure(engine, url(), url(), Path(data), options)
    return report(targets)


def _measure(engine: str, desk_url: str, bare_url: str, data: Path, options: argparse.Namespace) -> list[Target]:
    token = _lay_out(desk_url, data)
    _desk(["migrate"], bare_url, data)
    desk_command = python(
        "crisis_desk.commands", "serve", "--port", "{port}", "--data", str(data), "--database", desk_url
    )
    bare_command = python("bench.servers.writing", "{port}", bare_url)
    targets: list[Target] = []
    with server(desk_command, CRISIS_DESK_LOG_LEVEL="ERROR") as desk, server(bare_command) as bare:
        for clients in options.clients:
            measure = partial(_rate, clients=clients, seconds=options.seconds)
            variants: dict[str, Callable[[], Figures]] = {
                ROWS: partial(measure, bare, "/rows"),
                INSERT: partial(measure, bare, "/insert"),
                DESK: partial(measure, desk, "/api/v1/incidents", token=token),
            }
            found = Comparison(variants).run(options.rounds)
            print(table(f"Opening an incident, {engine}, {clients} clients", found.rows()))
            targets += _targets(found, engine, clients)
    return targets


def _rate(process: ServerProcess, path: str, *, clients: int, seconds: float, token: str = "") -> Figures:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return {RATE: posts_per_second(process.port, path, BODY, headers, clients, seconds)}


def _targets(found: Comparison, engine: str, clients: int) -> list[Target]:
    # A target is an upper bound, so the promise is told as how many times as fast the bare route is.
    mine = found.values(DESK, RATE)
    times = [
        (ROWS, 1 / LEAST_OF_ROWS),
        (INSERT, 1 / LEAST_OF_INSERT),
    ]
    return [
        Target(
            f"{engine}, {clients} clients: {name} is faster, times",
            sorted(bare / own for bare, own in zip(found.values(name, RATE), mine, strict=True))[len(mine) // 2],
            most,
        )
        for name, most in times
    ]


def _lay_out(url: str, data: Path) -> str:
    subprocess.run(python("bench.layout", url, str(data)), check=True)
    return _desk(["token", "create", "--person", PERSON, "--scope", "read,write"], url, data).splitlines()[-1]


def _desk(words: Sequence[str], url: str, data: Path) -> str:
    command = python("crisis_desk.commands", *words, "--data", str(data), "--database", url)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CRISIS_DESK_")}
    done = subprocess.run(command, check=True, env=environment, stdout=subprocess.PIPE, text=True)
    return done.stdout.strip()


@contextmanager
def _database(engine: str) -> Iterator[Callable[[], str]]:
    """Makes empty databases of an engine."""
    with tempfile.TemporaryDirectory() as folder:
        if engine == "sqlite":
            numbers = iter(range(100))
            yield lambda: f"sqlite:///{folder}/{next(numbers)}.sqlite"
        else:
            with servers.postgresql(durable=True) as made:
                yield made.create_database


if __name__ == "__main__":
    sys.exit(main())
