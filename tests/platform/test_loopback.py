"""A desk whose passwords are published answers this machine alone."""

from __future__ import annotations

from typing import Any

import pytest

from crisis_desk.platform.loopback import LoopbackOnly


def answered(**headers: str) -> str:
    """The status that a request with these headers gets; 200 when it reaches the application."""
    told: list[str] = []

    def application(_environ: dict[str, Any], start_response: Any) -> list[bytes]:
        start_response("200 OK", [])
        return [b"within"]

    LoopbackOnly(application)(dict(headers), lambda status, _headers: told.append(status))
    return told[0].split()[0]


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.0.0.1:8000", "localhost:8000", "LOCALHOST", "[::1]", "[::1]:8000", "127.0.0.2"]
)
def test_this_machine_is_let_in(host: str) -> None:
    assert answered(HTTP_HOST=host) == "200"


@pytest.mark.parametrize(
    "host",
    [
        "",
        "evil.example",
        "evil.example:8000",
        "192.0.2.7",
        "127.0.0.1:8000@evil.example",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "127.0.0.1:evil",
    ],
)
def test_another_host_is_refused_however_it_is_dressed(host: str) -> None:
    assert answered(HTTP_HOST=host) == "421"


@pytest.mark.parametrize(
    "header", ["HTTP_FORWARDED", "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_HOST", "HTTP_X_REAL_IP", "HTTP_VIA"]
)
def test_what_a_proxy_passed_on_is_refused(header: str) -> None:
    assert answered(HTTP_HOST="127.0.0.1", **{header: "198.51.100.9"}) == "421"
