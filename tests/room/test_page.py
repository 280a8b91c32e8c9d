"""The room as data: four clocks, corrected times, the log with its corrections, and what one person may do."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crisis_desk.incidents.actions.clocks import close_clock, start_clock
from crisis_desk.incidents.actions.incident import correct_times
from crisis_desk.incidents.actions.log import add_note
from crisis_desk.incidents.actions.responders import answer_assignment, assign_responder, release_responder
from crisis_desk.incidents.models import Incident
from crisis_desk.incidents.queries import clocks_of
from crisis_desk.room import verbs
from crisis_desk.room.lines import Line
from crisis_desk.room.log import SHOWN_LINES, latest_lines
from crisis_desk.room.names import PageNames
from crisis_desk.room.page import Room, room
from tests.people.conftest import SetClock
from tests.room.conftest import counted, note, report
from tests.statements.conftest import Desk


def shown(desk: Desk, incident: Incident) -> Room:
    with desk.journal.database.reading() as session:
        return room(session, session.get_one(Incident, incident.id), desk.clock())


def lines(desk: Desk, incident: Incident, *, before: int | None = None) -> tuple[list[Line], bool]:
    with desk.journal.database.reading() as session:
        names = PageNames.of(session, desk.clock(), [])
        return latest_lines(session, incident, "vi", names, before=before)


def may(desk: Desk, who: str, incident: Incident) -> dict[str, list[str]]:
    with desk.journal.database.reading() as session:
        return verbs.of_room(session, desk[who], session.get_one(Incident, incident.id))


def test_the_head_shows_promise_nearest_overdue_and_first_information(desk: Desk, clock: SetClock) -> None:
    incident = report(desk, severity=2)
    with desk.acting("coordinator.stttt", incident) as tx:
        at = clock()
        for number, minutes in ((1, 300), (2, 600)):
            start_clock(
                tx, incident=incident, code="promise", starts_at=at, due_at=at + timedelta(minutes=minutes),
                number=number,
            )  # fmt: skip
    clock.pass_by(minutes=70)
    found = shown(desk, incident)
    assert [(c.code, c.number) for c in found.clocks] == [
        ("promise", 1), ("first_information", None), ("acknowledge", None), ("promise", 2),
    ]  # fmt: skip
    assert [c.code for c in found.more_clocks] == ["legal_first_information"]
    assert found.promise is not None
    assert found.promise.number == 1


def test_a_closed_clock_stays_in_sight_with_its_reason(desk: Desk) -> None:
    incident = report(desk, severity=1)
    with desk.acting("coordinator.stttt", incident) as tx:
        clock = clocks_of(tx.session, incident.id)[0]
        close_clock(tx, person=desk["coordinator.stttt"], clock_id=clock.id, reason="trùng")
    assert [(c.code, c.closed_reason) for c in shown(desk, incident).clocks] == [("acknowledge", "trùng")]


def test_a_time_shows_every_value_it_had(desk: Desk, clock: SetClock) -> None:
    incident = report(desk)
    who = desk["coordinator.stttt"]
    first, second = clock() - timedelta(hours=2), clock() - timedelta(hours=1)
    for at in (first, second):
        with desk.acting("coordinator.stttt", incident) as tx:
            correct_times(tx, person=who, incident_id=incident.id, times={"occurred_at": at})
    occurred = shown(desk, incident).times[0]
    assert (occurred.name, occurred.at) == ("Occurred", second)
    assert [(one.before, one.who) for one in occurred.corrections] == [(None, who.name), (first, who.name)]


def test_a_corrected_line_knows_its_correction_and_the_other_way_round(desk: Desk) -> None:
    incident = report(desk)
    wrong = note(desk, incident, "37 người")
    right = note(desk, incident, "34 người", corrects=wrong.id)
    found = {line.text: (line.sequence, line.corrects, line.corrected_by) for line in lines(desk, incident)[0]}
    assert found["37 người"] == (wrong.sequence, None, right.sequence)
    assert found["34 người"] == (right.sequence, wrong.sequence, None)


def test_a_correction_marks_its_line_also_where_it_stands_on_a_later_page(desk: Desk) -> None:
    incident = report(desk)
    wrong = note(desk, incident, "37 người")
    with desk.acting("coordinator.stttt", incident) as tx:
        for number in range(SHOWN_LINES):
            add_note(tx, person=desk["coordinator.stttt"], incident_id=incident.id, text=f"dòng {number}")
    right = note(desk, incident, "34 người", corrects=wrong.id)
    latest, has_earlier = lines(desk, incident)
    assert (len(latest), has_earlier) == (SHOWN_LINES, True)
    earlier, has_more = lines(desk, incident, before=latest[0].sequence)
    assert ([line.sequence for line in earlier], has_more) == ([1, 2, 3], False)
    assert earlier[1].corrected_by == right.sequence


def test_a_line_says_how_much_later_it_was_written_down(desk: Desk, clock: SetClock) -> None:
    incident = report(desk)
    note(desk, incident, "gọi Sở Y tế", occurred_at=clock() - timedelta(minutes=8))
    note(desk, incident, "vừa gọi xong")
    assert [line.late_by for line in lines(desk, incident)[0]] == ["", "ghi muộn 8 phút", ""]


@pytest.mark.parametrize("count", [1, 3])
def test_the_log_costs_as_many_queries_with_three_lines_as_with_one(desk: Desk, count: int) -> None:
    incident = report(desk)
    for number in range(count):
        note(desk, incident, f"dòng {number}", ("coordinator.stttt", "drafter.btgtu", "drafter.syt")[number])
    with counted(desk) as sent:
        lines(desk, incident)
    assert len([statement for statement in sent if statement.lstrip().startswith("SELECT")]) == 3


def test_only_she_who_was_asked_may_answer(desk: Desk) -> None:
    incident = report(desk)
    with desk.acting("coordinator.stttt", incident) as tx:
        asked = assign_responder(
            tx, person=desk["coordinator.stttt"], incident_id=incident.id, person_id=desk["verifier.syt"].id,
            role="verifier",
        )  # fmt: skip
    subject = f"responder:{asked.id}"
    assert may(desk, "verifier.syt", incident)[subject] == ["accept", "decline"]
    assert may(desk, "coordinator.stttt", incident)[subject] == []
    with desk.acting("verifier.syt", incident) as tx:
        answer_assignment(tx, person=desk["verifier.syt"], responder_id=asked.id, answer="accepted")
    assert may(desk, "verifier.syt", incident)[subject] == ["decline", "release"]
    assert may(desk, "coordinator.stttt", incident)[subject] == ["release"]
    with desk.acting("coordinator.stttt", incident) as tx:
        release_responder(tx, person=desk["coordinator.stttt"], responder_id=asked.id, reason="hết ca")
    assert may(desk, "verifier.syt", incident)[subject] == []
    assert shown(desk, incident).responders == []


def test_an_auditor_only_reads(desk: Desk) -> None:
    incident = report(desk)
    assert may(desk, "auditor.stttt", incident) == {f"incident:{incident.code}": ["only_read"]}


def test_a_coordinator_may_do_what_the_incident_is_ready_for(desk: Desk) -> None:
    incident = report(desk)
    assert may(desk, "coordinator.stttt", incident)[f"incident:{incident.code}"] == [
        "note", "describe", "change_severity", "change_handling", "assign", "acknowledge", "close_clock", "authorise",
        "begin_statement", "move_to_open", "move_to_active", "move_to_closed",
    ]  # fmt: skip
