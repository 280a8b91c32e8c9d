"""How soon, and how cheaply, does one event reach everybody who watches? `python -m bench.fan_out`.

Against `websockets.broadcast`, the leanest broadcast in Python: time until the last client has the event, processor
time for each delivery, memory for each client; and whether HTTP still answers as quickly with all of them connected.
"""

from __future__ import annotations

import argparse
import gc
import http.client
import statistics
import sys
import time
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import replace
from functools import partial

from bench.harness import (
    Comparison,
    Figures,
    ServerProcess,
    Target,
    allow_many_files,
    python,
    report,
    server,
    table,
)
from bench.watched_desk import watched_desk
from bench.watchers import Crowd, Greeting, Subject

LAST = "last client, ms"
CPU = "CPU for a delivery, µs"
MEMORY = "memory for a client, KB"
ALONE = "HTTP answer with nobody connected, ms"
CROWDED = "HTTP answer with all connected, ms"

FURTHER_LAST = "each further client, µs"
FURTHER_CPU = "CPU for each further client, µs"

MOST_TIMES_BASELINE = 1.3
MOST_KILOBYTES = 75.0
MOST_TIMES_ALONE = 1.5

WATCH_BOARD = Greeting(
    "/socket.io/?EIO=4&transport=websocket", messages=("40", '420["watch",{"room":"board"}]'), answers=3
)


BROADCAST = Subject(python("bench.servers.broadcast", "{port}"), Greeting("/"), lambda _, crowd: crowd.say("tell"))
DESK, BASELINE = "crisis_desk", "websockets.broadcast"
TRANSPORT = Subject(
    python("bench.servers.live", "{port}"), WATCH_BOARD, lambda _, crowd: crowd.say('42["tell",{}]'), health="/health"
)
STOCK = Subject(python("bench.servers.live", "{port}", "stock"), WATCH_BOARD, TRANSPORT.tell, health="/health")


def measure(subject: Subject, clients: int, events: int, rate: float) -> Figures:
    """One round: start the server, connect the clients, send the events at `rate` a second."""
    with server(subject.command, **subject.environment) as running:
        figures: Figures = {}
        if subject.health:
            figures[ALONE] = http_milliseconds(running.port, subject.health)
        before = running.rss_bytes()
        with Crowd(running.port, subject.greeting, clients) as crowd:
            figures[MEMORY] = (running.rss_bytes() - before) / clients / 1024
            if subject.health:
                figures[CROWDED] = http_milliseconds(running.port, subject.health)
            figures.update(fan_out(subject, running, crowd, events, rate))
        with Crowd(running.port, subject.greeting, 1) as crowd:
            one = fan_out(subject, running, crowd, events, rate)
        return figures | further(one, figures, clients)


def further(one: Figures, all_of_them: Figures, clients: int) -> Figures:
    """What each client but the first costs: the event itself is made once, however many watch."""
    last = 1000 * (all_of_them[LAST] - one[LAST]) / (clients - 1)
    return {FURTHER_LAST: last, FURTHER_CPU: (all_of_them[CPU] * clients - one[CPU]) / (clients - 1)}


def fan_out(subject: Subject, running: ServerProcess, crowd: Crowd, events: int, rate: float) -> Figures:
    """Send `events` events and measure the deliveries, after a few that only warm up."""
    gc.collect()
    gc.disable()
    try:
        for _ in range(3):
            subject.tell(running, crowd)
            crowd.delivery(subject.event, time.monotonic())
        spent, took = running.cpu_seconds(), []
        for _ in range(events):
            start = time.monotonic()
            subject.tell(running, crowd)
            took.append(crowd.delivery(subject.event, start).seconds)
            time.sleep(max(0.0, start + 1 / rate - time.monotonic()))
        spent = running.cpu_seconds() - spent
    finally:
        gc.enable()
    return {LAST: 1000 * statistics.median(took), CPU: 1e6 * spent / events / len(crowd.watchers)}


def http_milliseconds(port: int, path: str, requests: int = 200) -> float:
    """The median of answers on one kept connection."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    took = []
    for _ in range(requests):
        start = time.monotonic()
        connection.request("GET", path)
        connection.getresponse().read()
        took.append(time.monotonic() - start)
    connection.close()
    return 1000 * statistics.median(took)


def compare(subject: Subject, arguments: argparse.Namespace, clients: int) -> list[Target]:
    """All rounds with this many clients, printed, and what they say of the targets."""
    broadcast = replace(BROADCAST, command=[*BROADCAST.command, str(subject.size)])
    variants: dict[str, Subject] = {BASELINE: broadcast, DESK: subject}
    if arguments.stock:
        variants["stock Flask-SocketIO"] = STOCK
    comparison = Comparison(
        {name: partial(measure, one, clients, arguments.events, arguments.rate) for name, one in variants.items()}
    ).run(arguments.rounds)
    title = f"{clients} clients, {arguments.rounds} rounds of {arguments.events} events of {subject.size} bytes"
    print(table(title, comparison.rows()))
    return targets(comparison, clients, (FURTHER_LAST, FURTHER_CPU) if arguments.desk else (LAST, CPU))


def targets(comparison: Comparison, clients: int, judged: Sequence[str]) -> list[Target]:
    """What is promised, as found with this many clients; the `judged` figures against the baseline."""
    found = []
    for figure in judged:
        ratio = comparison.ratio(DESK, figure)
        assert ratio is not None
        found.append(Target(f"{figure}, {clients} clients, times baseline", ratio, MOST_TIMES_BASELINE))
    memory = statistics.median(comparison.values(DESK, MEMORY))
    found.append(Target(f"{MEMORY}, {clients} clients", memory, MOST_KILOBYTES))
    crowded, alone = (comparison.values(DESK, figure) for figure in (CROWDED, ALONE))
    slower = statistics.median(many / none for many, none in zip(crowded, alone, strict=True))
    found.append(Target(f"HTTP answer, {clients} clients, times alone", slower, MOST_TIMES_ALONE))
    return found


def main(words: Sequence[str] | None = None, subject: Subject = TRANSPORT) -> int:
    """Measure and print; the exit code is 1 when a target is missed."""
    parser = argparse.ArgumentParser(prog="python -m bench.fan_out", description=__doc__)
    parser.add_argument("--clients", type=int, nargs="+", default=[100, 500, 1000])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--events", type=int, default=40)
    parser.add_argument("--rate", type=float, default=20.0, help="events a second")
    parser.add_argument("--stock", action="store_true", help="measure Flask-SocketIO as it comes, too")
    parser.add_argument(
        "--desk", action="store_true", help="measure the whole desk: a note in a log, told to its board"
    )
    arguments = parser.parse_args(words)
    allow_many_files()
    with watched_desk() if arguments.desk else nullcontext(subject) as measured:
        return report([target for clients in arguments.clients for target in compare(measured, arguments, clients)])


if __name__ == "__main__":
    sys.exit(main())
