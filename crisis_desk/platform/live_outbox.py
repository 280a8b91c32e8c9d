"""What one watching client is still to be sent: written to an idle socket at once, queued only for one that lags."""

from __future__ import annotations

import logging
import socket
import struct
from collections import deque
from dataclasses import dataclass
from typing import Protocol

import gevent
import gevent.event
import gevent.socket

log = logging.getLogger(__name__)

CLOSE_GRACE_SECONDS = 5.0
"""How long a closing client may still take what is queued for it, and answer the closing handshake."""

_FINAL_TEXT = 0x81
_FINAL_BINARY = 0x82


class Packet(Protocol):
    """What Engine.IO puts on a client's queue."""

    def encode(self) -> str | bytes: ...


@dataclass
class LagLimit:
    """How far a client may fall behind before it is disconnected; afterwards it catches up by sequence.

    Queued frames are shared between the clients of a room, so the bytes are held once, not once for each client.
    """

    messages: int
    bytes: int
    disconnected: int = 0


def frame(message: str | bytes) -> bytes:
    """The WebSocket frame of one whole message, as a server sends it: final, unmasked (RFC 6455, 5.2)."""
    text = isinstance(message, str)
    payload = message.encode() if isinstance(message, str) else bytes(message)
    first = _FINAL_TEXT if text else _FINAL_BINARY
    size = len(payload)
    if size < 126:
        return bytes((first, size)) + payload
    if size < 65536:
        return struct.pack("!BBH", first, 126, size) + payload
    return struct.pack("!BBQ", first, 127, size) + payload


class Outbox:
    """Takes the place of Engine.IO's queue of one client.

    `put`, `get`, `task_done` and `join` are Engine.IO's side of it. Everything that leaves for this client passes
    through `write`, so frames keep their order and never interleave. `write` never waits; only the client's own
    writer, inside `get`, waits for the client to read.
    """

    __slots__ = ("_ended", "_frames", "_limit", "_lost", "_queued", "_reaper", "_sent", "_socket", "_wake")

    def __init__(self, limit: LagLimit) -> None:
        self._limit = limit
        self._socket: gevent.socket.socket | None = None
        self._frames: deque[bytes] = deque()
        self._queued = 0
        self._sent = 0
        self._ended = False
        self._lost = False
        self._wake = gevent.event.Event()
        self._reaper: gevent.Greenlet[..., object] | None = None

    @property
    def queued_bytes(self) -> int:
        """Bytes the client has still to take."""
        return self._queued

    def attach(self, connection: gevent.socket.socket) -> None:
        """Start writing to `connection`, first of all what was put before it stood."""
        self._socket = connection
        self._wake.set()

    def put(self, packet: Packet | None) -> None:
        """Send a packet after everything put before it; None is Engine.IO's sign that nothing follows."""
        if packet is None:
            self._finish()
        else:
            self.write(frame(packet.encode()))

    def get(self, timeout: float | None = None, block: bool = True) -> None:
        """Write what is queued until this client is over.

        Engine.IO's writer asks here for packets; it is answered only once, with its sign for the end. The time-out is
        not needed: a client that no longer answers is found by the heartbeat.
        """
        while not self._lost:
            self._wake.wait()
            self._wake.clear()
            self._drain()
            if self._ended:
                break

    def task_done(self) -> None:
        """Engine.IO counts the packets it took; there is nothing to count here."""

    def join(self) -> None:
        """Return at once: one client that does not read must not hold up whoever disconnects it."""

    def write(self, data: bytes) -> None:
        """Send whole frames: at once as far as the socket takes them, the rest when it takes more."""
        if self._lost:
            return
        if self._frames or self._socket is None:
            self._queue(data)
            return
        try:
            # The third argument, gevent's own, is the time-out: zero raises instead of waiting.
            sent = self._socket.send(data, 0, 0.0)  # type: ignore[call-arg]
        except BlockingIOError:
            sent = 0
        except OSError:
            self.cut()
            return
        if sent < len(data):
            self._queue(data)
            self._took(sent)
            self._wake.set()

    def cut(self) -> None:
        """Drop what is queued and break the connection; the client's reader then notices and cleans up."""
        if self._lost:
            return
        self._lost = True
        self._frames.clear()
        self._queued = self._sent = 0
        if self._socket is not None:
            try:
                self._socket.shutdown(socket.SHUT_RDWR)
            except OSError:
                log.debug("the client had already broken the connection")
        self._wake.set()

    def release(self) -> None:
        """Leave nothing behind: the connection is handled no more."""
        if self._reaper is not None:
            self._reaper.kill(block=False)
        self.cut()

    def _finish(self) -> None:
        if not self._ended:
            self._ended = True
            self._reaper = gevent.spawn_later(CLOSE_GRACE_SECONDS, self.cut)
            self._wake.set()

    def _queue(self, data: bytes) -> None:
        # One message alone is never too far behind, however large it is; what piles up behind it may be.
        if self._frames and (len(self._frames) >= self._limit.messages or self._queued + len(data) > self._limit.bytes):
            self._limit.disconnected += 1
            log.warning("disconnected a client that lags by %d messages, %d bytes", len(self._frames), self._queued)
            self.cut()
            return
        self._frames.append(data)
        self._queued += len(data)

    def _took(self, sent: int) -> None:
        self._queued -= sent
        self._sent += sent
        if self._sent == len(self._frames[0]):
            self._frames.popleft()
            self._sent = 0

    def _drain(self) -> None:
        connection = self._socket
        while self._frames and connection is not None:
            try:
                sent = connection.send(memoryview(self._frames[0])[self._sent :])
            except OSError:
                self.cut()
                return
            if self._frames:
                self._took(sent)
