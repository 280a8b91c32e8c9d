"""Socket.IO for the desk: WebSocket only, one encoding and one frame for each event, however many watch.

Flask-SocketIO, python-socketio and python-engineio are used as they are, but for two parts that Engine.IO takes from
its table of asynchronous primitives (the queue of a client and the WebSocket driver) and one that Socket.IO takes as
an argument (the client manager). All three rest on names those libraries do not promise, so the versions are pinned.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from importlib import metadata
from typing import Any

import orjson
from engineio import packet as engine_packet
from flask import Flask
from flask_socketio import SocketIO
from socketio import Manager, RedisManager
from socketio import packet as socket_packet

from crisis_desk.platform.live_outbox import LagLimit, Outbox, frame
from crisis_desk.platform.live_websocket import LiveWebSocket

PINNED = {
    "Flask-SocketIO": "5.7.0",
    "python-socketio": "5.18.1",
    "python-engineio": "4.15.1",
    "gevent": "26.9.0",
    "wsproto": "1.3.2",
}
MAX_MESSAGE_BYTES = 4 * 1024 * 1024
MAX_QUEUED_MESSAGES = 32_768
MAX_QUEUED_BYTES = 16 * 1024 * 1024
PING_SECONDS = 25.0
PONG_SECONDS = 20.0
JOIN_SECONDS = 20.0
"""Who has not been let into the namespace after once to twice this time is disconnected."""

REDIS_CHANNEL = "crisis-desk"
REDIS_OPTIONS = {"socket_connect_timeout": 5, "socket_keepalive": True}

# The libraries write the messages themselves to their logs below this level.
quiet_log = logging.getLogger("crisis_desk.live")
quiet_log.setLevel(logging.WARNING)


def require_pinned_versions(installed: Any = metadata.version) -> None:
    """Raise RuntimeError when a library is not of the version whose inner names this module relies on."""
    for name, version in PINNED.items():
        found = installed(name)
        if found != version:
            raise RuntimeError(
                f"The live transport was written for {name} {version}, but {found} is installed. Install the locked "
                "requirements, or check crisis_desk/platform/live_*.py against the new version and change PINNED."
            )


require_pinned_versions()


class FastJson:
    """What Socket.IO asks of a JSON module, answered by orjson: compact, strict, UTF-8."""

    JSONDecodeError = orjson.JSONDecodeError

    @staticmethod
    def dumps(value: Any, **_style: Any) -> str:
        """The JSON text of `value`. Raises TypeError for what JSON has no form for."""
        return orjson.dumps(value).decode()

    @staticmethod
    def loads(text: str | bytes, **_style: Any) -> Any:
        """The value of a JSON text. Raises ValueError when it is none."""
        return orjson.loads(text)


class FastManager(Manager):  # type: ignore[misc]
    """Sends an event to the clients of this process that are in a room."""

    join_seconds = JOIN_SECONDS

    def initialize(self) -> None:
        """Called by Socket.IO at the first connection."""
        super().initialize()
        self.server.start_background_task(self._drop_strangers)

    def emit(
        self,
        event: str,
        data: Any,
        namespace: str,
        room: str | list[str] | None = None,
        skip_sid: str | list[str] | None = None,
        callback: Any = None,
        to: str | list[str] | None = None,
        **kwargs: Any,
    ) -> None:
        """Build the event's bytes once and hand them to every client of the room.

        An event that asks each client for an acknowledgement differs from client to client and takes the libraries'
        own way, which ends in the same outboxes, hence in the same order.
        """
        if callback is not None:
            super().emit(event, data, namespace, room=to or room, skip_sid=skip_sid, callback=callback, **kwargs)
            return
        outboxes = list(self._outboxes(namespace, to or room, skip_sid))
        if outboxes:
            frames = self._frames(event, data, namespace)
            for outbox in outboxes:
                outbox.write(frames)

    def _drop_strangers(self) -> None:
        # Who was refused, or never asked to be let in, would otherwise hold a connection for ever.
        engine = self.server.eio
        seen: set[str] = set()
        while True:
            self.server.sleep(self.join_seconds)
            strangers = {client for client in engine.sockets if self.sid_from_eio_sid(client, "/") is None}
            for client in strangers & seen:
                engine.disconnect(client)
            seen = strangers

    def _outboxes(
        self, namespace: str, room: str | list[str] | None, skip_sid: str | list[str] | None
    ) -> Iterator[Outbox]:
        clients = self.server.eio.sockets
        skipped = skip_sid if isinstance(skip_sid, list) else [skip_sid]
        for sid, client_id in self.get_participants(namespace, room):
            client = clients.get(client_id)
            if client is not None and not client.closed and sid not in skipped:
                yield client.queue

    def _frames(self, event: str, data: Any, namespace: str) -> bytes:
        arguments = list(data) if isinstance(data, tuple) else [] if data is None else [data]
        packet = self.server.packet_class(socket_packet.EVENT, namespace=namespace, data=[event, *arguments])
        encoded = packet.encode()
        parts: Iterable[str | bytes] = encoded if isinstance(encoded, list) else [encoded]
        return b"".join(frame(engine_packet.Packet(engine_packet.MESSAGE, part).encode()) for part in parts)


class FastRedis(RedisManager, FastManager):  # type: ignore[misc]
    """Sends an event to the clients of this process, then tells the other processes through Redis."""


@dataclass(frozen=True)
class LiveState:
    """How the live transport of this process is doing, for metrics."""

    clients: int
    rooms: int
    queued_bytes: int
    disconnected_for_lag: int


def make_socketio(
    app: Flask,
    *,
    redis_url: str | None = None,
    max_message_bytes: int = MAX_MESSAGE_BYTES,
    max_queued_messages: int = MAX_QUEUED_MESSAGES,
    max_queued_bytes: int = MAX_QUEUED_BYTES,
    ping_seconds: float = PING_SECONDS,
    pong_seconds: float = PONG_SECONDS,
    join_seconds: float = JOIN_SECONDS,
) -> SocketIO:
    """Attach Socket.IO to `app`, under /socket.io/.

    Only the WebSocket transport is accepted, and only from the page's own origin, the libraries' default. A message of
    more than `max_message_bytes` from a client closes its connection. A client is disconnected when more than
    `max_queued_messages` or `max_queued_bytes` wait for it, when a ping stays unanswered for `pong_seconds`,
    or when it has not been let into the namespace within twice `join_seconds`.
    With `redis_url`, events reach the clients of all processes that share that Redis; the standard library must then
    have been patched by gevent.
    """
    manager = FastRedis(redis_url, REDIS_CHANNEL, redis_options=REDIS_OPTIONS) if redis_url else FastManager()
    manager.join_seconds = join_seconds
    # The stubs know neither all options of Engine.IO nor the attribute that holds the server.
    socketio: Any = SocketIO(  # type: ignore[call-arg]
        app,
        client_manager=manager,
        async_mode="gevent",
        transports=["websocket"],
        allow_upgrades=False,
        json=FastJson,
        max_http_buffer_size=max_message_bytes,
        ping_interval=ping_seconds,
        ping_timeout=pong_seconds,
        manage_session=False,
        logger=quiet_log,
        engineio_logger=quiet_log,
    )
    limit = LagLimit(max_queued_messages, max_queued_bytes)
    engine = socketio.server.eio
    engine._async = {**engine._async, "queue": partial(Outbox, limit), "websocket": LiveWebSocket}
    app.extensions["live_lag_limit"] = limit
    assert isinstance(socketio, SocketIO)
    return socketio


def live_state(app: Flask) -> LiveState:
    """The present state of the transport that `make_socketio` attached to `app`."""
    server = app.extensions["socketio"].server
    clients = list(server.eio.sockets.values())
    return LiveState(
        clients=len(clients),
        rooms=sum(len(rooms) for rooms in server.manager.rooms.values()),
        queued_bytes=sum(client.queue.queued_bytes for client in clients),
        disconnected_for_lag=app.extensions["live_lag_limit"].disconnected,
    )


def disconnect_everyone(app: Any) -> None:
    """Say goodbye to every client of this process, as it stops; they connect again by themselves."""
    app.extensions["socketio"].server.eio.disconnect()
