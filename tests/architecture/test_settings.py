"""Whoever runs a desk can read what can be set."""

from __future__ import annotations

import re
from dataclasses import fields

from crisis_desk.config import PREFIX, Config
from tests.architecture.sources import HOUSE, files

README = HOUSE / "README.md"
NAMED = re.compile(rf"{PREFIX}[A-Z0-9_]+")
# Read by the tests themselves, never by a desk.
OF_TESTS = {"CRISIS_DESK_TEST_POSTGRESQL_URL", "CRISIS_DESK_TEST_REDIS_URL"}


def _settings() -> set[str]:
    return {PREFIX + setting.name.upper() for setting in fields(Config)}


def test_every_setting_stands_in_the_readme() -> None:
    assert _settings() - set(NAMED.findall(README.read_text(encoding="utf-8"))) == set()


def test_no_document_names_a_setting_that_is_none() -> None:
    pages = [README, *files("docs", ".md"), *files("deploy", "")]
    named = {name for page in pages for name in NAMED.findall(page.read_text(encoding="utf-8", errors="replace"))}
    assert {name.rstrip("_") for name in named if name != PREFIX} - _settings() - OF_TESTS == set()


def test_every_setting_says_what_it_means() -> None:
    assert [setting.name for setting in fields(Config) if not setting.metadata.get("meaning")] == []


def test_the_environment_is_read_in_one_place() -> None:
    reading = {
        path.name for path in files("crisis_desk", ".py") if re.search(r"os\.(environ|getenv)", path.read_text())
    }
    assert reading <= {"commands.py", "config.py"}
