"""What the public may read, and what it must never come across."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event

from crisis_desk.incidents.models import Incident
from crisis_desk.statements.models import Statement
from tests.statements.conftest import TEXT, Desk

UPDATE = TEXT.replace("37 người", "34 người")


@pytest.fixture
def anybody(desk: Desk) -> FlaskClient:
    return desk.browser()


def words(page: str) -> str:
    """A page as it is read, without its markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def ready(desk: Desk, incident: Incident, **more: object) -> Statement:
    made = desk.statement(incident, **more)  # type: ignore[arg-type]
    desk.submit(incident, made)
    desk.sign_all(incident, made)
    return made


def test_a_released_statement_is_read_by_anybody_with_its_code_and_hash(desk: Desk, anybody: FlaskClient) -> None:
    incident = desk.incident()
    out = desk.released(incident)
    answer = anybody.get(f"/newsroom/{out.id}")
    page = words(answer.text)
    assert answer.status_code == 200
    assert "37 người đã được thăm khám" in page
    assert f"{incident.code}-TB1-{(out.final_sha256 or '')[:4].upper()}" in page
    assert str(out.final_sha256) in page
    assert "Sở Y tế" in page
    assert out.id in anybody.get("/newsroom/").text


def test_what_is_not_released_is_nowhere_in_the_newsroom(desk: Desk, anybody: FlaskClient) -> None:
    incident = desk.incident()
    draft = desk.statement(incident, title="Bản nháp kín", text="h1\tBẢN NHÁP KÍN\n" + TEXT)
    approved = ready(
        desk, incident, title="Bản đã duyệt kín", text=TEXT.replace("THÔNG TIN BAN ĐẦU", "BẢN ĐÃ DUYỆT KÍN")
    )
    out = desk.released(incident)
    page = anybody.get("/newsroom/").text
    assert out.id in page
    for one, title in ((draft, "BẢN NHÁP KÍN"), (approved, "BẢN ĐÃ DUYỆT KÍN")):
        assert title.casefold() not in page.casefold()
        assert one.id not in page
        assert anybody.get(f"/newsroom/{one.id}").status_code == 404
        assert title.casefold() not in anybody.get(f"/newsroom/{out.id}").text.casefold()


def test_a_drill_never_reaches_the_newsroom_and_is_rehearsed_behind_sign_in(desk: Desk, anybody: FlaskClient) -> None:
    drill = desk.incident(drill=True)
    out = desk.released(drill, title="Diễn tập nội bộ")
    assert out.id not in anybody.get("/newsroom/").text
    assert anybody.get(f"/newsroom/{out.id}").status_code == 404
    for path in ("/rehearsal/newsroom/", f"/rehearsal/newsroom/{out.id}"):
        closed = anybody.get(path)
        assert closed.status_code == 302
        assert "/sign-in" in closed.headers["Location"]
    signed_in = desk.browser("drafter.btgtu")
    assert out.id in signed_in.get("/rehearsal/newsroom/").text
    page = signed_in.get(f"/rehearsal/newsroom/{out.id}")
    assert "DIỄN TẬP – KHÔNG PHẢI SỰ VIỆC THẬT" in page.text
    assert page.headers["Cache-Control"] == "no-store"


def test_a_real_notice_is_not_shown_as_a_drill(desk: Desk) -> None:
    out = desk.released(desk.incident())
    signed_in = desk.browser("drafter.btgtu")
    assert out.id not in signed_in.get("/rehearsal/newsroom/").text
    assert signed_in.get(f"/rehearsal/newsroom/{out.id}").status_code == 404


def test_a_line_for_the_press_is_no_public_notice(desk: Desk, anybody: FlaskClient) -> None:
    incident = desk.incident()
    line = ready(desk, incident, purpose="line", text="p\tDòng trả lời kín.")
    desk.released(incident)
    assert "Dòng trả lời kín" not in anybody.get("/newsroom/").text
    assert anybody.get(f"/newsroom/{line.id}").status_code == 404


def test_a_correction_is_seen_at_what_it_corrects_and_there_at_the_correction(desk: Desk, anybody: FlaskClient) -> None:
    incident = desk.incident()
    wrong = desk.released(incident)
    right = ready(desk, incident, purpose="correction", text=UPDATE)
    desk.release(incident, right)
    first, second = anybody.get(f"/newsroom/{wrong.id}").text, anybody.get(f"/newsroom/{right.id}").text
    assert f'href="/newsroom/{right.id}"' in first
    assert f'href="/newsroom/{wrong.id}"' in second
    assert "37 người" in words(first)
    assert ("Đã đính chính" in words(first), "Bản này đính chính" in words(second)) == (True, True)


def test_a_withdrawn_notice_stays_readable_as_such(desk: Desk, anybody: FlaskClient) -> None:
    incident = desk.incident()
    wrong = desk.released(incident)
    desk.release(incident, ready(desk, incident, purpose="withdrawal", text="p\tRút thông tin lần 1."))
    page = words(anybody.get(f"/newsroom/{wrong.id}").text)
    assert ("37 người đã được thăm khám" in page, "Đã rút" in page) == (True, True)


def test_a_notice_says_when_the_update_it_promised_has_not_come(desk: Desk, anybody: FlaskClient) -> None:
    out = desk.released(desk.incident())
    fresh = words(anybody.get(f"/newsroom/{out.id}").text)
    desk.clock.pass_by(hours=3)
    stale = words(anybody.get(f"/newsroom/{out.id}").text)
    sentence = "chưa có thông tin mới hơn"
    assert (sentence in fresh.casefold(), sentence in stale.casefold()) == (False, True)


def test_it_needs_no_cookie_and_no_script_and_is_kept_by_caches_for_a_moment(desk: Desk, anybody: FlaskClient) -> None:
    out = desk.released(desk.incident())
    for path in ("/newsroom/", f"/newsroom/{out.id}"):
        answer = anybody.get(path)
        assert "Set-Cookie" not in answer.headers
        assert "<script" not in answer.text
        assert " style=" not in answer.text
        assert answer.headers["Cache-Control"] == "public, max-age=30"
        again = anybody.get(path, headers={"If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")


def test_a_cached_page_is_not_kept_once_something_became_of_the_notice(desk: Desk, anybody: FlaskClient) -> None:
    incident = desk.incident()
    out = desk.released(incident)
    before = anybody.get(f"/newsroom/{out.id}").headers["ETag"]
    desk.release(incident, ready(desk, incident, purpose="update", text=UPDATE))
    after = anybody.get(f"/newsroom/{out.id}", headers={"If-None-Match": before})
    assert after.status_code == 200
    desk.clock.pass_by(hours=3)
    latest = desk.present(out)
    assert latest.state == "superseded"


@pytest.mark.parametrize("count", [0, 1, 3])
def test_the_list_costs_the_same_whatever_it_holds(desk: Desk, anybody: FlaskClient, count: int) -> None:
    incident = desk.incident()
    for _ in range(count):
        desk.released(incident)
    statements: list[str] = []
    engine = desk.app.extensions["desk"].database.engine
    event.listen(engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    page = anybody.get("/newsroom/").text
    assert page.count("<article") == count
    assert len([one for one in statements if one.startswith("SELECT")]) == 3


def test_the_list_goes_on_page_by_page_without_losing_one(
    desk: Desk, anybody: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crisis_desk.newsroom.notices.PER_PAGE", 2)
    incident = desk.incident()
    ids = [desk.released(incident).id for _ in range(3)]
    first = anybody.get("/newsroom/").text
    following = re.search(r'href="(/newsroom/\?after=[^"]+)"', first)
    assert following is not None
    second = anybody.get(following[1]).text
    assert [[one in page for one in ids] for page in (first, second)] == [[False, True, True], [True, False, False]]
    assert anybody.get("/newsroom/?after=x").status_code == 422


@pytest.mark.parametrize("feed", ["feed.atom", "feed.json"])
def test_a_feed_carries_what_was_released_and_nothing_else(desk: Desk, anybody: FlaskClient, feed: str) -> None:
    incident = desk.incident()
    draft = desk.statement(incident, title="Bản nháp kín")
    drill = desk.released(desk.incident(drill=True))
    out = desk.released(incident, text=TEXT.replace("37 người", "37 < 40 người & hơn"))
    answer = anybody.get(f"/newsroom/{feed}")
    assert answer.status_code == 200
    assert [one.id in answer.text for one in (out, draft, drill)] == [True, False, False]
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "public, max-age=30"


def test_the_atom_feed_is_xml_whatever_people_typed(desk: Desk, anybody: FlaskClient) -> None:
    desk.released(desk.incident(), text=TEXT.replace("37 người", "37 < 40 người & hơn"))
    answer = anybody.get("/newsroom/feed.atom")
    root = ElementTree.fromstring(answer.data)
    names = {"a": "http://www.w3.org/2005/Atom"}
    assert answer.mimetype == "application/atom+xml"
    assert "37 < 40 người & hơn" in (root.findtext("a:entry/a:content", "", names))
    assert root.findtext("a:entry/a:author/a:name", "", names) == "Sở Y tế"


def test_the_json_feed_says_what_became_of_a_notice(desk: Desk, anybody: FlaskClient) -> None:
    incident = desk.incident()
    wrong = desk.released(incident)
    right = ready(desk, incident, purpose="correction", text=UPDATE)
    desk.release(incident, right)
    feed = anybody.get("/newsroom/feed.json").json
    assert feed is not None
    assert [(one["id"], one["_crisis_desk"]["state"]) for one in feed["items"]] == [
        (f"urn:uuid:{right.id}", "released"),
        (f"urn:uuid:{wrong.id}", "corrected"),
    ]


def test_empty_feeds_are_feeds(anybody: FlaskClient) -> None:
    assert anybody.get("/newsroom/feed.json").json["items"] == []  # type: ignore[index]
    assert ElementTree.fromstring(anybody.get("/newsroom/feed.atom").data).tag.endswith("feed")
