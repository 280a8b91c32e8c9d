"""The way to approval: who signs what, when, and what makes a signature void."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from crisis_desk.incidents.actions.incident import change_severity
from crisis_desk.incidents.models import Incident
from crisis_desk.journal.models import JournalEntry
from crisis_desk.journal.streams import DESK
from crisis_desk.people.actions.organisations import assign_function
from crisis_desk.platform.errors import Conflict, Forbidden, Invalid, NotFound
from crisis_desk.statements import approval_sets, queries
from crisis_desk.statements.actions import choosing, signing, submission
from crisis_desk.statements.models import Statement, StatementSignature
from tests.statements.conftest import TEXT, Desk, type_over


@pytest.fixture
def incident(desk: Desk) -> Incident:
    return desk.incident()


@pytest.fixture
def submitted(desk: Desk, incident: Incident) -> Statement:
    made = desk.statement(incident)
    desk.submit(incident, made)
    return made


def kinds(desk: Desk, incident: Incident) -> list[str]:
    with desk.journal.database.reading() as session:
        query = select(JournalEntry.kind).where(JournalEntry.stream == f"incident:{incident.id}")
        return list(session.scalars(query.order_by(JournalEntry.sequence)))


def counting(desk: Desk, statement: Statement) -> list[tuple[str, str]]:
    """The signatures that count: type of step and organisation as frozen."""
    with desk.journal.database.reading() as session:
        return [(one.type, one.organisation_name) for one in queries.signatures_of(session, statement.id)]


def test_every_function_signs_once_and_then_the_text_is_approved(
    desk: Desk, incident: Incident, submitted: Statement
) -> None:
    desk.sign(incident, submitted, "opinion", "approver.btgtu")
    assert desk.present(submitted).state == "submitted"
    desk.sign(incident, submitted, "confirm_figures", "approver.syt")
    assert (desk.waiting(submitted), desk.present(submitted).holder_function) == (["approve"], "press_authority")
    desk.sign(incident, submitted, "approve", "approver.stttt")
    assert desk.present(submitted).state == "approved"
    assert counting(desk, submitted) == [
        ("opinion", "Ban Tuyên giáo Tỉnh ủy"),
        ("confirm_figures", "Sở Y tế"),
        ("approve", "Sở Thông tin và Truyền thông"),
    ]


def test_a_later_stage_is_not_signed_before_its_turn(desk: Desk, incident: Incident, submitted: Statement) -> None:
    desk.sign(incident, submitted, "confirm_figures", "approver.syt")
    with pytest.raises(Conflict):
        desk.sign(incident, submitted, "approve", "approver.stttt")


def test_a_step_is_signed_only_once(desk: Desk, incident: Incident, submitted: Statement) -> None:
    desk.sign(incident, submitted, "confirm_figures", "approver.syt")
    with pytest.raises(Conflict):
        desk.sign(incident, submitted, "confirm_figures", "verifier.syt")


@pytest.mark.parametrize(
    ("type_", "who"),
    [
        ("confirm_figures", "approver.stttt"),
        ("confirm_figures", "drafter.syt"),
        ("opinion", "approver.syt"),
        ("opinion", "drafter.btgtu"),
        ("approve", "approver.btgtu"),
        ("approve", "spokesperson.stttt"),
        ("approve", "auditor.stttt"),
        ("approve", "administrator.stttt"),
    ],
)
def test_nobody_signs_for_another_function_or_without_the_role(
    desk: Desk, incident: Incident, submitted: Statement, type_: str, who: str
) -> None:
    with pytest.raises((Forbidden, NotFound)):
        desk.sign(incident, submitted, type_, who)
    assert counting(desk, submitted) == []


def test_whoever_wrote_in_the_text_can_not_sign_it(desk: Desk, incident: Incident) -> None:
    made = desk.statement(incident, who="verifier.syt")
    desk.submit(incident, made)
    with pytest.raises(Forbidden):
        desk.sign(incident, made, "confirm_figures", "verifier.syt")
    desk.sign(incident, made, "confirm_figures", "approver.syt")


def test_one_keystroke_makes_a_writer(desk: Desk, incident: Incident) -> None:
    made = desk.statement(incident)
    type_over(desk, made, TEXT + "\np\tx", "verifier.syt")
    desk.submit(incident, made)
    assert set(desk.present(made).writers) == {desk["drafter.stttt"].id, desk["verifier.syt"].id}
    with pytest.raises(Forbidden):
        desk.sign(incident, made, "confirm_figures", "verifier.syt")


def test_a_signature_stands_under_the_frozen_hash_or_not_at_all(
    desk: Desk, incident: Incident, submitted: Statement
) -> None:
    with pytest.raises(Conflict):
        desk.sign(incident, submitted, "confirm_figures", "approver.syt", text_sha256="0" * 64)
    assert counting(desk, submitted) == []


def test_a_wrong_code_signs_nothing_and_a_code_signs_one_step_once(
    desk: Desk, incident: Incident, submitted: Statement
) -> None:
    with pytest.raises(Invalid):
        desk.sign(incident, submitted, "confirm_figures", "approver.syt", second_factor="000000")
    assert counting(desk, submitted) == []


def test_a_step_of_an_earlier_submission_is_not_signed_any_more(
    desk: Desk, incident: Incident, submitted: Statement
) -> None:
    old = desk.step(submitted, "confirm_figures").id
    with desk.acting("drafter.stttt", incident) as tx:
        submission.reopen(tx, person=desk["drafter.stttt"], statement_id=submitted.id, reason="Sửa")
    desk.submit(incident, submitted)
    with pytest.raises(Conflict):
        desk.sign(incident, submitted, "confirm_figures", "approver.syt", step_id=old)


def test_a_step_of_another_statement_is_not_found(desk: Desk, incident: Incident, submitted: Statement) -> None:
    other = desk.statement(incident)
    desk.submit(incident, other)
    with pytest.raises(NotFound):
        desk.sign(
            incident, submitted, "confirm_figures", "approver.syt", step_id=desk.step(other, "confirm_figures").id
        )


def test_reopening_voids_what_was_signed_and_all_sign_again(
    desk: Desk, incident: Incident, submitted: Statement
) -> None:
    desk.sign_all(incident, submitted)
    with desk.acting("drafter.stttt", incident) as tx:
        submission.reopen(tx, person=desk["drafter.stttt"], statement_id=submitted.id, reason="Sai một ký tự")
    assert counting(desk, submitted) == []
    with desk.journal.database.reading() as session:
        assert len(session.scalars(select(StatementSignature)).all()) == 3
    desk.submit(incident, submitted)
    desk.sign_all(incident, submitted)
    assert desk.present(submitted).state == "approved"


def test_whoever_holds_a_step_returns_the_text_with_a_reason(
    desk: Desk, incident: Incident, submitted: Statement
) -> None:
    desk.sign(incident, submitted, "confirm_figures", "approver.syt")
    board = desk["approver.btgtu"]
    with pytest.raises(Invalid), desk.acting("approver.btgtu", incident) as tx:
        signing.return_statement(tx, person=board, statement_id=submitted.id, reason="")
    with desk.acting("approver.btgtu", incident) as tx:
        signing.return_statement(tx, person=board, statement_id=submitted.id, reason="Trả lại câu 2")
    present = desk.present(submitted)
    assert (present.state, present.holder_person_id) == ("draft", desk["drafter.stttt"].id)
    assert counting(desk, submitted) == []


@pytest.mark.parametrize("who", ["approver.stttt", "approver.vpub", "drafter.btgtu"])
def test_nobody_else_returns_it(desk: Desk, incident: Incident, submitted: Statement, who: str) -> None:
    with pytest.raises(Forbidden), desk.acting(who, incident) as tx:
        signing.return_statement(tx, person=desk[who], statement_id=submitted.id, reason="muốn")


def test_a_signer_may_take_the_text_back_until_it_is_released(
    desk: Desk, incident: Incident, submitted: Statement
) -> None:
    desk.sign_all(incident, submitted)
    with desk.acting("approver.syt", incident) as tx:
        signing.return_statement(
            tx, person=desk["approver.syt"], statement_id=submitted.id, reason="Số đếm trùng ba người"
        )
    assert desk.present(submitted).state == "draft"


def test_silence_opens_the_next_step_is_recorded_and_never_counts_as_consent(
    desk: Desk, incident: Incident, submitted: Statement
) -> None:
    asked = desk.step(submitted, "opinion").asked_at
    desk.sign(incident, submitted, "confirm_figures", "approver.syt")
    desk.clock.pass_by(minutes=10)
    desk.sign(incident, submitted, "approve", "approver.stttt")
    opinion = desk.step(submitted, "opinion")
    assert (opinion.asked_at, opinion.signature_id) == (asked, None)
    assert opinion.unanswered_at == desk.clock()
    assert desk.present(submitted).state == "approved"
    assert kinds(desk, incident)[-3:] == ["statement.unanswered", "statement.signed", "statement.approved"]
    assert ("opinion", "Ban Tuyên giáo Tỉnh ủy") not in counting(desk, submitted)


def test_an_opinion_may_still_come_late(desk: Desk, incident: Incident, submitted: Statement) -> None:
    desk.sign(incident, submitted, "confirm_figures", "approver.syt")
    desk.clock.pass_by(minutes=11)
    desk.sign(incident, submitted, "opinion", "approver.btgtu")
    assert ("opinion", "Ban Tuyên giáo Tỉnh ủy") in counting(desk, submitted)
    assert desk.present(submitted).state == "submitted"


def test_the_silence_of_whoever_confirms_or_approves_holds_the_text_for_ever(
    desk: Desk, incident: Incident, submitted: Statement
) -> None:
    desk.clock.pass_by(days=2)
    with pytest.raises(Conflict):
        desk.sign(incident, submitted, "approve", "approver.stttt")
    assert desk.present(submitted).state == "submitted"


def test_a_job_finds_what_ran_out_and_notes_it_once(desk: Desk, incident: Incident, submitted: Statement) -> None:
    def found() -> list[str]:
        with desk.journal.database.reading() as session:
            return [one.id for one in queries.with_run_out_steps(session, desk.clock())]

    desk.clock.pass_by(minutes=9, seconds=59)
    assert found() == []
    desk.clock.pass_by(seconds=1)
    assert found() == [submitted.id]
    with desk.acting("coordinator.stttt", incident) as tx:
        signing.note_unanswered(tx, tx.session.get_one(Statement, submitted.id))
    assert found() == []


def test_a_function_is_resolved_and_frozen_when_it_signs(desk: Desk, incident: Incident, submitted: Statement) -> None:
    desk.sign(incident, submitted, "confirm_figures", "approver.syt")
    desk.sign(incident, submitted, "opinion", "approver.btgtu")
    with desk.journal.database.reading() as session:
        office = session.get_one(type(desk.organisations["VPUB"]), desk.organisation_id("VPUB"))
    with desk.acting("administrator.stttt") as tx:
        day = (tx.now + timedelta(hours=7)).date()
        assign_function(tx, person=desk["administrator.stttt"], function="press_authority", to=office, valid_from=day)
    with pytest.raises(Forbidden):
        desk.sign(incident, submitted, "approve", "approver.stttt")
    desk.sign(incident, submitted, "approve", "approver.vpub")
    assert counting(desk, submitted)[-1] == ("approve", "Văn phòng UBND tỉnh")


def raise_severity(desk: Desk, incident: Incident, severity: int) -> None:
    with desk.acting("coordinator.stttt", incident) as tx:
        change_severity(
            tx, person=desk["coordinator.stttt"], incident_id=incident.id, severity=severity, reason="Có ca nặng"
        )


def test_another_severity_asks_to_keep_or_restart_and_nothing_is_released_before(
    desk: Desk, incident: Incident, submitted: Statement
) -> None:
    desk.sign_all(incident, submitted)
    raise_severity(desk, incident, 4)
    with pytest.raises(Conflict):
        desk.release(incident, submitted)
    with desk.acting("coordinator.stttt", incident) as tx:
        submission.keep_steps(tx, person=desk["coordinator.stttt"], statement_id=submitted.id, reason="Lãnh đạo đã xem")
    assert desk.release(incident, submitted).state == "released"


def test_restarting_takes_the_steps_of_the_new_severity_over_the_same_text(
    desk: Desk, incident: Incident, submitted: Statement
) -> None:
    desk.sign_all(incident, submitted)
    before = desk.present(submitted).text_sha256
    raise_severity(desk, incident, 4)
    with desk.acting("coordinator.stttt", incident) as tx:
        submission.restart_steps(tx, person=desk["coordinator.stttt"], statement_id=submitted.id)
    present = desk.present(submitted)
    assert (present.state, present.text_sha256, present.approval_set) == ("submitted", before, "severity_4")
    assert counting(desk, submitted) == []
    assert desk.step(submitted, "approve").function == "peoples_committee_office"


def test_steps_are_neither_kept_nor_restarted_without_a_change(
    desk: Desk, incident: Incident, submitted: Statement
) -> None:
    with pytest.raises(Conflict), desk.acting("coordinator.stttt", incident) as tx:
        submission.restart_steps(tx, person=desk["coordinator.stttt"], statement_id=submitted.id)


def test_both_organs_approve_when_the_desk_chose_so(desk: Desk, incident: Incident) -> None:
    admin = desk["administrator.stttt"]
    with pytest.raises(Forbidden), desk.acting("coordinator.stttt") as tx:
        choosing.choose_approval_set(
            tx, person=desk["coordinator.stttt"], severity=3, approval_set="both_organs_approve", reason="x"
        )
    with desk.acting("administrator.stttt") as tx:
        choosing.choose_approval_set(
            tx, person=admin, severity=3, approval_set="both_organs_approve", reason="Theo quy chế phối hợp"
        )
    made = desk.statement(incident)
    desk.submit(incident, made)
    desk.sign(incident, made, "confirm_figures", "approver.syt")
    approvals = [step for step in desk.steps(made) if step.type == "approve"]
    board = next(step for step in approvals if step.function == "propaganda_board")
    press = next(step for step in approvals if step.function == "press_authority")
    desk.clock.pass_by(hours=5)
    desk.sign(incident, made, "approve", "approver.stttt", step_id=press.id)
    assert desk.present(made).state == "submitted"
    with pytest.raises(Conflict):
        desk.release(incident, made)
    desk.sign(incident, made, "approve", "approver.btgtu", step_id=board.id)
    assert desk.present(made).state == "approved"
    with desk.journal.database.reading() as session:
        assert (
            "approval.set_chosen" in session.scalars(select(JournalEntry.kind).where(JournalEntry.stream == DESK)).all()
        )


def test_a_set_made_for_a_lower_severity_is_not_borrowed_for_a_higher(desk: Desk) -> None:
    with pytest.raises(Invalid), desk.acting("administrator.stttt") as tx:
        choosing.choose_approval_set(
            tx, person=desk["administrator.stttt"], severity=4, approval_set="severity_1", reason="nhanh"
        )


def test_every_set_has_an_approval_that_nothing_times_out(desk: Desk) -> None:
    sets = approval_sets.sets_at(desk.clock())
    assert {one.severity for one in sets.values()} == {1, 2, 3, 4, None}
    for one in sets.values():
        approvals = [step for stage in one.stages for step in stage if step.type == approval_sets.APPROVE]
        assert approvals
        assert [step.minutes for step in approvals] == [None] * len(approvals)
