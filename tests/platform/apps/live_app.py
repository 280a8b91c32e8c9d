"""A server with nothing but the live transport, for its tests: `python -m tests.platform.apps.live_app '{"…": …}'`.

The argument holds settings of `make_socketio`, plus `redis_url` and `max_body_bytes`. Prints its port, then serves.
"""

# ruff: noqa: E402
from gevent import monkey

monkey.patch_all()

import gc
import json
import logging
import sys
from dataclasses import asdict
from typing import Any

import gevent
from flask import Flask, request
from flask_socketio import SocketIO, join_room, leave_room

from crisis_desk.platform import live_outbox, live_transport
from crisis_desk.platform.live_transport import live_state, make_socketio
from crisis_desk.platform.serving import make_listener, serve

counted = {"frames": 0}
build_frame = live_outbox.frame


def counting_frame(message: str | bytes) -> bytes:
    counted["frames"] += 1
    return build_frame(message)


def make_app(**options: Any) -> Flask:
    live_transport.frame = counting_frame
    app = Flask("live_app")
    socketio = make_socketio(app, **options)
    reasons: list[str] = []
    listen(socketio, reasons)
    send(app, socketio)
    look(app, reasons)
    return app


def listen(socketio: SocketIO, reasons: list[str]) -> None:
    @socketio.on("connect")
    def connect(auth: Any) -> bool:
        return not (auth or {}).get("refuse")

    @socketio.on("disconnect")
    def disconnect(reason: str) -> None:
        reasons.append(reason)

    @socketio.on("watch")
    def watch(data: dict[str, str]) -> dict[str, Any]:
        join_room(data["room"])
        return {"ok": True, "sid": request.sid}  # type: ignore[attr-defined]

    @socketio.on("unwatch")
    def unwatch(data: dict[str, str]) -> dict[str, Any]:
        leave_room(data["room"])
        return {"ok": True}

    @socketio.on("measure")
    def measure(data: Any) -> dict[str, int]:
        return {"size": len(data)}


def send(app: Flask, socketio: SocketIO) -> None:
    @app.post("/emit")
    def emit() -> dict[str, Any]:
        order = request.get_json()
        filling = "x" * order.get("size", 0)
        for number in range(order["count"]):
            binary = order.get("binary") and number % 2
            data = {"number": number, "filling": filling.encode() if binary else filling}
            socketio.emit("entry", data, to=order["room"], skip_sid=order.get("skip"))
        return {}

    @app.post("/ask")
    def ask() -> dict[str, Any]:
        order = request.get_json()
        answer = socketio.call("question", {"number": 1}, to=order["sid"], timeout=5)
        return {"answer": answer}

    @app.post("/disconnect")
    def disconnect_client() -> dict[str, Any]:
        socketio.server.disconnect(request.get_json()["sid"])  # type: ignore[attr-defined]
        return {}


def look(app: Flask, reasons: list[str]) -> None:
    @app.post("/body")
    def body() -> dict[str, Any]:
        return {"size": len(request.get_data())}

    @app.get("/slow")
    def slow() -> dict[str, Any]:
        gevent.sleep(1)
        return {"ok": True}

    @app.get("/state")
    def state() -> dict[str, Any]:
        gc.collect()
        greenlets = sum(isinstance(thing, gevent.Greenlet) and not thing.dead for thing in gc.get_objects())
        return {**asdict(live_state(app)), **counted, "reasons": reasons, "greenlets": greenlets}


def main() -> None:
    logging.basicConfig(level=logging.INFO, stream=sys.stderr)
    options = json.loads(sys.argv[1])
    limits = {"max_body_bytes": options.pop("max_body_bytes")} if "max_body_bytes" in options else {}
    listener = make_listener("127.0.0.1", 0)
    sys.stdout.write(f"{listener.getsockname()[1]}\n")
    sys.stdout.flush()
    serve(make_app(**options), "127.0.0.1", 0, listener=listener, **limits)


if __name__ == "__main__":
    main()
else:
    application = make_app()
