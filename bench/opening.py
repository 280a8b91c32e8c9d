"""What does it cost to open an incident over REST? `python -m bench.opening`.

Against bare Flask routes on the same server and the same schema: one that writes the same rows in one transaction, and
one that does a single INSERT. At 1, 8 and 32 clients, on SQLite and on PostgreSQL.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from bench.desks import QUIET, databases, lay_out, run_command
from bench.harness import Comparison, Figures, ServerProcess, Target, python, report, server, table
from bench.posting import posts_per_second

RATE = "requests a second"
DESK, ROWS, INSERT = "crisis_desk", "bare route, same rows", "bare route, one INSERT"
LEAST_OF_ROWS = 0.6
LEAST_OF_INSERT = 0.2
BODY = {"title": "Cháy kho hoá chất khu công nghiệp Phú Lộc Giang", "severity": 2, "trigger": "harm"}


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
        with databases(engine) as url, tempfile.TemporaryDirectory() as data:
            targets += _measure(engine, url(), url(), Path(data), options)
    return report(targets)


def _measure(engine: str, desk_url: str, bare_url: str, data: Path, options: argparse.Namespace) -> list[Target]:
    laid_out = lay_out(desk_url, data)
    run_command(["migrate"], bare_url, data)
    bare_command = python("bench.servers.writing", "{port}", bare_url)
    targets: list[Target] = []
    with server(laid_out.command, **QUIET) as desk, server(bare_command) as bare:
        for clients in options.clients:
            measure = partial(_rate, clients=clients, seconds=options.seconds)
            variants: dict[str, Callable[[], Figures]] = {
                ROWS: partial(measure, bare, "/rows"),
                INSERT: partial(measure, bare, "/insert"),
                DESK: partial(measure, desk, "/api/v1/incidents", token=laid_out.token),
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


if __name__ == "__main__":
    sys.exit(main())
