"""The room in real browsers: what one does shows to all, and nobody loses what she is typing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from crisis_desk.incidents.models import Incident
from crisis_desk.platform.clock import PROVINCE, now
from tests.browser.conftest import Watch
from tests.browser.live_equals_fresh import difference
from tests.browser.room_desk import RoomDesk, running_room_desk

NewPage = Callable[..., Page]
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True}
LINES = "#room-lines > li"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RoomDesk]:
    with running_room_desk(tmp_path_factory.mktemp("room")) as running:
        yield running


@pytest.fixture
def incident(desk: RoomDesk) -> Incident:
    return desk.report("Nghi ngộ độc thực phẩm tại bếp ăn", severity=2)


def open_room(desk: RoomDesk, page: Page, key: str, incident: Incident) -> Page:
    return desk.opened(page, key, f"/incidents/{incident.code}")


def test_a_line_is_written_with_enter_and_shows_to_all(desk: RoomDesk, new_page: NewPage, incident: Incident) -> None:
    mine, other = open_room(desk, new_page(), "yen", incident), open_room(desk, new_page(), "lam", incident)
    mine.keyboard.press("e")
    mine.keyboard.type("00:01 gọi Sở Y tế, đang đếm")
    mine.keyboard.press("Enter")
    for page in (mine, other):
        line = page.locator(LINES, has_text="gọi Sở Y tế, đang đếm")
        expect(line.locator(".who")).to_have_text("Đỗ Hải Yến")
        expect(line.locator("time")).to_contain_text("00:01")
        expect(line.locator(".tag")).to_contain_text("ghi muộn")
    expect(mine.locator("#log-waiting > li")).to_have_count(0)
    expect(mine.locator("#entry")).to_be_focused()


def test_the_beginning_of_a_name_after_an_at_sign_is_completed(
    desk: RoomDesk, new_page: NewPage, incident: Incident
) -> None:
    page = open_room(desk, new_page(), "yen", incident)
    page.locator("#entry").press_sequentially("Giao @vu ngoc")
    expect(page.locator("[role=option]", has_text="Vũ Ngọc Thảo")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("#entry")).to_have_value("Giao @Vũ Ngọc Thảo ")
    page.keyboard.type("soạn TB1")
    page.keyboard.press("Enter")
    expect(page.locator(LINES, has_text="Giao @Vũ Ngọc Thảo soạn TB1")).to_be_visible()


def test_a_wrong_line_stays_struck_out_beside_the_one_that_puts_it_right(
    desk: RoomDesk, new_page: NewPage, incident: Incident
) -> None:
    desk.note(incident, "37 người được khám", "yen")
    page, other = open_room(desk, new_page(), "yen", incident), open_room(desk, new_page(), "vy", incident)
    wrong = page.locator(LINES, has_text="37 người được khám")
    wrong.hover()
    wrong.locator("button").click()
    expect(page.locator("#correct-text")).to_have_value("37 người được khám")
    page.fill("#correct-text", "34 người được khám, 3 người bị đếm hai lần")
    page.click("#correct button[type=submit]")
    for one in (page, other):
        expect(one.locator(LINES, has_text="37 người được khám").locator("s")).to_be_visible()
        expect(one.locator(LINES, has_text="34 người được khám").locator("a")).to_have_text("Đính chính dòng trước")
    assert difference(other) == []


def test_the_level_changes_for_everybody_and_the_clocks_with_it(
    desk: RoomDesk, new_page: NewPage, incident: Incident, watch: Watch
) -> None:
    watch.expected += ["422"]
    page, other = open_room(desk, new_page(), "yen", incident), open_room(desk, new_page(), "thao", incident)
    expect(other.locator("[data-opens=change-severity]").first).to_be_hidden()
    page.click("[data-opens=change-severity]:visible")
    page.check("#severity-4")
    page.fill("#severity-reason", " ")
    page.click("#change-severity button[type=submit]")
    expect(page.locator("#severity-reason-note")).to_contain_text("Mục này phải có.")
    page.fill("#severity-reason", "Có 1 người tử vong")
    page.click("#change-severity button[type=submit]")
    expect(other.locator("#room-head .sev.s4")).to_be_visible()
    expect(other.locator("#room-clocks .clk", has_text="Thông tin ban đầu").first).to_be_visible()
    expect(other.locator("#alarm")).to_contain_text("Có 1 người tử vong")


def test_the_incident_is_opened_with_a_trigger_and_closed_with_a_reason(
    desk: RoomDesk, new_page: NewPage, incident: Incident, watch: Watch
) -> None:
    watch.expected += ["422"]
    page = open_room(desk, new_page(), "yen", incident)
    page.click("[data-opens=change-status]:visible")
    expect(page.locator("#to-monitoring")).to_be_hidden()
    page.check("#to-active")
    page.click("#change-status button[type=submit]")
    expect(page.locator("#change-status")).to_contain_text("ý kiến phê bình không phải là căn cứ")
    page.check("#trigger-harm")
    page.click("#change-status button[type=submit]")
    expect(page.locator("#room-head")).to_contain_text("Đang xử lý")
    page.click("[data-opens=change-status]:visible")
    expect(page.locator("#to-monitoring")).to_be_visible()


def test_an_overdue_clock_is_closed_with_a_reason_and_stays_in_sight(desk: RoomDesk, new_page: NewPage) -> None:
    late = desk.report("Việc quên tiếp nhận", severity=2, received_at=_hours_ago(3))
    page = open_room(desk, new_page(), "yen", late)
    clock = page.locator("#room-clocks .one", has_text="Tiếp nhận")
    expect(clock.locator(".words")).to_contain_text("trễ")
    clock.locator("button").click()
    expect(page.locator("#reason-title")).to_have_text("Đóng thời hạn “Tiếp nhận”")
    page.fill("#reason-why", "đã nhận qua điện thoại")
    page.click("#reason button[type=submit]")
    expect(clock).to_contain_text("đã đóng, trễ")
    expect(clock).to_contain_text("đã nhận qua điện thoại")


def _hours_ago(hours: float) -> datetime:
    return now() - timedelta(hours=hours)


def test_somebody_is_asked_and_answers_for_herself_alone(desk: RoomDesk, new_page: NewPage, incident: Incident) -> None:
    yen, thao = open_room(desk, new_page(), "yen", incident), open_room(desk, new_page(), "thao", incident)
    yen.click("#people [data-opens=assign]")
    yen.locator("#assign-person").press_sequentially("ngoc thao")
    yen.locator("[role=option]", has_text="Vũ Ngọc Thảo").click()
    yen.select_option("#assign-role", "drafter")
    yen.click("#assign button[type=submit]")
    asked = thao.locator("#people li", has_text="Vũ Ngọc Thảo")
    expect(yen.locator("#people li", has_text="Vũ Ngọc Thảo").locator("text=Tôi tham gia")).to_be_hidden()
    asked.locator("text=Tôi tham gia").click()
    expect(yen.locator("#people li", has_text="Vũ Ngọc Thảo")).to_contain_text("nhận")
    expect(asked.locator("text=Tôi tham gia")).to_be_hidden()
    expect(yen.locator("#room-head")).not_to_contain_text("chưa có người tiếp nhận")


def test_who_declines_says_why(desk: RoomDesk, new_page: NewPage, incident: Incident) -> None:
    desk.assign(incident, "le")
    page, yen = open_room(desk, new_page(), "le", incident), open_room(desk, new_page(), "yen", incident)
    page.click("#people >> text=Từ chối…")
    page.fill("#reason-why", "đang mổ cấp cứu")
    page.click("#reason button[type=submit]")
    expect(yen.locator("#people li", has_text="Châu Mỹ Lệ")).to_contain_text("đang mổ cấp cứu")


def test_an_authorisation_to_speak_is_recorded_posted_and_withdrawn(
    desk: RoomDesk, new_page: NewPage, incident: Incident
) -> None:
    page = open_room(desk, new_page(), "yen", incident)
    page.click("#room-responders [data-opens=authorise]")
    page.locator("#authorise-person").press_sequentially("ngoc thao")
    expect(page.locator("[role=option]")).to_have_count(1)
    page.keyboard.press("Enter")
    for field, value in (("signer", "Giám đốc"), ("number", "01/GUQ"), ("from", _local(-1)), ("to", _local(5))):
        page.fill(f"#authorise-{field}", value)
    page.click("#authorise button[type=submit]")
    given = page.locator("#room-responders li", has_text="01/GUQ")
    expect(given).to_contain_text("chưa công bố")
    given.locator("text=Ghi nhận công bố…").click()
    page.fill("#posting-at", _local(0))
    page.click("#posting button[type=submit]")
    expect(given).to_contain_text("công bố")
    expect(given).not_to_contain_text("chưa công bố")
    given.locator("text=Thu hồi…").click()
    expect(page.locator("#reason-title")).to_have_text("Thu hồi ủy quyền 01/GUQ")
    page.fill("#reason-why", "đổi người phát ngôn")
    page.click("#reason button[type=submit]")
    expect(given).to_contain_text("thu hồi")
    page.wait_for_function("() => desk.live.settled")
    assert difference(page) == []


def _local(hours: float) -> str:
    return f"{(now() + timedelta(hours=hours)).astimezone(PROVINCE):%Y-%m-%dT%H:%M}"


def test_an_incident_is_taken_in_hand_with_one_tap(desk: RoomDesk, new_page: NewPage, incident: Incident) -> None:
    page, other = open_room(desk, new_page(), "yen", incident), open_room(desk, new_page(), "lam", incident)
    page.click(".rhead form button")
    expect(other.locator("#room-head")).not_to_contain_text("chưa có người tiếp nhận")
    expect(other.locator(".rhead form")).to_be_hidden()


def test_a_name_that_is_nobodys_is_not_sent(desk: RoomDesk, new_page: NewPage, incident: Incident) -> None:
    page = open_room(desk, new_page(), "yen", incident)
    page.click("#people [data-opens=assign]")
    page.locator("#assign-person").press_sequentially("Không Ai Cả")
    page.select_option("#assign-role", "drafter")
    page.click("#assign button[type=submit]")
    assert (
        page.evaluate("document.getElementById('assign-person').validationMessage")
        == "Hãy chọn một người trong danh sách."
    )


def test_two_who_describe_at_once_do_not_overwrite_each_other(
    desk: RoomDesk, new_page: NewPage, incident: Incident, watch: Watch
) -> None:
    watch.expected += ["412"]
    page = open_room(desk, new_page(), "yen", incident)
    page.click("#room-truth [data-opens=describe]")
    page.fill("#describe-what", "Nghi ngộ độc tại bếp ăn Công ty Minh Họa")
    desk.describe(incident, title="Ngộ độc bếp ăn", place="KCN Phú Lộc Giang")
    expect(page.locator("#room-truth")).to_contain_text("KCN Phú Lộc Giang")
    expect(page.locator("#describe-what")).to_have_value("Nghi ngộ độc tại bếp ăn Công ty Minh Họa")
    page.click("#describe button[type=submit]")
    expect(page.locator("#describe-what-note")).to_contain_text("Ngộ độc bếp ăn")
    page.click("#describe button[type=submit]")
    expect(page.locator("h1")).to_have_text("Nghi ngộ độc tại bếp ăn Công ty Minh Họa")
    assert desk.present(incident).place == "KCN Phú Lộc Giang"


def test_a_corrected_time_keeps_what_stood_there_before(desk: RoomDesk, new_page: NewPage, incident: Incident) -> None:
    page, other = open_room(desk, new_page(), "yen", incident), open_room(desk, new_page(), "lam", incident)
    desk.describe(incident, occurred_at=_hours_ago(1), occurred_about=True)
    desk.describe(incident, occurred_at=_hours_ago(2), occurred_about=False)
    expect(other.locator("#room-truth .was")).to_have_count(2)
    expect(other.locator("#room-truth .was").first).to_contain_text("Phạm Quốc Lâm đính chính")
    assert difference(page) == []


def test_nothing_moves_under_the_hand(desk: RoomDesk, new_page: NewPage, incident: Incident) -> None:
    for number in range(40):
        desk.note(incident, f"Dòng thứ {number} của đêm nay, đủ dài để nhật ký phải cuộn")
    page = open_room(desk, new_page(), "yen", incident)
    log = page.locator("#log .scroll")
    log.evaluate("list => list.scrollTo(0, -400)")
    page.click(".rhead > .id > .menu > summary")
    page.locator("#entry").focus()
    page.keyboard.type("Đang gõ dở một câu")
    page.evaluate("document.querySelector('.rhead > .id > .menu').open = true")
    page.evaluate("document.getElementById('entry').setSelectionRange(4, 6)")
    before = page.evaluate(STANDS)
    desk.change_severity(incident, 4)
    desk.note(incident, "Dòng mới của người khác")
    desk.assign(incident, "thao", "drafter", key="lam")
    expect(page.locator("#room-head .sev.s4")).to_be_visible()
    expect(page.locator("#log-strip")).to_contain_text("dòng mới")
    assert page.evaluate(STANDS) == before
    page.click("#log-strip")
    expect(page.locator(LINES, has_text="Dòng mới của người khác")).to_be_in_viewport()


STANDS = """() => {
  const entry = document.getElementById("entry");
  const list = document.querySelector("#log .scroll");
  return {
    focus: document.activeElement.id, text: entry.value, selection: [entry.selectionStart, entry.selectionEnd],
    scroll: list.scrollTop, menu: document.querySelector(".rhead > .id > .menu").open,
  };
}"""


def test_half_typed_text_survives_a_reload(desk: RoomDesk, new_page: NewPage, incident: Incident) -> None:
    page = open_room(desk, new_page(), "yen", incident)
    page.fill("#entry", "Gọi lại trưởng trạm y tế")
    page.wait_for_timeout(400)
    page.reload()
    expect(page.locator("#entry")).to_have_value("Gọi lại trưởng trạm y tế")


def test_earlier_lines_come_on_demand(desk: RoomDesk, new_page: NewPage, incident: Incident) -> None:
    for number in range(210):
        desk.note(incident, f"Dòng {number}")
    page = open_room(desk, new_page(), "yen", incident)
    expect(page.locator(LINES)).to_have_count(200)
    page.click("[data-earlier]")
    expect(page.locator(LINES)).to_have_count(211)
    expect(page.locator("[data-earlier]")).to_be_hidden()
    orders = page.eval_on_selector_all(LINES, "lines => lines.map((line) => Number(line.dataset.order))")
    assert orders == sorted(orders)


def test_who_only_reads_is_told_so_and_gets_no_control(desk: RoomDesk, new_page: NewPage, incident: Incident) -> None:
    page = open_room(desk, new_page(), "vy", incident)
    expect(page.locator("#entry")).to_be_hidden()
    expect(page.locator(".entry")).to_contain_text("Bạn chỉ đọc nhật ký này.")
    assert page.locator("[data-verb]:visible").count() == 1


def test_a_room_that_is_restricted_closes_for_others_at_once(
    desk: RoomDesk, new_page: NewPage, incident: Incident
) -> None:
    page = open_room(desk, new_page(), "lam", incident)
    desk.restrict(incident)
    expect(page.locator("h1")).to_have_text("Trang này không có hoặc bạn không được mở.")
    assert incident.title not in page.content().replace("&nbsp;", " ").split("<body")[1]


def test_a_room_that_lived_through_a_night_equals_a_fresh_one(
    desk: RoomDesk, new_page: NewPage, incident: Incident
) -> None:
    pages = [open_room(desk, new_page(), key, incident) for key in ("yen", "vy")]
    desk.move(incident, "active")
    desk.describe(incident, lead_organisation_id=desk.bodies["SYT"], summary="Đã rõ giờ ăn.\nChưa rõ nguyên nhân.")
    desk.change_severity(incident, 3)
    first = desk.note(incident, "Tính đến giờ có 37 người", "yen")
    desk.note(incident, "Đính chính: 34 người", "lam", corrects=first.id)
    responder = desk.assign(incident, "thao", "drafter")
    desk.answer(incident, "thao", responder, "accepted")
    statement = desk.draft(incident)
    desk.freeze(incident, statement)
    desk.release(incident, statement)
    desk.describe(incident, occurred_at=_hours_ago(1))
    desk.move(incident, "monitoring")
    for page in pages:
        expect(page.locator("#room-head")).to_contain_text("Theo dõi")
        assert difference(page) == []


@pytest.mark.parametrize("options", [{}, {"color_scheme": "dark"}, PHONE], ids=["light", "dark", "phone"])
def test_everybody_can_use_the_room(
    desk: RoomDesk, new_page: NewPage, axe: Callable[[Page], list[str]], options: dict[str, Any]
) -> None:
    drill = desk.report("Diễn tập ngộ độc", severity=3, drill=True, received_at=_hours_ago(2))
    desk.assign(drill, "thao", "drafter")
    desk.note(drill, "00:01 gọi Sở Y tế")
    page = open_room(desk, new_page(**options), "yen", drill)
    assert axe(page) == []
    for dialog in ("change-severity", "change-status", "describe", "assign", "authorise"):
        page.evaluate("id => document.getElementById(id).showModal()", dialog)
        assert axe(page) == [], dialog
        page.evaluate("id => document.getElementById(id).close()", dialog)
    assert page.evaluate("document.documentElement.scrollWidth") == page.evaluate("innerWidth")


def test_a_phone_shows_one_part_at_a_time(desk: RoomDesk, new_page: NewPage, incident: Incident) -> None:
    page = open_room(desk, new_page(**PHONE), "yen", incident)
    expect(page.locator("#facts")).to_be_visible()
    expect(page.locator("#log")).to_be_hidden()
    page.click(".tabs >> text=Nhật ký")
    expect(page.locator("#log")).to_be_visible()
    expect(page.locator("#facts")).to_be_hidden()
    expect(page.locator(".tabs [aria-current=true]")).to_have_text("Nhật ký")
    page.fill("#entry", "Ghi từ điện thoại")
    page.click(".entry button[type=submit]")
    expect(page.locator(LINES, has_text="Ghi từ điện thoại")).to_be_visible()
