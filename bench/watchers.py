"""Many watching WebSocket clients in one lean loop: epoll and counting, nothing decoded that need not be.

The same code watches the desk and the baseline, so what it costs itself is in both figures alike.
"""

from __future__ import annotations

import base64
import os
import select
import socket
import struct
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from bench.harness import ServerProcess
from bench.servers.payload import SIZE

TIMEOUT_SECONDS = 30.0
MARK = b'"sent":'


@dataclass(frozen=True)
class Greeting:
    """How a client introduces itself: where it connects, and what it says and hears before it counts as watching."""

    path: str
    messages: Sequence[str] = ()
    answers: int = 0
    headers: str = ""


@dataclass
class Delivery:
    """One event as its watchers saw it: seconds from just before it was sent until the last had it, and its bytes."""

    seconds: float
    size: int


def masked(message: str) -> bytes:
    """A client's text frame; a mask of zeros leaves the payload as it is (RFC 6455, 5.3)."""
    payload = message.encode()
    size = len(payload)
    head = bytes((0x81, 0x80 | size)) if size < 126 else struct.pack("!BBH", 0x81, 0xFE, size)
    return head + b"\0\0\0\0" + payload


class Watcher:
    """One connection and the bytes of it not yet understood."""

    def __init__(self, port: int, greeting: Greeting) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT_SECONDS)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = b""
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall(
            f"GET {greeting.path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n{greeting.headers}\r\n".encode()
        )
        while b"\r\n\r\n" not in self.buffer:
            self._wait()
        head, _, self.buffer = self.buffer.partition(b"\r\n\r\n")
        if b" 101 " not in head:
            raise RuntimeError(f"The server refused a watcher: {head.decode(errors='replace')}")
        for message in greeting.messages:
            self.socket.sendall(masked(message))
        heard = 0
        while heard < greeting.answers:
            heard += len(self.frames())
            if heard < greeting.answers:
                self._wait()
        self.socket.setblocking(False)

    def _wait(self) -> None:
        data = self.socket.recv(65536)
        if not data:
            raise RuntimeError("The server closed a watcher's connection.")
        self.buffer += data

    def frames(self) -> list[bytes]:
        """The payloads of all whole frames in the buffer."""
        found, buffer, at = [], self.buffer, 0
        while len(buffer) >= at + 2:
            size, start = buffer[at + 1], at + 2
            if size >= 126:
                start += 2 if size == 126 else 8
                size = int.from_bytes(buffer[at + 2 : start])
            if len(buffer) < start + size:
                break
            found.append(buffer[start : start + size])
            at = start + size
        self.buffer = buffer[at:]
        return found


class Crowd:
    """All watchers of one server."""

    def __init__(self, port: int, greeting: Greeting, size: int) -> None:
        self.watchers: dict[int, Watcher] = {}
        self.poll = select.epoll()
        for _ in range(size):
            watcher = Watcher(port, greeting)
            self.watchers[watcher.socket.fileno()] = watcher
            self.poll.register(watcher.socket.fileno(), select.EPOLLIN)

    def __enter__(self) -> Crowd:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.poll.close()
        for watcher in self.watchers.values():
            watcher.socket.close()

    def say(self, message: str) -> None:
        """Let the first watcher send a message."""
        first = next(iter(self.watchers.values()))
        first.socket.sendall(masked(message))

    def delivery(self, event: bytes, asked: float) -> Delivery:
        """Wait until every watcher has the next event whose payload begins with `event`.

        The payload may tell when it was sent, as `"sent":` and seconds of CLOCK_MONOTONIC, which processes share;
        without it the time runs from `asked`.
        """
        missing = set(self.watchers)
        sent, last, size, end = 0.0, 0.0, 0, time.monotonic() + TIMEOUT_SECONDS
        while missing:
            if time.monotonic() > end:
                raise RuntimeError(f"{len(missing)} watchers did not get an event within {TIMEOUT_SECONDS:g} seconds.")
            for descriptor, _ in self.poll.poll(1.0):
                payload = self._read(descriptor, event)
                if payload is not None:
                    missing.discard(descriptor)
                    last, size = time.monotonic(), len(payload)
                    sent = sent or moment(payload) or asked
        return Delivery(last - sent, size)

    def _read(self, descriptor: int, event: bytes) -> bytes | None:
        watcher = self.watchers[descriptor]
        watcher._wait()
        for payload in watcher.frames():
            if payload == b"2":
                watcher.socket.sendall(masked("3"))
            elif payload.startswith(event):
                return payload
        return None


def moment(payload: bytes) -> float:
    """When the event was sent, by its own word; zero when it does not say."""
    start = payload.find(MARK) + len(MARK)
    if start < len(MARK):
        return 0.0
    end = start
    while payload[end : end + 1] in b"0123456789." and end < len(payload):
        end += 1
    return float(payload[start:end])


@dataclass(frozen=True)
class Subject:
    """A server to measure: how it starts, how clients watch it, how one makes it send an event to all of them.

    `tell` gets the running server and its crowd and causes one event, whose payload begins with `event`. When the
    payload holds `"sent":` with seconds of CLOCK_MONOTONIC, the time runs from there, else from the call of `tell`.
    `health` is a cheap page; empty where there is no HTTP. `size` is that of one event in bytes: the baseline sends as
    many.
    """

    command: Sequence[str]
    greeting: Greeting
    tell: Callable[[ServerProcess, Crowd], None]
    event: bytes = b'42["entry"'
    health: str = ""
    size: int = SIZE
    environment: Mapping[str, str] = field(default_factory=dict)
