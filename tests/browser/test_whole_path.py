"""From the first call to the signed report, with everybody in a real browser; and the record holds afterwards."""

from __future__ import annotations

import io
import re
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import docx
import pypdf
import pytest
from playwright.sync_api import Page, expect

from crisis_desk.incidents.codes import spoken_code
from crisis_desk.platform.clock import PROVINCE
from tests.browser.conftest import Watch
from tests.browser.whole_desk import Office, WholeDesk, open_dialog, send, wait_until_live

pytestmark = pytest.mark.timeout(400)

LINE = "Cháy bãi phế liệu sau chợ Thử, xã Giả Định khoảng {time} /3"
SEEDED = ["verifier.syt", "approver.btgtu", "approver.stttt"]
BOTH_ORGANS = ["verifier.syt", "approver.stttt", "approver.btgtu"]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def desk(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WholeDesk]:
    url = "" if request.param == "sqlite" else request.getfixturevalue("postgresql").create_database()
    made = WholeDesk(tmp_path_factory.mktemp("desk"), url)
    with made.running():
        yield made


@pytest.fixture
def office(desk: WholeDesk, new_page: Callable[..., Page]) -> Office:
    return Office(desk, new_page)


@pytest.mark.parametrize("signers", [SEEDED, BOTH_ORGANS], ids=["seeded steps", "both organs approve"])
def test_from_one_line_to_the_report(office: Office, watch: Watch, signers: list[str]) -> None:
    # Leaving a page cuts its connection; Chromium tells that to the console when the timing is unlucky.
    watch.expected = ["WebSocket is closed before the connection is established"]
    choose_steps(office, "Hai cơ quan cùng duyệt" if signers is BOTH_ORGANS else "Mức 3")
    code = report_by_one_line(office)
    open_and_staff(office, code)
    statement = begin_together(office, code)
    submit(office, statement)
    for signer in signers:
        sign(office, statement, signer)
    release(office, statement)
    read_in_public(office, statement)
    close(office, code)
    read_the_report(office, code)


def choose_steps(office: Office, name: str) -> None:
    """The administrator sets which steps level 3 asks for, unless they are those already."""
    page = office["administrator.stttt"]
    page.goto(f"{office.desk.address}/approval-sets")
    level = page.locator("#level-3")
    if name in (level.locator("h2").text_content() or ""):
        return
    level.locator("summary").click()
    option = level.locator("option", has_text=name)
    level.locator("select").select_option(option.get_attribute("value"))
    level.locator("textarea").fill("Thống nhất giữa hai cơ quan")
    level.locator("button[type=submit]").click()
    expect(level.locator("h2")).to_contain_text(name)


def report_by_one_line(office: Office) -> str:
    page = office["duty_officer.stttt"]
    page.goto(office.desk.address)
    wait_until_live(page)
    before = set(page.locator("tr[data-row]").evaluate_all("rows => rows.map(row => row.dataset.code)"))
    page.keyboard.press("n")
    occurred = datetime.now(PROVINCE) - timedelta(minutes=20)
    page.keyboard.type(LINE.format(time=f"{occurred:%H:%M}"))
    page.keyboard.press("Enter")
    row = page.locator("tr[data-row]:not(.is-drill)", has_text="Cháy bãi phế liệu").last
    row.wait_for()
    codes = set(page.locator("tr[data-row]").evaluate_all("rows => rows.map(row => row.dataset.code)")) - before
    assert len(codes) == 1
    return str(codes.pop())


def open_and_staff(office: Office, code: str) -> None:
    page = office.room("coordinator.stttt", code)
    open_dialog(page, "describe")
    page.locator("#describe-lead").select_option(label="Sở Y tế")
    send(page, "describe")
    open_dialog(page, "change-status")
    page.locator("#to-open").check()
    page.locator("#change-status input[name=trigger][value=harm]").check()
    send(page, "change-status")
    open_dialog(page, "assign")
    page.locator("#assign-person").fill("Bùi Đức Toàn")
    page.locator("#assign [role=option]", has_text="Bùi Đức Toàn").first.click()
    page.locator("#assign-role").select_option("verifier")
    send(page, "assign")
    verifier = office.room("verifier.syt", code)
    verifier.locator("form[data-verb=accept] button:visible").click()
    expect(page.locator("#room-responders li", has_text="Bùi Đức Toàn")).to_contain_text("nhận ")


def begin_together(office: Office, code: str) -> str:
    first = office.room("drafter.stttt", code)
    first.goto(f"{office.desk.address}/incidents/{code}/statements/new")
    first.locator("select[name=template]").select_option("")
    first.locator("main form button[type=submit]").click()
    first.wait_for_url("**/draft")
    statement = first.url.split("/")[-2]
    second = office["drafter.btgtu"]
    second.goto(first.url)
    editor = "[data-draft-text] [contenteditable=true]"
    for page in (first, second):
        page.locator(editor).wait_for()
    first.locator(editor).click()
    first.keyboard.type("Vụ cháy bãi phế liệu đã được khống chế.")
    first.keyboard.press("Enter")
    expect(second.locator(editor)).to_contain_text("đã được khống chế")
    second.locator(editor).click()
    second.keyboard.press("Control+Home")
    second.keyboard.press("End")
    second.keyboard.type(" Đến nay ")
    compose(second, ["c", "ch", "chư", "chưa"])
    first.keyboard.type("Nguyên nhân đang được làm rõ. ")
    second.keyboard.type(" có thương vong.")
    promise(first)
    for page in (first, second):
        expect(page.locator(editor)).to_contain_text("chưa có thương vong.")
        expect(page.locator(editor)).to_contain_text("Nguyên nhân đang được làm rõ.")
        expect(page.locator("[data-draft-status]")).to_contain_text("Đã lưu")
    return statement


def compose(page: Page, stages: list[str]) -> None:
    session = page.context.new_cdp_session(page)
    for stage in stages:
        session.send(
            "Input.imeSetComposition", {"text": stage, "selectionStart": len(stage), "selectionEnd": len(stage)}
        )
    session.send("Input.insertText", {"text": stages[-1]})


def promise(page: Page) -> None:
    page.keyboard.press("Control+End")
    page.locator("[data-insert-token=next_update_at]").click()


def submit(office: Office, statement: str) -> None:
    page = office["drafter.stttt"]
    expect(page.locator("[data-draft-submit]")).to_have_attribute("aria-disabled", "false")
    page.locator("[data-draft-submit]").click()
    expect(page.locator("main.frozen")).to_be_visible()


def sign(office: Office, statement: str, account: str) -> None:
    page = office[account]
    page.goto(f"{office.desk.address}/statements/{statement}/approval")
    page.locator("#otp").fill(office.code())
    page.locator("form[data-api$='/signatures'] button[type=submit]").click()
    page.wait_for_url(f"**/statements/{statement}")


def release(office: Office, statement: str) -> None:
    page = office["spokesperson.vpub"]
    page.goto(f"{office.desk.address}/statements/{statement}")
    page.locator("#form-portal").check()
    page.locator("#form-press_release").check()
    promised = datetime.now(PROVINCE) + timedelta(hours=2)
    if page.locator("input[name=next_update_at]").count():
        page.locator("input[name=next_update_at]").fill(f"{promised:%Y-%m-%dT%H:%M}")
    page.locator("#release input[name=second_factor]").fill(office.code())
    page.locator("form[data-api$='/releases'] button[type=submit]").click()
    page.locator("a[href='/newsroom/" + statement + "']").wait_for()


def read_in_public(office: Office, statement: str) -> None:
    page = office.new_page(java_script_enabled=False)
    page.goto(f"{office.desk.address}/newsroom/{statement}")
    expect(page.locator("main")).to_contain_text("Vụ cháy bãi phế liệu đã được khống chế.")
    expect(page.locator("main")).to_contain_text("chưa có thương vong.")
    assert page.context.cookies() == []


def close(office: Office, code: str) -> None:
    page = office.room("coordinator.stttt", code)
    open_dialog(page, "change-status")
    page.locator("#to-closed").check()
    page.locator("#status-reason").fill("Đám cháy đã tắt, thông tin đã phát")
    send(page, "change-status")


def read_the_report(office: Office, code: str) -> None:
    page = office["post_incident_reviewer.stttt"]
    page.goto(f"{office.desk.address}/incidents/{code}/review")
    expect(page.locator("main")).to_contain_text("Vụ cháy bãi phế liệu đã được khống chế.")
    expect(page).to_have_title(re.compile(spoken_code(code)))
    word = docx.Document(io.BytesIO(downloaded(page, "docx")))
    assert "Cháy bãi phế liệu" in "\n".join(paragraph.text for paragraph in word.paragraphs)
    pages = [part.extract_text() for part in pypdf.PdfReader(io.BytesIO(downloaded(page, "pdf"))).pages]
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in pages[0]


def downloaded(page: Page, form: str) -> bytes:
    """The report as the browser keeps it after a click."""
    menu = page.locator("details.menu", has=page.locator(f"a[href$='report.{form}?lang=vi']"))
    if menu.get_attribute("open") is None:
        menu.locator("summary").click()
    with page.expect_download() as download:
        menu.locator(f"a[href$='report.{form}?lang=vi']").click()
    return Path(download.value.path()).read_bytes()


def test_the_record_holds_and_one_changed_byte_is_named(desk: WholeDesk, tmp_path: Path) -> None:
    said = desk.command("journal", "verify")
    assert (said.returncode, said.stdout.split()[0]) == (0, "verified")
    bundle = tmp_path / "bundle.zip"
    assert desk.command("journal", "export", str(bundle)).returncode == 0
    assert verify_alone(bundle) == (0, "verified")
    if desk.database:
        return
    stream, sequence = tamper(desk.data / "desk.sqlite", tmp_path / "copy")
    broken = WholeDesk(tmp_path / "copy", "").command("journal", "verify")
    assert broken.returncode == 1
    assert f"broken: {stream} {sequence} " in broken.stdout
    assert verify_alone(change_one_byte(bundle)) == (1, "broken:")


def verify_alone(bundle: Path) -> tuple[int, str]:
    """What the bundle's own verifier says, with nothing installed and nothing of this checkout in reach."""
    alone = bundle.parent / "alone"
    with zipfile.ZipFile(bundle) as archive:
        archive.extract("verify.py", alone)
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(alone / "verify.py"), str(bundle)], capture_output=True, text=True, cwd=alone
    )
    return done.returncode, done.stdout.split()[0]


def tamper(database: Path, folder: Path) -> tuple[str, int]:
    """Changes one letter of one stored entry behind the desk's back, in a copy of its folder."""
    folder.mkdir()
    with sqlite3.connect(database) as source, sqlite3.connect(folder / "desk.sqlite") as copy:
        source.backup(copy)
        copy.execute("DROP TRIGGER journal_entry_no_update")
        stream, sequence, payload = copy.execute(
            "SELECT stream, sequence, payload FROM journal_entry WHERE kind = 'log.noted' ORDER BY at LIMIT 1"
        ).fetchone()
        changed = payload.replace("Gọi", "Gợi", 1) if "Gọi" in payload else payload.replace("a", "e", 1)
        copy.execute(
            "UPDATE journal_entry SET payload = ? WHERE stream = ? AND sequence = ?", (changed, stream, sequence)
        )
    return stream, sequence


def change_one_byte(bundle: Path) -> Path:
    changed = bundle.with_name("changed.zip")
    with zipfile.ZipFile(bundle) as source, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as target:
        names = source.namelist()
        chosen = next(name for name in names if name.startswith("entries/incident"))
        for name in names:
            content = source.read(name)
            target.writestr(name, _flipped(content, name == chosen))
    return changed


def _flipped(content: bytes, is_chosen: bool) -> bytes:
    if not is_chosen:
        return content
    place = content.index(b'"title"') + 12
    return content[:place] + (b"x" if content[place : place + 1] != b"x" else b"y") + content[place + 1 :]
