"""The metrics of scripted incidents, to the second; what does not apply is never in time, nor shown as zero."""

from __future__ import annotations

from datetime import timedelta

from crisis_desk.incidents.models import Incident
from crisis_desk.reports.measures import DEFINITIONS, Measure
from crisis_desk.reports.metrics import metrics_of
from tests.reports.conftest import ReportDesk

MINUTE, HOUR = 60, 3600


def measured(desk: ReportDesk, incident: Incident) -> dict[str, Measure]:
    record = desk.record(incident)
    return {measure.code: measure for measure in metrics_of(record.course, record.at)}


def test_an_incident_that_went_well_is_in_time_by_the_margins_of_its_clocks(desk: ReportDesk) -> None:
    incident = desk.incident(severity=3)
    desk.clock.pass_by(minutes=2)
    desk.acknowledge(incident)
    desk.clock.pass_by(minutes=1)
    desk.assign(incident, "coordinator.syt", "coordinator")
    statement = desk.statement(incident)
    desk.clock.pass_by(minutes=27)
    desk.submit(incident, statement)
    desk.sign_all(incident, statement)
    desk.clock.pass_by(minutes=10)
    desk.release(incident, statement)
    found = measured(desk, incident)
    acknowledged = found["acknowledgement"]
    assert (acknowledged.value, acknowledged.target, acknowledged.on_time) == (2 * MINUTE, 30 * MINUTE, True)
    assert acknowledged.margin == 28 * MINUTE
    assert (found["assignment"].value, found["assignment"].on_time) == (MINUTE, None)
    # Three codes of half a minute each pass between submission and the last signature, one more until the release.
    assert found["approval"].value == 90
    first = 40 * MINUTE + 4 * 30
    assert found["first_information"].value == first
    assert (found["first_information"].target, found["first_information"].on_time) == (HOUR, True)
    assert (found["statutory"].value, found["statutory"].margin) == (first, 24 * HOUR - first)
    assert found["first_from_receipt"].value == found["first_from_occurrence"].value == first
    assert (found["corrections"].value, found["corrections"].of) == (0, 1)


def test_what_does_not_apply_is_not_in_time(desk: ReportDesk) -> None:
    found = measured(desk, desk.incident(severity=1))
    states = {code: measure.state for code, measure in found.items()}
    assert states["first_information"] == states["statutory"] == states["promises"] == "not_applicable"
    assert states["approval"] == states["corrections"] == states["correction_latency"] == "not_applicable"
    assert states["first_from_effect"] == states["late_notes"] == states["assignment"] == "not_applicable"
    assert {measure.on_time for measure in found.values()} == {None}


def test_what_the_desk_keeps_no_data_for_has_no_value(desk: ReportDesk) -> None:
    found = measured(desk, desk.incident())
    unmeasured = {code for code, measure in found.items() if measure.state == "not_measured"}
    assert unmeasured == {"enquiries_on_time", "enquiry_response", "claim_verification", "handover", "load"}
    assert {(found[code].value, found[code].on_time) for code in unmeasured} == {(None, None)}
    assert set(found) | {"statutory_opinion"} == set(DEFINITIONS)


def test_a_target_that_runs_is_judged_only_once_it_is_over(desk: ReportDesk) -> None:
    incident = desk.incident(severity=3)
    running = measured(desk, incident)["first_information"]
    assert (running.state, running.value, running.on_time, running.margin) == ("running", None, None, HOUR)
    desk.clock.pass_by(minutes=61)
    overdue = measured(desk, incident)["first_information"]
    assert (overdue.state, overdue.on_time, overdue.margin) == ("running", False, -MINUTE)


def test_the_second_over_the_limit_is_over_it(desk: ReportDesk) -> None:
    incident = desk.incident(severity=3)
    desk.clock.pass_by(minutes=30)
    desk.acknowledge(incident)
    assert measured(desk, incident)["acknowledgement"].on_time is True
    late = desk.incident(severity=3)
    desk.clock.pass_by(minutes=30, milliseconds=1)
    desk.acknowledge(late)
    found = measured(desk, late)["acknowledgement"]
    assert (found.on_time, found.margin) == (False, -1)


def test_a_limit_closed_before_its_time_does_not_apply_and_one_closed_late_was_missed(desk: ReportDesk) -> None:
    early, late = desk.incident(severity=3), desk.incident(severity=3)
    desk.move(early, "closed")
    desk.clock.pass_by(hours=2)
    desk.move(late, "closed")
    found, missed = measured(desk, early)["first_information"], measured(desk, late)["first_information"]
    assert (found.state, found.on_time) == ("not_applicable", None)
    assert (missed.state, missed.value, missed.on_time, missed.margin) == ("measured", None, False, -HOUR)
    assert missed.note is not None
    assert missed.note.values == {"reason": "Đã xử lý xong"}


def test_the_house_target_counts_from_when_the_severity_was_set(desk: ReportDesk) -> None:
    incident = desk.incident(severity=2)
    desk.clock.pass_by(minutes=20)
    desk.set_severity(incident, 3)
    desk.clock.pass_by(minutes=40)
    desk.released(incident)
    found = measured(desk, incident)
    released = 40 * MINUTE + 4 * 30
    assert found["first_information"].value == released
    assert found["first_from_receipt"].value == released + 20 * MINUTE


def test_returns_and_voided_signatures_count_into_the_approval(desk: ReportDesk) -> None:
    incident = desk.incident(severity=3)
    statement = desk.statement(incident)
    desk.submit(incident, statement)
    desk.sign(incident, statement, "confirm_figures", "approver.syt")
    desk.clock.pass_by(minutes=5)
    desk.return_text(incident, statement, "Không nêu nguyên nhân")
    desk.clock.pass_by(minutes=5)
    desk.submit(incident, statement)
    desk.sign_all(incident, statement)
    approval = measured(desk, incident)["approval"]
    assert approval.value == 10 * MINUTE + 4 * 30
    assert approval.figures["returns"] == 1
    assert approval.figures["voided_signatures"] == 1


def test_a_promise_that_did_not_come_in_time_is_not_kept(desk: ReportDesk) -> None:
    # The text promises the next information before 23:30 of the evening; it is 21:22 now.
    incident = desk.incident(severity=3)
    desk.released(incident)
    pending = measured(desk, incident)["promises"]
    assert (pending.state, pending.on_time, pending.figures) == ("running", None, {"open": 1})
    desk.clock.pass_by(hours=3)
    broken = measured(desk, incident)["promises"]
    assert (broken.value, broken.of, broken.on_time) == (0, 1, False)


def test_a_promise_is_kept_by_an_update_before_its_time(desk: ReportDesk) -> None:
    incident = desk.incident(severity=3)
    desk.released(incident)
    desk.clock.pass_by(hours=1)
    desk.released(incident, purpose="final", text="h1\tTHÔNG TIN CUỐI\np\tNgười bệnh đã về nhà.")
    kept = measured(desk, incident)["promises"]
    assert (kept.value, kept.of, kept.on_time) == (1, 1, True)


def test_lines_written_more_than_half_an_hour_late_are_counted(desk: ReportDesk) -> None:
    incident = desk.incident()
    desk.clock.pass_by(hours=1)
    desk.note(incident, "đúng lúc")
    desk.note(incident, "muộn nửa giờ", occurred_at=desk.clock() - timedelta(minutes=30))
    desk.note(incident, "muộn hơn", occurred_at=desk.clock() - timedelta(minutes=31))
    found = measured(desk, incident)["late_notes"]
    assert (found.value, found.of, found.on_time) == (1, 3, None)


def test_the_summary_judges_only_what_has_a_target(desk: ReportDesk) -> None:
    incident = desk.incident(severity=3)
    desk.acknowledge(incident)
    desk.clock.pass_by(minutes=61)
    summary = desk.review(incident).summary
    assert (summary.met, summary.judged) == (1, 2)
    assert summary.not_measured == 5
