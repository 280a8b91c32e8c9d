"""Accounts in bulk: all rows or none."""

from __future__ import annotations

import pytest

from crisis_desk.journal.entries import Actor
from crisis_desk.journal.transaction import Journal
from crisis_desk.people import queries
from crisis_desk.people.actions.import_people import Invitation, import_people
from crisis_desk.people.init import first_administrator
from crisis_desk.platform.errors import Forbidden, Invalid
from tests.people.cast import Cast, SetClock

COMMAND = Actor(person=None, via="command")
GOOD = """email,name,organisation,roles,title
mot@desk.invalid,Một Thị Thử,STTTT,drafter verifier,Chuyên viên
hai@desk.invalid,Hai Văn Thử,syt,focal_point,
"""


def imported(journal: Journal, text: str, *, is_trial: bool = False) -> list[Invitation]:
    return import_people(journal, text, actor=COMMAND, person=None, is_trial=is_trial)


def names(journal: Journal) -> list[str]:
    with journal.database.reading() as session:
        return [person.name for person in queries.people(session)]


def test_every_row_becomes_an_account_with_a_link_that_works(people: Cast, journal: Journal, clock: SetClock) -> None:
    before = names(journal)
    made = imported(journal, GOOD)
    with journal.database.reading() as session:
        found = [queries.account_of_link(session, one.token, clock()) for one in made]
    assert [(p.email, p.roles, p.organisation.code) for p in found if p] == [
        ("mot@desk.invalid", ["drafter", "verifier"], "STTTT"),
        ("hai@desk.invalid", ["focal_point"], "SYT"),
    ]
    assert len(names(journal)) == len(before) + 2
    assert people.owner.name in before


def test_a_trial_says_the_same_and_writes_nothing(people: Cast, journal: Journal) -> None:
    before = names(journal)
    assert len(imported(journal, GOOD, is_trial=True)) == 2
    assert names(journal) == before
    assert people.owner.name in before


@pytest.mark.parametrize("is_trial", [True, False])
def test_one_wrong_row_stops_all_and_every_fault_is_named(people: Cast, journal: Journal, is_trial: bool) -> None:
    before = names(journal)
    assert people.colleague.name in before
    wrong = GOOD + "ban@desk.invalid,Ba,STTTT,drafter,\nmot@desk.invalid,Bốn,STTTT,drafter,\nnam@desk.invalid,Năm,X,,\n"
    with pytest.raises(Invalid) as refused:
        imported(journal, wrong, is_trial=is_trial)
    assert list(refused.value.errors or {}) == ["4.email", "5.email", "6.organisation"]
    assert names(journal) == before


def test_semicolons_a_byte_order_mark_and_empty_rows_are_read(people: Cast, journal: Journal) -> None:
    assert people.press.code == "STTTT"
    text = "\ufeffEmail;Name;Organisation;Roles\r\nmot@desk.invalid;Một;STTTT;drafter,verifier\r\n;;;\r\n"
    assert [one.account.roles for one in imported(journal, text)] == [["drafter", "verifier"]]


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("", "csv"),
        ("email,name,organisation,roles\n", "csv"),
        ("email,name,organisation\na@b.cd,A,STTTT\n", "csv"),
        ("email,name,organisation,roles,salary\na@b.cd,A,STTTT,drafter,1\n", "csv"),
        ("email,name,organisation,roles\na@b.cd,A,STTTT,drafter,x\n", "2"),
        ("email,name,organisation,roles,language\na@b.cd,A,STTTT,drafter,fr\n", "2.language"),
    ],
)
def test_a_table_that_can_not_be_read_is_refused(people: Cast, journal: Journal, text: str, field: str) -> None:
    assert people.press.code == "STTTT"
    with pytest.raises(Invalid) as refused:
        imported(journal, text)
    assert list(refused.value.errors or {}) == [field]


def test_only_an_administrator_imports(people: Cast, journal: Journal) -> None:
    actor = Actor(people.colleague.id, None, "page")
    with pytest.raises(Forbidden):
        import_people(journal, GOOD, actor=actor, person=people.colleague, is_trial=True)


def test_a_new_desk_has_organisations_and_a_link_for_its_administrator(journal: Journal, clock: SetClock) -> None:
    path = first_administrator(journal, name="Bàn thử", email="dau@desk.invalid")
    with journal.database.reading() as session:
        account = queries.account_of_link(session, path.removeprefix("/link/"), clock())
        assert account is not None
        assert (account.email, account.roles, account.organisation.code) == (
            "dau@desk.invalid",
            ["administrator"],
            "STTTT",
        )
