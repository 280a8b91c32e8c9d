"""What every watching client may rely on: each event once, whole, in order, whatever the others do."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
from wsproto.connection import Connection, ConnectionType
from wsproto.events import BytesMessage, TextMessage

from crisis_desk.platform.live_outbox import frame
from crisis_desk.platform.live_transport import PINNED, require_pinned_versions
from tests.platform.live_client import LiveServer, live_app


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    with live_app(tmp_path_factory.mktemp("live") / "log") as running:
        yield running


def test_twenty_thousand_events_reach_a_client_that_reads_slowly_whole_and_in_order(server: LiveServer) -> None:
    client = server.client(receive_buffer=4096)
    client.watch("slow")
    server.post("/emit", room="slow", count=20_000, size=600)
    assert server.state()["queued_bytes"] > 5_000_000
    for number in range(20_000):
        assert client.event() == {"number": number, "filling": "x" * 600}
    assert server.state()["queued_bytes"] == 0
    client.leave()


def test_events_sent_while_a_slow_client_catches_up_stay_in_order(server: LiveServer) -> None:
    client = server.client(receive_buffer=4096)
    client.watch("steady")
    numbers = []
    for _ in range(10):
        server.post("/emit", room="steady", count=500, size=2000)
        numbers += [client.event()["number"] for _ in range(250)]
    numbers += [client.event()["number"] for _ in range(2500)]
    assert numbers == list(range(500)) * 10
    client.leave()


def test_eight_megabytes_in_one_event_arrive_whole(server: LiveServer) -> None:
    client = server.client(receive_buffer=4096)
    client.watch("large")
    server.post("/emit", room="large", count=2, size=8_000_000)
    time.sleep(0.3)
    assert [len(client.event()["filling"]) for _ in range(2)] == [8_000_000, 8_000_000]
    client.leave()


def test_binary_and_text_events_keep_their_order_to_a_slow_client(server: LiveServer) -> None:
    client = server.client(receive_buffer=4096)
    client.watch("mixed")
    server.post("/emit", room="mixed", count=4000, size=600, binary=True)
    for number in range(0, 4000, 2):
        assert client.event() == {"number": number, "filling": "x" * 600}
        assert client.event() == {"number": number + 1, "filling": b"x" * 600}
    client.leave()


def test_an_event_is_framed_once_however_many_watch(server: LiveServer) -> None:
    clients = [server.client() for _ in range(30)]
    for client in clients:
        client.watch("crowd")
    before = server.state()["frames"]
    server.post("/emit", room="crowd", count=10, size=600)
    assert [[client.event()["number"] for _ in range(10)] for client in clients] == [list(range(10))] * 30
    assert server.state()["frames"] - before == 10
    server.post("/emit", room="nobody here", count=10, size=600)
    assert server.state()["frames"] - before == 10
    for client in clients:
        client.leave()


def test_only_the_room_is_told_and_the_one_skipped_is_not(server: LiveServer) -> None:
    inside, skipped, outside = (server.client() for _ in range(3))
    inside.watch("incident:LUA-27")
    skip = skipped.watch("incident:LUA-27")
    outside.watch("incident:BAO-3")
    server.post("/emit", room="incident:LUA-27", count=1, skip=skip)
    assert inside.event()["number"] == 0
    for other in (skipped, outside):
        assert other.ask("measure", "abc") == {"size": 3}
        other.leave()
    inside.leave()


def test_a_client_that_left_the_room_hears_nothing_more(server: LiveServer) -> None:
    client = server.client()
    client.watch("left")
    client.ask("unwatch", {"room": "left"})
    server.post("/emit", room="left", count=1)
    assert client.ask("measure", "") == {"size": 0}
    client.leave()


def test_an_event_that_asks_for_an_acknowledgement_gets_it(server: LiveServer) -> None:
    client = server.client()
    sid = client.watch("asked")
    answers: list[object] = []
    asking = threading.Thread(target=lambda: answers.append(server.post("/ask", sid=sid)))
    asking.start()
    assert client.message() == '421["question",{"number":1}]'
    client.send('431["yes"]')
    asking.join(10)
    assert answers == [{"answer": "yes"}]
    client.leave()


def test_a_refused_client_leaves_nothing_behind(server: LiveServer) -> None:
    before = server.until(lambda state: state["clients"] == 0)
    client = server.client(auth={"refuse": True})
    assert client.joined.startswith("44")
    client.leave()
    state = server.until(lambda state: state["clients"] == 0)
    assert (state["clients"], state["rooms"]) == (before["clients"], before["rooms"])


def test_other_versions_than_the_pinned_ones_are_refused_with_a_sentence() -> None:
    require_pinned_versions(PINNED.__getitem__)
    with pytest.raises(RuntimeError, match=r"written for python-engineio 4\.15\.1, but 4\.16\.0 is installed"):
        require_pinned_versions({**PINNED, "python-engineio": "4.16.0"}.__getitem__)


@pytest.mark.parametrize("size", [0, 1, 125, 126, 65_535, 65_536, 100_000])
@pytest.mark.parametrize("kind", [str, bytes])
def test_a_frame_of_any_size_is_read_back_whole_by_a_client_of_the_standard(size: int, kind: type) -> None:
    message = "đ" * (size // 2) + "x" * (size % 2)
    reader = Connection(ConnectionType.CLIENT)
    reader.receive_data(frame(message if kind is str else message.encode()))
    (event,) = reader.events()
    assert isinstance(event, TextMessage if kind is str else BytesMessage)
    assert (event.data, event.message_finished) == (message if kind is str else message.encode(), True)
