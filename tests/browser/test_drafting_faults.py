"""Drafting when something breaks: what was typed is neither lost nor doubled, and the page says how it stands."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Watch
from tests.browser.draft_desk import DraftDesk, running_desk
from tests.browser.test_drafting import EDITOR, OPENED, STATUS, Opens, expect_same, put_caret

NEXT = "Thông tin tiếp theo trước 23 giờ 30 ngày 12/5/2023, kể cả khi chưa có diễn biến mới."
SUBMITTABLE = f"h1\tTHÔNG TIN BAN ĐẦU\np\tTính đến 21 giờ 35, 37 người được khám.\np\t{NEXT}"
# Each test may start the desk several times, on machines that do other work as well.
pytestmark = pytest.mark.timeout(600)
# A browser without its desk says so in its console.
BROKEN = ["ERR_CONNECTION", "WebSocket", "Failed to load resource", "Failed to fetch"]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DraftDesk]:
    with running_desk(tmp_path_factory.mktemp("drafting")) as running:
        yield running


@pytest.fixture
def opens(desk: DraftDesk, new_page: Callable[..., Page], watch: Watch) -> Opens:
    watch.expected += BROKEN
    desk.give_roles("thao", ["drafter", "coordinator"])
    desk.begin(SUBMITTABLE)
    if desk.process is None:
        desk.start()

    def open_page(key: str, **options: object) -> Page:
        page = new_page(**options)
        desk.admit(page.context, key)
        page.goto(desk.page)
        expect(page.locator(OPENED)).to_be_visible()
        return page

    return open_page


def kept(page: Page) -> None:
    """What was typed is said to be in this device, not on the desk."""
    expect(page.locator(STATUS)).to_contain_text(re.compile(r"\d+ thay đổi (đang giữ trong máy này|chưa lưu)"))


def reconnected(*pages: Page) -> None:
    for page in pages:
        page.wait_for_function("() => desk.draft.provider.status.synced", timeout=30_000)


def test_what_both_typed_without_the_desk_is_merged_when_it_is_back(desk: DraftDesk, opens: Opens) -> None:
    thao, ha = opens("thao"), opens("ha")
    desk.kill()
    put_caret(thao, 0, "Tính đến 21 giờ 35")
    thao.keyboard.type(" hôm nay")
    put_caret(ha, 0)
    ha.keyboard.type(" Gọi 115.")
    put_caret(ha, 0, "Tính đến 21 giờ")
    for _ in " giờ":
        ha.keyboard.press("Backspace")
    ha.keyboard.type("g")
    kept(thao)
    kept(ha)
    desk.start()
    reconnected(thao, ha)
    assert expect_same(desk, thao, ha)[0] == "Tính đến 21g 35 hôm nay, 37 người được khám. Gọi 115."


def test_a_desk_killed_in_the_middle_of_a_sentence_loses_and_doubles_nothing(desk: DraftDesk, opens: Opens) -> None:
    thao, ha = opens("thao"), opens("ha")
    put_caret(thao, 0)
    put_caret(ha, 1)
    for turn in range(3):
        thao.keyboard.type(f" Câu {turn} bắt đầu", delay=5)
        ha.keyboard.type(f" ({turn}", delay=5)
        desk.kill()
        thao.keyboard.type(" và kết thúc.", delay=5)
        ha.keyboard.type(")", delay=5)
        desk.start()
        reconnected(thao, ha)
    sentences = "".join(f" Câu {turn} bắt đầu và kết thúc." for turn in range(3))
    assert expect_same(desk, thao, ha)[0] == f"Tính đến 21 giờ 35, 37 người được khám.{sentences}"
    assert desk.text.endswith(" (0) (1) (2)")


def test_a_tab_closed_without_the_desk_gives_its_text_to_the_next(desk: DraftDesk, opens: Opens) -> None:
    thao = opens("thao")
    desk.kill()
    put_caret(thao, 0)
    thao.keyboard.type(" Gõ khi mất mạng.")
    thao.wait_for_timeout(400)
    thao.close()
    assert "mất mạng" not in desk.text
    desk.start()
    again = thao.context.new_page()
    again.goto(desk.page)
    expect(again.locator(EDITOR)).to_contain_text("Gõ khi mất mạng.")
    assert expect_same(desk, again)[0] == "Tính đến 21 giờ 35, 37 người được khám. Gõ khi mất mạng."
    assert again.evaluate("desk.draft.provider.unsent.left().then((left) => left.length)") == 0


def test_a_text_frozen_while_somebody_types_stays_to_be_copied(desk: DraftDesk, opens: Opens) -> None:
    thao = opens("thao")
    put_caret(thao, 0)
    desk.submit()
    thao.keyboard.insert_text(" Muộn rồi.")
    expect(thao.locator("[data-draft-bar]")).to_contain_text("đã chốt")
    expect(thao.locator(f"{EDITOR}[contenteditable=false]")).to_contain_text("Muộn rồi.")
    expect(thao.locator("[data-draft-unsaved] textarea")).to_have_value(
        re.compile(r"^Tính đến 21 giờ 35, 37 người được khám\. Muộn rồi\.$")
    )
    assert "Muộn" not in desk.text
    thao.reload()
    expect(thao.locator(".seal")).to_contain_text("đã chốt, chỉ đọc")
    expect(thao.locator("[data-draft-unsaved] textarea")).to_have_value(re.compile("Muộn rồi"))
    thao.locator("[data-draft-unsaved]").get_by_role("button", name="Bỏ phần này").click()
    thao.reload()
    expect(thao.locator(".seal")).to_be_visible()
    expect(thao.locator("[data-draft-unsaved]")).to_be_hidden()


def test_a_frozen_text_looks_frozen_to_the_other_drafter_and_says_when_it_is_reopened(
    desk: DraftDesk, opens: Opens
) -> None:
    ha = opens("ha")
    desk.submit()
    bar = ha.locator("[data-draft-bar]")
    expect(bar).to_contain_text("đã chốt")
    expect(ha.locator("[data-draft-submit]")).to_have_attribute("aria-disabled", "true")
    expect(ha.locator("[data-draft-act=bold]")).to_have_attribute("aria-disabled", "true")
    desk.reopen()
    expect(bar).to_contain_text("đã được mở lại")
    bar.get_by_role("link", name="Tải lại trang").click()
    expect(ha.locator(OPENED)).to_be_visible()
    put_caret(ha, 0)
    ha.keyboard.insert_text(" Viết tiếp.")
    ha.wait_for_function("() => desk.draft.provider.status.waiting === 0")
    assert "Viết tiếp." in desk.text


def test_what_a_closed_tab_kept_is_offered_when_the_text_was_frozen_meanwhile(desk: DraftDesk, opens: Opens) -> None:
    thao = opens("thao")
    thao.context.set_offline(True)
    put_caret(thao, 0)
    thao.keyboard.type(" Gõ khi mất mạng.")
    kept(thao)
    thao.wait_for_timeout(400)
    thao.close()
    desk.submit()
    thao.context.set_offline(False)
    again = thao.context.new_page()
    again.goto(desk.page)
    expect(again.locator(".seal")).to_be_visible()
    expect(again.locator("[data-draft-unsaved] textarea")).to_have_value(" Gõ khi mất mạng.")
    assert "mất mạng" not in desk.text


def test_submitting_freezes_everybodys_screen_at_once(desk: DraftDesk, opens: Opens) -> None:
    thao, ha = opens("thao"), opens("ha")
    put_caret(ha, 0)
    ha.keyboard.type(" Xong.")
    expect(ha.locator(STATUS)).to_contain_text("Đã lưu")
    thao.locator("[data-draft-submit]").click()
    expect(ha.locator("[data-draft-bar]")).to_contain_text("đã chốt")
    expect(ha.locator(f"{EDITOR}[contenteditable=false]")).to_be_visible()
    expect(thao.locator(".seal")).to_be_visible()
    assert "Xong." in desk.text


def test_a_right_taken_back_makes_the_text_read_only(desk: DraftDesk, opens: Opens) -> None:
    thao = opens("thao")
    put_caret(thao, 0)
    thao.keyboard.type(" Trước.")
    expect(thao.locator(STATUS)).to_contain_text("Đã lưu")
    desk.give_roles("thao", ["auditor"])
    thao.keyboard.insert_text(" Sau.")
    expect(thao.locator(f"{EDITOR}[contenteditable=false]")).to_contain_text("Trước. Sau.")
    expect(thao.locator("[data-draft-unsaved] textarea")).to_have_value(re.compile("Sau"))
    assert ("Trước." in desk.text, "Sau." in desk.text) == (True, False)


def test_an_ended_session_keeps_the_text_until_somebody_signs_in_again(desk: DraftDesk, opens: Opens) -> None:
    thao = opens("thao")
    put_caret(thao, 0)
    desk.end_session("thao")
    thao.keyboard.type(" Vẫn gõ.")
    expect(thao.locator("[data-draft-bar]")).to_contain_text("Phiên làm việc đã hết")
    kept(thao)
    thao.keyboard.type(" Và gõ tiếp.")
    with desk.journal.unjournalled_transaction("test") as session:
        desk.sign_in("thao", session)
    desk.admit(thao.context, "thao")
    reconnected(thao)
    assert expect_same(desk, thao)[0] == "Tính đến 21 giờ 35, 37 người được khám. Vẫn gõ. Và gõ tiếp."


def test_a_connection_refused_to_a_signed_out_page_is_made_again_after_signing_in(
    desk: DraftDesk, opens: Opens
) -> None:
    thao = opens("thao")
    thao.context.set_offline(True)
    put_caret(thao, 0)
    thao.keyboard.type(" Vẫn gõ.")
    desk.end_session("thao")
    thao.context.set_offline(False)
    expect(thao.locator("[data-draft-bar]")).to_contain_text("Phiên làm việc đã hết")
    with desk.journal.unjournalled_transaction("test") as session:
        desk.sign_in("thao", session)
    desk.admit(thao.context, "thao")
    reconnected(thao)
    expect(thao.locator("[data-line]").first).to_have_attribute("data-is", "on")
    assert expect_same(desk, thao)[0] == "Tính đến 21 giờ 35, 37 người được khám. Vẫn gõ."


def test_a_store_that_fails_is_no_empty_text(desk: DraftDesk, opens: Opens, new_page: Callable[..., Page]) -> None:
    thao = opens("thao")
    rename(desk, "draft_update", "draft_update_away")
    put_caret(thao, 0)
    thao.keyboard.type(" Chưa lưu được.")
    kept(thao)
    rename(desk, "draft_update_away", "draft_update")
    reconnected(thao)
    assert expect_same(desk, thao)[0] == "Tính đến 21 giờ 35, 37 người được khám. Chưa lưu được."


def rename(desk: DraftDesk, table: str, other: str) -> None:
    """Renames a table behind the desk's back, waiting for the desk's own writes to end."""
    with sqlite3.connect(desk.folder / "desk.sqlite", timeout=20) as connection:
        connection.execute(f"ALTER TABLE {table} RENAME TO {other}")
    connection.close()
