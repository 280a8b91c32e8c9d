"""The embedded web server: one process, HTTP and live updates on one socket of our own.

Nothing here needs the standard library to be patched at import; the entry point patches it before anything else.
"""

from __future__ import annotations

import logging
import signal
import socket
from collections.abc import Callable, Iterable
from typing import Any, Protocol

import gevent
import gevent.socket
from gevent.event import Event
from gevent.pool import Pool
from gevent.pywsgi import WSGIHandler, WSGIServer

from crisis_desk.platform.live_transport import disconnect_everyone

MAX_BODY_BYTES = 256 * 1024 * 1024
"""What no request may exceed; the app sets narrower limits for what it reads."""

MAX_CONNECTIONS = 5000
IDLE_SECONDS = 75.0
STOP_SECONDS = 10.0
BACKLOG = 1024

access_log = logging.getLogger("crisis_desk.access")
server_log = logging.getLogger("crisis_desk.server")


class WebApplication(Protocol):
    """A WSGI application that keeps its extensions, as Flask does."""

    extensions: dict[str, Any]

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any], /) -> Iterable[bytes]: ...


def make_listener(host: str, port: int) -> gevent.socket.socket:
    """A listening socket; port 0 lets the system choose one. Raises OSError when the address is taken or not ours.

    TCP_NODELAY is set here because accepted sockets inherit it: without it a keep-alive answer waits some 40 ms for
    the client's delayed acknowledgement.
    """
    bare = host.strip("[]")
    family = socket.AF_INET6 if ":" in bare else socket.AF_INET
    listener = gevent.socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        listener.bind((bare, port))
        listener.listen(BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener


class QuietHandler(WSGIHandler):
    """One connection: bounded bodies, idle connections closed, and a log that holds no content."""

    max_body_bytes = MAX_BODY_BYTES

    def handle(self) -> None:
        self.socket.settimeout(IDLE_SECONDS)
        super().handle()

    def handle_one_response(self) -> None:
        refusal = self._body_refusal()
        if refusal is None:
            super().handle_one_response()
            # gevent would answer a busy kept connection again before the others have their turn: with 32 of them the
            # slowest answers took ten times as long.
            gevent.sleep(0)
            return
        self.close_connection = True
        self.socket.sendall(f"HTTP/1.1 {refusal}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n".encode())
        access_log.info("%s refused: %s", self._what(), refusal)

    def log_request(self) -> None:
        status = self.code if self.status else 101
        took = 1000 * (self.time_finish - self.time_start)
        access_log.info("%s %d %d bytes %.1f ms", self._what(), status, self.response_length, took)

    def log_error(self, msg: str, *args: Any) -> None:
        # What gevent would write here repeats what the client sent.
        server_log.info("refused a request that is not proper HTTP")

    def _what(self) -> str:
        return ascii(f"{self.command} {(self.path or '').partition('?')[0]}")

    def _body_refusal(self) -> str | None:
        if (self.content_length or 0) > self.max_body_bytes:
            return "413 Content Too Large"
        # A body of unknown length could not be bounded before it is read; RFC 9112, 6.3 lets a server insist on one.
        if self.headers.get("Transfer-Encoding"):
            return "411 Length Required"
        return None


def make_server(
    listener: gevent.socket.socket, app: WebApplication, *, max_body_bytes: int = MAX_BODY_BYTES
) -> WSGIServer:
    """A server on `listener` that is not yet started."""
    handler = type("BoundedHandler", (QuietHandler,), {"max_body_bytes": max_body_bytes})
    return WSGIServer(
        listener,
        app,
        spawn=Pool(MAX_CONNECTIONS),
        log=None,
        error_log=server_log,
        handler_class=handler,
        # Otherwise gevent asks the name service for the name of the address it listens on.
        environ={"SERVER_NAME": str(listener.getsockname()[0])},
    )


def serve(
    app: WebApplication,
    host: str,
    port: int,
    *,
    listener: gevent.socket.socket | None = None,
    max_body_bytes: int = MAX_BODY_BYTES,
) -> None:
    """Serve until SIGTERM or SIGINT, then let running requests end, say goodbye to live clients and return.

    `listener`, made by `make_listener`, replaces `host` and `port`. A second signal ends the process at once.
    Raises OSError when the address cannot be listened on.
    """
    server = make_server(listener or make_listener(host, port), app, max_body_bytes=max_body_bytes)
    asked_to_stop = Event()
    watchers = [gevent.signal_handler(number, asked_to_stop.set) for number in (signal.SIGTERM, signal.SIGINT)]
    server.start()
    server_log.info("listening on %s port %d", host, server.server_port)
    try:
        asked_to_stop.wait()
    finally:
        for watcher in watchers:
            watcher.cancel()
        _stop(server, app)


def _stop(server: WSGIServer, app: WebApplication) -> None:
    server.stop_accepting()
    if "socketio" in app.extensions:
        disconnect_everyone(app)
    server.stop(timeout=STOP_SECONDS)
    server_log.info("stopped")
