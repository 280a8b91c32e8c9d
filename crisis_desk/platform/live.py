"""The door of every socket message: closed to strangers, acknowledged always, one translation of refusals."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from flask import request
from flask_socketio import SocketIO, disconnect

from crisis_desk.platform.errors import DeskError, Invalid, Unauthenticated
from crisis_desk.platform.web import desk, problem
from crisis_desk.platform.words import N_

log = logging.getLogger(__name__)

Handler = Callable[[Any, dict[str, Any]], dict[str, Any] | None]

# Every event a client may send; a test walks them and finds each behind the door.
handled: dict[str, Handler] = {}


def board_room() -> str:
    """The room of the board."""
    return "board"


def incident_room(code: str) -> str:
    """The room of one incident."""
    return f"incident:{code}"


def has_connections(socketio: SocketIO) -> bool:
    """Whether anybody is connected to this process."""
    return bool(cast(Any, socketio).server.eio.sockets)


def handle(socketio: SocketIO, event: str) -> Callable[[Handler], Handler]:
    """Registers `handler(principal, message)` for an event that clients send.

    The person is loaded from the database for each message, because what a connection knew when it was opened may
    have been taken back. What the handler returns is the acknowledgement, with `ok`.
    """

    def register(handler: Handler) -> Handler:
        handled[event] = handler

        @wraps(handler)
        def received(message: Any = None) -> dict[str, Any]:
            return _acknowledged(handler, message)

        socketio.on_event(event, received)
        return handler

    return register


def _acknowledged(handler: Handler, message: Any) -> dict[str, Any]:
    try:
        principal = desk().admit_message()
        if principal is None:
            disconnect()
            raise Unauthenticated()
        if not isinstance(message, dict):
            raise Invalid(N_("The message can't be read. Nothing was changed."))
        return {"ok": True, **(handler(principal, message) or {})}
    except DeskError as error:
        return refusal(error)
    except Exception:
        # The connection must survive a fault in one message; whoever sent it learns that nothing was done.
        log.exception("a message failed: %s", handler.__name__)
        return refusal(DeskError())


def refusal(error: DeskError) -> dict[str, Any]:
    """The acknowledgement of a refused message, with the same code word as the web's."""
    body = problem(error)
    return {"ok": False, **{name: body[name] for name in ("code", "title", "errors") if name in body}}


def connection_id() -> str:
    """The id of the connection whose message is being handled."""
    return str(request.sid)  # type: ignore[attr-defined]
