"""A real browser for the tests, and pages that fail the test when anything goes wrong in them unseen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, WebError, sync_playwright

from tests.browser.chromium import find_chromium

FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking")
PERSON = {
    "locale": "vi-VN",
    "timezone_id": "Asia/Ho_Chi_Minh",
    "viewport": {"width": 1440, "height": 900},
    "reduced_motion": "reduce",
}
PATIENCE_MS = 10_000
AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
AXE_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
REPORT_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) => {
  deskViolation(`${event.violatedDirective} refused ${event.blockedURI} ${event.sample}`);
});
"""


class Watch:
    """Hears what a page would only tell its console. A test that provokes a fault names a part of it in `expected`."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.expected: list[str] = []

    def over(self, context: BrowserContext) -> None:
        """Listen to every page of the context."""
        context.on("console", self._console)
        context.on("weberror", self._error)
        context.expose_binding("deskViolation", lambda _source, told: self.heard.append(f"policy: {told}"))
        context.add_init_script(REPORT_VIOLATIONS)

    @property
    def faults(self) -> list[str]:
        """What was heard and not expected."""
        return [fault for fault in self.heard if not any(part in fault for part in self.expected)]

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.heard.append(f"console: {message.text}")

    def _error(self, error: WebError) -> None:
        self.heard.append(f"script: {error.error}")


# Playwright keeps an event loop running while it lives, in which no asyncio test can start another: not per session.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """The browser, one per test process. Fails when there is none."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=find_chromium(), args=list(FLAGS))
        yield started
        started.close()


@pytest.fixture
def watch() -> Watch:
    """What the pages of this test are watched by."""
    return Watch()


@pytest.fixture
def new_page(browser: Browser, watch: Watch) -> Iterator[Callable[..., Page]]:
    """Opens a page with cookies of its own, one per person; options go to Playwright's `new_context`."""
    contexts: list[BrowserContext] = []

    def open_page(**options: Any) -> Page:
        context = browser.new_context(**{**PERSON, **options})
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        watch.over(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()
    assert watch.faults == []


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """One person's page."""
    return new_page()


@pytest.fixture
def axe() -> Callable[[Page], list[str]]:
    """Finds what keeps people out of a page (WCAG 2.2 AA): one line per rule with the elements that break it."""
    source = AXE.read_text(encoding="utf-8")

    def examine(examined: Page) -> list[str]:
        # Evaluated by the browser's protocol, so that the page keeps its own security policy.
        examined.evaluate(source)
        found = examined.evaluate("rules => axe.run({runOnly: rules})", AXE_RULES)
        return [_line(violation) for violation in found["violations"]]

    return examine


def _line(violation: dict[str, Any]) -> str:
    places = "; ".join(" ".join(map(str, node["target"])) for node in violation["nodes"])
    return f"{violation['id']}: {places}"
