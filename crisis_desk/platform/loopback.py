"""Keeps a desk whose passwords are published from everybody who is not on this machine."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from crisis_desk.config import is_loopback

_REFUSAL = (
    "This is a demonstration desk whose passwords are published; it answers on this machine only.\n"
    "Open it at http://127.0.0.1 or http://localhost, without a proxy.\n"
)
_FORWARDING = ("HTTP_FORWARDED", "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_HOST", "HTTP_X_REAL_IP", "HTTP_VIA")

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class LoopbackOnly:
    """Refuses a request with another Host, or one that a proxy passed on, before anything else sees it."""

    def __init__(self, application: Application) -> None:
        self._application = application

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """The application's answer, or 421 Misdirected Request."""
        if is_from_here(environ):
            return self._application(environ, start_response)
        start_response("421 Misdirected Request", [("Content-Type", "text/plain; charset=utf-8")])
        return [_REFUSAL.encode()]


def is_from_here(environ: dict[str, Any]) -> bool:
    """Whether the request names this machine and came without a proxy."""
    host = str(environ.get("HTTP_HOST", ""))
    name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
    return is_loopback(name) and not any(environ.get(header) for header in _FORWARDING)
