"""What does a desk cost while nothing happens, and how soon does it answer after a start? `python -m bench.resting`.

Memory of the demonstration desk, served and left alone, and seconds from the start of the process until its sign-in
page has been answered, against a bare Flask app on the same server.
"""

from __future__ import annotations

import argparse
import http.client
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from bench.desks import QUIET, lay_out
from bench.harness import Comparison, Figures, Target, python, report, server, table

MEMORY = "memory at rest, MB"
FIRST = "first page after the start, s"
IDLE = "CPU at rest, % of a core"
BARE, DESK = "bare Flask app", "crisis_desk"
MOST_TIMES_MEMORY = 3.0
MOST_TIMES_START = 6.0
MOST_PERCENT = 3.0


def main(words: Sequence[str] | None = None) -> int:
    """Measures and prints; 1 when a target is missed."""
    parser = argparse.ArgumentParser(prog="python -m bench.resting", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=5.0, help="how long the server is left alone")
    options = parser.parse_args(words)
    with tempfile.TemporaryDirectory() as folder:
        desk = lay_out(f"sqlite:///{folder}/desk.sqlite", Path(folder))
        variants = {
            BARE: partial(_figures, python("bench.servers.page", "{port}"), "/", options.seconds),
            DESK: partial(_figures, desk.command, "/sign-in", options.seconds),
        }
        found = Comparison(variants).run(options.rounds)
    print(table(f"At rest, {options.rounds} rounds", found.rows()))
    return report(_targets(found))


def _figures(command: Sequence[str], path: str, seconds: float) -> Figures:
    start = time.monotonic()
    with server(command, **QUIET) as running:
        _get(running.port, path)
        first, spent = time.monotonic() - start, running.cpu_seconds()
        time.sleep(seconds)
        idle = 100 * (running.cpu_seconds() - spent) / seconds
        return {MEMORY: running.rss_bytes() / 1e6, FIRST: first, IDLE: idle}


def _get(port: int, path: str) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    if answer.status != 200:
        raise RuntimeError(f"{path} answered {answer.status}")


def _targets(found: Comparison) -> list[Target]:
    memory, start = found.ratio(DESK, MEMORY), found.ratio(DESK, FIRST)
    assert memory is not None
    assert start is not None
    return [
        Target("memory at rest, times the bare app's", memory, MOST_TIMES_MEMORY),
        Target("first page, times the bare app's", start, MOST_TIMES_START),
        Target(IDLE, statistics.median(found.values(DESK, IDLE)), MOST_PERCENT),
    ]


if __name__ == "__main__":
    sys.exit(main())
