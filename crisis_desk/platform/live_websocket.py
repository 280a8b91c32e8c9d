"""One client's WebSocket under Engine.IO: read in the greenlet that accepted it, compression refused."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any

import gevent
import gevent.socket
import h11
from wsproto.connection import Connection, ConnectionState, ConnectionType
from wsproto.events import AcceptConnection, BytesMessage, CloseConnection, Event, Ping, TextMessage
from wsproto.frame_protocol import CloseReason
from wsproto.handshake import H11Handshake
from wsproto.utilities import RemoteProtocolError

from crisis_desk.platform.live_outbox import Outbox, frame

log = logging.getLogger(__name__)

Environ = dict[str, Any]
StartResponse = Callable[..., Any]

RECEIVE_BYTES = 65536
HANDSHAKE_HEADERS = ("host", "connection", "upgrade", "sec-websocket-key", "sec-websocket-version")


def client_socket(environ: Environ) -> gevent.socket.socket:
    """The client's socket, where gunicorn or gevent's pywsgi keep it.

    Raises RuntimeError under a server that hands none out.
    """
    if "gunicorn.socket" in environ:
        return environ["gunicorn.socket"]  # type: ignore[no-any-return]
    stream = environ["wsgi.input"]
    raw = getattr(getattr(stream, "rfile", stream), "raw", None)
    if raw is None:
        raise RuntimeError("This server does not hand out the client's socket: serve with gevent's pywsgi or gunicorn.")
    return raw._sock  # type: ignore[no-any-return]


def accept(environ: Environ) -> tuple[Connection, bytes]:
    """The protocol state of an accepted handshake, and the answer to send.

    No extension is ever accepted: permessage-deflate costs 1.6 times the CPU and twice the memory for each client.
    Raises RemoteProtocolError when the request is no proper WebSocket handshake (RFC 6455, 4.2.1).
    """
    headers = [
        (name.encode(), environ[key].encode("latin-1"))
        for name in HANDSHAKE_HEADERS
        if (key := "HTTP_" + name.upper().replace("-", "_")) in environ
    ]
    handshake = H11Handshake(ConnectionType.SERVER)
    handshake.initiate_upgrade_connection(headers, "/")
    answer = handshake.send(AcceptConnection())
    assert handshake.connection is not None
    return handshake.connection, answer


class LiveWebSocket:
    """The WebSocket driver Engine.IO is given: called for each upgrade, then asked to `wait`, `send` and `close`."""

    __slots__ = (
        "_client",
        "_connection",
        "_handler",
        "_incoming",
        "_largest",
        "_messages",
        "_outbox",
        "_over",
        "_protocol",
        "_size",
    )

    def __init__(self, handler: Callable[[LiveWebSocket], object], engine: Any) -> None:
        self._handler = handler
        # The handler is a method of Engine.IO's record of this client, whose queue is our outbox.
        self._client: Any = handler.__self__  # type: ignore[attr-defined]
        self._outbox: Outbox = self._client.queue
        self._largest: int = engine.max_http_buffer_size
        self._incoming: list[str | bytes | bytearray] = []
        self._size = 0
        self._messages: deque[str | bytes] = deque()
        self._over = False

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        try:
            self._protocol, answer = accept(environ)
        except (RemoteProtocolError, h11.LocalProtocolError):
            return self._refuse(start_response)
        self._connection = client_socket(environ)
        self._connection.settimeout(None)
        try:
            self._connection.sendall(answer)
            self._outbox.attach(self._connection)
            self._handler(self)
        except ValueError:
            # Engine.IO lets the fault of an unreadable packet through without closing the client.
            log.warning("closed a connection that does not speak Engine.IO")
            self._abandon()
        finally:
            self._outbox.release()
        if "gunicorn.socket" in environ:
            # gunicorn takes this as: the answer has been given, do not write another. It also skips the line with
            # which Engine.IO forgets the client.
            self._client.server.sockets.pop(self._client.sid, None)
            raise StopIteration
        return []

    def wait(self) -> str | bytes | None:
        """The client's next message, or None when the connection is over."""
        while not self._messages:
            if self._over:
                return None
            # A client that sends without pause must let the others have their turn.
            gevent.sleep(0)
            self._receive()
        return self._messages.popleft()

    def send(self, message: str | bytes) -> None:
        """Send one message after everything sent before it."""
        self._outbox.write(frame(message))

    def close(self) -> None:
        """Begin the closing handshake; a client that does not answer it is cut off after a grace."""
        self._say_goodbye(CloseConnection(code=CloseReason.NORMAL_CLOSURE))

    def _refuse(self, start_response: StartResponse) -> Iterable[bytes]:
        self._abandon()
        self._outbox.release()
        start_response("400 Bad Request", [("Content-Type", "text/plain"), ("Connection", "close")])
        return [b"not a WebSocket handshake"]

    def _abandon(self) -> None:
        self._client.close(wait=False, abort=True, reason=self._client.server.reason.TRANSPORT_ERROR)

    def _receive(self) -> None:
        try:
            data = self._connection.recv(RECEIVE_BYTES)
        except OSError:
            data = b""
        if not data:
            self._over = True
            self._outbox.cut()
            return
        self._protocol.receive_data(data)
        for event in self._protocol.events():
            self._take(event)
            if self._over:
                return

    def _take(self, event: Event) -> None:
        if isinstance(event, TextMessage | BytesMessage):
            self._collect(event)
        elif isinstance(event, Ping):
            self._outbox.write(self._protocol.send(event.response()))
        elif isinstance(event, CloseConnection):
            self._say_goodbye(event.response())

    def _collect(self, part: TextMessage | BytesMessage) -> None:
        self._size += len(part.data)
        if self._size > self._largest:
            log.warning("refused a message of more than %d bytes and closed its connection", self._largest)
            self._say_goodbye(CloseConnection(code=CloseReason.MESSAGE_TOO_BIG))
            return
        self._incoming.append(part.data)
        if part.message_finished:
            parts, self._incoming, self._size = self._incoming, [], 0
            whole = "".join(parts) if isinstance(part, TextMessage) else b"".join(parts)  # type: ignore[arg-type]
            self._messages.append(whole)

    def _say_goodbye(self, goodbye: CloseConnection) -> None:
        self._over = True
        if self._protocol.state in (ConnectionState.OPEN, ConnectionState.REMOTE_CLOSING):
            self._outbox.write(self._protocol.send(goodbye))
