"""What every page has: keys, the reader's own language and appearance, and the line that says how right it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Watch
from tests.browser.room_desk import RoomDesk, running_room_desk

NewPage = Callable[..., Page]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RoomDesk]:
    with running_room_desk(tmp_path_factory.mktemp("shell")) as running:
        yield running


def test_an_empty_board_says_what_to_do_next(
    desk: RoomDesk, new_page: NewPage, axe: Callable[[Page], list[str]]
) -> None:
    page = desk.opened(new_page(), "yen")
    expect(page.locator("#board-empty")).to_contain_text("Bấm n để ghi một dòng.")
    assert axe(page) == []


def test_all_keys_are_listed_and_can_be_switched_off_on_this_device(desk: RoomDesk, new_page: NewPage) -> None:
    page = desk.opened(new_page(), "yen")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.check("#keys-off")
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    expect(page.locator("#line")).not_to_be_focused()
    page.reload()
    page.keyboard.press("n")
    expect(page.locator("#line")).not_to_be_focused()


def test_the_chosen_language_and_appearance_stay(desk: RoomDesk, new_page: NewPage) -> None:
    page = desk.opened(new_page(), "lam")
    page.click(".top .menu > summary")
    page.click("[data-choose=theme][value=dark]")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.click("[data-choose=language][value=en]")
    expect(page.locator("h1")).to_have_text("Incident board")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_the_first_tab_leads_past_the_bar(desk: RoomDesk, new_page: NewPage) -> None:
    page = desk.opened(new_page(), "yen")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()


def test_a_lost_line_says_since_when_and_comes_back_by_itself(desk: RoomDesk, new_page: NewPage, watch: Watch) -> None:
    watch.expected += ["ERR_", "WebSocket"]
    page = desk.opened(new_page(), "yen")
    expect(page.locator("[data-line]")).to_contain_text("Trực tuyến")
    desk.kill()
    expect(page.locator("[data-line]")).to_contain_text(re.compile(r"Mất kết nối từ \d\d:\d\d"))
    made = desk.report("Việc ghi khi máy chủ dừng")
    desk.start()
    expect(page.locator("[data-line]")).to_contain_text("Trực tuyến", timeout=20_000)
    expect(page.locator(f"#incident-{made.code}")).to_be_visible()


def test_a_line_is_sent_although_the_device_keeps_nothing(desk: RoomDesk, new_page: NewPage) -> None:
    page = new_page()
    page.add_init_script("Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); };")
    desk.opened(page, "yen")
    page.keyboard.press("n")
    page.keyboard.type("Cháy chợ Thử, máy đầy bộ nhớ")
    page.keyboard.press("Enter")
    expect(page.locator("tr[data-row]", has_text="máy đầy bộ nhớ")).to_be_visible()
    expect(page.locator("#intake-waiting")).to_be_empty()


def test_what_was_refused_after_its_page_was_left_is_shown_on_the_next(
    desk: RoomDesk, new_page: NewPage, watch: Watch
) -> None:
    watch.expected += ["ERR_INTERNET_DISCONNECTED", "WebSocket", "404"]
    made = desk.report("Việc sẽ bị hạn chế")
    page = desk.opened(new_page(), "lam", f"/incidents/{made.code}")
    page.context.set_offline(True)
    page.fill("#entry", "Gọi lại trưởng trạm y tế")
    page.press("#entry", "Enter")
    expect(page.locator("#log-waiting .pend")).to_contain_text("giữ trong máy này")
    page.close()
    desk.restrict(made)
    page.context.set_offline(False)
    board = desk.opened(page.context.new_page(), "lam")
    bar = board.locator("[data-refused]")
    expect(bar.locator("textarea")).to_have_value("Gọi lại trưởng trạm y tế")
    board.reload()
    expect(bar.locator("textarea")).to_have_value("Gọi lại trưởng trạm y tế")
    bar.get_by_role("button", name="Bỏ phần này").click()
    board.reload()
    expect(board.locator("[data-line]")).to_contain_text("Trực tuyến")
    expect(bar).to_have_count(0)


def test_what_another_window_has_sent_waits_in_none(desk: RoomDesk, new_page: NewPage, watch: Watch) -> None:
    watch.expected += ["ERR_INTERNET_DISCONNECTED", "WebSocket", "400", "401"]
    made = desk.report("Việc ghi ở hai cửa sổ")
    page = desk.opened(new_page(), "lam", f"/incidents/{made.code}")
    page.context.clear_cookies()
    page.fill("#entry", "Gọi lại trưởng trạm y tế")
    page.press("#entry", "Enter")
    expect(page.locator("#log-waiting .pend")).to_contain_text("đăng nhập ở cửa sổ khác")
    desk.opened(page.context.new_page(), "lam")
    expect(page.locator("#log-waiting .pend")).to_have_count(0)
    expect(page.locator("#room-lines .text", has_text="Gọi lại trưởng trạm y tế")).to_have_count(1)


def test_two_windows_do_not_lose_what_is_typed_in_the_other(desk: RoomDesk, new_page: NewPage) -> None:
    made = desk.report("Việc gõ ở hai cửa sổ")
    path = f"/incidents/{made.code}"
    one = desk.opened(new_page(), "lam", path)
    two = desk.opened(one.context.new_page(), "lam", path)
    one.locator("#entry").press_sequentially("Còn đang gõ")
    one.wait_for_timeout(400)
    two.locator("#entry").press_sequentially("Gửi ngay")
    two.press("#entry", "Enter")
    expect(one.locator("#room-lines .text", has_text="Gửi ngay")).to_have_count(1)
    one.reload()
    expect(one.locator("#entry")).to_have_value("Còn đang gõ")
    two.reload()
    one.reload()
    expect(one.locator("#entry")).to_have_value("Còn đang gõ")


def test_a_paste_that_a_field_cuts_is_said(desk: RoomDesk, new_page: NewPage) -> None:
    made = desk.report("Việc dán dài")
    page = desk.opened(new_page(), "lam", f"/incidents/{made.code}")
    paste = """(field, text) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData("text", text);
      field.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true }));
    }"""
    said = page.locator("form:has(#entry) [data-said]")
    page.locator("#entry").evaluate(paste, "x" * 10_000)
    expect(said).to_have_count(0)
    page.locator("#entry").evaluate(paste, "x" * 10_001)
    expect(said).to_contain_text("Ô này nhận tối đa 10000 ký tự.")


def test_what_two_closed_windows_left_is_given_back_both(desk: RoomDesk, new_page: NewPage) -> None:
    made = desk.report("Việc gõ dở ở hai cửa sổ")
    path = f"/incidents/{made.code}"
    one = desk.opened(new_page(), "lam", path)
    two = desk.opened(one.context.new_page(), "lam", path)
    one.locator("#entry").press_sequentially("Dòng thứ nhất")
    two.locator("#entry").press_sequentially("Dòng thứ hai")
    context = one.context
    one.close()
    two.close()
    page = desk.opened(context.new_page(), "lam", path)
    entry, offer = page.locator("#entry"), page.locator("[data-left-behind]")
    expect(entry).to_have_value("Dòng thứ hai")
    expect(offer).to_contain_text("Dòng thứ nhất")
    # The page's clocks tick every second, and must leave the offer alone.
    page.wait_for_timeout(1200)
    expect(offer).to_contain_text("Dòng thứ nhất")
    offer.get_by_role("button", name="Đưa vào").click()
    expect(entry).to_have_value("Dòng thứ nhất")
    expect(offer).to_contain_text("Dòng thứ hai")
    page.reload()
    expect(entry).to_have_value("Dòng thứ nhất")
    expect(offer).to_contain_text("Dòng thứ hai")
    offer.get_by_role("button", name="Bỏ", exact=True).click()
    page.reload()
    expect(entry).to_have_value("Dòng thứ nhất")
    expect(offer).to_have_count(0)


def test_a_reason_half_typed_comes_back_for_its_own_line(desk: RoomDesk, new_page: NewPage) -> None:
    made = desk.report("Việc đính chính hai dòng")
    page = desk.opened(new_page(), "lam", f"/incidents/{made.code}")
    for text in ("Nguồn tin một", "Nguồn tin hai"):
        page.fill("#entry", text)
        page.press("#entry", "Enter")
        expect(page.locator("#room-lines .text", has_text=text)).to_have_count(1)
    field = page.locator("#correct-text")
    for text in ("Nguồn tin một", "Nguồn tin hai"):
        _correct(page, text)
        expect(field).to_have_value(text)
        field.fill(f"{text} sửa lại")
        page.keyboard.press("Escape")
    _correct(page, "Nguồn tin một")
    expect(field).to_have_value("Nguồn tin một sửa lại")
    page.reload()
    _correct(page, "Nguồn tin hai")
    expect(field).to_have_value("Nguồn tin hai sửa lại")


def _correct(page: Page, text: str) -> None:
    line = page.locator("#room-lines > li", has_text=text)
    line.hover()
    line.get_by_role("button", name="Đính chính").click()


def test_signing_out_elsewhere_leaves_the_page_and_what_is_typed(
    desk: RoomDesk, new_page: NewPage, watch: Watch
) -> None:
    watch.expected += ["WebSocket", "400", "401"]
    made = desk.report("Việc đăng xuất giữa chừng")
    page = desk.opened(new_page(), "lam", f"/incidents/{made.code}")
    page.fill("#entry", "Còn đang gõ")
    other = desk.opened(page.context.new_page(), "lam")
    other.locator(".menu summary").first.click()
    other.get_by_role("button", name="Đăng xuất").click()
    expect(page.locator("[data-line-bar]")).to_contain_text("Phiên làm việc đã hết")
    expect(page.locator("#entry")).to_have_value("Còn đang gõ")
    desk.sign_in_again("lam")
    desk.opened(other, "lam")
    page.press("#entry", "Enter")
    expect(page.locator("#room-lines .text", has_text="Còn đang gõ")).to_have_count(1, timeout=40_000)
    expect(page.locator("[data-line]")).to_contain_text("Trực tuyến")
