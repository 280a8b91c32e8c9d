"""Board, archive and room as pages and fragments: closed ones read as missing, fragments know no reader."""

from __future__ import annotations

import re
from typing import Any

import pytest

from crisis_desk.incidents.actions.incident import change_severity, change_status, report_incident
from crisis_desk.incidents.models import Incident
from crisis_desk.journal.entries import Recorded
from crisis_desk.journal.queries import entries_after
from crisis_desk.journal.streams import incident_stream
from crisis_desk.platform.words import speaking
from crisis_desk.room import fragments
from crisis_desk.room.archive import PAGE
from tests.room.conftest import note, report
from tests.statements.conftest import Desk


def page(desk: Desk, who: str, address: str, language: str = "vi") -> tuple[int, str]:
    browser = desk.browser(who, via="page")
    browser.set_cookie("language", language)
    answer = browser.get(address)
    return answer.status_code, answer.get_data(as_text=True)


def drawn(desk: Desk, incident: Incident, entry: Recorded[Any], language: str = "vi", **options: Any) -> dict[str, str]:
    with desk.app.test_request_context("/"), desk.journal.database.reading() as session, speaking(language):
        present = session.get_one(Incident, incident.id)
        return fragments.of_entry(session, present, entry, language, desk.clock(), **options)


def last(desk: Desk, incident: Incident) -> Recorded[Any]:
    with desk.journal.database.reading() as session:
        return entries_after(session, incident_stream(incident.id), 0)[0][-1]


def main_of(html: str) -> str:
    return html[html.index("<main") : html.index("</main>")]


def test_what_may_not_be_seen_reads_as_what_is_not_there(desk: Desk) -> None:
    hidden = report(desk, "Danh sách người bệnh", handling="restricted", handling_reason="người bệnh")
    for tail in ("", "/earlier?before=5", "/statements/new"):
        shown = page(desk, "drafter.stttt", f"/incidents/{hidden.code}{tail}")
        missing = page(desk, "drafter.stttt", f"/incidents/KHONG-00{tail}")
        assert (shown[0], main_of(shown[1])) == (404, main_of(missing[1]))
    for address in ("/", "/incidents", "/incidents?q=danh+sach"):
        status, html = page(desk, "drafter.stttt", address)
        assert status == 200
        assert hidden.code not in html
        assert "Danh sách người bệnh" not in html
    assert hidden.code in page(desk, "duty_officer.stttt", "/")[1]


def test_a_code_typed_otherwise_leads_to_its_one_address(desk: Desk) -> None:
    incident = report(desk)
    answer = desk.browser("drafter.stttt", via="page").get(f"/incidents/{incident.code.lower()}")
    assert (answer.status_code, answer.location) == (302, f"/incidents/{incident.code}")


@pytest.mark.parametrize(("language", "words"), [("vi", "Điều gì đúng"), ("en", "What is true")])
def test_the_room_speaks_the_readers_language(desk: Desk, language: str, words: str) -> None:
    incident = report(desk)
    status, html = page(desk, "drafter.stttt", f"/incidents/{incident.code}", language)
    assert status == 200
    assert words in html


def test_what_people_typed_is_shown_as_text(desk: Desk) -> None:
    incident = report(desk, "<script>alert(1)</script> cháy")
    note(desk, incident, '"><img src=x onerror=alert(1)>')
    for address in ("/", "/incidents", f"/incidents/{incident.code}"):
        html = page(desk, "drafter.stttt", address)[1]
        assert "<script>alert(1)" not in html
        assert "<img src=x" not in html


def test_the_archive_leads_through_everything_page_by_page(desk: Desk) -> None:
    with desk.acting("duty_officer.stttt") as tx:
        for number in range(PAGE + 3):
            report_incident(tx, person=desk["duty_officer.stttt"], title=f"Việc số {number}", severity=1 + number % 4)
    for sort in ("received", "severity"):
        html = page(desk, "drafter.stttt", f"/incidents?sort={sort}")[1]
        following = re.search(r'rel="next" href="([^"]+)"', html)
        assert following is not None
        rest = page(desk, "drafter.stttt", following[1].replace("&amp;", "&"))[1]
        codes = [re.findall(r'class="b" href="/incidents/([A-Z0-9-]+)"', one) for one in (html, rest)]
        assert [len(found) for found in codes] == [PAGE, 3]
        assert len({*codes[0], *codes[1]}) == PAGE + 3
        assert 'rel="next"' not in rest


@pytest.mark.parametrize("after", ["x", "WzFd", "WyJ4IiwieSJd", "bnVsbA", "W10"])
def test_an_address_that_was_typed_wrong_still_shows_the_list(desk: Desk, after: str) -> None:
    report(desk)
    for sort in ("received", "severity", "nonsense"):
        address = f"/incidents?after={after}&sort={sort}&status=none&severity=9&kind=%00"
        assert page(desk, "drafter.stttt", address)[0] == 200


def test_a_note_draws_its_line_alone_and_a_correction_both_lines(desk: Desk) -> None:
    incident = report(desk)
    wrong = note(desk, incident, "37 người")
    assert list(drawn(desk, incident, last(desk, incident))) == [f"entry-{wrong.sequence}"]
    right = note(desk, incident, "34 người", corrects=wrong.id)
    pieces = drawn(desk, incident, last(desk, incident))
    assert list(pieces) == [f"entry-{right.sequence}", f"entry-{wrong.sequence}"]
    assert "<s>37 người</s>" in pieces[f"entry-{wrong.sequence}"]


def test_a_change_of_severity_draws_what_it_changes_in_each_language(desk: Desk) -> None:
    incident = report(desk)
    with desk.acting("coordinator.stttt", incident) as tx:
        change_severity(tx, person=desk["coordinator.stttt"], incident_id=incident.id, severity=4, reason="tử vong")
    pieces = drawn(desk, incident, last(desk, incident))
    assert set(pieces) == {"entry-2", "room-head", "room-clocks", "room-truth", "room-statements", "room-present"}
    assert "Khủng hoảng" in pieces["room-head"]
    assert "Crisis" in drawn(desk, incident, last(desk, incident), "en")["room-head"]
    for name, html in pieces.items():
        assert f'id="{name}"' in html


def test_catching_up_draws_the_parts_of_every_entry_once(desk: Desk) -> None:
    incident = report(desk)
    note(desk, incident, "một dòng")
    pieces = drawn(desk, incident, last(desk, incident), parts=["head", "responders"])
    assert set(pieces) == {"entry-2", "room-head", "room-responders"}


def test_every_part_that_an_entry_names_can_be_drawn(desk: Desk) -> None:
    incident = desk.incident()
    desk.released(incident)
    pieces = drawn(desk, incident, last(desk, incident), parts=fragments.all_parts())
    assert {name.removeprefix("room-") for name in pieces if name.startswith("room-")} == set(fragments.all_parts())


def test_no_fragment_depends_on_the_reader(desk: Desk) -> None:
    incident = desk.incident()
    desk.statement(incident)
    for name, html in drawn(desk, incident, last(desk, incident), parts=fragments.all_parts()).items():
        for control in re.findall(r"<(?:button|form|a)\b[^>]*data-verb[^>]*>", html):
            assert control.endswith(" hidden>"), (name, control)
        assert "csrf" not in html


def test_the_card_of_a_closed_incident_is_told_to_the_list_of_closed_ones(desk: Desk) -> None:
    incident = report(desk)
    with desk.app.test_request_context("/"), desk.journal.database.reading() as session, speaking("vi"):
        assert fragments.closed_card(session.get_one(Incident, incident.id)) == {}
        live = fragments.card(session, session.get_one(Incident, incident.id), desk.clock())
        assert [name.partition("-")[0] for name in live.beside] == ["work"]
    with desk.acting("coordinator.stttt", incident) as tx:
        change_status(tx, person=desk["coordinator.stttt"], incident_id=incident.id, to="closed", reason="báo nhầm")
    with desk.app.test_request_context("/"), desk.journal.database.reading() as session, speaking("vi"):
        found = fragments.closed_card(session.get_one(Incident, incident.id))
    assert list(found) == [f"closed-{incident.code}"]
