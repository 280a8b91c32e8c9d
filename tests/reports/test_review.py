"""The review as data and over REST: who may see, write and take it away; what the record shows as wrong."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from crisis_desk.incidents.models import Incident
from crisis_desk.journal.queries import entries_after
from crisis_desk.journal.streams import ACCESS
from crisis_desk.platform.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from crisis_desk.reports.actions import write_section
from crisis_desk.reports.models import ReviewSection
from tests.reports.conftest import COORDINATOR, REVIEWER, ReportDesk

OWNER, COLLEAGUE, STRANGER = REVIEWER, "press_desk.stttt", "focal_point.syt"


@pytest.fixture
def closed(desk: ReportDesk) -> Incident:
    """A drill that was handled, told the public once, and closed."""
    incident = desk.incident(severity=3, drill=True)
    desk.acknowledge(incident)
    desk.assign(incident, "verifier.syt", "verifier")
    desk.clock.pass_by(minutes=10)
    desk.released(incident)
    desk.clock.pass_by(minutes=10)
    desk.move(incident, "active", "closed")
    return incident


def written(desk: ReportDesk, incident: Incident, who: str, section: str, **more: Any) -> ReviewSection:
    values: dict[str, Any] = {"text": "Đã rõ.", "version": 0} | more
    with desk.acting(who, incident) as tx:
        return write_section(tx, person=desk[who], incident_id=incident.id, section=section, **values)


def test_a_section_is_written_and_written_anew(desk: ReportDesk, closed: Incident) -> None:
    first = written(desk, closed, REVIEWER, "lessons", text="Một đầu mối.\r\n")
    assert (first.text, first.version) == ("Một đầu mối.", 1)
    second = written(desk, closed, COORDINATOR, "lessons", text="Hai đầu mối.", version=1)
    assert (second.id, second.text, second.version) == (first.id, "Hai đầu mối.", 2)
    review = desk.review(closed)
    assert review.sections["lessons"].text == "Hai đầu mối."
    assert review.sections["lessons"].written_by == desk[COORDINATOR].name
    assert "lessons" not in review.missing


def test_an_older_version_is_refused_with_the_present_one(desk: ReportDesk, closed: Incident) -> None:
    written(desk, closed, REVIEWER, "lessons")
    with pytest.raises(Stale) as refused:
        written(desk, closed, REVIEWER, "lessons", text="Khác")
    assert (refused.value.present.text, refused.value.present.version) == ("Đã rõ.", 1)


@pytest.mark.parametrize("section", ["results", "shortcomings", "causes", "lessons", "proposals"])
def test_whoever_signed_does_not_assess(desk: ReportDesk, closed: Incident, section: str) -> None:
    signer = desk["approver.stttt"]
    with desk.acting(COORDINATOR, closed) as tx:
        # She holds the reviewer's role as well: it is the signature that keeps her from judging.
        signer.roles = ["approver", "post_incident_reviewer"]
        with pytest.raises(Forbidden):
            write_section(tx, person=signer, incident_id=closed.id, section=section, text="Tốt", version=0)


def test_whoever_signed_may_still_tell_what_happened(desk: ReportDesk, closed: Incident) -> None:
    signer = desk["approver.stttt"]
    signer.roles = ["approver", "coordinator"]
    assert written(desk, closed, "approver.stttt", "coordination").version == 1


@pytest.mark.parametrize("who", ["drafter.stttt", "auditor.stttt", "administrator.stttt"])
def test_others_do_not_write_the_review(desk: ReportDesk, closed: Incident, who: str) -> None:
    with pytest.raises((Forbidden, NotFound)):
        written(desk, closed, who, "scope")


def test_the_review_is_not_written_before_nor_after_its_time(desk: ReportDesk, closed: Incident) -> None:
    running = desk.incident()
    with pytest.raises(Conflict):
        written(desk, running, REVIEWER, "scope")
    desk.move(closed, "reviewed")
    with pytest.raises(Conflict):
        written(desk, closed, REVIEWER, "scope")


def test_a_remedy_needs_a_task_and_who_leads_it(desk: ReportDesk, closed: Incident) -> None:
    with pytest.raises(Invalid) as refused:
        written(desk, closed, REVIEWER, "remedies", text="Mẫu soạn sẵn | Sở\nkhông có ai")
    assert refused.value.errors is not None
    assert "2" in str(refused.value.errors["text"][0])


def test_an_unknown_section_is_not_found(desk: ReportDesk, closed: Incident) -> None:
    with pytest.raises(NotFound):
        written(desk, closed, REVIEWER, "blame")


def test_what_the_record_shows_as_wrong_is_told_with_what_came_of_it(desk: ReportDesk) -> None:
    incident = desk.incident(severity=3)
    statement = desk.statement(incident)
    desk.submit(incident, statement)
    desk.sign(incident, statement, "confirm_figures", "approver.syt")
    desk.return_text(incident, statement, "Không nêu nguyên nhân")
    wrong = desk.note(incident, "Gọi bệnh viện A")
    desk.note(incident, "Gọi bệnh viện B", corrects=wrong)
    desk.clock.pass_by(minutes=45)
    desk.acknowledge(incident)
    found = [(one.kind, one.consequence) for one in desk.review(incident).wrongs]
    assert found == [
        ("text_returned", "chặn được trước khi phát"),
        ("note_corrected", ""),
        ("limit_late", "trễ 15 phút"),
    ]


def test_a_review_says_who_held_the_text_how_long(desk: ReportDesk) -> None:
    incident = desk.incident(severity=3)
    statement = desk.statement(incident)
    desk.clock.pass_by(minutes=10)
    desk.submit(incident, statement)
    desk.clock.pass_by(minutes=4)
    desk.return_text(incident, statement, "Sửa câu 2")
    held = [(one.who, one.seconds) for one in desk.review(incident).statements[0].holdings]
    author = desk["drafter.stttt"].name
    assert held == [(author, 600), ("Sở Y tế, Ban Tuyên giáo Tỉnh ủy", 240), (author, 0)]


def test_the_same_record_has_the_same_hash_whenever_it_is_read(desk: ReportDesk, closed: Incident) -> None:
    first = desk.review(closed)
    desk.clock.pass_by(days=3)
    later = desk.review(closed)
    assert (later.sha256, later.made_at > first.made_at) == (first.sha256, True)
    written(desk, closed, REVIEWER, "scope")
    assert desk.review(closed).sha256 != first.sha256


def test_the_data_is_the_same_over_rest_and_as_a_file(desk: ReportDesk, closed: Incident) -> None:
    browser = desk.browser(OWNER)
    asked = browser.get(f"/api/v1/incidents/{closed.code}/report?lang=en")
    taken = browser.get(f"/api/v1/incidents/{closed.code}/report.json?lang=en")
    assert asked.status_code == taken.status_code == 200
    assert orjson.loads(taken.data) == asked.json
    assert asked.json == desk.review(closed, "en").as_data()


def test_a_download_is_an_entry_of_the_accesses(desk: ReportDesk, closed: Incident) -> None:
    with desk.journal.database.reading() as session:
        before = len(entries_after(session, ACCESS, 0)[0])
    answer = desk.browser(OWNER).get(f"/api/v1/incidents/{closed.code.lower()}/report.md?lang=vi")
    assert answer.headers["Content-Disposition"] == f"attachment; filename={closed.code}-report-vi.md"
    with desk.journal.database.reading() as session:
        entries = entries_after(session, ACCESS, 0)[0][before:]
    assert [(e.kind, e.person, e.data.code, e.data.form) for e in entries] == [
        ("report.exported", desk[OWNER].id, closed.code, "md")
    ]


def test_a_colleague_reads_and_does_not_write(desk: ReportDesk, closed: Incident) -> None:
    browser = desk.browser(COLLEAGUE)
    path = f"/api/v1/incidents/{closed.code}/report"
    assert browser.get(path).status_code == 200
    answer = browser.patch(f"{path}/sections/scope", json={"text": "x"}, headers={"If-Match": '"0"'})
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "path",
    ["review", "review/paper", "report", "report.pdf", "report.json", "report/sections/scope"],
)
def test_a_stranger_learns_nothing(desk: ReportDesk, closed: Incident, path: str) -> None:
    place = "/incidents" if path.startswith("review") else "/api/v1/incidents"
    browser = desk.browser(STRANGER)
    hidden, missing = browser.get(f"{place}/{closed.code}/{path}"), browser.get(f"{place}/LUA-99/{path}")
    assert (hidden.status_code, missing.status_code) == (404, 404)
    if place.startswith("/api"):
        assert hidden.json == missing.json


def test_the_report_of_a_restricted_incident_is_for_its_team_and_auditors(desk: ReportDesk) -> None:
    incident = desk.incident(severity=3, handling="restricted")
    path = f"/api/v1/incidents/{incident.code}/report"
    answers = {who: desk.browser(who).get(path).status_code for who in (COORDINATOR, COLLEAGUE, "auditor.stttt")}
    assert answers == {COORDINATOR: 200, COLLEAGUE: 404, "auditor.stttt": 200}


def test_a_section_is_written_over_rest_with_its_version(desk: ReportDesk, closed: Incident) -> None:
    browser = desk.browser(OWNER)
    path = f"/api/v1/incidents/{closed.code}/report/sections/lessons"
    empty = browser.get(path)
    assert (empty.get_json()["version"], empty.headers["ETag"]) == (0, '"0"')
    assert browser.patch(path, json={"text": "Một"}).status_code == 428
    first = browser.patch(path, json={"text": "Một"}, headers={"If-Match": '"0"'})
    assert (first.status_code, first.get_json()["text"], first.headers["ETag"]) == (200, "Một", '"1"')
    stale = browser.put(path, json={"text": "Hai"}, headers={"If-Match": '"0"'})
    assert (stale.status_code, stale.get_json()["present"]["text"]) == (412, "Một")
    assert browser.put(path, json={"text": None}, headers={"If-Match": '"1"'}).get_json()["text"] == ""


def test_a_form_that_is_none_and_a_language_that_is_none_are_refused(desk: ReportDesk, closed: Incident) -> None:
    browser = desk.browser(OWNER)
    assert browser.get(f"/api/v1/incidents/{closed.code}/report.exe").status_code == 404
    assert browser.get(f"/api/v1/incidents/{closed.code}/report.pdf?lang=fr").status_code == 422


def test_the_page_offers_the_writing_to_those_who_may(desk: ReportDesk, closed: Incident) -> None:
    page = f"/incidents/{closed.code}/review"
    form = f"PATCH /api/v1/incidents/{closed.code}/report/sections/lessons"
    assert form in desk.browser(OWNER).get(page).text
    seen = desk.browser(COLLEAGUE).get(page)
    assert seen.status_code == 200
    assert form not in seen.text
    assert "DIỄN TẬP" in seen.text


def test_a_code_typed_otherwise_leads_to_the_one_address(desk: ReportDesk, closed: Incident) -> None:
    answer = desk.browser(OWNER).get(f"/incidents/{closed.code.lower()}/review")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/incidents/{closed.code}/review")
