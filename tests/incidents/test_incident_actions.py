"""Reporting an incident, its life, its severity and its clocks; after each test the journal replays to the same."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from crisis_desk.incidents import queries
from crisis_desk.incidents.actions import clocks as clock_actions
from crisis_desk.incidents.actions import incident as actions
from crisis_desk.incidents.actions import log, responders, speaking
from crisis_desk.incidents.clocks import is_open
from crisis_desk.incidents.models import Clock, Incident
from crisis_desk.journal.entries import Actor
from crisis_desk.journal.queries import entries_after
from crisis_desk.journal.streams import incident_stream
from crisis_desk.platform.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from tests.people.conftest import SetClock
from tests.statements.conftest import Desk


def present(desk: Desk, incident: Incident) -> Incident:
    with desk.journal.database.reading() as session:
        return session.get_one(Incident, incident.id)


def clocks_by_code(desk: Desk, incident: Incident) -> dict[str, Clock]:
    with desk.journal.database.reading() as session:
        return {clock.code: clock for clock in queries.clocks_of(session, incident.id)}


def kinds(desk: Desk, incident: Incident) -> list[str]:
    with desk.journal.database.reading() as session:
        return [entry.kind for entry in entries_after(session, incident_stream(incident.id), 0)[0]]


def report(desk: Desk, who: str = "duty_officer.stttt", **values: object) -> Incident:
    with desk.acting(who) as tx:
        return actions.report_incident(tx, person=desk[who], **{"title": "Cháy chợ", **values})  # type: ignore[arg-type]


def test_a_report_starts_its_clocks_and_waits_to_be_opened(desk: Desk, clock: SetClock) -> None:
    incident = report(desk, severity=2, occurred_at=clock() - timedelta(minutes=40), occurred_about=True)
    assert (incident.status, incident.severity, incident.rule_set) == ("reported", 2, "VN-09-2017")
    due = {code: c.due_at - clock() for code, c in clocks_by_code(desk, incident).items()}
    assert due == {
        "acknowledge": timedelta(minutes=60),
        "first_information": timedelta(minutes=240),
        "legal_first_information": timedelta(hours=24) - timedelta(minutes=40),
    }
    assert kinds(desk, incident) == ["incident.reported"]


def test_without_a_time_of_occurrence_the_legal_clock_is_provisional(desk: Desk, clock: SetClock) -> None:
    legal = clocks_by_code(desk, report(desk, severity=3))["legal_first_information"]
    assert (legal.provisional, legal.due_at - clock()) == (True, timedelta(hours=24))


def test_the_lowest_severity_has_no_target_for_information(desk: Desk) -> None:
    assert list(clocks_by_code(desk, report(desk, severity=1))) == ["acknowledge"]


def test_an_incident_keeps_the_rules_that_held_when_it_was_received(desk: Desk, clock: SetClock) -> None:
    clock.at = clock.at.replace(year=2026, month=11)
    incident = report(desk, severity=3, impact_determined_at=clock())
    assert incident.rule_set == "VN-244-2026"
    assert sorted(clocks_by_code(desk, incident)) == [
        "acknowledge",
        "first_information",
        "legal_first_information",
        "legal_first_information_opinion",
    ]


def test_codes_are_a_word_and_a_number_and_drills_have_their_own(desk: Desk) -> None:
    word, _, number = report(desk).code.partition("-")
    assert (word.isalpha(), word.isascii(), number.isdigit()) == (True, True, True)
    assert report(desk, drill=True).code == "DT-01"
    assert report(desk, drill=True).code == "DT-02"


@pytest.mark.parametrize("journal", ["postgresql"], indirect=True)
def test_two_reports_at_the_same_moment_never_draw_the_same_code(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    person, drawn = desk["duty_officer.stttt"], []
    actor = Actor(person.id, via="api")
    with desk.journal.transaction(actor=actor) as one, desk.journal.transaction(actor=actor) as other:
        for tx in (one, other):
            # Both draw in the same order, as chance does now and then.
            monkeypatch.setattr(actions, "_chance", random.Random(7))
            drawn.append(actions.report_incident(tx, person=person, title="Cháy kho", severity=2).code)
    assert len(set(drawn)) == 2
    with desk.journal.database.reading() as session:
        assert {queries.visible(session, person, code).code for code in drawn} == set(drawn)


def test_a_code_is_found_as_it_is_said(desk: Desk) -> None:
    incident = report(desk, code="LUA-27")
    with desk.journal.database.reading() as session:
        for typed in ("LUA-27", "lúa-27", " Lúa-27 "):
            assert queries.visible(session, desk["drafter.stttt"], typed).id == incident.id


def test_times_that_can_not_be_are_refused_by_name(desk: Desk, clock: SetClock) -> None:
    with pytest.raises(Invalid) as refused:
        report(desk, occurred_at=clock() + timedelta(hours=2))
    assert list(refused.value.errors or {}) == ["occurred_at"]
    with pytest.raises(Invalid) as refused:
        report(desk, received_at=clock() - timedelta(hours=3), occurred_at=clock() - timedelta(hours=1))
    assert list(refused.value.errors or {}) == ["occurred_at"]


def test_opening_needs_a_factual_trigger(desk: Desk) -> None:
    incident, who = report(desk), "coordinator.stttt"
    with pytest.raises(Invalid) as refused, desk.acting(who, incident) as tx:
        actions.change_status(tx, person=desk[who], incident_id=incident.id, to="open")
    assert list(refused.value.errors or {}) == ["trigger"]
    with desk.acting(who, incident) as tx:
        actions.change_status(tx, person=desk[who], incident_id=incident.id, to="open", trigger="harm")
    assert (present(desk, incident).status, present(desk, incident).trigger) == ("open", "harm")


def test_going_back_and_closing_need_a_reason_and_the_order_is_kept(desk: Desk) -> None:
    incident, who = desk.incident(), "coordinator.stttt"

    def move(to: str, reason: str = "") -> None:
        with desk.acting(who, incident) as tx:
            actions.change_status(tx, person=desk[who], incident_id=incident.id, to=to, reason=reason)

    with pytest.raises(Invalid):
        move("closed")
    with pytest.raises(Conflict):
        move("reviewed")
    move("active")
    move("monitoring")
    move("closed", "Đã xử lý xong")
    assert all(not is_open(c) for c in clocks_by_code(desk, incident).values())
    with pytest.raises(Invalid):
        move("active")
    move("active", "Phát sinh thêm ca bệnh")
    assert (present(desk, incident).status, present(desk, incident).closed_at) == ("active", None)


def test_raising_the_severity_computes_open_targets_again_and_keeps_past_ones(desk: Desk, clock: SetClock) -> None:
    incident, who = report(desk, severity=2, trigger="harm"), "coordinator.stttt"
    with desk.acting(who, incident) as tx:
        responders.acknowledge_incident(tx, person=desk[who], incident_id=incident.id)
    before = clocks_by_code(desk, incident)
    clock.pass_by(minutes=11)
    with desk.acting(who, incident) as tx:
        actions.change_severity(tx, person=desk[who], incident_id=incident.id, severity=3, reason="Có người bệnh")
    after = clocks_by_code(desk, incident)
    assert after["acknowledge"].due_at == before["acknowledge"].due_at
    assert after["first_information"].due_at == clock() + timedelta(minutes=60)
    assert after["legal_first_information"].due_at == before["legal_first_information"].due_at


def test_raising_the_severity_never_gives_more_time(desk: Desk, clock: SetClock) -> None:
    incident, who = report(desk, severity=3, trigger="harm"), "coordinator.stttt"
    before = clocks_by_code(desk, incident)["first_information"]
    clock.pass_by(minutes=15)
    with desk.acting(who, incident) as tx:
        actions.change_severity(tx, person=desk[who], incident_id=incident.id, severity=4, reason="Có ca tử vong")
    after = clocks_by_code(desk, incident)["first_information"]
    assert (after.starts_at, after.due_at) == (before.starts_at, before.due_at)


def test_whoever_restricts_an_incident_still_sees_it(desk: Desk) -> None:
    incident, who = report(desk), "coordinator.stttt"
    with desk.acting(who, incident) as tx:
        actions.change_handling(
            tx, person=desk[who], incident_id=incident.id, handling="restricted", reason="Có tên người bệnh"
        )
    with desk.journal.database.reading() as session:
        assert queries.visible(session, desk[who], incident.code).handling == "restricted"
        with pytest.raises(NotFound):
            queries.visible(session, desk["drafter.stttt"], incident.code)


def test_a_duty_officer_is_told_that_the_incident_is_closed(desk: Desk) -> None:
    incident, who = report(desk, trigger="harm"), "coordinator.stttt"
    for to, reason in (("open", ""), ("closed", "Đã xong")):
        with desk.acting(who, incident) as tx:
            actions.change_status(tx, person=desk[who], incident_id=incident.id, to=to, reason=reason)
    officer = "duty_officer.stttt"
    with pytest.raises(Forbidden, match="The incident is closed"), desk.acting(officer, incident) as tx:
        actions.change_status(tx, person=desk[officer], incident_id=incident.id, to="closed", reason="Đã xong")


def test_lowering_the_severity_ends_targets_that_nobody_asks_for_any_more(desk: Desk) -> None:
    incident, who = report(desk, severity=3), "coordinator.stttt"
    with desk.acting(who, incident) as tx:
        actions.change_severity(tx, person=desk[who], incident_id=incident.id, severity=1, reason="Chỉ là tin đồn")
    ended = {code: not is_open(c) for code, c in clocks_by_code(desk, incident).items()}
    assert ended == {"acknowledge": False, "first_information": True, "legal_first_information": True}


def test_a_severity_needs_a_reason_and_a_change(desk: Desk) -> None:
    incident, who = report(desk, severity=2), "coordinator.stttt"
    for severity, reason, field in ((3, "  ", "reason"), (2, "vẫn vậy", "severity")):
        with pytest.raises(Invalid) as refused, desk.acting(who, incident) as tx:
            actions.change_severity(tx, person=desk[who], incident_id=incident.id, severity=severity, reason=reason)
        assert list(refused.value.errors or {}) == [field]


def test_a_corrected_time_moves_the_legal_clock_and_both_times_stay_in_the_record(desk: Desk, clock: SetClock) -> None:
    incident, who = report(desk, severity=3), "coordinator.stttt"
    happened = clock() - timedelta(hours=1)
    with desk.acting(who, incident) as tx:
        actions.correct_times(tx, person=desk[who], incident_id=incident.id, times={"occurred_at": happened})
    legal = clocks_by_code(desk, incident)["legal_first_information"]
    assert (legal.provisional, legal.due_at) == (False, happened + timedelta(hours=24))
    with desk.journal.database.reading() as session:
        entry = entries_after(session, incident_stream(incident.id), 1)[0][0]
    assert entry.data.before == {"occurred_at": None}


def test_a_stale_description_is_refused_and_shows_the_present(desk: Desk) -> None:
    incident, who = report(desk), "coordinator.stttt"
    with desk.acting(who, incident) as tx:
        actions.describe_incident(
            tx, person=desk[who], incident_id=incident.id, version=1, changes={"title": "Cháy chợ Thử"}
        )
    with pytest.raises(Stale) as refused, desk.acting(who, incident) as tx:
        actions.describe_incident(
            tx, person=desk[who], incident_id=incident.id, version=1, changes={"title": "Cháy nhà"}
        )
    assert refused.value.present.title == "Cháy chợ Thử"
    assert present(desk, incident).title == "Cháy chợ Thử"


def test_the_owner_opens_a_colleague_drafts_and_a_stranger_learns_nothing(desk: Desk) -> None:
    incident = desk.incident(handling="restricted")
    with desk.journal.database.reading() as session:
        assert queries.visible(session, desk["coordinator.stttt"], incident.code).id == incident.id
        assert queries.visible(session, desk["auditor.stttt"], incident.code).id == incident.id
        for stranger in ("drafter.stttt", "approver.syt", "administrator.stttt", "focal_point.syt"):
            with pytest.raises(NotFound):
                queries.visible(session, desk[stranger], incident.code)
            assert incident.id not in [i.id for i in queries.listed(session, desk[stranger], q="ngộ độc")]


def test_focal_points_and_administrators_see_only_what_they_take_part_in(desk: Desk) -> None:
    incident, point = desk.incident(), desk["focal_point.syt"]
    with desk.journal.database.reading() as session:
        assert queries.listed(session, point) == []
        assert queries.listed(session, desk["administrator.stttt"]) == []
    assign(desk, incident, "focal_point.syt", "focal_point")
    with desk.journal.database.reading() as session:
        assert [i.id for i in queries.listed(session, point)] == [incident.id]


def test_a_restriction_needs_a_reason_and_lapses_after_a_day(desk: Desk, clock: SetClock) -> None:
    incident, who = desk.incident(), "coordinator.stttt"
    with pytest.raises(Invalid), desk.acting(who, incident) as tx:
        actions.change_handling(tx, person=desk[who], incident_id=incident.id, handling="restricted", reason=" ")
    with desk.acting(who, incident) as tx:
        actions.change_handling(
            tx, person=desk[who], incident_id=incident.id, handling="restricted", reason="Bảo vệ người bệnh"
        )
    clock.pass_by(hours=23)
    with desk.acting(who, incident) as tx:
        assert actions.lapse_restriction(tx, incident_id=incident.id, reason="hết 24 giờ") is None
    clock.pass_by(hours=1)
    with desk.acting(who, incident) as tx:
        actions.lapse_restriction(tx, incident_id=incident.id, reason="hết 24 giờ")
    assert (present(desk, incident).handling, present(desk, incident).handling_until) == ("internal", None)


@pytest.mark.parametrize("who", ["drafter.stttt", "approver.syt", "auditor.stttt", "press_desk.stttt"])
def test_only_duty_officers_and_coordinators_move_an_incident(desk: Desk, who: str) -> None:
    incident = desk.incident()
    with pytest.raises(Forbidden), desk.acting(who, incident) as tx:
        actions.change_severity(tx, person=desk[who], incident_id=incident.id, severity=4, reason="thử")
    with pytest.raises(Forbidden), desk.acting(who, incident) as tx:
        actions.change_status(tx, person=desk[who], incident_id=incident.id, to="active")
    assert (present(desk, incident).severity, present(desk, incident).status) == (3, "open")


def assign(desk: Desk, incident: Incident, part: str, role: str) -> str:
    who = "coordinator.stttt"
    with desk.acting(who, incident) as tx:
        return responders.assign_responder(
            tx, person=desk[who], incident_id=incident.id, person_id=desk[part].id, role=role
        ).id


def test_the_first_to_accept_acknowledges_the_incident(desk: Desk, clock: SetClock) -> None:
    incident = desk.incident()
    asked = assign(desk, incident, "verifier.syt", "verifier")
    clock.pass_by(minutes=9)
    with desk.acting("verifier.syt", incident) as tx:
        responders.answer_assignment(tx, person=desk["verifier.syt"], responder_id=asked, answer="accepted")
    assert present(desk, incident).acknowledged_at == clock()
    assert clocks_by_code(desk, incident)["acknowledge"].met_at == clock()


def test_declining_needs_a_reason_and_ends_the_sight_of_a_restricted_incident(desk: Desk) -> None:
    incident = desk.incident(handling="restricted")
    asked = assign(desk, incident, "drafter.btgtu", "drafter")
    person = desk["drafter.btgtu"]
    with pytest.raises(Invalid), desk.acting("drafter.btgtu", incident) as tx:
        responders.answer_assignment(tx, person=person, responder_id=asked, answer="declined")
    with desk.acting("drafter.btgtu", incident) as tx:
        responders.answer_assignment(tx, person=person, responder_id=asked, answer="declined", reason="Đang ở xa")
    with desk.journal.database.reading() as session, pytest.raises(NotFound):
        queries.visible(session, person, incident.code)


def test_nobody_answers_for_another_and_nobody_is_asked_twice(desk: Desk) -> None:
    incident = desk.incident()
    asked = assign(desk, incident, "verifier.syt", "verifier")
    with pytest.raises(Forbidden), desk.acting("drafter.stttt", incident) as tx:
        responders.answer_assignment(tx, person=desk["drafter.stttt"], responder_id=asked, answer="accepted")
    with pytest.raises(Conflict):
        assign(desk, incident, "verifier.syt", "verifier")


def test_a_line_of_the_log_knows_when_it_happened_and_whom_it_names(desk: Desk, clock: SetClock) -> None:
    incident, who = desk.incident(), "duty_officer.stttt"
    clock.pass_by(minutes=30)
    with desk.acting(who, incident) as tx:
        note = log.add_note(
            tx, person=desk[who], incident_id=incident.id, text="21:24 Gọi @Người approver.syt: đang đếm"
        )
    assert note.occurred_at == clock() - timedelta(minutes=26)
    assert note.mentions == [desk["approver.syt"].id]
    assert note.text == "21:24 Gọi @Người approver.syt: đang đếm"


def test_a_line_is_put_right_by_another_and_never_twice(desk: Desk) -> None:
    incident, who = desk.incident(), "duty_officer.stttt"

    def note(text: str, corrects: str | None = None) -> str:
        with desk.acting(who, incident) as tx:
            return log.add_note(tx, person=desk[who], incident_id=incident.id, text=text, corrects=corrects).id

    wrong = note("37 người")
    note("34 người", wrong)
    with pytest.raises(Conflict):
        note("35 người", wrong)
    with desk.journal.database.reading() as session:
        texts = [(line.text, line.corrected_by is not None) for line in queries.notes_of(session, incident.id)]
    assert texts == [("37 người", True), ("34 người", False)]


def test_a_line_of_another_incident_can_not_be_corrected_here(desk: Desk) -> None:
    here, there, who = desk.incident(), desk.incident(), "duty_officer.stttt"
    with desk.acting(who, there) as tx:
        other = log.add_note(tx, person=desk[who], incident_id=there.id, text="ở nơi khác").id
    with pytest.raises(NotFound), desk.acting(who, here) as tx:
        log.add_note(tx, person=desk[who], incident_id=here.id, text="sửa", corrects=other)


def test_an_overdue_clock_is_closed_with_a_reason_and_stays_in_sight(desk: Desk, clock: SetClock) -> None:
    incident, who = desk.incident(), "coordinator.stttt"
    late = clocks_by_code(desk, incident)["first_information"]
    clock.pass_by(hours=2)
    with pytest.raises(Invalid), desk.acting(who, incident) as tx:
        clock_actions.close_clock(tx, person=desk[who], clock_id=late.id, reason="")
    with desk.acting(who, incident) as tx:
        clock_actions.close_clock(tx, person=desk[who], clock_id=late.id, reason="Đã trả lời trực tiếp")
    closed = clocks_by_code(desk, incident)["first_information"]
    assert (closed.closed_at, closed.met_at, closed.closed_reason) == (clock(), None, "Đã trả lời trực tiếp")


def test_an_authorisation_counts_in_its_time_for_its_incident_and_can_not_be_given_to_oneself(
    desk: Desk, clock: SetClock
) -> None:
    incident, other, who = desk.incident(), desk.incident(), "coordinator.stttt"

    def give(part: str) -> str:
        with desk.acting(who, incident) as tx:
            return speaking.give_authorisation(
                tx, person=desk[who], incident_id=incident.id, person_id=desk[part].id, signer="Giám đốc",
                document_number="01/GUQ-STTTT", valid_from=clock(), valid_to=clock() + timedelta(hours=8),
            ).id  # fmt: skip

    with pytest.raises(Invalid):
        give(who)
    given = give("press_desk.stttt")
    speaker = desk["press_desk.stttt"].id
    with desk.journal.database.reading() as session:
        assert queries.authorisation_now(session, incident.id, speaker, clock()) is not None
        assert queries.authorisation_now(session, other.id, speaker, clock()) is None
        assert queries.authorisation_now(session, incident.id, speaker, clock() + timedelta(hours=8)) is None
    with desk.acting(who, incident) as tx:
        speaking.withdraw_authorisation(tx, person=desk[who], authorisation_id=given, reason="Đổi người")
    with desk.journal.database.reading() as session:
        assert queries.authorisation_now(session, incident.id, speaker, clock()) is None
