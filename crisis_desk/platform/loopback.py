"""Keeps a desk whose passwords are published from everybody who is not on this machine."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from ipaddress import IPv6Address, ip_address
from typing import Any

_REFUSAL = (
    "This is a demonstration desk whose passwords are published; it answers on this machine only.\n"
    "Open it at http://127.0.0.1 or http://localhost, without a proxy.\n"
)
_FORWARDING = ("HTTP_FORWARDED", "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_HOST", "HTTP_X_REAL_IP", "HTTP_VIA")

# A name or address, an IPv6 one in brackets, and a port; nothing else may stand in a Host (RFC 9110, 7.2).
_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.\-]+)(?::\d{1,5})?")

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
    host = _HOST.fullmatch(str(environ.get("HTTP_HOST", "")))
    is_here = host is not None and is_loopback(host[1])
    return is_here and not any(environ.get(header) for header in _FORWARDING)


def is_loopback(host: str) -> bool:
    """Whether `host`, a name or an address, is this machine alone."""
    if host.lower() == "localhost":
        return True
    try:
        address = ip_address(host.strip("[]"))
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return (mapped or address).is_loopback
