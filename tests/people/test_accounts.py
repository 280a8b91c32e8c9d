"""What an administrator may do to accounts, and what nobody may."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from crisis_desk.journal.models import JournalEntry
from crisis_desk.journal.transaction import Journal
from crisis_desk.people import queries
from crisis_desk.people.actions import accounts
from crisis_desk.people.actions.tokens import create_token
from crisis_desk.people.secret_models import AccountLink, ApiToken, DeskSession
from crisis_desk.platform.errors import Conflict, Forbidden, Invalid, Stale
from tests.people.cast import Cast, SetClock, Write

NEW = {"email": "Moi@Desk.invalid ", "name": " Tô  Thị Mới ", "title": "Chuyên viên", "roles": ["verifier", "drafter"]}


def kinds(journal: Journal) -> list[str]:
    with journal.database.reading() as session:
        return list(session.scalars(select(JournalEntry.kind).order_by(JournalEntry.sequence)))


def test_an_invitation_makes_an_account_with_roles_in_their_order_and_a_folded_address(
    people: Cast, write: Write
) -> None:
    with write(people.owner) as tx:
        invited = accounts.invite(tx, person=people.owner, organisation_id=people.health.id, **NEW)
    assert (invited.name, invited.email, invited.roles) == ("Tô Thị Mới", "moi@desk.invalid", ["drafter", "verifier"])
    assert (invited.active, invited.demonstration, invited.version) == (True, False, 1)
    assert invited.organisation.code == "SYT"


@pytest.mark.parametrize("who", ["colleague", "stranger"])
def test_nobody_but_an_administrator_touches_accounts(people: Cast, write: Write, journal: Journal, who: str) -> None:
    person = getattr(people, who)
    before = kinds(journal)
    forbidden = [
        lambda tx: accounts.invite(tx, person=person, organisation_id=people.press.id, **NEW),
        lambda tx: accounts.change_roles(tx, person=person, account=person, roles=["administrator"]),
        lambda tx: accounts.change_person(tx, person=person, account=person, name="Khác"),
        lambda tx: accounts.change_contact(tx, person=person, account=people.owner, email="x@desk.invalid"),
        lambda tx: accounts.deactivate(tx, person=person, account=people.owner, reason="muốn"),
        lambda tx: accounts.reactivate(tx, person=person, account=people.owner),
        lambda tx: accounts.issue_link(tx, person=person, account=people.owner),
        lambda tx: accounts.remove_second_factor(tx, person=person, account=people.owner, reason="muốn"),
    ]
    for act in forbidden:
        with pytest.raises(Forbidden), write(person) as tx:
            act(tx)
    assert kinds(journal) == before


def test_a_page_can_not_pass_for_the_command_line(people: Cast, write: Write) -> None:
    with pytest.raises(Forbidden), write(None, via="page") as tx:
        accounts.invite(tx, person=None, organisation_id=people.press.id, **NEW)


@pytest.mark.parametrize(
    ("field", "value", "wrong"),
    [
        ("email", "not an address", "email"),
        ("email", "BAN@desk.invalid", "email"),
        ("name", "  ", "name"),
        ("name", "x" * 101, "name"),
        ("roles", ["king"], "roles"),
        ("organisation_id", "nowhere", "organisation"),
        ("phone", "0" * 41, "phone"),
    ],
)
def test_a_wrong_field_is_named(people: Cast, write: Write, field: str, value: object, wrong: str) -> None:
    fields = {**NEW, "organisation_id": people.press.id, field: value}
    with pytest.raises(Invalid) as refused, write(people.owner) as tx:
        accounts.invite(tx, person=people.owner, **fields)
    assert list(refused.value.errors or {}) == [wrong]


def test_changing_roles_records_both_lists_once(people: Cast, write: Write, journal: Journal) -> None:
    for _time in range(2):
        with write(people.owner) as tx:
            account = queries.person_by_id(tx.session, people.colleague.id)
            accounts.change_roles(tx, person=people.owner, account=account, roles=["press_desk", "drafter"])
    assert (account.roles, account.version) == (["drafter", "press_desk"], 2)
    assert kinds(journal).count("person.roles_changed") == 1


def test_the_last_administrator_stays(people: Cast, write: Write) -> None:
    for act in (
        lambda tx, owner: accounts.change_roles(tx, person=owner, account=owner, roles=["drafter"]),
        lambda tx, owner: accounts.deactivate(tx, person=owner, account=owner, reason="nghỉ"),
    ):
        with pytest.raises(Conflict), write(people.owner) as tx:
            act(tx, queries.person_by_id(tx.session, people.owner.id))


def test_an_administrator_may_go_when_another_is_there(people: Cast, write: Write) -> None:
    with write(people.owner) as tx:
        colleague = queries.person_by_id(tx.session, people.colleague.id)
        accounts.change_roles(tx, person=people.owner, account=colleague, roles=["administrator"])
    with write(people.colleague) as tx:
        owner = queries.person_by_id(tx.session, people.owner.id)
        accounts.deactivate(tx, person=colleague, account=owner, reason="Nghỉ hưu")
    assert owner.active is False


def test_a_closed_administrator_does_not_count(people: Cast, write: Write) -> None:
    with write(people.owner) as tx:
        colleague = queries.person_by_id(tx.session, people.colleague.id)
        accounts.change_roles(tx, person=people.owner, account=colleague, roles=["administrator"])
        accounts.deactivate(tx, person=people.owner, account=colleague, reason="nghỉ")
    with pytest.raises(Conflict), write(people.owner) as tx:
        accounts.change_roles(tx, person=people.owner, account=people.owner, roles=[])


def test_closing_an_account_ends_its_sessions_tokens_and_links(people: Cast, write: Write, clock: SetClock) -> None:
    with write(people.colleague) as tx:
        lasts = {"label": "máy", "scopes": ["read"], "lasts": clock.at - clock.at.replace(day=1)}
        create_token(tx, person=people.colleague, owner=people.colleague, **lasts)
    with write(people.owner) as tx:
        account = queries.person_by_id(tx.session, people.colleague.id)
        accounts.issue_link(tx, person=people.owner, account=account)
        accounts.deactivate(tx, person=people.owner, account=account, reason="Chuyển công tác")
    with write(people.owner) as tx:
        left = [
            tx.session.scalar(select(func.count()).select_from(kept).where(kept.person_id == people.colleague.id))
            for kept in (DeskSession, ApiToken, AccountLink)
        ]
        with pytest.raises(Conflict):
            accounts.issue_link(tx, person=people.owner, account=account)
    assert left == [0, 0, 0]


def test_a_contact_is_kept_and_never_told(people: Cast, write: Write, journal: Journal) -> None:
    with write(people.owner) as tx:
        account = queries.person_by_id(tx.session, people.colleague.id)
        contacts = {"email": "Moi@desk.invalid", "phone": "0251 3 000 000"}
        accounts.change_contact(tx, person=people.owner, account=account, **contacts)
    with journal.database.reading() as session:
        found = queries.person_by_email(session, "moi@desk.invalid")
        payloads = list(session.scalars(select(JournalEntry.payload)))
    assert found is not None
    assert (found.id, found.phone, found.version) == (people.colleague.id, "0251 3 000 000", 2)
    assert [text for text in payloads if "desk.invalid" in (text or "") or "0251" in (text or "")] == []


def test_a_change_from_an_old_state_is_refused_with_the_present_one(people: Cast, write: Write) -> None:
    with write(people.owner) as tx:
        account = accounts.account_to_change(tx, people.colleague.id, 1)
        accounts.change_person(tx, person=people.owner, account=account, title="Phó Trưởng phòng")
    with pytest.raises(Stale) as stale, write(people.owner) as tx:
        accounts.account_to_change(tx, people.colleague.id, 1)
    assert (stale.value.present.title, stale.value.present.version) == ("Phó Trưởng phòng", 2)
