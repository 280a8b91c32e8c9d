"""The embedded server: where it listens, how it ends, what it takes and what it writes down."""

from __future__ import annotations

import http.client
import json
import signal
import socket
import threading
import time
import urllib.error
from pathlib import Path

import pytest

from crisis_desk.platform.loopback import is_loopback
from crisis_desk.platform.serving import make_listener
from tests.platform.live_client import CLOSE, TEXT, LiveServer, live_app


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", True),
        ("127.8.9.10", True),
        ("localhost", True),
        ("LOCALHOST", True),
        ("::1", True),
        ("[::1]", True),
        ("::ffff:127.0.0.1", True),
        ("0.0.0.0", False),
        ("::", False),
        ("", False),
        ("10.0.0.4", False),
        ("::ffff:10.0.0.4", False),
        ("localhost.example", False),
        ("desk.example", False),
    ],
)
def test_only_addresses_of_this_machine_alone_are_loopback(host: str, expected: bool) -> None:
    assert is_loopback(host) is expected


def test_accepted_connections_send_without_delay() -> None:
    listener = make_listener("127.0.0.1", 0)
    with socket.create_connection(listener.getsockname()):
        accepted, _ = listener.accept()
        assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) == 1
        accepted.close()
    listener.close()


def test_a_taken_address_is_refused() -> None:
    listener = make_listener("127.0.0.1", 0)
    with pytest.raises(OSError, match="in use"):
        make_listener("127.0.0.1", listener.getsockname()[1])
    listener.close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_lets_requests_end_and_says_goodbye_to_live_clients(tmp_path: Path, number: int) -> None:
    with live_app(tmp_path / "log") as server:
        client = server.client()
        answers: list[object] = []
        asking = threading.Thread(target=lambda: answers.append(server.get("/slow")))
        asking.start()
        server.until(lambda state: state["clients"] == 1)
        time.sleep(0.2)
        server.process.send_signal(number)
        # Engine.IO's own goodbye: after Socket.IO's, a page would not connect again by itself.
        assert client.frame() == (TEXT, b"1")
        assert client.frame() == (CLOSE, b"\x03\xe8")
        client.send_frame(CLOSE, b"\x03\xe8")
        assert client.ended()
        asking.join(10)
        assert answers == [{"ok": True}]
        assert server.process.wait(10) == 0
    assert "Traceback" not in (tmp_path / "log").read_text()


def test_a_live_client_that_does_not_answer_the_goodbye_does_not_hold_the_server(tmp_path: Path) -> None:
    with live_app(tmp_path / "log") as server:
        server.client(receive_buffer=4096).watch("board")
        server.post("/emit", room="board", count=1000, size=4000)
        server.process.terminate()
        assert server.process.wait(15) == 0


def answer(server: LiveServer, body: bytes, **headers: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.request("POST", "/body", body or None, headers)
    response = connection.getresponse()
    try:
        return response.status, response.read()
    finally:
        connection.close()


def test_bodies_are_bounded_by_their_announced_length(tmp_path: Path) -> None:
    with live_app(tmp_path / "log", max_body_bytes=1000) as server:
        assert answer(server, b"x" * 1000) == (200, b'{"size":1000}\n')
        assert answer(server, b"x" * 1001) == (413, b"")
        assert answer(server, b"", **{"Content-Length": "99999999999"}) == (413, b"")
        assert answer(server, b"", **{"Transfer-Encoding": "chunked"}) == (411, b"")
        assert answer(server, b"x") == (200, b'{"size":1}\n')


def test_the_log_holds_no_content(tmp_path: Path) -> None:
    with live_app(tmp_path / "log") as server:
        client = server.client()
        client.watch("board")
        client.ask("measure", "secret-words")
        client.leave()
        server.get("/state?token=secret-token")
        with pytest.raises(urllib.error.HTTPError, match="404"):
            server.post("/nowhere", secret="secret-body")
        with socket.create_connection(("127.0.0.1", server.port)) as raw:
            raw.sendall(b"secret-nonsense\r\n\r\n")
            assert raw.recv(100).startswith(b"HTTP/1.1 400")
        server.until(lambda state: state["clients"] == 0)
    log = (tmp_path / "log").read_text()
    assert "secret" not in log
    assert "'GET /state' 200" in log
    assert "'POST /nowhere' 404" in log
    assert "'GET /socket.io/' 101" in log


def test_keep_alive_answers_do_not_wait_for_a_delayed_acknowledgement(tmp_path: Path) -> None:
    with live_app(tmp_path / "log") as server:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
        connection.request("POST", "/body", b"x")
        connection.getresponse().read()
        assert connection.sock is not None
        peer = connection.sock
        for _ in range(3):
            connection.request("POST", "/body", b"x")
            assert json.loads(connection.getresponse().read()) == {"size": 1}
        assert connection.sock is peer
        connection.close()
