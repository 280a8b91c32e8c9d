"""The desk's live transport and nothing else of the desk. `python -m bench.servers.live PORT [fast|stock]`."""

# The standard library is patched before anything else is imported.
# ruff: noqa: E402
from gevent import monkey

monkey.patch_all()

import sys
import time
from typing import Any

from flask import Flask
from flask_socketio import SocketIO, join_room

from bench.servers.payload import NAME, event_data
from crisis_desk.platform.live_transport import make_socketio
from crisis_desk.platform.serving import serve

ROOM = "board"


def make_app(transport: str) -> Flask:
    app = Flask("bench")
    if transport == "fast":
        socketio = make_socketio(app)
    else:
        socketio = SocketIO(app, async_mode="gevent", transports=["websocket"])  # type: ignore[call-arg]

    @socketio.on("watch")
    def watch(data: dict[str, Any]) -> dict[str, bool]:
        join_room(data["room"])
        return {"ok": True}

    @socketio.on("tell")
    def tell(data: dict[str, Any]) -> None:
        socketio.emit(NAME, event_data(time.monotonic()), to=ROOM)

    @app.get("/health")
    def health() -> dict[str, bool]:
        return {"ok": True}

    return app


if __name__ == "__main__":
    serve(make_app(sys.argv[2] if len(sys.argv) > 2 else "fast"), "127.0.0.1", int(sys.argv[1]))
