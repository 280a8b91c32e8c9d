"""The check that every other test ends with would notice a change that no entry tells of."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from crisis_desk.journal.guard import SilentWrite
from crisis_desk.journal.transaction import Journal
from crisis_desk.people.models import Person
from tests.journal_checks import check_replay
from tests.people.cast import Cast, Write


def rename(journal: Journal, person: Person, name: str, *, behind_the_guard: bool) -> None:
    with journal.unjournalled_transaction("the test changes what only an entry may") as session:
        session.allowed = behind_the_guard
        session.execute(update(Person).where(Person.id == person.id).values(name=name))


def test_a_change_behind_the_journal_fails_the_check(people: Cast, journal: Journal) -> None:
    check_replay(journal)
    rename(journal, people.colleague, "Ai Đó", behind_the_guard=True)
    with pytest.raises(AssertionError, match="the journal rebuilds person differently"):
        check_replay(journal)
    rename(journal, people.colleague, people.colleague.name, behind_the_guard=True)


def test_the_guard_refuses_such_a_change_in_the_first_place(people: Cast, journal: Journal) -> None:
    with pytest.raises(SilentWrite):
        rename(journal, people.colleague, "Ai Đó", behind_the_guard=False)


def test_a_contact_may_change_without_failing_the_check(people: Cast, journal: Journal, write: Write) -> None:
    with write(people.owner) as tx:
        tx.keep(Person, people.colleague.id, phone="0251")
    check_replay(journal)
