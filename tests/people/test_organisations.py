"""Organisations and functions are dated: what the desk calls a body depends on the day."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from crisis_desk.journal.transaction import Journal
from crisis_desk.people import queries
from crisis_desk.people.actions import organisations
from crisis_desk.people.models import Organisation
from crisis_desk.people.seed_organisations import seed_organisations
from crisis_desk.platform.errors import Conflict, Forbidden, Invalid, Stale
from tests.people.cast import Cast, Write

MAY_2023 = datetime(2023, 5, 12, 14, 20, tzinfo=UTC)
CULTURE = {"code": "SVHTTDL", "name_vi": "Sở Văn", "name_en": "Culture", "kind": "department"}


def assigned(write: Write, people: Cast, body: Organisation, *days: date | None) -> None:
    valid_from, valid_to = (*days, None, None)[:2]
    with write(people.owner) as tx:
        organisations.assign_function(
            tx, person=people.owner, function="press_authority", to=body, valid_from=valid_from, valid_to=valid_to
        )


def holder(journal: Journal, at: datetime) -> str | None:
    with journal.database.reading() as session:
        found = queries.holder_of(session, "press_authority", at)
        return found.code if found is not None else None


def test_the_seed_holds_every_body_of_may_2023_and_points_every_function(write: Write, journal: Journal) -> None:
    with write(via="command") as tx:
        bodies = seed_organisations(tx)
    with journal.database.reading() as session:
        assert len(queries.organisations(session)) == len(bodies) == 65
        held = {holder.function: holder.organisation.code for holder in queries.function_holders(session)}
        office = queries.holder_of(session, "peoples_committee_office", MAY_2023)
        board = queries.holder_of(session, "propaganda_board", MAY_2023)
    assert set(held) == set(organisations.FUNCTIONS)
    assert office is not None
    assert office.parent_id == bodies["UBND"].id
    assert board is not None
    assert (board.name_vi, board.letterhead_kind) == ("Ban Tuyên giáo Tỉnh ủy", "party")


def test_only_an_administrator_changes_organisations(people: Cast, write: Write) -> None:
    with pytest.raises(Forbidden), write(people.stranger) as tx:
        organisations.add_organisation(tx, person=people.stranger, **CULTURE)
    with pytest.raises(Forbidden), write(people.colleague) as tx:
        organisations.assign_function(
            tx, person=people.colleague, function="press_authority", to=people.health, valid_from=None
        )


def test_a_function_passes_on_by_the_day_in_the_province(people: Cast, write: Write, journal: Journal) -> None:
    assigned(write, people, people.press)
    assigned(write, people, people.health, date(2025, 3, 1))
    last_minute = datetime(2025, 2, 28, 16, 59, tzinfo=UTC)
    first_minute = datetime(2025, 2, 28, 17, 0, tzinfo=UTC)
    assert [holder(journal, at) for at in (MAY_2023, last_minute, first_minute)] == ["STTTT", "STTTT", "SYT"]


def test_a_function_that_nobody_holds_answers_none(people: Cast, journal: Journal) -> None:
    assert people.press.code == "STTTT"
    assert holder(journal, MAY_2023) is None


def test_a_period_that_runs_into_a_later_holder_is_refused(people: Cast, write: Write) -> None:
    assigned(write, people, people.press, date(2024, 1, 1))
    with pytest.raises(Conflict):
        assigned(write, people, people.health, date(2023, 1, 1))
    assigned(write, people, people.health, date(2023, 1, 1), date(2023, 12, 31))


def test_a_period_that_ends_before_it_begins_is_refused(people: Cast, write: Write) -> None:
    with pytest.raises(Invalid):
        assigned(write, people, people.press, date(2024, 1, 1), date(2023, 12, 31))


def test_a_successor_takes_over_what_the_body_held(people: Cast, write: Write, journal: Journal) -> None:
    assigned(write, people, people.press)
    with write(people.owner) as tx:
        culture = organisations.add_organisation(tx, person=people.owner, **CULTURE, valid_from=date(2025, 3, 1))
        organisations.succeed_organisation(
            tx, person=people.owner, organisation_id=people.press.id, successor=culture, from_day=date(2025, 3, 1)
        )
    with journal.database.reading() as session:
        press = queries.organisation(session, people.press.id)
        then = [body.code for body in queries.organisations(session, at=MAY_2023)]
        now = [body.code for body in queries.organisations(session, at=datetime(2026, 1, 1, tzinfo=UTC))]
    assert (press.valid_to, press.successor_id) == (date(2025, 2, 28), culture.id)
    assert (then, now) == (["STTTT", "SYT"], ["SVHTTDL", "SYT"])
    assert holder(journal, datetime(2026, 1, 1, tzinfo=UTC)) == "SVHTTDL"
    assert holder(journal, MAY_2023) == "STTTT"


def test_a_body_has_one_successor_and_never_itself(people: Cast, write: Write) -> None:
    day = date(2025, 3, 1)
    with pytest.raises(Invalid), write(people.owner) as tx:
        organisations.succeed_organisation(
            tx, person=people.owner, organisation_id=people.press.id, successor=people.press, from_day=day
        )
    with write(people.owner) as tx:
        organisations.succeed_organisation(
            tx, person=people.owner, organisation_id=people.press.id, successor=people.health, from_day=day
        )
    with pytest.raises(Conflict), write(people.owner) as tx:
        organisations.succeed_organisation(
            tx, person=people.owner, organisation_id=people.press.id, successor=people.health, from_day=day
        )


def test_a_correction_keeps_what_is_not_named_and_needs_the_present_version(people: Cast, write: Write) -> None:
    fields = {"organisation_id": people.press.id, "short_name": "Sở Th"}
    with write(people.owner) as tx:
        body = organisations.change_organisation(tx, person=people.owner, version=1, **fields)
    assert (body.short_name, body.name_vi, body.version) == ("Sở Th", "Sở Thử", 2)
    with pytest.raises(Stale), write(people.owner) as tx:
        organisations.change_organisation(tx, person=people.owner, version=1, **fields)


@pytest.mark.parametrize(
    ("field", "value"),
    [("code", "stttt"), ("code", "a b"), ("code", ""), ("kind", "castle"), ("name_vi", " "), ("name_en", "x" * 201)],
)
def test_a_wrong_field_of_an_organisation_is_named(people: Cast, write: Write, field: str, value: str) -> None:
    with pytest.raises(Invalid) as refused, write(people.owner) as tx:
        organisations.add_organisation(tx, person=people.owner, **{**CULTURE, field: value})
    assert list(refused.value.errors or {}) == [field]
