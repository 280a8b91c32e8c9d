"""Clients that lag, vanish, shout or speak nonsense, and what the server does about each without harm to the others."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.platform.live_client import CLOSE, PING, PONG, TEXT, LiveServer, live_app


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    with live_app(tmp_path_factory.mktemp("live") / "log") as server:
        yield server


@pytest.fixture
def server(shared: LiveServer) -> Iterator[LiveServer]:
    """The server all tests share that need no settings of their own; nobody is connected before or after."""
    yield shared
    shared.close_clients()
    assert nothing_left(shared) == NOTHING


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log"


def nothing_left(server: LiveServer) -> dict[str, object]:
    state = server.until(lambda state: state["clients"] == 0 and state["rooms"] == 0)
    return {name: state[name] for name in ("clients", "rooms", "queued_bytes")}


NOTHING = {"clients": 0, "rooms": 0, "queued_bytes": 0}


@pytest.mark.parametrize(
    "limit", [{"max_queued_messages": 200}, {"max_queued_bytes": 2_000_000}], ids=["messages", "bytes"]
)
def test_a_client_that_lags_too_far_is_disconnected_and_the_others_get_everything(
    log: Path, limit: dict[str, int]
) -> None:
    with live_app(log, **limit) as server:
        laggard, watcher = server.client(receive_buffer=4096), server.client()
        laggard.watch("board")
        watcher.watch("board")
        numbers = []
        for _ in range(50):
            server.post("/emit", room="board", count=100, size=2000)
            numbers += [watcher.event()["number"] for _ in range(100)]
        assert numbers == list(range(100)) * 50
        state = server.until(lambda state: state["clients"] == 1)
        assert (state["clients"], state["disconnected_for_lag"], state["queued_bytes"]) == (1, 1, 0)
        assert state["reasons"] == ["transport close"]
        assert laggard.ended()
        watcher.leave()
        assert nothing_left(server) == NOTHING


def test_heartbeats_keep_a_quiet_client_and_drop_one_that_does_not_answer(log: Path) -> None:
    with live_app(log, ping_seconds=0.3, pong_seconds=2) as server:
        alive, _silent = server.client(), server.client()
        for _ in range(16):
            assert alive.frame() == (TEXT, b"2")
            alive.send("3")
        assert alive.ask("measure", "abcd") == {"size": 4}
        state = server.until(lambda state: state["clients"] == 1)
        assert (state["clients"], state["reasons"]) == (1, ["ping timeout"])


def test_a_client_that_reads_nothing_is_dropped_by_the_heartbeat(log: Path) -> None:
    with live_app(log, ping_seconds=0.2, pong_seconds=0.4) as server:
        deaf = server.client(receive_buffer=4096)
        deaf.watch("board")
        server.post("/emit", room="board", count=3000, size=2000)
        assert nothing_left(server) == NOTHING
        assert server.state()["reasons"] == ["ping timeout"]
        deaf.leave()


def test_a_pong_answers_a_websocket_ping(server: LiveServer) -> None:
    client = server.client()
    client.send_frame(PING, b"are you there")
    assert client.frame() == (PONG, b"are you there")
    client.leave()


def test_clients_that_leave_in_any_way_leave_nothing_behind(log: Path) -> None:
    with live_app(log, ping_seconds=0.5) as server:
        server.client().leave()
        before = server.until(lambda state: state["clients"] == 0 and state["greenlets"] == 3)["greenlets"]
        clients = [server.client() for _ in range(40)]
        for number, client in enumerate(clients):
            client.watch(f"incident:{number % 3}")
        assert server.state()["clients"] == 40
        for client in clients[:10]:
            client.leave()
        for client in clients[10:20]:
            client.send_frame(CLOSE, b"\x03\xe8")
            assert client.goodbye() == b"\x03\xe8"
        for client in clients[20:30]:
            client.send("41")
            client.socket.close()
        for client in clients[30:]:
            client.socket.close()
        assert nothing_left(server) == NOTHING
        state = server.until(lambda state: state["greenlets"] == before)
        assert state["greenlets"] == before
        assert (before, len(state["reasons"])) == (3, 41)


def test_a_client_that_vanishes_while_it_is_written_to_harms_nobody(server: LiveServer) -> None:
    watcher = server.client()
    watcher.watch("board")
    for _ in range(5):
        vanishing = server.client(receive_buffer=4096)
        vanishing.watch("board")
        server.post("/emit", room="board", count=500, size=4000)
        vanishing.leave()
        server.post("/emit", room="board", count=500, size=4000)
        assert [watcher.event()["number"] for _ in range(1000)] == list(range(500)) * 2
    watcher.leave()
    assert nothing_left(server) == NOTHING


def test_a_client_disconnected_with_events_on_the_way_still_gets_them_and_a_goodbye(server: LiveServer) -> None:
    client = server.client(receive_buffer=4096)
    sid = client.watch("board")
    server.post("/emit", room="board", count=500, size=4000)
    server.post("/disconnect", sid=sid)
    server.post("/emit", room="board", count=1, size=1)
    assert [client.event()["number"] for _ in range(500)] == list(range(500))
    assert client.message() == "41"
    client.leave()
    assert nothing_left(server) == NOTHING


def test_a_message_over_the_limit_closes_the_connection_and_the_server_stays_well(log: Path) -> None:
    with live_app(log, max_message_bytes=100_000) as server:
        watcher = server.client()
        watcher.watch("board")
        whole, pieces, fitting = (server.client() for _ in range(3))
        whole.send('42["measure","' + "x" * 99_990)
        whole.send("x" * 100_001)
        assert whole.ended()
        pieces.send("4" + "x" * 60_000, final=False)
        pieces.send("x" * 60_000, first=False)
        assert pieces.ended()
        assert fitting.ask("measure", "x" * 99_000) == {"size": 99_000}
        server.post("/emit", room="board", count=1)
        assert watcher.event()["number"] == 0
        assert server.until(lambda state: state["clients"] == 2)["clients"] == 2
        for client in (whole, fitting, watcher):
            client.leave()


def test_a_message_in_pieces_arrives_as_one(server: LiveServer) -> None:
    client = server.client()
    client.send('421["mea', final=False)
    client.send_frame(PING, b"between")
    client.send('sure","đủ"]', first=False)
    assert client.frame() == (PONG, b"between")
    assert client.message() == '431[{"size":2}]'
    client.send('451-2["measure",{"_placeholder":true,"num":0}]')
    client.send(b"12345")
    assert client.message() == '432[{"size":5}]'
    client.leave()


@pytest.mark.parametrize("nonsense", ["x", "", "42not json", "9"])
def test_nonsense_ends_or_is_ignored_without_a_trace(server: LiveServer, nonsense: str) -> None:
    watcher, client = server.client(), server.client()
    watcher.watch("board")
    client.send(nonsense)
    client.leave()
    server.post("/emit", room="board", count=1)
    assert watcher.event()["number"] == 0
    watcher.leave()
    assert nothing_left(server) == NOTHING


def test_an_unmasked_frame_closes_the_connection_with_a_protocol_error(server: LiveServer) -> None:
    client = server.client()
    client.socket.sendall(b"\x81\x01x")
    opcode, reason = client.frame()
    assert (opcode, int.from_bytes(reason[:2])) == (CLOSE, 1002)
    assert client.ended()
    assert nothing_left(server) == NOTHING


def test_who_is_refused_or_never_asks_to_be_let_in_does_not_stay_connected(log: Path) -> None:
    with live_app(log, join_seconds=0.5) as server:
        member, refused, silent = server.client(), server.client(auth={"refuse": True}), server.client(join=False)
        assert refused.ended()
        assert silent.ended()
        assert member.ask("measure", "abc") == {"size": 3}
        assert server.until(lambda state: state["clients"] == 1)["clients"] == 1
