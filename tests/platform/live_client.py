"""A plain Socket.IO client on a plain socket, which reads only when told to; and the server it talks to."""

from __future__ import annotations

import base64
import json
import os
import socket
import struct
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10


class LiveServer:
    """A running server of its own process."""

    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        self.process = process
        self.port = port
        self.clients: list[LiveClient] = []

    def client(self, **options: Any) -> LiveClient:
        """A client of this server, whose socket is closed at the latest when the server ends."""
        client = LiveClient(self.port, **options)
        self.clients.append(client)
        return client

    def close_clients(self) -> None:
        """Close the connections of all clients made here."""
        while self.clients:
            self.clients.pop().socket.close()

    def post(self, path: str, **order: Any) -> Any:
        return self._ask(path, json.dumps(order).encode())

    def get(self, path: str) -> Any:
        return self._ask(path, None)

    def state(self) -> dict[str, Any]:
        return dict(self.get("/state"))

    def until(self, agreed: Callable[[dict[str, Any]], bool], seconds: float = 10) -> dict[str, Any]:
        """The state, as soon as it is as expected; the last one seen when it never is."""
        end = time.monotonic() + seconds
        while True:
            state = self.state()
            if agreed(state) or time.monotonic() > end:
                return state
            time.sleep(0.05)

    def _ask(self, path: str, body: bytes | None) -> Any:
        headers = {"Content-Type": "application/json"} if body is not None else {}
        url = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", body, headers)
        with urllib.request.urlopen(url, timeout=30) as answer:
            return json.load(answer)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for_port(port: int, seconds: float = 30) -> None:
    """Return once somebody listens on `port`."""
    end = time.monotonic() + seconds
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)
        else:
            return


@contextmanager
def running(command: list[str], log: Path, port: int | None = None) -> Iterator[LiveServer]:
    """Start a server, on `port` or on the one it prints, and end it by its process id afterwards."""
    with log.open("w") as stderr:
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=stderr, text=True)
    assert process.stdout is not None
    server = LiveServer(process, port or 0)
    try:
        if port is None:
            server.port = int(process.stdout.readline())
        wait_for_port(server.port)
        yield server
    finally:
        server.close_clients()
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise
        finally:
            process.stdout.close()


def live_app(log: Path, **options: Any) -> Any:
    """The test app of `apps/live_app.py`, running."""
    return running([sys.executable, "-m", "tests.platform.apps.live_app", json.dumps(options)], log)


class LiveClient:
    """One WebSocket connection; connected to the default namespace unless told otherwise."""

    def __init__(
        self,
        port: int,
        *,
        auth: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
        join: bool = True,
        receive_buffer: int | None = None,
    ) -> None:
        self.socket = socket.socket()
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(30)
        self.socket.connect(("127.0.0.1", port))
        self._buffer = bytearray()
        self._acknowledgement = 0
        self.pongs = True
        self.handshake = self._shake_hands(port, headers or {})
        if self.handshake.startswith("HTTP/1.1 101"):
            self.opened = json.loads(self.message()[1:])
            if join:
                self.send("40" + (json.dumps(auth) if auth else ""))
                self.joined = self.message()

    def _shake_hands(self, port: int, headers: dict[str, str]) -> str:
        lines = {
            "Host": f"127.0.0.1:{port}",
            "Connection": "Upgrade",
            "Upgrade": "websocket",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": base64.b64encode(os.urandom(16)).decode(),
            **headers,
        }
        request = "".join(f"{name}: {value}\r\n" for name, value in lines.items() if value)
        self.socket.sendall(f"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\n{request}\r\n".encode())
        while (end := self._buffer.find(b"\r\n\r\n")) < 0:
            self._fill()
        head = self._buffer[:end].decode()
        del self._buffer[: end + 4]
        return head

    def _fill(self) -> None:
        data = self.socket.recv(65536)
        if not data:
            raise ConnectionError("the server closed the connection")
        self._buffer += data

    def _take(self, size: int) -> bytes:
        while len(self._buffer) < size:
            self._fill()
        data = bytes(self._buffer[:size])
        del self._buffer[:size]
        return data

    def frame(self) -> tuple[int, bytes]:
        """The next frame: its opcode and payload. Raises ConnectionError at the end, AssertionError at nonsense."""
        first, size = self._take(2)
        assert first & 0xF0 == 0x80
        assert size < 128
        if size == 126:
            (size,) = struct.unpack("!H", self._take(2))
        elif size == 127:
            (size,) = struct.unpack("!Q", self._take(8))
        return first & 0x0F, self._take(size)

    def message(self) -> str:
        """The next text message, heartbeats answered on the way."""
        while True:
            opcode, payload = self.frame()
            if opcode == CLOSE:
                raise ConnectionError(f"closed with {payload!r}")
            assert opcode == TEXT
            if payload != b"2":
                return payload.decode()
            if self.pongs:
                self.send("3")

    def event(self) -> Any:
        """The data of the next event, with binary parts put in their place."""
        message = self.message()
        if message.startswith("45"):
            opcode, attachment = self.frame()
            assert opcode == BINARY
            data = json.loads(message[message.index("-") + 1 :])[1]
            return {name: attachment if isinstance(value, dict) else value for name, value in data.items()}
        assert message.startswith("42")
        return json.loads(message[2:])[1]

    def send(self, message: str | bytes, *, final: bool = True, first: bool = True) -> None:
        payload = message.encode() if isinstance(message, str) else message
        opcode = (TEXT if isinstance(message, str) else BINARY) if first else 0
        self.send_frame(opcode, payload, final=final)

    def send_frame(self, opcode: int, payload: bytes, *, final: bool = True) -> None:
        size = len(payload)
        head = bytes((opcode | (0x80 if final else 0),))
        if size < 126:
            head += bytes((0x80 | size,))
        elif size < 65536:
            head += struct.pack("!BH", 0xFE, size)
        else:
            head += struct.pack("!BQ", 0xFF, size)
        # A mask of zeros is a mask, and leaves the payload as it is.
        self.socket.sendall(head + b"\0\0\0\0" + payload)

    def ask(self, event: str, data: Any) -> Any:
        """Send an event and return what it is acknowledged with."""
        self._acknowledgement += 1
        self.send(f"42{self._acknowledgement}{json.dumps([event, data])}")
        answer = self.message()
        expected = f"43{self._acknowledgement}"
        assert answer.startswith(expected)
        return json.loads(answer[len(expected) :])[0]

    def watch(self, room: str = "board") -> str:
        """Enter a room; returns this client's id."""
        return str(self.ask("watch", {"room": room})["sid"])

    def goodbye(self) -> bytes:
        """What the server closes with, whatever comes before."""
        while True:
            opcode, payload = self.frame()
            if opcode == CLOSE:
                return payload

    def ended(self) -> bool:
        """Read on until the server closes the connection; False when it does not within the time-out."""
        try:
            while True:
                self.frame()
        except TimeoutError:
            return False
        except OSError:
            return True

    def leave(self) -> None:
        """Break the connection without a word, as a lost network does in the end."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()
