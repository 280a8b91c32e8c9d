"""After signing in one is sent to a page of this desk, whatever the link said."""

from __future__ import annotations

import pytest

from crisis_desk.people.routes.pages import own_path


@pytest.mark.parametrize(
    "text",
    [
        "https://evil.invalid",
        "//evil.invalid",
        "/\\evil.invalid",
        "evil",
        "",
        "/\t/evil.invalid",
        "javascript:alert(1)",
    ],
)
def test_nobody_is_sent_away_from_the_desk(text: str) -> None:
    assert own_path(text) == "/"


def test_own_paths_are_kept() -> None:
    assert own_path("/incidents/LUA-27?tab=log") == "/incidents/LUA-27?tab=log"
