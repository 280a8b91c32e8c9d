"""Does a page cost more because there is more history behind it? `python -m bench.board`.

A signed-in person's pages of a desk with 20,000 incidents, 1,000 of them live, against the same pages of one with 1,000
incidents, 100 of them live: list and search over REST, and for each row of the board.
"""

from __future__ import annotations

import argparse
import http.client
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from bench.desks import QUIET, LaidOut, databases, lay_out
from bench.harness import Comparison, Figures, ServerProcess, Target, report, server, table

API = "/api/v1/incidents?limit=100"
PAGES = {
    "list, ms": API,
    "list, the gravest first, ms": f"{API}&sort=severity",
    "search of a word of 30 incidents, ms": f"{API}&q=song%20thu",
    "search of a word of every tenth, ms": f"{API}&q=chay",
    "search of a word of every one, ms": f"{API}&q=xa",
}
BOARD, ROW = "board, ms", "board, µs a row"
ROW_OF_BOARD = re.compile(rb'<tr id="incident-')
FEW, MANY = "1,000 incidents, 100 live", "20,000 incidents, 1,000 live"
SIZES = {FEW: (100, 900), MANY: (1_000, 19_000)}
MOST_TIMES_FEW = 1.3


def main(words: Sequence[str] | None = None) -> int:
    """Measures and prints; 1 when a target is missed."""
    parser = argparse.ArgumentParser(prog="python -m bench.board", description=__doc__)
    parser.add_argument("--engines", nargs="+", default=["sqlite"], choices=["sqlite", "postgresql"])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--requests", type=int, default=20, help="for each page and round")
    options = parser.parse_args(words)
    targets: list[Target] = []
    for engine in options.engines:
        with databases(engine) as url, tempfile.TemporaryDirectory() as folder:
            desks = {name: lay_out(url(), Path(folder) / name, *sizes) for name, sizes in SIZES.items()}
            targets += _measure(engine, desks, options.rounds, options.requests)
    return report(targets)


def _measure(engine: str, desks: Mapping[str, LaidOut], rounds: int, requests: int) -> list[Target]:
    few, many = desks[FEW], desks[MANY]
    with server(few.command, **QUIET) as little, server(many.command, **QUIET) as much:
        variants: dict[str, Callable[[], Figures]] = {
            FEW: partial(_figures, little, few.headers, requests),
            MANY: partial(_figures, much, many.headers, requests),
        }
        for warm_up in variants.values():
            warm_up()
        found = Comparison(variants).run(rounds)
    print(table(f"Pages, {engine}, {rounds} rounds of {requests} requests", found.rows()))
    ratios = {figure: found.ratio(MANY, figure) for figure in (*PAGES, ROW)}
    return [
        Target(f"{engine}, {figure}, times that of the small desk", ratio, MOST_TIMES_FEW)
        for figure, ratio in ratios.items()
        if ratio is not None
    ]


def _figures(running: ServerProcess, headers: Mapping[str, str], requests: int) -> Figures:
    connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=60)
    figures = {name: _page(connection, path, headers, requests)[0] for name, path in PAGES.items()}
    figures[BOARD], body = _page(connection, "/", headers, max(3, requests // 4))
    figures[ROW] = 1000 * figures[BOARD] / len(ROW_OF_BOARD.findall(body))
    connection.close()
    return figures


def _page(
    connection: http.client.HTTPConnection, path: str, headers: Mapping[str, str], requests: int
) -> tuple[float, bytes]:
    """The median time of an answer in ms, and the last answer."""
    took, body = [], b""
    for _ in range(requests):
        start = time.perf_counter()
        connection.request("GET", path, headers=dict(headers))
        answer = connection.getresponse()
        body = answer.read()
        took.append(time.perf_counter() - start)
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status} {body[:300].decode(errors='replace')}")
    return 1000 * statistics.median(took), body


if __name__ == "__main__":
    sys.exit(main())
