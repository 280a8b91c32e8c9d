"""Two people in one text, in real browsers: every letter there once, saved only when it is on disk."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import CDPSession, Page, expect

from tests.browser.draft_desk import DraftDesk, running_desk

EDITOR = ".ProseMirror"
OPENED = f"{EDITOR}[contenteditable=true]"
STATUS = "[data-draft-status]"
SAVED = re.compile(r"Đã lưu( \d\d:\d\d:\d\d)?$")
TELEX = [("Vie", 0), ("ê", 1), ("t", 0), ("ệt", 2), (" ", 0)]

Opens = Callable[..., Page]
# Two browsers and a server of their own, on machines that do other work as well.
pytestmark = pytest.mark.timeout(400)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DraftDesk]:
    with running_desk(tmp_path_factory.mktemp("drafting")) as running:
        yield running


@pytest.fixture
def opens(desk: DraftDesk, new_page: Callable[..., Page]) -> Opens:
    """Opens a fresh draft for somebody, in a browser of her own."""
    desk.begin()

    def open_page(key: str, **options: object) -> Page:
        page = new_page(**options)
        desk.admit(page.context, key)
        page.goto(desk.page)
        expect(page.locator(OPENED)).to_be_visible()
        return page

    return open_page


def put_caret(page: Page, paragraph: int, after: str | None = None) -> None:
    """Places the caret at the end of a paragraph, or behind some of its words."""
    page.evaluate(
        """([paragraph, after]) => {
          const { editor } = desk.draft;
          let found = null, seen = -1;
          editor.state.doc.descendants((node, position) => {
            if (!node.isTextblock || node.type.name !== "paragraph") return true;
            seen += 1;
            if (seen === paragraph) {
              const offset = after ? node.textContent.indexOf(after) + after.length : node.content.size;
              found = position + 1 + offset;
            }
            return false;
          });
          editor.view.focus();
          editor.commands.setTextSelection(found);
        }""",
        [paragraph, after],
    )


def words(page: Page) -> list[str]:
    """The paragraphs on the screen."""
    found: list[str] = page.evaluate(
        "[...document.querySelectorAll('.ProseMirror p')].map((p) => {"
        " const copy = p.cloneNode(true);"
        " copy.querySelectorAll('.caret, .ProseMirror-separator').forEach((one) => one.remove());"
        " return copy.textContent; })"
    )
    return found


def expect_saved(*pages: Page) -> None:
    for page in pages:
        expect(page.locator(STATUS)).to_have_text(SAVED)


def expect_same(desk: DraftDesk, *pages: Page) -> list[str]:
    """Everybody's screen shows what is on disk."""
    expect_saved(*pages)
    stored = [line.partition("\t")[2] for line in desk.text.split("\n") if line.startswith("p\t")]
    for page in pages:
        page.wait_for_function(
            "stored => JSON.stringify([...document.querySelectorAll('.ProseMirror p')].map((p) => {"
            " const copy = p.cloneNode(true); copy.querySelectorAll('.caret').forEach((one) => one.remove());"
            " return copy.textContent.normalize('NFC').trimEnd(); })) === JSON.stringify(stored)",
            arg=stored,
        )
    return stored


def compose(session: CDPSession, *states: str) -> None:
    """What an input method shows while a word is composed, and what it finally writes."""
    for state in states:
        session.send(
            "Input.imeSetComposition", {"text": state, "selectionStart": len(state), "selectionEnd": len(state)}
        )
    session.send("Input.insertText", {"text": states[-1]})


def test_two_people_type_in_two_places_at_once(desk: DraftDesk, opens: Opens) -> None:
    thao, ha = opens("thao"), opens("ha")
    put_caret(thao, 0)
    put_caret(ha, 1)
    for letter_of_thao, letter_of_ha in zip(" Đã báo cáo lãnh đạo.", " Gia đình liên hệ bàn", strict=True):
        thao.keyboard.type(letter_of_thao)
        ha.keyboard.type(letter_of_ha)
    assert expect_same(desk, thao, ha) == [
        "Tính đến 21 giờ 35, 37 người được khám. Đã báo cáo lãnh đạo.",
        "Gọi 115 khi có biểu hiện. Gia đình liên hệ bàn",
    ]


def test_a_word_is_composed_while_the_other_types_in_the_same_text(desk: DraftDesk, opens: Opens) -> None:
    thao, ha = opens("thao"), opens("ha")
    put_caret(thao, 0, "Tính đến ")
    put_caret(ha, 0)
    session = thao.context.new_cdp_session(thao)
    composing = ["t", "ti", "tie", "tiê", "tiên", "tiêng", "tiếng", "tiếng "]
    for index, state in enumerate(composing):
        session.send(
            "Input.imeSetComposition", {"text": state, "selectionStart": len(state), "selectionEnd": len(state)}
        )
        ha.keyboard.type(str(index))
        thao.wait_for_timeout(60)
    session.send("Input.insertText", {"text": "tiếng "})
    assert expect_same(desk, thao, ha)[0] == "Tính đến tiếng 21 giờ 35, 37 người được khám.01234567"


def test_a_word_is_composed_while_the_other_types_right_before_it(desk: DraftDesk, opens: Opens) -> None:
    thao, ha = opens("thao"), opens("ha")
    put_caret(thao, 0, "37 ng")
    put_caret(ha, 0, "37 ")
    session = thao.context.new_cdp_session(thao)
    for state in ("V", "Vi", "Vie", "Viê", "Việ", "Việt"):
        session.send(
            "Input.imeSetComposition", {"text": state, "selectionStart": len(state), "selectionEnd": len(state)}
        )
        ha.keyboard.type("x")
        thao.wait_for_timeout(60)
    session.send("Input.insertText", {"text": "Việt"})
    assert expect_same(desk, thao, ha)[0] == "Tính đến 21 giờ 35, 37 xxxxxxngViệtười được khám."


def test_telex_by_backspace_keeps_each_letter_once(desk: DraftDesk, opens: Opens) -> None:
    thao, ha = opens("thao"), opens("ha")
    put_caret(thao, 1)
    put_caret(ha, 0)
    for text, backspaces in [*TELEX, *TELEX]:
        for _ in range(backspaces):
            thao.keyboard.press("Backspace")
        thao.keyboard.type(text)
        ha.keyboard.type(".")
    assert expect_same(desk, thao, ha)[1] == "Gọi 115 khi có biểu hiện.Việt Việt"


def test_decomposed_letters_stay_as_typed_and_are_composed_in_the_stored_text(desk: DraftDesk, opens: Opens) -> None:
    thao, ha = opens("thao"), opens("ha")
    put_caret(thao, 1)
    thao.keyboard.insert_text(" Tie\u0302\u0301ng Vie\u0323\u0302t")
    assert expect_same(desk, thao, ha)[1].endswith("Tiếng Việt")
    assert "e\u0302\u0301" in words(ha)[1]


def test_undo_takes_back_only_what_one_typed_oneself(desk: DraftDesk, opens: Opens) -> None:
    thao, ha = opens("thao"), opens("ha")
    put_caret(thao, 0)
    thao.keyboard.type(" của Thảo")
    expect(ha.locator(EDITOR)).to_contain_text("của Thảo")
    put_caret(ha, 0)
    ha.keyboard.type(" của Hà")
    expect(thao.locator(EDITOR)).to_contain_text("của Hà")
    thao.keyboard.press("Control+z")
    assert expect_same(desk, thao, ha)[0] == "Tính đến 21 giờ 35, 37 người được khám. của Hà"
    thao.keyboard.press("Control+y")
    assert expect_same(desk, thao, ha)[0] == "Tính đến 21 giờ 35, 37 người được khám. của Thảo của Hà"


def test_two_windows_of_one_person_show_the_same(desk: DraftDesk, opens: Opens) -> None:
    first = opens("thao")
    second = first.context.new_page()
    second.goto(desk.page)
    expect(second.locator(OPENED)).to_be_visible()
    put_caret(first, 0)
    first.keyboard.type(" một")
    put_caret(second, 1)
    second.keyboard.type(" hai")
    assert expect_same(desk, first, second) == [
        "Tính đến 21 giờ 35, 37 người được khám. một",
        "Gọi 115 khi có biểu hiện. hai",
    ]


def test_the_name_at_a_caret_is_the_desks_and_goes_with_its_owner(desk: DraftDesk, opens: Opens) -> None:
    thao, ha = opens("thao"), opens("ha")
    ha.evaluate("desk.draft.provider.awareness.setLocalStateField('user', {name: 'Giám đốc', color: '#000000'})")
    put_caret(ha, 0)
    ha.keyboard.type(" a")
    expect(thao.locator(".caret i")).to_have_text("Lý Thu Hà")
    expect(thao.locator("[data-draft-people] .av")).to_have_attribute("title", "Lý Thu Hà")
    ha.context.close()
    expect(thao.locator(".caret")).to_have_count(0)
    expect(thao.locator("[data-draft-people] .av")).to_have_count(0)


def test_tokens_and_open_places_are_typed_set_and_stored(desk: DraftDesk, opens: Opens) -> None:
    thao = opens("thao")
    put_caret(thao, 1)
    thao.keyboard.type(" Tại {{địa điểm}} nhé.")
    expect(thao.locator("[data-draft-open] .note")).to_contain_text(["“địa điểm” còn để trống"])
    thao.locator("[data-insert-token=sequence_number]").click()
    thao.locator("[data-token-bounds=sequence_number]").click()
    thao.locator("#draft-bounds-low").fill("2")
    thao.locator("#draft-bounds-high").fill("3")
    thao.locator("#draft-bounds").get_by_role("button", name="Áp dụng").click()
    expect(thao.locator(f"{EDITOR} .token")).to_have_text("số thứ tự 2–3")
    expect(thao.locator("[data-draft-open] .note")).to_have_count(1)
    expect_saved(thao)
    assert desk.text.endswith("p\tGọi 115 khi có biểu hiện. Tại {{địa điểm}} nhé.{{sequence_number:2..3}}")


def test_marks_and_lists_reach_the_other_and_links_only_safe_ones(desk: DraftDesk, opens: Opens) -> None:
    thao, ha = opens("thao"), opens("ha")
    put_caret(thao, 1)
    thao.keyboard.press("Enter")
    thao.get_by_role("button", name="Danh sách đánh số").click()
    thao.keyboard.type("một")
    thao.keyboard.press("Enter")
    thao.keyboard.press("Control+b")
    thao.keyboard.type("hai")
    expect(ha.locator(f"{EDITOR} ol li strong")).to_have_text("hai")
    expect_saved(thao)
    assert desk.text.endswith("li-1-ol\tmột\nli-1-ol\thai")
    thao.evaluate("desk.draft.editor.chain().selectAll().setLink({href: 'javascript:alert(1)'}).run()")
    expect_saved(thao)
    assert "](" not in desk.text


def test_a_text_that_is_too_long_is_refused_and_the_rest_stays(desk: DraftDesk, opens: Opens) -> None:
    thao = opens("thao")
    put_caret(thao, 0)
    thao.evaluate("desk.draft.editor.commands.insertContent('x'.repeat(130000))")
    expect(thao.locator("[data-draft-bar]")).to_contain_text("dài quá mức cho phép")
    thao.keyboard.type(" Vẫn gõ được.")
    assert expect_same(desk, thao)[0] == "Tính đến 21 giờ 35, 37 người được khám. Vẫn gõ được."


@pytest.mark.parametrize("options", [{}, {"viewport": {"width": 360, "height": 740}, "color_scheme": "dark"}])
def test_the_page_is_open_to_everybody(
    opens: Opens, axe: Callable[[Page], list[str]], options: dict[str, object], tmp_path: Path
) -> None:
    page = opens("thao", **options)
    editor = page.get_by_role("textbox", name="Nội dung văn bản")
    editor.focus()
    page.keyboard.type("Bằng bàn phím. ")
    expect(editor).to_contain_text("Bằng bàn phím.")
    assert axe(page) == []
    width, shown = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert width <= shown
