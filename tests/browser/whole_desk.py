"""The desk as `crisis-desk run` lays it out, in a process of its own, and people who sign in as visitors do."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Page, expect

from crisis_desk.people.second_factor import present_code
from tests.servers import free_port

HOUSE = Path(__file__).resolve().parents[2]
SECRET = "JBSWY3DPEHPK3PXP"
STARTS_WITHIN = 120.0


@dataclass
class WholeDesk:
    """A running demonstration desk. `command` runs crisis-desk on the same data."""

    data: Path
    database: str
    port: int = field(default_factory=free_port)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Runs a crisis-desk command and gives what it printed, whatever its exit code."""
        return subprocess.run(self._words(*words), cwd=HOUSE, capture_output=True, text=True, env=_environment())

    @contextmanager
    def running(self) -> Iterator[WholeDesk]:
        """`crisis-desk run` on an empty folder, ended by its process id."""
        words = self._words("run", "--port", str(self.port))
        process = subprocess.Popen(words, cwd=HOUSE, env=_environment(), stdout=subprocess.DEVNULL)
        try:
            self._wait(process)
            yield self
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)

    def _wait(self, process: subprocess.Popen[bytes]) -> None:
        end = time.monotonic() + STARTS_WITHIN
        while time.monotonic() < end:
            assert process.poll() is None, "crisis-desk run ended; what it said is above"
            try:
                urllib.request.urlopen(f"{self.address}/ready", timeout=5).close()
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.1)
            else:
                return
        raise AssertionError("crisis-desk run did not answer in time")

    def _words(self, *words: str) -> list[str]:
        place = ["--data", str(self.data), *(["--database", self.database] if self.database else [])]
        return [sys.executable, "-m", "crisis_desk.commands", *words, *place]


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("CRISIS_DESK_")}


@dataclass
class Office:
    """Everybody at her own browser."""

    desk: WholeDesk
    new_page: Callable[..., Page]
    pages: dict[str, Page] = field(default_factory=dict)

    def __getitem__(self, account: str) -> Page:
        if account not in self.pages:
            self.pages[account] = self._signed_in(account)
        return self.pages[account]

    def _signed_in(self, account: str) -> Page:
        page = self.new_page()
        page.goto(f"{self.desk.address}/sign-in?account={account}@demo.invalid")
        page.locator("main form button[type=submit]").first.click()
        page.locator("#code").wait_for()
        # The page offers a code that has not served yet, also to whoever signs in twice within half a minute.
        expect(page.locator("#code")).to_have_value(re.compile(r"^\d{6}$"))
        page.locator("main form button[type=submit]").first.click()
        page.wait_for_url(f"{self.desk.address}/")
        return page

    def code(self) -> str:
        """What a device shows now."""
        return present_code(SECRET, datetime.now(UTC))

    def room(self, account: str, code: str) -> Page:
        """The account's page, in the room and live."""
        page = self[account]
        page.goto(f"{self.desk.address}/incidents/{code}")
        wait_until_live(page)
        return page


def wait_until_live(page: Page) -> None:
    """Waits until the page is connected and shows everything; the page's policy forbids waiting by eval."""
    end = time.monotonic() + 20
    while not page.evaluate("() => Boolean(window.desk?.live?.connected && window.desk.live.settled)"):
        assert time.monotonic() < end, "the page did not come alive"
        page.wait_for_timeout(50)


def send(dialog_of: Page, dialog: str) -> None:
    """Sends a dialog's form and waits until it has closed, which it does when the desk has acknowledged."""
    dialog_of.locator(f"#{dialog} form button[type=submit]").click()
    expect(dialog_of.locator(f"#{dialog}")).not_to_be_visible()


def open_dialog(page: Page, name: str) -> None:
    """Opens a dialog by its button in the room's head or behind "more"."""
    button = page.locator(f".rhead [data-opens='{name}']:visible, #work [data-opens='{name}']:visible").first
    if not button.count():
        page.locator(".rhead details.menu > summary").click()
    page.locator(f"[data-opens='{name}']:visible").first.click()
    page.locator(f"#{name}").wait_for()
