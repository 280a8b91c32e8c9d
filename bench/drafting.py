"""How soon does a letter typed in a statement reach the others, once it is on disk? `python -m bench.drafting`.

20 editors type 5 letters a second each into one text: time from typing a letter until another editor has it, time until
its author is told that it is saved, and processor time of the server. Against a relay that stores nothing. Editors of
the desk do as the page does: one change on its way at a time, what is typed meanwhile goes along with the next.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Protocol
from uuid import uuid4

import orjson
from pycrdt import XmlElement, XmlText, merge_updates
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from bench.harness import Comparison, Figures, ServerProcess, Target, python, report, server, table
from crisis_desk.people.signed_in import COOKIE
from crisis_desk.statements.draft_document import apply_update, empty_draft, root
from tests.browser.draft_desk import DraftDesk

P50, P99 = "at the others, p50, ms", "at the others, p99, ms"
SAVED = "told as saved, p50, ms"
CPU = "CPU of the server, % of a core"
RELAY, DESK = "bare relay, nothing stored", "crisis_desk"
MOST_TIMES_CPU = 8.0
LETTERS = "chúng tôi hiểu sự lo lắng của bà con "


@dataclass
class Typing:
    """What was sent when, and how long it took to arrive."""

    sent: dict[bytes, list[float]] = field(default_factory=dict)
    arrived: list[float] = field(default_factory=list)
    saved: list[float] = field(default_factory=list)

    def note(self, update: bytes) -> None:
        now = time.monotonic()
        self.arrived.extend(now - typed for typed in self.sent.get(update, ()))


class Line(Protocol):
    """An editor's connection."""

    async def open(self) -> bytes | None: ...
    async def send(self, update: bytes) -> None: ...
    async def listen(self) -> None: ...
    async def close(self) -> None: ...


class RelayLine:
    """A connection to the bare relay."""

    def __init__(self, port: int, typing: Typing) -> None:
        self.port, self.typing = port, typing

    async def open(self) -> bytes | None:
        self.socket: ClientConnection = await connect(f"ws://127.0.0.1:{self.port}", compression=None)
        return None

    async def send(self, update: bytes) -> None:
        self.typing.sent[update] = [time.monotonic()]
        await self.socket.send(update)

    async def listen(self) -> None:
        try:
            async for message in self.socket:
                self.typing.note(bytes(message))  # type: ignore[arg-type]
        except ConnectionClosed:
            return

    async def close(self) -> None:
        await self.socket.close()


class DeskLine:
    """A connection to the desk, speaking Socket.IO's binary events."""

    def __init__(self, port: int, typing: Typing, cookie: str, statement: str) -> None:
        self.port, self.typing, self.cookie, self.statement = port, typing, cookie, statement
        self.waiting: list[tuple[bytes, float]] = []
        self.flying: list[float] = []
        self.count = 0

    async def open(self) -> bytes | None:
        origin = f"http://127.0.0.1:{self.port}"
        headers = {"Cookie": f"{COOKIE}={self.cookie}", "Origin": origin}
        address = f"ws://127.0.0.1:{self.port}/socket.io/?EIO=4&transport=websocket"
        self.socket: ClientConnection = await connect(address, compression=None, additional_headers=headers)
        await self.socket.recv()
        await self.socket.send("40")
        await self.socket.recv()
        await self.socket.send("420" + orjson.dumps(["draft:open", {"statement": self.statement}]).decode())
        await self.socket.recv()
        update = bytes(await self.socket.recv())  # type: ignore[arg-type]
        await self.socket.recv()
        return update

    async def send(self, update: bytes) -> None:
        self.waiting.append((update, time.monotonic()))
        await self._flush()

    async def _flush(self) -> None:
        if self.flying or not self.waiting:
            return
        updates, self.flying = [update for update, _ in self.waiting], [typed for _, typed in self.waiting]
        self.waiting = []
        update = updates[0] if len(updates) == 1 else merge_updates(*updates)
        self.typing.sent[update] = self.flying
        self.count += 1
        bytes_follow = {"_placeholder": True, "num": 0}
        message = {"statement": self.statement, "id": str(uuid4()), "update": bytes_follow}
        await self.socket.send(f"451-{self.count}" + orjson.dumps(["draft:update", message]).decode())
        await self.socket.send(update)

    async def listen(self) -> None:
        try:
            async for message in self.socket:
                if isinstance(message, bytes):
                    self.typing.note(message)
                elif message == "2":
                    await self.socket.send("3")
                elif message.startswith("43"):
                    await self._saved(message)
        except ConnectionClosed:
            return

    async def _saved(self, answer: str) -> None:
        if '"ok":true' not in answer:
            raise RuntimeError(answer)
        now = time.monotonic()
        self.typing.saved.extend(now - typed for typed in self.flying)
        self.flying = []
        await self._flush()

    async def close(self) -> None:
        await self.socket.close()


def changes_of(start: bytes, count: int) -> list[bytes]:
    """What an editor who types in a paragraph of her own sends, letter by letter."""
    draft = empty_draft()
    apply_update(draft, start)
    tree = root(draft)
    changes: list[bytes] = []
    text = XmlText()
    for number in range(count):
        before = draft.get_state()
        with draft.transaction():
            if number == 0:
                paragraph = XmlElement("paragraph")
                tree.children.append(paragraph)
                paragraph.children.append(text)
            text.insert(len(text), LETTERS[number % len(LETTERS)])
        changes.append(draft.get_update(before))
    return changes


async def _type(lines: Sequence[Line], typing: Typing, changes: list[list[bytes]], pause: float) -> None:
    listening = [asyncio.create_task(line.listen()) for line in lines]

    async def one(index: int, line: Line) -> None:
        await asyncio.sleep(pause * index / len(lines))
        start = time.monotonic()
        for number, update in enumerate(changes[index]):
            await asyncio.sleep(max(0.0, start + number * pause - time.monotonic()))
            await line.send(update)

    await asyncio.gather(*(one(index, line) for index, line in enumerate(lines)))
    expected = sum(map(len, changes)) * (len(lines) - 1)
    end = time.monotonic() + 60
    while len(typing.arrived) < expected and time.monotonic() < end:
        await asyncio.sleep(0.05)
    for line in lines:
        await line.close()
    await asyncio.gather(*listening)
    if len(typing.arrived) != expected:
        raise RuntimeError(f"{len(typing.arrived)} of {expected} deliveries arrived")


def _measure(
    running: ServerProcess, make: Callable[[Typing], Line], editors: int, letters: int, pause: float
) -> Figures:
    typing = Typing()

    async def measure() -> Figures:
        lines = [make(typing) for _ in range(editors)]
        starts = [await line.open() for line in lines]
        empty = starts[0] or empty_draft().get_update()
        changes = [changes_of(empty, letters) for _ in lines]
        before, began = running.cpu_seconds(), time.monotonic()
        await _type(lines, typing, changes, pause)
        used, took = running.cpu_seconds() - before, time.monotonic() - began
        return _figures(typing, used / took)

    return asyncio.run(measure())


def _figures(typing: Typing, busy: float) -> Figures:
    arrived = [1000 * seconds for seconds in typing.arrived]
    found = {P50: statistics.median(arrived), P99: statistics.quantiles(arrived, n=100)[98], CPU: 100 * busy}
    if typing.saved:
        found[SAVED] = 1000 * statistics.median(typing.saved)
    return found


def _measure_desk(running: ServerProcess, desk: DraftDesk, *numbers: float) -> Figures:
    desk.begin()
    statement, cookie = desk.statement_id, desk.tokens["thao"]
    editors, letters, pause = numbers

    def make(typing: Typing) -> Line:
        return DeskLine(running.port, typing, cookie, statement)

    figures = _measure(running, make, int(editors), int(letters), pause)
    stored = desk.text
    if stored.count("\n") != 2 + int(editors) or len(stored) < editors * letters:
        raise RuntimeError("what was typed is not in the stored text")
    return figures


def _measure_relay(running: ServerProcess, *numbers: float) -> Figures:
    editors, letters, pause = numbers
    return _measure(running, partial(RelayLine, running.port), int(editors), int(letters), pause)


def main(words: Sequence[str] | None = None) -> int:
    """Measures and prints; 1 when a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--editors", type=int, default=20)
    parser.add_argument("--rate", type=float, default=5.0, help="letters a second of each editor")
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args(words)
    numbers = (options.editors, options.rate * options.seconds, 1 / options.rate)
    with tempfile.TemporaryDirectory() as folder:
        desk = DraftDesk(Path(folder))
        desk.lay_out()
        command = python("crisis_desk.commands", "serve", "--port", "{port}", "--data", folder)
        with (
            server(command, CRISIS_DESK_LOG_LEVEL="ERROR") as running,
            server(python("bench.servers.relay", "{port}")) as relay,
        ):
            variants: dict[str, Callable[[], Figures]] = {
                RELAY: partial(_measure_relay, relay, *numbers),
                DESK: partial(_measure_desk, running, desk, *numbers),
            }
            found = Comparison(variants).run(options.rounds)
        desk.database.close()
    print(table(f"{options.editors} editors, {options.rate:g} letters a second each", found.rows()))
    ratio = found.ratio(DESK, CPU)
    assert ratio is not None
    return report([Target("CPU of the desk, times the relay's", ratio, MOST_TIMES_CPU)])


if __name__ == "__main__":
    sys.exit(main())
