"""What every bench shares: servers as processes of their own, interleaved rounds, a table of ratios.

This machine's absolute figures mean little elsewhere, so each bench measures its subject and a bare baseline by turns
in the same run and judges the ratio of the two within a round.
"""

from __future__ import annotations

import os
import resource
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[1]
START_SECONDS = 120.0
STOP_SECONDS = 20.0

Figures = dict[str, float]
"""What one round of one variant measured, by name; the unit belongs to the name."""


@dataclass
class ServerProcess:
    """A running server and what it has cost so far, its child processes included."""

    process: psutil.Popen
    port: int

    def _family(self) -> list[psutil.Process]:
        return [self.process, *self.process.children(recursive=True)]

    def cpu_seconds(self) -> float:
        """Processor time used since the start, in seconds."""
        return sum(times.user + times.system for times in (one.cpu_times() for one in self._family()))

    def rss_bytes(self) -> int:
        """Resident memory at this moment, in bytes."""
        return sum(one.memory_info().rss for one in self._family())


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for_port(port: int, alive: Callable[[], bool]) -> None:
    """Return once somebody listens on `port`. Raises RuntimeError when the server ended or took too long."""
    end = time.monotonic() + START_SECONDS
    while alive() and time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("The server to be measured did not start; its own message is above.")


@contextmanager
def server(command: Sequence[str], **environment: str) -> Iterator[ServerProcess]:
    """Run `command` with {port} in its words replaced by a free port; end it by its process id afterwards."""
    port = free_port()
    words = [word.replace("{port}", str(port)) for word in command]
    process = psutil.Popen(words, cwd=ROOT, stdout=subprocess.DEVNULL, env={**os.environ, **environment})
    try:
        wait_for_port(port, lambda: process.poll() is None)
        yield ServerProcess(process, port)
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except (psutil.TimeoutExpired, subprocess.TimeoutExpired):
            process.kill()
            process.wait()


def python(module: str, *arguments: str) -> list[str]:
    """The command that runs a module of this repository with this Python."""
    return [sys.executable, "-m", module, *arguments]


def allow_many_files() -> None:
    """Raise the limit of open files of this process, and of the servers it starts, as far as is allowed."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


@dataclass
class Comparison:
    """The rounds of several variants against the baseline, the one named first."""

    variants: Mapping[str, Callable[[], Figures]]
    rounds: dict[str, list[Figures]] = field(default_factory=dict)

    @property
    def baseline(self) -> str:
        return next(iter(self.variants))

    def run(self, rounds: int) -> Comparison:
        """Measure every variant in each round, each round in the opposite order of the one before."""
        order = list(self.variants)
        for number in range(rounds):
            for name in order if number % 2 == 0 else reversed(order):
                self.rounds.setdefault(name, []).append(self.variants[name]())
        return self

    def figures(self) -> list[str]:
        """The names of the figures that both the baseline and another variant have, then the others."""
        return list(dict.fromkeys(name for rounds in self.rounds.values() for one in rounds for name in one))

    def values(self, variant: str, figure: str) -> list[float]:
        """What each round measured, in the order of the rounds; empty when the variant has no such figure."""
        return [one[figure] for one in self.rounds[variant] if figure in one]

    def ratio(self, variant: str, figure: str) -> float | None:
        """The median, over the rounds, of the variant's figure to the baseline's in the same round."""
        pairs = list(zip(self.values(variant, figure), self.values(self.baseline, figure), strict=False))
        return statistics.median(mine / bare for mine, bare in pairs) if pairs and all(b for _, b in pairs) else None

    def rows(self) -> list[list[str]]:
        """One row for each figure and variant: median, spread (least to most) and ratio."""
        return [
            [figure, name, number(statistics.median(found)), spread(found), ratio_text(self.ratio(name, figure))]
            for figure in self.figures()
            for name in self.variants
            if (found := self.values(name, figure))
        ]


def number(value: float) -> str:
    """Three significant places, without an exponent."""
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"


def spread(values: Sequence[float]) -> str:
    """The least and the most."""
    return f"{number(min(values))} – {number(max(values))}"


def ratio_text(ratio: float | None) -> str:
    """The ratio, or nothing where there is no baseline."""
    return "" if ratio is None else f"{ratio:.2f}"


def table(title: str, rows: Sequence[Sequence[str]], head: Sequence[str] = ()) -> str:
    """The rows as a Markdown table."""
    head = head or ("figure", "variant", "median", "least – most", "ratio to baseline")
    lines = [head, ["---"] * len(head), *rows]
    return f"\n{title}\n\n" + "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


@dataclass(frozen=True)
class Target:
    """A promise of the product: a measured value and the most it may be."""

    name: str
    value: float
    most: float

    @property
    def kept(self) -> bool:
        return self.value <= self.most

    def row(self) -> list[str]:
        return [self.name, f"{self.value:.2f}", f"{self.most:g}", "kept" if self.kept else "MISSED"]


def report(targets: Sequence[Target]) -> int:
    """Print what was promised and what was found; the exit code, 1 when a promise is not kept."""
    print(table("Targets", [target.row() for target in targets], ("target", "found", "at most", "")))
    return 0 if all(target.kept for target in targets) else 1
