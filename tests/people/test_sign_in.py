"""Signing in: what opens a session, what is counted, and what nobody learns from a refusal."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from crisis_desk.journal.models import JournalEntry
from crisis_desk.journal.transaction import Journal
from crisis_desk.people import passwords, principals, queries, second_factor
from crisis_desk.people.actions import accounts, credentials, sessions
from crisis_desk.people.actions.sessions import Opened
from crisis_desk.people.models import Person
from crisis_desk.people.principals import Pending, Principal
from crisis_desk.people.secret_models import DeskSession
from crisis_desk.platform.errors import Invalid, NotFound, TooMany
from tests.people.cast import PASSWORD, SECRET, Cast, SetClock, Write

WEEK = timedelta(days=7)
IDLE = timedelta(hours=12)


def try_password(write: Write, journal: Journal, email: str, password: str) -> Opened | None:
    with journal.database.reading() as session:
        account, password_hash = queries.password_hash_of(session, email)
    is_right = passwords.is_password(password_hash, password)
    with write() as tx:
        return sessions.sign_in(tx, email=email, account=account, is_right=is_right, device="Firefox", lifetime=WEEK)


def signed_in(write: Write, journal: Journal, person: Person) -> Opened:
    opened = try_password(write, journal, person.email or "", PASSWORD)
    assert opened is not None
    return opened


def who(journal: Journal, clock: SetClock, token: str) -> Principal | Pending | None:
    with journal.database.reading() as session:
        return principals.by_session_token(session, token, clock(), IDLE)


def told(journal: Journal) -> list[str]:
    with journal.database.reading() as session:
        query = select(JournalEntry.kind).where(JournalEntry.stream == "access").order_by(JournalEntry.sequence)
        return list(session.scalars(query))


def give_code(write: Write, journal: Journal, clock: SetClock, opened: Opened, code: str) -> Opened | None:
    pending = who(journal, clock, opened.token)
    assert isinstance(pending, Pending)
    with write() as tx:
        return sessions.give_second_factor(tx, pending=pending, code=code, lifetime=WEEK)


def test_a_password_is_enough_for_a_drafter(people: Cast, write: Write, journal: Journal, clock: SetClock) -> None:
    opened = signed_in(write, journal, people.colleague)
    found = who(journal, clock, opened.token)
    assert isinstance(found, Principal)
    assert (found.person.id, found.via, opened.needs) == (people.colleague.id, "page", None)
    assert told(journal) == ["session.opened"]


def test_the_address_is_read_in_any_case(people: Cast, write: Write, journal: Journal) -> None:
    assert people.colleague.email == "ban@desk.invalid"
    assert try_password(write, journal, " BAN@Desk.Invalid", PASSWORD) is not None


def test_an_approver_is_nobody_until_the_second_factor(
    people: Cast, write: Write, journal: Journal, clock: SetClock
) -> None:
    opened = signed_in(write, journal, people.stranger)
    assert isinstance(who(journal, clock, opened.token), Pending)
    assert told(journal) == []
    whole = give_code(write, journal, clock, opened, second_factor.present_code(SECRET, clock()))
    assert whole is not None
    assert isinstance(who(journal, clock, whole.token), Principal)
    assert who(journal, clock, opened.token) is None


def test_a_code_opens_one_session_only(people: Cast, write: Write, journal: Journal, clock: SetClock) -> None:
    code = second_factor.present_code(SECRET, clock())
    give_code(write, journal, clock, signed_in(write, journal, people.stranger), code)
    again = signed_in(write, journal, people.stranger)
    with pytest.raises(Invalid):
        give_code(write, journal, clock, again, code)
    clock.pass_by(seconds=30)
    later = second_factor.present_code(SECRET, clock())
    assert give_code(write, journal, clock, again, later) is not None


def test_a_wrong_code_is_counted_and_told(people: Cast, write: Write, journal: Journal, clock: SetClock) -> None:
    opened = signed_in(write, journal, people.stranger)
    for _time in range(5):
        assert give_code(write, journal, clock, opened, "000000") is None
    assert told(journal) == ["session.refused"] * 5 + ["account.locked"]
    with pytest.raises(TooMany):
        give_code(write, journal, clock, opened, second_factor.present_code(SECRET, clock()))


@pytest.mark.parametrize("email", ["ban@desk.invalid", "nobody@desk.invalid"])
def test_a_lock_looks_the_same_whether_or_not_the_account_exists(
    people: Cast, write: Write, journal: Journal, clock: SetClock, email: str
) -> None:
    assert people.colleague.active
    for _time in range(5):
        assert try_password(write, journal, email, "wrong") is None
    with pytest.raises(TooMany) as refused:
        try_password(write, journal, email, PASSWORD)
    assert refused.value.values == {"time": "21:20:30"}
    clock.pass_by(seconds=31)
    assert (try_password(write, journal, email, PASSWORD) is not None) == (email == "ban@desk.invalid")


def test_one_account_s_lock_leaves_the_others_alone(people: Cast, write: Write, journal: Journal) -> None:
    for _time in range(5):
        try_password(write, journal, "la@desk.invalid", "wrong")
    assert signed_in(write, journal, people.colleague).needs is None


def test_a_success_forgets_the_failures_before(people: Cast, write: Write, journal: Journal) -> None:
    for _round in range(2):
        for _time in range(4):
            assert try_password(write, journal, "ban@desk.invalid", "wrong") is None
        assert try_password(write, journal, "ban@desk.invalid", PASSWORD) is not None
    assert people.colleague.active


def test_a_closed_account_opens_nothing(people: Cast, write: Write, journal: Journal, clock: SetClock) -> None:
    opened = signed_in(write, journal, people.colleague)
    with write(people.owner) as tx:
        account = queries.person_by_id(tx.session, people.colleague.id)
        accounts.deactivate(tx, person=people.owner, account=account, reason="nghỉ")
    assert who(journal, clock, opened.token) is None
    assert try_password(write, journal, "ban@desk.invalid", PASSWORD) is None


def test_a_session_ends_when_idle_and_at_the_latest_after_its_days(
    people: Cast, write: Write, journal: Journal, clock: SetClock
) -> None:
    opened = signed_in(write, journal, people.colleague)
    clock.pass_by(hours=11, minutes=59)
    assert isinstance(who(journal, clock, opened.token), Principal)
    clock.pass_by(minutes=1)
    assert who(journal, clock, opened.token) is None
    with journal.unjournalled_transaction("the test uses the session") as session:
        found = session.get_one(DeskSession, opened.session)
        found.last_seen_at = clock.at + timedelta(days=7)
    clock.pass_by(days=7)
    assert who(journal, clock, opened.token) is None


def test_a_person_who_becomes_approver_is_asked_for_a_second_factor_at_once(
    people: Cast, write: Write, journal: Journal, clock: SetClock
) -> None:
    opened = signed_in(write, journal, people.colleague)
    with write(people.owner) as tx:
        account = queries.person_by_id(tx.session, people.colleague.id)
        accounts.change_roles(tx, person=people.owner, account=account, roles=["approver"])
    found = who(journal, clock, opened.token)
    assert isinstance(found, Pending)
    assert found.needs == "enrolment"


def test_enrolment_ends_other_sessions_and_gives_codes_that_work_once(
    people: Cast, write: Write, journal: Journal, clock: SetClock
) -> None:
    other, mine = signed_in(write, journal, people.colleague), signed_in(write, journal, people.colleague)
    with journal.unjournalled_transaction("a secret is shown") as session:
        secret = credentials.pending_secret(session, person_id=people.colleague.id)
        assert credentials.pending_secret(session, person_id=people.colleague.id) == secret
    enrol = {"person": people.colleague, "session_id": mine.session, "lifetime": WEEK}
    with pytest.raises(Invalid), write(people.colleague) as tx:
        credentials.set_second_factor(tx, code="000000", **enrol)
    with write(people.colleague) as tx:
        code = second_factor.present_code(secret, clock())
        recovery, whole = credentials.set_second_factor(tx, code=code, **enrol)
    assert who(journal, clock, other.token) is None
    assert isinstance(who(journal, clock, whole.token), Principal)
    assert len(set(recovery)) == 10
    first, second = (signed_in(write, journal, people.colleague) for _time in range(2))
    assert give_code(write, journal, clock, first, recovery[0].upper().replace("-", " ")) is not None
    assert give_code(write, journal, clock, second, recovery[0]) is None


def test_a_link_sets_a_password_once_and_signs_in(
    people: Cast, write: Write, journal: Journal, clock: SetClock
) -> None:
    before = signed_in(write, journal, people.colleague)
    with write(people.owner) as tx:
        account = queries.person_by_id(tx.session, people.colleague.id)
        link = accounts.issue_link(tx, person=people.owner, account=account)
    use = {"token": link, "password_hash": passwords.hash_password("sông dài cá lội"), "device": "", "lifetime": WEEK}
    with write() as tx:
        opened = credentials.use_link(tx, **use)
    assert isinstance(who(journal, clock, opened.token), Principal)
    assert who(journal, clock, before.token) is None
    assert try_password(write, journal, "ban@desk.invalid", PASSWORD) is None
    assert try_password(write, journal, "ban@desk.invalid", "sông dài cá lội") is not None
    with pytest.raises(NotFound), write() as tx:
        credentials.use_link(tx, **use)


def test_a_reset_link_does_not_stand_in_for_the_second_factor(
    people: Cast, write: Write, journal: Journal, clock: SetClock
) -> None:
    with write(people.owner) as tx:
        account = queries.person_by_id(tx.session, people.stranger.id)
        link = accounts.issue_link(tx, person=people.owner, account=account)
    with write() as tx:
        opened = credentials.use_link(tx, token=link, password_hash="x", device="", lifetime=WEEK)
    found = who(journal, clock, opened.token)
    assert isinstance(found, Pending)
    assert found.needs == "second_factor"


def test_a_link_is_dead_after_its_time(people: Cast, write: Write, journal: Journal, clock: SetClock) -> None:
    with write(people.owner) as tx:
        account = queries.person_by_id(tx.session, people.colleague.id)
        link = accounts.issue_link(tx, person=people.owner, account=account)
    clock.pass_by(days=1)
    with journal.database.reading() as session:
        assert queries.account_of_link(session, link, clock()) is None
    with pytest.raises(NotFound), write() as tx:
        credentials.use_link(tx, token=link, password_hash="x", device="", lifetime=WEEK)


def test_a_newer_link_takes_the_place_of_the_older(people: Cast, write: Write, journal: Journal) -> None:
    with write(people.owner) as tx:
        account = queries.person_by_id(tx.session, people.colleague.id)
        links = [accounts.issue_link(tx, person=people.owner, account=account) for _time in range(2)]
        alive = [queries.account_of_link(tx.session, link, tx.now) is not None for link in links]
    assert alive == [False, True]


def test_nobody_ends_another_person_s_session(people: Cast, write: Write, journal: Journal, clock: SetClock) -> None:
    opened = signed_in(write, journal, people.colleague)
    with pytest.raises(NotFound), write(people.stranger) as tx:
        sessions.end_session(tx, person=people.stranger, session_id=opened.session)
    assert isinstance(who(journal, clock, opened.token), Principal)


def test_signing_out_everywhere_keeps_the_session_that_asks(
    people: Cast, write: Write, journal: Journal, clock: SetClock
) -> None:
    mine, *others = (signed_in(write, journal, people.colleague) for _time in range(3))
    with write(people.colleague) as tx:
        ended = sessions.end_sessions(tx, person=people.colleague, account=people.colleague, keep=mine.session)
    assert ended == 2
    alive = [who(journal, clock, opened.token) is not None for opened in (mine, *others)]
    assert alive == [True, False, False]


def test_removing_a_lost_device_asks_strong_roles_for_a_new_one(people: Cast, write: Write, journal: Journal) -> None:
    with write(people.owner) as tx:
        account = queries.person_by_id(tx.session, people.stranger.id)
        accounts.remove_second_factor(tx, person=people.owner, account=account, reason="Mất điện thoại")
    assert signed_in(write, journal, people.stranger).needs == "enrolment"
