"""Release: by whom, in which forms, with which values, and what it does to clocks and to what was said before."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from crisis_desk.incidents.actions.speaking import give_authorisation, withdraw_authorisation
from crisis_desk.incidents.models import Clock, Incident
from crisis_desk.incidents.queries import clocks_of
from crisis_desk.journal.transaction import Transaction
from crisis_desk.platform.errors import Conflict, Forbidden, Invalid, NotFound
from crisis_desk.statements import queries
from crisis_desk.statements.actions.releasing import release_statement
from crisis_desk.statements.models import Statement
from tests.statements.conftest import TEXT, Desk

PROMISED = datetime(2023, 5, 12, 16, 30, tzinfo=UTC)  # 23:30 in the province, as TEXT says
TOKENS = (
    "h1\tTHÔNG TIN (lần {{sequence_number:1..2}})\n"
    "p\tPhát lúc {{issued_at:2023-05-12T21:20+07:00/2023-05-12T22:20+07:00}}.\n"
    "p\tThông tin tiếp theo trước {{next_update_at:../2023-05-13T01:00+07:00}}."
)


@pytest.fixture
def incident(desk: Desk) -> Incident:
    return desk.incident()


@pytest.fixture
def approved(desk: Desk, incident: Incident) -> Statement:
    return ready(desk, incident)


def ready(desk: Desk, incident: Incident, **more: object) -> Statement:
    made = desk.statement(incident, **more)  # type: ignore[arg-type]
    desk.submit(incident, made)
    desk.sign_all(incident, made)
    return made


def clocks(desk: Desk, incident: Incident) -> dict[str, Clock]:
    with desk.journal.database.reading() as session:
        return {clock.code: clock for clock in clocks_of(session, incident.id)}


def test_what_was_signed_is_what_goes_out(desk: Desk, incident: Incident, approved: Statement) -> None:
    out = desk.release(incident, approved)
    assert (out.state, out.final_text, out.final_sha256) == ("released", TEXT, out.text_sha256)
    assert (out.sequence_number, out.forms, out.released_as) == (
        1,
        ["portal", "press_release"],
        "Chức vụ spokesperson.vpub",
    )


def test_a_release_meets_the_first_information_and_starts_the_clock_of_its_promise(
    desk: Desk, incident: Incident, approved: Statement
) -> None:
    assert clocks(desk, incident)["first_information"].met_at is None
    out = desk.release(incident, approved)
    running = clocks(desk, incident)
    assert running["first_information"].met_at == running["legal_first_information"].met_at == out.released_at
    promise = running["promise"]
    assert (promise.starts_at, promise.due_at, promise.number, promise.subject_id) == (
        out.released_at, PROMISED, 2, out.id,
    )  # fmt: skip
    assert promise.met_at is None


def test_the_next_notice_keeps_the_promise_and_replaces_the_last(
    desk: Desk, incident: Incident, approved: Statement
) -> None:
    desk.release(incident, approved)
    desk.release(incident, update_ := ready(desk, incident, purpose="update"))
    with desk.journal.database.reading() as session:
        first, second = queries.statements_of(session, incident.id)
        promises = [clock for clock in clocks_of(session, incident.id) if clock.code == "promise"]
    assert (first.state, first.followed_by, first.final_text) == ("superseded", update_.id, TEXT)
    assert (second.state, second.sequence_number) == ("released", 2)
    assert sorted((clock.number, clock.met_at is not None) for clock in promises) == [(2, True), (3, False)]


def test_tokens_are_filled_at_release_and_both_hashes_are_kept(desk: Desk, incident: Incident) -> None:
    made = ready(desk, incident, text=TOKENS)
    out = desk.release(incident, made, next_update_at=PROMISED)
    assert out.final_text is not None
    assert "(lần 1)" in out.final_text
    assert "trước 23 giờ 30 ngày 12/5/2023" in out.final_text
    assert "{{" not in out.final_text
    assert out.text_sha256 == hashlib.sha256(TOKENS.encode()).hexdigest() == desk.present(made).text_sha256
    assert out.final_sha256 == hashlib.sha256(out.final_text.encode()).hexdigest() != out.text_sha256


def test_a_value_outside_the_bounds_that_were_signed_is_refused(desk: Desk, incident: Incident) -> None:
    made = ready(desk, incident, text=TOKENS)
    with pytest.raises(Invalid) as refused:
        desk.release(incident, made, next_update_at=PROMISED + timedelta(hours=3))
    assert refused.value.errors is not None
    assert set(refused.value.errors) == {"next_update_at"}
    desk.clock.pass_by(hours=1)
    with pytest.raises(Invalid) as late:
        desk.release(incident, made, next_update_at=PROMISED)
    assert late.value.errors is not None
    assert set(late.value.errors) == {"issued_at"}
    assert desk.present(made).state == "approved"


@pytest.mark.parametrize("minutes", [-1, 1])
def test_the_promise_of_the_desk_is_the_promise_of_the_text(
    desk: Desk, incident: Incident, approved: Statement, minutes: int
) -> None:
    with pytest.raises(Invalid):
        desk.release(incident, approved, next_update_at=PROMISED + timedelta(minutes=minutes))


def test_a_promise_that_has_passed_is_not_given(desk: Desk, incident: Incident, approved: Statement) -> None:
    desk.clock.pass_by(hours=3)
    with pytest.raises(Invalid):
        desk.release(incident, approved)
    assert desk.present(approved).state == "approved"


@pytest.mark.parametrize("forms", [[], ["zalo"], ["portal", "loudspeaker"]])
def test_only_the_legal_forms_of_the_rule_set_are_taken(
    desk: Desk, incident: Incident, approved: Statement, forms: list[str]
) -> None:
    with pytest.raises(Invalid):
        desk.release(incident, approved, forms=forms)


@pytest.mark.parametrize("who", ["spokesperson.vpub", "spokesperson.syt"])
def test_the_spokesperson_of_province_or_issuer_speaks_by_standing_duty(
    desk: Desk, incident: Incident, approved: Statement, who: str
) -> None:
    assert desk.release(incident, approved, who).released_by == desk[who].id


@pytest.mark.parametrize(
    "who", ["spokesperson.stttt", "approver.stttt", "coordinator.stttt", "drafter.stttt", "administrator.stttt"]
)
def test_nobody_else_releases(desk: Desk, incident: Incident, approved: Statement, who: str) -> None:
    with pytest.raises((Forbidden, NotFound)):
        desk.release(incident, approved, who)
    assert desk.present(approved).state == "approved"


def authorise(desk: Desk, incident: Incident, who: str, **span: datetime) -> str:
    with desk.acting("coordinator.stttt", incident) as tx:
        given = give_authorisation(
            tx, person=desk["coordinator.stttt"], incident_id=incident.id, person_id=desk[who].id,
            signer="Chủ tịch", document_number="12/GUQ-UBND",
            valid_from=span.get("valid_from", desk.clock()),
            valid_to=span.get("valid_to", desk.clock() + timedelta(hours=6)),
        )  # fmt: skip
    return given.id


def test_a_written_authorisation_for_this_incident_now_lets_somebody_speak(
    desk: Desk, incident: Incident, approved: Statement
) -> None:
    given = authorise(desk, incident, "press_desk.stttt")
    out = desk.release(incident, approved, "press_desk.stttt", authorisation_id=given)
    assert (out.authorisation_id, out.released_as) == (given, "12/GUQ-UBND")


def test_an_authorisation_that_is_not_valid_now_or_for_another_person_or_incident_does_not(
    desk: Desk, incident: Incident, approved: Statement
) -> None:
    other = desk.incident()
    later = authorise(desk, incident, "press_desk.stttt", valid_from=desk.clock() + timedelta(hours=1))
    elsewhere = authorise(desk, other, "press_desk.stttt")
    somebody = authorise(desk, incident, "drafter.btgtu")
    withdrawn = authorise(desk, incident, "press_desk.stttt")
    with desk.acting("coordinator.stttt", incident) as tx:
        withdraw_authorisation(tx, person=desk["coordinator.stttt"], authorisation_id=withdrawn, reason="Thay người")
    for given in (later, elsewhere, somebody, withdrawn, None, "00000000-0000-0000-0000-000000000000"):
        with pytest.raises(Forbidden):
            desk.release(incident, approved, "press_desk.stttt", authorisation_id=given)
    assert desk.present(approved).state == "approved"


def test_a_wrong_code_releases_nothing(desk: Desk, incident: Incident, approved: Statement) -> None:
    with pytest.raises(Invalid):
        desk.release(incident, approved, second_factor="123")
    assert desk.present(approved).state == "approved"


def test_releasing_twice_answers_as_the_first_time_and_releases_once(
    desk: Desk, incident: Incident, approved: Statement
) -> None:
    first = desk.release(incident, approved)
    desk.clock.pass_by(minutes=5)
    again = desk.release(incident, approved, second_factor="")
    assert (again.released_at, again.sequence_number) == (first.released_at, 1)
    with pytest.raises(Conflict):
        desk.release(incident, approved, forms=["portal"])
    with pytest.raises(Conflict):
        desk.release(incident, approved, "spokesperson.syt")


@pytest.mark.parametrize("signed", [[], ["confirm_figures"], ["confirm_figures", "opinion"]])
def test_nothing_is_released_while_a_step_is_missing(desk: Desk, incident: Incident, signed: list[str]) -> None:
    made = desk.statement(incident)
    desk.submit(incident, made)
    for type_ in signed:
        desk.sign(incident, made, type_, {"confirm_figures": "approver.syt", "opinion": "approver.btgtu"}[type_])
    with pytest.raises(Conflict):
        desk.release(incident, made)


def test_a_text_that_was_changed_behind_the_signatures_is_not_released(
    desk: Desk, incident: Incident, approved: Statement
) -> None:
    def release_changed(tx: Transaction) -> None:
        with tx.session.allowing():
            changed = update(Statement).where(Statement.id == approved.id)
            tx.session.execute(changed.values(frozen_text=TEXT.replace("37", "3")))
        release_statement(
            tx, person=desk["spokesperson.vpub"], statement_id=approved.id, forms=["portal"],
            second_factor=desk.code(),
        )  # fmt: skip

    with pytest.raises(Conflict), desk.acting("spokesperson.vpub", incident) as tx:
        release_changed(tx)


def test_a_line_answers_the_press_and_is_not_released(desk: Desk, incident: Incident) -> None:
    line = ready(desk, incident, purpose="line", text="p\tĐang xác minh.")
    with pytest.raises(Conflict):
        desk.release(incident, line)


def test_a_correction_names_what_it_corrects_and_goes_out_in_the_same_forms(
    desk: Desk, incident: Incident, approved: Statement
) -> None:
    wrong = desk.release(incident, approved)
    correction = ready(desk, incident, purpose="correction")
    assert desk.present(correction).corrects_id == wrong.id
    with pytest.raises(Invalid):
        desk.release(incident, correction, forms=["portal"])
    desk.release(incident, correction, forms=["portal", "press_release", "briefing"])
    assert (desk.present(wrong).state, desk.present(wrong).followed_by) == ("corrected", correction.id)
    assert desk.present(wrong).final_text == TEXT


def test_a_withdrawal_leaves_what_it_withdraws_readable_and_keeps_no_promise(
    desk: Desk, incident: Incident, approved: Statement
) -> None:
    wrong = desk.release(incident, approved)
    withdrawal = ready(desk, incident, purpose="withdrawal", text="p\tRút thông tin lần 1.")
    out = desk.release(incident, withdrawal)
    assert out.next_update_at is None
    assert (desk.present(wrong).state, desk.present(wrong).final_text) == ("withdrawn", TEXT)
    assert clocks(desk, incident)["promise"].met_at is None


def test_a_correction_is_about_a_released_statement_of_its_own_incident(
    desk: Desk, incident: Incident, approved: Statement
) -> None:
    draft_only = desk.statement(incident)
    elsewhere = desk.released(desk.incident())
    for about in (None, draft_only.id, elsewhere.id):
        with pytest.raises(Invalid):
            desk.statement(incident, purpose="correction", corrects_id=about)


def test_a_drill_is_released_along_the_full_path_into_its_own_newsroom(desk: Desk) -> None:
    drill = desk.incident(drill=True)
    out = desk.released(drill)
    with desk.journal.database.reading() as session:
        assert queries.released(session, drill=False, limit=10) == []
        assert [one.id for one in queries.released(session, drill=True, limit=10)] == [out.id]
        with pytest.raises(NotFound):
            queries.released_by_id(session, out.id, drill=False)
