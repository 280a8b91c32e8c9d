"""Beginning a statement, and what a submission freezes."""

from __future__ import annotations

import hashlib

import pytest

from crisis_desk.platform.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from crisis_desk.statements import draft_store
from crisis_desk.statements.actions import drafting, submission
from crisis_desk.statements.canonical import canonical, from_canonical, tokens, unfilled
from crisis_desk.statements.draft_document import root
from crisis_desk.statements.lists import DRILL_LINES
from crisis_desk.statements.models import Statement
from crisis_desk.statements.queries import revisions_of
from tests.statements.conftest import TEXT, Desk, type_over


def draft_text(desk: Desk, statement: Statement) -> str:
    with desk.journal.database.reading() as session:
        return draft_store.load(session, statement.id).text


def test_statements_are_numbered_within_their_incident_and_drills_have_their_own(desk: Desk) -> None:
    real, drill = desk.incident(), desk.incident(drill=True)
    codes = [desk.statement(one).code for one in (real, real, drill, real)]
    assert codes == ["TB1", "TB2", "TB1", "TB3"]


def test_the_issuer_is_the_lead_agency_and_never_the_desk(desk: Desk) -> None:
    made = desk.statement(desk.incident())
    assert (made.issuer_id, made.issuer_name, made.signatory_title) == (
        desk.organisation_id("SYT"),
        "Sở Y tế",
        "Giám đốc",
    )


def test_a_template_is_filled_with_what_the_incident_knows_and_the_rest_stands_open(desk: Desk) -> None:
    made = desk.statement(desk.incident(), text=None, template_code="T2")
    blocks = from_canonical(draft_text(desk, made))
    text = canonical(blocks)
    assert "KCN Phú Lộc Giang" in text
    assert "Sở Y tế điều tra dịch tễ" in text
    names = {name for _, name in unfilled(blocks)}
    assert {"số người được thăm khám", "biểu hiện"} <= names
    assert names.isdisjoint({"dia_diem", "co_quan_chu_tri", "issued_at", "sequence_number", "next_update_at"})
    assert {token.name: token.bounds for token in tokens(blocks)} == {
        "sequence_number": "1..2",
        "issued_at": "2023-05-12T21:20+07:00/..",
        "next_update_at": "../2023-05-13T02:20+07:00",
    }


def test_the_draft_begins_with_the_canonical_text_that_the_entry_carries(desk: Desk) -> None:
    assert draft_text(desk, desk.statement(desk.incident())) == TEXT


@pytest.mark.parametrize("who", ["auditor.stttt", "administrator.stttt", "focal_point.syt", "approver.stttt"])
def test_others_than_writers_begin_no_statement(desk: Desk, who: str) -> None:
    incident = desk.incident()
    with pytest.raises((Forbidden, NotFound)):
        desk.statement(incident, who=who)


def test_a_stranger_learns_nothing_of_a_statement_of_a_restricted_incident(desk: Desk) -> None:
    incident = desk.incident(handling="restricted")
    made = desk.statement(incident, who="coordinator.stttt")
    with pytest.raises(NotFound), desk.acting("drafter.syt", incident) as tx:
        submission.submit(tx, person=desk["drafter.syt"], statement_id=made.id)
    with pytest.raises(NotFound):
        desk.statement(incident, who="drafter.syt")


def test_only_the_head_of_a_draft_changes_and_only_as_it_was_seen(desk: Desk) -> None:
    incident = desk.incident()
    made = desk.statement(incident)
    who = desk["coordinator.stttt"]
    with desk.acting("coordinator.stttt", incident) as tx:
        drafting.change_head(
            tx, person=who, statement_id=made.id, version=1,
            changes={"issuer_id": desk.organisation_id("VPUB"), "authority": "TL."},
        )  # fmt: skip
    assert (desk.present(made).issuer_name, desk.present(made).authority) == ("Văn phòng UBND tỉnh", "TL.")
    with pytest.raises(Stale), desk.acting("coordinator.stttt", incident) as tx:
        drafting.change_head(tx, person=who, statement_id=made.id, version=1, changes={"title": "Khác"})
    desk.submit(incident, made)
    with pytest.raises(Conflict), desk.acting("coordinator.stttt", incident) as tx:
        drafting.change_head(
            tx, person=who, statement_id=made.id, version=desk.present(made).version, changes={"title": "Khác"}
        )


def test_a_named_revision_keeps_the_text_of_its_moment(desk: Desk) -> None:
    incident = desk.incident()
    made = desk.statement(incident)
    with desk.acting("drafter.stttt", incident) as tx:
        drafting.name_revision(tx, person=desk["drafter.stttt"], statement_id=made.id, name="Gửi Sở Y tế xem")
    type_over(desk, made, TEXT + "\np\tThêm một câu.", "drafter.btgtu")
    with desk.acting("drafter.stttt", incident) as tx:
        drafting.name_revision(tx, person=desk["drafter.stttt"], statement_id=made.id, name="Sau khi sửa")
    with desk.journal.database.reading() as session:
        kept = revisions_of(session, made.id)
    assert [(one.number, one.name) for one in kept] == [(1, "Gửi Sở Y tế xem"), (2, "Sau khi sửa")]
    assert [one.text for one in kept] == [TEXT, TEXT + "\np\tThêm một câu."]


def test_a_submission_freezes_the_text_its_hash_and_its_steps(desk: Desk) -> None:
    incident = desk.incident()
    made = desk.submit(incident, desk.statement(incident))
    assert made.state == "submitted"
    assert made.frozen_text == TEXT
    assert made.text_sha256 == hashlib.sha256(TEXT.encode()).hexdigest()
    assert [(s.type, s.function, s.stage, s.minutes) for s in desk.steps(made)] == [
        ("confirm_figures", "lead_agency", 1, None),
        ("opinion", "propaganda_board", 1, 10),
        ("approve", "press_authority", 2, None),
    ]
    assert (made.holder_function, made.holder_since) == ("lead_agency", desk.clock())


@pytest.mark.parametrize(
    ("severity", "steps"),
    [
        (1, [("approve", "unit")]),
        (2, [("approve", "issuer")]),
        (4, [
            ("confirm_figures", "lead_agency"), ("opinion", "propaganda_board"),
            ("approve", "peoples_committee_office"),
        ]),
    ],
)  # fmt: skip
def test_the_severity_says_which_steps_a_text_goes_through(
    desk: Desk, severity: int, steps: list[tuple[str, str]]
) -> None:
    incident = desk.incident(severity=severity)
    made = desk.submit(incident, desk.statement(incident))
    assert [(step.type, step.function) for step in desk.steps(made)] == steps


def test_keystrokes_after_a_submission_are_refused(desk: Desk) -> None:
    incident = desk.incident()
    made = desk.statement(incident)
    desk.submit(incident, made)
    with pytest.raises(Conflict):
        type_over(desk, made, TEXT + "\np\tMuộn.", "drafter.btgtu")
    assert draft_text(desk, made) == TEXT


def test_what_blocks_can_not_be_overridden_and_nothing_stays_frozen(desk: Desk) -> None:
    incident = desk.incident()
    made = desk.statement(incident, text=TEXT + "\np\tGọi {{duong_day_nong}}.")
    with pytest.raises(Invalid) as refused:
        desk.submit(incident, made, overrides=[{"check": "placeholder", "block": 4, "reason": "không cần"}])
    assert refused.value.errors is not None
    assert len(refused.value.errors["checks"]) == 1
    assert desk.present(made).state == "draft"
    type_over(desk, made, TEXT, "drafter.stttt")
    assert desk.submit(incident, made).state == "submitted"


def test_a_warning_is_overridden_with_a_reason_and_the_record_says_by_whom(desk: Desk) -> None:
    incident = desk.incident()
    made = desk.statement(incident, text=TEXT + "\np\tNguyên nhân có thể do thức ăn nhiễm khuẩn.")
    with pytest.raises(Invalid):
        desk.submit(incident, made)
    with pytest.raises(Invalid):
        desk.submit(incident, made, overrides=[{"check": "cause", "block": 4, "reason": "  "}])
    desk.submit(incident, made, overrides=[{"check": "cause", "block": 4, "reason": "Theo Chi cục"}])
    [kept] = desk.present(made).checks
    assert (kept["check"], kept["place"], kept["override"], kept["overridden_by"]) == (
        "cause",
        4,
        "Theo Chi cục",
        desk["drafter.stttt"].id,
    )


def test_a_death_goes_on_only_when_somebody_noted_that_the_family_was_told(desk: Desk) -> None:
    incident = desk.incident()
    made = desk.statement(incident, text=TEXT + "\np\tMột người đã tử vong.")
    with pytest.raises(Invalid):
        desk.submit(incident, made)
    who = desk["coordinator.stttt"]
    with pytest.raises(Invalid), desk.acting("coordinator.stttt", incident) as tx:
        drafting.note_family_informed(tx, person=who, statement_id=made.id, informed_by="  ", informed_at=desk.clock())
    with desk.acting("coordinator.stttt", incident) as tx:
        drafting.note_family_informed(
            tx, person=who, statement_id=made.id, informed_by="Lãnh đạo bệnh viện", informed_at=desk.clock()
        )
    assert desk.submit(incident, made).state == "submitted"


def test_a_drills_text_says_so_even_when_somebody_took_the_line_out(desk: Desk) -> None:
    incident = desk.incident(drill=True)
    made = desk.statement(incident)
    line = f"p\t{DRILL_LINES['vi']}\n"
    assert draft_text(desk, made) == line + TEXT
    type_over(desk, made, TEXT, "drafter.stttt")
    assert desk.submit(incident, made).frozen_text == line + TEXT


def test_a_blank_text_of_a_drill_has_room_behind_the_drills_line(desk: Desk) -> None:
    made = desk.statement(desk.incident(drill=True), text="")
    with desk.journal.database.reading() as session:
        draft = draft_store.load(session, made.id).draft
    assert [str(child) for child in root(draft).children] == [
        f"<paragraph>{DRILL_LINES['vi']}</paragraph>", "<paragraph></paragraph>",
    ]  # fmt: skip
    assert draft_text(desk, made) == f"p\t{DRILL_LINES['vi']}"


def test_reopening_needs_a_reason_voids_signatures_and_opens_the_draft(desk: Desk) -> None:
    incident = desk.incident()
    made = desk.submit(incident, desk.statement(incident))
    desk.sign(incident, made, "confirm_figures", "approver.syt")
    who = desk["drafter.btgtu"]
    with pytest.raises(Invalid), desk.acting("drafter.btgtu", incident) as tx:
        submission.reopen(tx, person=who, statement_id=made.id, reason=" ")
    with pytest.raises(Forbidden), desk.acting("approver.btgtu", incident) as tx:
        submission.reopen(tx, person=desk["approver.btgtu"], statement_id=made.id, reason="muốn")
    with desk.acting("drafter.btgtu", incident) as tx:
        submission.reopen(tx, person=who, statement_id=made.id, reason="Sai một ký tự")
    present = desk.present(made)
    assert (present.state, present.text_sha256, present.holder_person_id) == ("draft", None, desk["drafter.stttt"].id)
    assert desk.steps(made) == []
    type_over(desk, made, TEXT + "\np\tĐã sửa.", "drafter.stttt")
    assert desk.submit(incident, made).revision == 2
