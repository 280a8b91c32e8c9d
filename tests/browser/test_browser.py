"""The browser that other tests look through: it must see what goes wrong."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route

from tests.browser import chromium
from tests.browser.conftest import Watch

POLICY = {"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'"}
ADDRESS = "http://desk.test/"


def _show(page: Page, body: str, script: str = "", headers: dict[str, str] = POLICY) -> None:
    html = f"<!doctype html><html lang=vi><title>Bàn</title><main>{body}</main><script src=/page.js></script></html>"

    def answer(route: Route) -> None:
        is_script = route.request.url.endswith(".js")
        kind = "text/javascript" if is_script else "text/html"
        route.fulfill(body=script if is_script else html, content_type=f"{kind}; charset=utf-8", headers=headers)

    page.route("**/*", answer)
    page.goto(ADDRESS)


def test_a_page_without_fault_is_heard_as_such(page: Page, watch: Watch) -> None:
    _show(page, "<h1>Sạt lở</h1>", "document.querySelector('h1').textContent += ' đèo'")
    assert page.locator("h1").inner_text() == "Sạt lở đèo"
    assert watch.faults == []


@pytest.mark.parametrize(
    ("body", "script", "heard"),
    [
        ("<p style='color:red'>x", "", "policy: style-src-attr refused inline"),
        ("<script>x = 1</script>", "", "policy: script-src-elem refused inline"),
        ("<p>x", "console.error('lost')", "console: lost"),
        ("<p>x", "throw new Error('broken')", "script: broken"),
    ],
)
def test_a_fault_that_only_the_console_shows_is_heard(
    page: Page, watch: Watch, body: str, script: str, heard: str
) -> None:
    _show(page, body, script)
    page.wait_for_timeout(100)
    assert [fault for fault in watch.heard if fault.startswith(heard)] != []
    watch.expected += ["policy:", "console:", "script:"]


def test_two_people_do_not_share_cookies(new_page: Callable[..., Page]) -> None:
    first, second = new_page(), new_page()
    _show(first, "", "document.cookie = 'name=first'")
    _show(second, "")
    assert (first.evaluate("document.cookie"), second.evaluate("document.cookie")) == ("name=first", "")


def test_axe_finds_a_field_without_a_name(page: Page, axe: Callable[[Page], list[str]]) -> None:
    _show(page, "<h1>Tiếp nhận</h1><input>")
    assert axe(page) == ["label: input"]


def test_axe_works_under_a_strict_policy_and_finds_nothing_in_a_good_page(
    page: Page, axe: Callable[[Page], list[str]]
) -> None:
    _show(page, "<h1>Tiếp nhận</h1><label>Tên <input></label>")
    assert axe(page) == []


def test_a_missing_browser_is_a_failure_with_advice(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv(chromium.VARIABLE, raising=False)
    monkeypatch.setattr(chromium, "PACKAGE", tmp_path / "nothing")
    with pytest.raises(chromium.NoChromium, match=r"run \./desk test, which fetches one"):
        chromium.find_chromium()


def test_a_named_browser_that_is_not_there_is_a_failure(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(chromium.VARIABLE, str(tmp_path / "none"))
    with pytest.raises(chromium.NoChromium, match="correct or unset it"):
        chromium.find_chromium()
