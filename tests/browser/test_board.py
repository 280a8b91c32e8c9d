"""The board in real browsers: one line is enough, every change shows everywhere, nothing moves under the hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from tests.browser.conftest import Watch
from tests.browser.live_equals_fresh import difference
from tests.browser.room_desk import RoomDesk, running_room_desk

NewPage = Callable[..., Page]
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RoomDesk]:
    with running_room_desk(tmp_path_factory.mktemp("board")) as running:
        yield running


def row(page: Page, code: str) -> Any:
    return page.locator(f"#incident-{code}")


def test_one_line_becomes_a_row_on_every_board_and_enter_opens_it(desk: RoomDesk, new_page: NewPage) -> None:
    mine, other = desk.opened(new_page(), "khue"), desk.opened(new_page(), "lam")
    mine.keyboard.press("n")
    mine.keyboard.type("Cháy bãi phế liệu sau chợ Thử, xã Giả Định khoảng 00:01 /3")
    expect(mine.locator("#intake-understood")).to_contain_text("mức 3")
    expect(mine.locator("#intake-understood")).to_contain_text("khoảng")
    mine.keyboard.press("Enter")
    link = mine.locator("a.title", has_text="Cháy bãi phế liệu sau chợ Thử")
    expect(link).to_be_focused()
    expect(other.locator("a.title", has_text="Cháy bãi phế liệu sau chợ Thử")).to_be_visible()
    expect(other.locator("[data-fresh-word]", has_text="mới")).to_be_visible()
    expect(mine.locator("#line")).to_have_value("")
    mine.keyboard.press("Enter")
    expect(mine.locator("h1", has_text="Cháy bãi phế liệu")).to_be_visible()


def test_a_likely_duplicate_is_offered_while_typing(desk: RoomDesk, new_page: NewPage) -> None:
    known = desk.report("Cá chết hàng loạt trên sông Thử, xã Giả Định")
    page = desk.opened(new_page(), "khue")
    page.fill("#line", "ca chet tren song Thu")
    expect(page.locator(f"#intake-similar a[href='/incidents/{known.code}']")).to_be_visible()


def test_what_was_typed_without_a_line_is_kept_and_sent_once(desk: RoomDesk, new_page: NewPage, watch: Watch) -> None:
    watch.expected += ["ERR_INTERNET_DISCONNECTED"]
    page = desk.opened(new_page(), "khue")
    before = len(desk.incidents())
    page.context.set_offline(True)
    page.fill("#line", "Sạt lở đèo Ví Dụ, chia cắt hai xã /3")
    page.keyboard.press("Enter")
    expect(page.locator("#intake-waiting .pend")).to_contain_text("chưa lưu")
    page.fill("#line", "Còn một dòng đang gõ")
    page.context.set_offline(False)
    page.reload()
    expect(page.locator("a.title", has_text="Sạt lở đèo Ví Dụ")).to_be_visible()
    expect(page.locator("#intake-waiting .pend")).to_have_count(0)
    expect(page.locator("#line")).to_have_value("Còn một dòng đang gõ")
    page.reload()
    assert [incident.title for incident in desk.incidents()[before:]] == ["Sạt lở đèo Ví Dụ, chia cắt hai xã"]


def test_the_form_behind_the_line_takes_what_was_understood(desk: RoomDesk, new_page: NewPage, watch: Watch) -> None:
    watch.expected += ["422"]
    page = desk.opened(new_page(), "khue")
    page.fill("#line", "Mùi khét gần trường, xã Giả Định /1")
    expect(page.locator("#intake-understood")).to_contain_text("mức 1")
    page.click("#intake-more")
    expect(page.locator("#intake-what")).to_have_value("Mùi khét gần trường, xã Giả Định")
    expect(page.locator("#severity-1")).to_be_checked()
    page.select_option("#intake-handling", "restricted")
    page.click("#intake-form button[type=submit]")
    expect(page.locator("#intake-reason-note")).to_be_visible()
    page.fill("#intake-reason", "có tên học sinh")
    page.click("#intake-form button[type=submit]")
    expect(page.locator("a.title", has_text="Mùi khét gần trường")).to_be_visible()


def test_a_row_changes_in_place_and_moves_only_when_asked(desk: RoomDesk, new_page: NewPage) -> None:
    first = desk.report("Việc thứ nhất cần theo dõi", severity=4)
    second = desk.report("Việc thứ hai cần theo dõi", severity=1)
    page = desk.opened(new_page(), "lam")
    order = "() => [...document.querySelectorAll('#board [data-row]')].map((row) => row.dataset.code)"
    before = page.evaluate(order)
    assert before.index(first.code) < before.index(second.code)
    desk.change_severity(second, 4)
    desk.change_severity(first, 1)
    expect(row(page, first.code).locator(".sev.s1")).to_be_visible()
    expect(row(page, second.code).locator(".sev.s4")).to_be_visible()
    assert page.evaluate(order) == before
    expect(page.locator("#board-strip")).to_contain_text("chờ đổi chỗ")
    page.keyboard.press(".")
    expect(page.locator("#board-strip")).to_be_hidden()
    after = page.evaluate(order)
    assert after.index(second.code) < after.index(first.code)


def test_rows_are_found_without_diacritics_and_narrowed_by_level(desk: RoomDesk, new_page: NewPage) -> None:
    fish = desk.report("Đàn cá nổi đầu trên sông Thử", severity=3)
    other = desk.report("Phản ánh chậm bồi thường", severity=1)
    page = desk.opened(new_page(), "lam")
    page.keyboard.press("/")
    page.keyboard.type("dan ca song thu")
    expect(row(page, fish.code)).to_be_visible()
    expect(row(page, other.code)).to_be_hidden()
    page.fill("#q", "khong co gi")
    expect(page.locator("#board-none")).to_contain_text("Không có dòng nào khớp “khong co gi”.")
    page.click("#board-none button")
    expect(row(page, other.code)).to_be_visible()
    page.select_option("#board-severity", "3")
    expect(row(page, other.code)).to_be_hidden()
    page.select_option("#board-grouping", "severity")
    expect(page.locator("tbody[data-group=severity-3]")).to_be_visible()
    page.reload()
    expect(page.locator("#board-grouping")).to_have_value("severity")


def test_enter_in_the_search_looks_through_everything_closed_ones_too(desk: RoomDesk, new_page: NewPage) -> None:
    old = desk.report("Vỡ ống nước đường Giả Định")
    desk.move(old, "closed")
    page = desk.opened(new_page(), "lam")
    expect(row(page, old.code)).to_have_count(0)
    page.fill("#q", "vo ong nuoc")
    page.keyboard.press("Enter")
    expect(page.locator(f"a[href='/incidents/{old.code}']")).to_be_visible()


def test_a_row_walks_with_j_and_k_and_enter_opens_it(desk: RoomDesk, new_page: NewPage) -> None:
    desk.report("Một sự việc để đi tới")
    page = desk.opened(new_page(), "lam")
    rows = page.locator("#board [data-row]:visible")
    page.keyboard.press("j")
    expect(rows.nth(0).locator("a.title")).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(rows.nth(0).locator("a.title")).to_be_focused()


def test_a_restricted_incident_leaves_the_boards_of_others_and_reads_as_missing(
    desk: RoomDesk, new_page: NewPage, watch: Watch
) -> None:
    watch.expected += ["404"]
    incident = desk.report("Danh sách người bệnh bị lộ", severity=3)
    page = desk.opened(new_page(), "lam")
    expect(row(page, incident.code)).to_be_visible()
    desk.restrict(incident)
    expect(row(page, incident.code)).to_have_count(0)
    shown = [_missing(desk, page, code) for code in (incident.code, "KHONG-00")]
    assert shown[0] == shown[1]
    page.goto(f"{desk.address}/incidents?q=danh+sach")
    expect(page.locator("tr[data-row]", has_text="bị lộ")).to_have_count(0)


def _missing(desk: RoomDesk, page: Page, code: str) -> tuple[int, str]:
    answer = page.goto(f"{desk.address}/incidents/{code}")
    assert answer is not None
    return answer.status, page.locator("main").inner_html()


def test_a_lost_last_message_is_caught_by_the_beacon(desk: RoomDesk, new_page: NewPage) -> None:
    incident = desk.report("Tin đồn nghỉ học do xả lũ")
    page = new_page()
    lost: list[str] = []
    loses = {"now": False}

    def relay(route: WebSocketRoute) -> None:
        server = route.connect_to_server()

        def from_server(message: str | bytes) -> None:
            if loses["now"] and isinstance(message, str) and '"card"' in message:
                lost.append(message)
            else:
                route.send(message)

        server.on_message(from_server)

    page.route_web_socket("**/socket.io/**", relay)
    desk.opened(page, "lam")
    loses["now"] = True
    desk.change_severity(incident, 4)
    # A beacon may be quicker than the message that it makes up for.
    while not lost:
        page.wait_for_timeout(50)
    expect(row(page, incident.code).locator(".sev.s4")).to_be_visible(timeout=25_000)


def test_own_work_shows_to_whoever_it_waits_for_and_leaves_when_done(desk: RoomDesk, new_page: NewPage) -> None:
    incident = desk.report("Nghi ngộ độc bếp ăn", severity=3)
    thao, lam = desk.opened(new_page(), "thao"), desk.opened(new_page(), "lam")
    desk.assign(incident, "thao", "drafter")
    mine = "#own > li:visible"
    expect(thao.locator(mine, has_text=f"{incident.code.split('-')[1]}: trả lời đề nghị tham gia")).to_be_visible()
    expect(lam.locator(mine, has_text="trả lời đề nghị tham gia")).to_have_count(0)
    desk.draft(incident)
    expect(thao.locator(mine, has_text="soạn và trình TB1")).to_be_visible()
    expect(lam.locator("#holding > li", has_text="Vũ Ngọc Thảo")).to_be_visible()


def test_who_is_in_a_room_shows_on_the_board(desk: RoomDesk, new_page: NewPage) -> None:
    incident = desk.report("Việc có người vào xử lý")
    board = desk.opened(new_page(), "lam")
    room = desk.opened(new_page(), "yen", f"/incidents/{incident.code}")
    expect(row(board, incident.code).locator(".av")).to_have_attribute("title", "Đỗ Hải Yến")
    late = desk.opened(new_page(), "khue")
    expect(row(late, incident.code).locator(".av")).to_have_attribute("title", "Đỗ Hải Yến")
    room.goto(desk.address + "/account")
    expect(row(board, incident.code).locator(".av")).to_have_count(0)


def test_a_board_that_lived_through_a_night_equals_a_fresh_one(desk: RoomDesk, new_page: NewPage) -> None:
    incident = desk.report("Cháy xưởng gỗ cụm CN Thí Dụ", severity=2)
    drill = desk.report("Diễn tập xả lũ", severity=3, drill=True)
    page, auditor = desk.opened(new_page(), "lam"), desk.opened(new_page(), "vy")
    desk.move(incident, "active")
    desk.describe(incident, lead_organisation_id=desk.bodies["SYT"], title="Cháy xưởng gỗ, 1 người tử vong")
    desk.assign(incident, "le", "verifier")
    desk.change_severity(incident, 3)
    statement = desk.draft(incident)
    desk.freeze(incident, statement)
    desk.release(incident, statement)
    desk.note(drill, "Bắt đầu diễn tập")
    short = desk.report("Việc báo nhầm")
    desk.move(short, "closed", reason="báo nhầm")
    hidden = desk.report("Việc hạn chế", severity=3)
    desk.restrict(hidden)
    expect(row(page, incident.code)).to_contain_text("đã phát")
    expect(page.locator("#closed > li", has_text="Việc báo nhầm")).to_have_count(1)
    expect(row(page, hidden.code)).to_have_count(0)
    assert difference(page) == []
    assert difference(auditor) == []


@pytest.mark.parametrize("options", [{}, {"color_scheme": "dark"}, PHONE], ids=["light", "dark", "phone"])
def test_everybody_can_use_the_board(
    desk: RoomDesk, new_page: NewPage, axe: Callable[[Page], list[str]], options: dict[str, Any]
) -> None:
    desk.report("Diễn tập xả lũ", severity=4, drill=True)
    page = desk.opened(new_page(**options), "yen")
    page.fill("#line", "Cháy chợ Thử khoảng 00:10 /2")
    expect(page.locator("#intake-understood")).to_contain_text("mức 2")
    assert axe(page) == []
    page.click("#intake-more")
    assert axe(page) == []
    page.goto(desk.address + "/incidents")
    assert axe(page) == []


def test_a_phone_shows_the_board_without_scrolling_sideways(desk: RoomDesk, new_page: NewPage) -> None:
    desk.report("Một sự việc có tên rất dài để xem nó xuống dòng thế nào trên điện thoại nhỏ của cán bộ trực")
    page = desk.opened(new_page(**PHONE), "khue")
    assert page.evaluate("document.documentElement.scrollWidth") == 360
