"""The board as data: what stands on it, in which order, for whom, at a cost that does not grow with its rows."""

from __future__ import annotations

import pytest

from crisis_desk.incidents.actions.incident import change_handling, change_severity, change_status
from crisis_desk.incidents.actions.responders import acknowledge_incident, answer_assignment, assign_responder
from crisis_desk.room.board import Board, board
from crisis_desk.room.waiting import ACT, ROLES, own_subjects
from tests.people.conftest import SetClock
from tests.room.conftest import counted, report
from tests.statements.conftest import Desk


def seen(desk: Desk, who: str = "coordinator.stttt") -> Board:
    with desk.journal.database.reading() as session:
        return board(session, desk[who], desk.clock())


def own(desk: Desk, who: str) -> list[str]:
    mine = own_subjects(desk[who])
    return [item.what for item in seen(desk, who).waiting if set(mine.get(item.subject, [])) & set(item.verbs)]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_board_costs_as_many_queries_with_three_rows_as_with_one(desk: Desk, rows: int) -> None:
    for number in range(rows):
        incident = desk.incident(drill=number == 1)
        statement = desk.statement(incident)
        desk.submit(incident, statement)
        with desk.acting("coordinator.stttt", incident) as tx:
            assign_responder(
                tx, person=desk["coordinator.stttt"], incident_id=incident.id, person_id=desk["verifier.syt"].id,
                role="verifier",
            )  # fmt: skip
    with counted(desk) as sent:
        found = seen(desk)
    assert (len(found.rows), len(found.waiting)) == (rows, 3 * rows)
    assert len([statement for statement in sent if statement.lstrip().startswith("SELECT")]) == 9


def test_rows_stand_in_their_groups_the_nearest_due_first(desk: Desk, clock: SetClock) -> None:
    later = report(desk, "Việc sau", severity=1)
    sooner = report(desk, "Việc trước", severity=4)
    drill = report(desk, "Diễn tập", drill=True)
    opened = desk.incident()
    found = seen(desk)
    codes = {group: [row.incident.code for row in rows] for group, rows in found.groups.items()}
    assert codes == {
        "active": [opened.code],
        "reported": [sooner.code, later.code],
        "monitoring": [],
        "drill": [drill.code],
    }
    assert (found.live, found.drills, found.late) == (3, 1, 0)
    clock.pass_by(minutes=16)
    assert seen(desk).late == 1


def test_a_restricted_incident_is_on_the_board_of_its_team_and_the_auditor_only(desk: Desk) -> None:
    incident = report(desk)
    with desk.acting("coordinator.syt", incident) as tx:
        change_handling(
            tx, person=desk["coordinator.syt"], incident_id=incident.id, handling="restricted", reason="người bệnh"
        )
    on_board = {who: len(seen(desk, who).rows) for who in ("duty_officer.stttt", "drafter.stttt", "auditor.stttt")}
    assert on_board == {"duty_officer.stttt": 1, "drafter.stttt": 0, "auditor.stttt": 1}


def test_what_was_closed_within_seven_days_is_kept_in_sight(desk: Desk, clock: SetClock) -> None:
    incident = report(desk)
    with desk.acting("coordinator.stttt", incident) as tx:
        change_status(tx, person=desk["coordinator.stttt"], incident_id=incident.id, to="closed", reason="báo nhầm")
    assert ([one.code for one in seen(desk).closed], seen(desk).rows) == ([incident.code], [])
    clock.pass_by(days=8)
    assert seen(desk).closed == []


def test_a_new_incident_waits_for_whoever_takes_incidents_in_hand(desk: Desk) -> None:
    incident = report(desk)
    assert (own(desk, "coordinator.syt"), own(desk, "drafter.stttt")) == (["acknowledge"], [])
    with desk.acting("coordinator.stttt", incident) as tx:
        acknowledge_incident(tx, person=desk["coordinator.stttt"], incident_id=incident.id)
    assert own(desk, "coordinator.syt") == []


def test_who_was_asked_to_take_part_owes_an_answer_until_she_gives_it(desk: Desk) -> None:
    incident = report(desk)
    who = desk["verifier.syt"]
    with desk.acting("coordinator.stttt", incident) as tx:
        asked = assign_responder(
            tx, person=desk["coordinator.stttt"], incident_id=incident.id, person_id=who.id, role="verifier"
        )
    assert (own(desk, "verifier.syt"), own(desk, "drafter.syt")) == (["answer"], [])
    with desk.acting("verifier.syt", incident) as tx:
        answer_assignment(tx, person=who, responder_id=asked.id, answer="accepted")
    assert own(desk, "verifier.syt") == []


def test_a_text_waits_for_whose_hands_it_is_in(desk: Desk) -> None:
    incident = desk.incident()
    statement = desk.statement(incident)
    whose = {"drafter.stttt", "approver.syt", "approver.btgtu", "approver.stttt", "spokesperson.vpub"}

    def turn() -> dict[str, list[str]]:
        return {who: found for who in whose if (found := own(desk, who))}

    assert turn() == {"drafter.stttt": ["draft"]}
    desk.submit(incident, statement)
    assert {"sign"} == {what for found in turn().values() for what in found}
    desk.sign_all(incident, statement)
    assert turn() == {"spokesperson.vpub": ["release"]}
    desk.release(incident, statement)
    assert turn() == {}
    assert [row.promises[0].code for row in seen(desk).rows] == ["promise"]


def test_the_key_of_a_row_changes_with_its_severity_and_its_next_clock(desk: Desk) -> None:
    incident = report(desk, severity=1)
    before = seen(desk).rows[0]
    with desk.acting("coordinator.stttt", incident) as tx:
        change_severity(tx, person=desk["coordinator.stttt"], incident_id=incident.id, severity=4, reason="tử vong")
    after = seen(desk).rows[0]
    assert after.key < before.key
    assert (before.sequence, after.sequence) == (1, 2)


def test_own_subjects_name_the_person_her_roles_and_them_in_her_organisation(desk: Desk) -> None:
    who = desk["approver.syt"]
    assert own_subjects(who) == {
        f"person:{who.id}": [ACT],
        ROLES: ["approver", f"approver@{who.organisation_id}"],
    }
