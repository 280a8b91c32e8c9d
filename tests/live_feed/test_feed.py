"""What programs that watch receive, and what they must never receive; through real sockets of a running desk."""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import socketio
from socketio.exceptions import ConnectionError as Refused

from tests.browser.whole_desk import HOUSE, WholeDesk

WITHIN = 10.0


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WholeDesk]:
    made = WholeDesk(tmp_path_factory.mktemp("feed"), "")
    with made.running():
        yield made


@pytest.fixture(scope="module")
def token(desk: WholeDesk) -> Callable[[str], str]:
    """A token that reads and writes for a demonstration account, made once each."""
    made: dict[str, str] = {}

    def of(account: str) -> str:
        if account not in made:
            words = ("token", "create", "--person", f"{account}@demo.invalid", "--scope", "read,write")
            made[account] = desk.command(*words).stdout.split()[-1]
        return made[account]

    return of


class Client:
    """A program that watches, with everything it was told in order."""

    def __init__(self, desk: WholeDesk, token: str) -> None:
        self.told: queue.Queue[tuple[str, dict[str, Any]]] = queue.Queue()
        self.socket = socketio.Client(reconnection=False)
        for event in ("entry", "card", "heads", "may", "revoked", "presence"):
            self.socket.on(event, lambda data, event=event: self.told.put((event, data)))
        self.socket.connect(desk.address, auth={"token": token}, transports=["websocket"])

    def ask(self, event: str, message: object) -> dict[str, Any]:
        answer: dict[str, Any] = self.socket.call(event, message, timeout=WITHIN)
        return answer

    def wait(self, event: str, **expected: object) -> dict[str, Any]:
        """The next message of this kind with these values."""
        end = time.monotonic() + WITHIN
        while True:
            kind, data = self.told.get(timeout=max(0.01, end - time.monotonic()))
            if kind == event and all(data.get(name) == value for name, value in expected.items()):
                return data

    def heard(self, seconds: float) -> list[tuple[str, dict[str, Any]]]:
        """Everything that was told until now and in the next seconds."""
        time.sleep(seconds)
        found = []
        while not self.told.empty():
            found.append(self.told.get())
        return found


@pytest.fixture
def watching(desk: WholeDesk, token: Callable[[str], str]) -> Iterator[Callable[[str], Client]]:
    clients: list[Client] = []

    def connect(account: str) -> Client:
        clients.append(Client(desk, token(account)))
        return clients[-1]

    yield connect
    for client in clients:
        client.socket.disconnect()


@pytest.fixture
def post(desk: WholeDesk, token: Callable[[str], str]) -> Callable[..., dict[str, Any]]:
    def send(account: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
        request = urllib.request.Request(
            f"{desk.address}/api/v1{path}",
            json.dumps(body).encode(),
            {"Authorization": f"Bearer {token(account)}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=WITHIN) as answer:
            found: dict[str, Any] = json.load(answer)
            return found

    return send


def test_a_stranger_is_not_connected(desk: WholeDesk) -> None:
    for auth in (None, {}, {"token": "desk_wrong"}):
        client = socketio.Client(reconnection=False)
        with pytest.raises(Refused):
            client.connect(desk.address, auth=auth, transports=["websocket"])


def test_an_entry_reaches_those_who_watch_once_and_in_order(watching: Any, post: Any) -> None:
    code = post("coordinator.stttt", "/incidents", {"title": "Mùi khét gần trường"})["code"]
    client = watching("drafter.stttt")
    first = client.ask("watch", {"room": f"incident:{code}", "after": 0, "fragments": False})
    assert (first["ok"], [entry["kind"] for entry in first["entries"]], first["more"]) == (
        True,
        ["incident.reported"],
        False,
    )
    for number in range(5):
        post("duty_officer.stttt", f"/incidents/{code}/log", {"text": f"dòng {number}"})
    told = [client.wait("entry")["sequence"] for _ in range(5)]
    assert told == [first["head"] + number for number in range(1, 6)]


def test_what_was_missed_is_caught_up_from_a_sequence(watching: Any, post: Any) -> None:
    code = post("coordinator.stttt", "/incidents", {"title": "Mất điện chợ Thử"})["code"]
    for number in range(3):
        post("duty_officer.stttt", f"/incidents/{code}/log", {"text": f"dòng {number}"})
    answer = watching("drafter.btgtu").ask("watch", {"room": f"incident:{code}", "after": 2})
    assert ([entry["data"]["text"] for entry in answer["entries"]], answer["head"]) == (["dòng 1", "dòng 2"], 4)


def test_fragments_are_those_of_the_readers_language(watching: Any, post: Any) -> None:
    code = post("coordinator.stttt", "/incidents", {"title": "Sạt lở bờ sông Thử"})["code"]
    client = watching("coordinator.btgtu")
    client.ask("watch", {"room": f"incident:{code}", "after": 1, "fragments": True})
    post("coordinator.stttt", f"/incidents/{code}/severity", {"severity": 3, "reason": "có người bị thương"})
    entry = client.wait("entry", kind="incident.severity_changed")
    assert "Nghiêm trọng" in entry["fragments"]["room-head"]


def test_the_beacon_tells_the_head_of_the_room(watching: Any, post: Any) -> None:
    code = post("coordinator.stttt", "/incidents", {"title": "Nước đục xã Thử"})["code"]
    client = watching("drafter.stttt")
    head = client.ask("watch", {"room": f"incident:{code}", "after": 0})["head"]
    assert client.wait("heads", room=f"incident:{code}")["head"] >= head


def test_a_restricted_incident_reaches_nobody_but_its_team(watching: Any, post: Any) -> None:
    stranger, auditor = watching("drafter.stttt"), watching("auditor.stttt")
    for client in (stranger, auditor):
        client.ask("watch", {"room": "board", "fragments": True})
    made = post(
        "coordinator.stttt",
        "/incidents",
        {"title": "Lộ hồ sơ người bệnh", "handling": "restricted", "handling_reason": "Bảo vệ người bệnh"},
    )
    assert auditor.wait("card", code=made["code"])["code"] == made["code"]
    assert [data for event, data in stranger.heard(2) if event == "card"] == []
    assert made["code"] not in stranger.ask("watch", {"room": "board"})["cards"]
    refused = stranger.ask("watch", {"room": f"incident:{made['code']}", "after": 0})
    missing = stranger.ask("watch", {"room": "incident:LUA-00", "after": 0})
    assert refused == missing
    assert refused["code"] == "not_found"


def test_restricting_takes_the_room_and_the_row_away(watching: Any, post: Any) -> None:
    code = post("coordinator.stttt", "/incidents", {"title": "Ca bệnh lạ"})["code"]
    client = watching("drafter.stttt")
    client.ask("watch", {"room": "board"})
    client.ask("watch", {"room": f"incident:{code}", "after": 0})
    post("coordinator.stttt", f"/incidents/{code}/handling", {"handling": "restricted", "reason": "Thông tin sức khỏe"})
    assert client.wait("revoked", room=f"incident:{code}") == {"room": f"incident:{code}"}
    assert client.wait("card", code=code)["gone"] is True
    post("coordinator.stttt", f"/incidents/{code}/log", {"text": "điều không ai khác được biết"})
    assert [data for event, data in client.heard(2) if event in {"entry", "card"}] == []


def test_each_person_is_told_what_she_may_do(watching: Any, post: Any) -> None:
    code = post("coordinator.stttt", "/incidents", {"title": "Cháy chợ", "trigger": "harm"})["code"]
    verbs = {}
    for account in ("coordinator.btgtu", "auditor.btgtu"):
        client = watching(account)
        client.ask("watch", {"room": f"incident:{code}", "after": 0})
        verbs[account] = client.wait("may", subject=f"incident:{code}")["verbs"]
    assert "change_severity" in verbs["coordinator.btgtu"]
    assert "change_severity" not in verbs["auditor.btgtu"]
    assert "note" not in verbs["auditor.btgtu"]


def test_presence_tells_who_is_in_the_room_until_she_leaves(watching: Any, post: Any) -> None:
    code = post("coordinator.stttt", "/incidents", {"title": "Tắc đường"})["code"]
    room = {"room": f"incident:{code}", "after": 0}
    here, there = watching("coordinator.stttt"), watching("drafter.btgtu")
    here.ask("watch", room)
    there.ask("watch", room)
    while {one["name"] for one in here.wait("presence", room=room["room"])["people"]} != {"Đỗ Hải Yến", "Lý Thu Hà"}:
        pass
    there.ask("unwatch", room)
    while {one["name"] for one in here.wait("presence", room=room["room"])["people"]} != {"Đỗ Hải Yến"}:
        pass


def test_what_another_process_writes_shows_by_itself(desk: WholeDesk, watching: Any) -> None:
    client = watching("auditor.stttt")
    head = client.ask("watch", {"room": "incident:DT-01", "after": 0})["head"]
    program = "import sys; from tests.live_feed.other_process import add_note; add_note(sys.argv[1], sys.argv[2])"
    words = [sys.executable, "-c", program, str(desk.data), "viết từ tiến trình khác"]
    subprocess.run(words, check=True, cwd=HOUSE)
    assert client.wait("entry", kind="log.noted")["sequence"] == head + 1


def test_messages_that_make_no_sense_are_refused_and_the_connection_lives(watching: Any) -> None:
    client = watching("press_desk.btgtu")
    client.ask("watch", {"room": "incident:DT-01", "after": 0})
    assert client.ask("unwatch", {"room": "incident:DT-01"})["ok"] is True
    for message in ("no object", {"room": "incident:DT-01", "after": -1}, {"room": "incident:DT-01", "after": True}):
        assert client.ask("watch", message)["code"] == "invalid"
    assert client.ask("watch", {"room": "desk"})["code"] == "not_found"
