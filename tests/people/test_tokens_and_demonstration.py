"""Tokens for programs, and the accounts of the demonstration desk."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crisis_desk.journal.transaction import Journal
from crisis_desk.people import passwords, principals, queries
from crisis_desk.people.actions import tokens
from crisis_desk.people.codes import ROLES
from crisis_desk.people.demonstration import PASSWORD, SECRET, add_demonstration_accounts
from crisis_desk.people.models import Person
from crisis_desk.people.principals import Principal
from crisis_desk.people.secret_models import Credentials
from crisis_desk.people.seed_organisations import seed_organisations
from crisis_desk.platform.errors import Forbidden, Invalid, NotFound
from tests.people.cast import Cast, SetClock, Write

DAYS = timedelta(days=90)


def created(write: Write, owner: Person, *scopes: str, lasts: timedelta = DAYS) -> tuple[str, str]:
    with write(owner) as tx:
        token, text = tokens.create_token(tx, person=owner, owner=owner, label="máy", scopes=scopes, lasts=lasts)
        return token.id, text


def who(journal: Journal, clock: SetClock, text: str) -> Principal | None:
    with journal.database.reading() as session:
        return principals.by_api_token(session, text, clock())


def test_a_token_speaks_for_its_owner_with_its_scopes(
    people: Cast, write: Write, journal: Journal, clock: SetClock
) -> None:
    token_id, text = created(write, people.colleague, "write", "read")
    found = who(journal, clock, text)
    assert found is not None
    assert (found.person.id, found.session, found.via) == (people.colleague.id, token_id, "api")
    assert found.scopes == {"read", "write"}
    with pytest.raises(Forbidden):
        found.require_scope("sign")
    assert text.startswith("desk_")


def test_a_token_ends_when_it_expires_and_when_it_is_revoked(
    people: Cast, write: Write, journal: Journal, clock: SetClock
) -> None:
    token_id, revoked = created(write, people.colleague, "read")
    _other, expired = created(write, people.colleague, "read", lasts=timedelta(days=1))
    with write(people.colleague) as tx:
        tokens.revoke_token(tx, person=people.colleague, token_id=token_id)
    clock.pass_by(days=1)
    assert [who(journal, clock, text) for text in (revoked, expired, "desk_unknown")] == [None, None, None]


def test_a_stranger_s_token_is_not_there_for_others_but_an_administrator_stops_it(people: Cast, write: Write) -> None:
    token_id, _text = created(write, people.stranger, "read")
    with pytest.raises(NotFound), write(people.colleague) as tx:
        tokens.revoke_token(tx, person=people.colleague, token_id=token_id)
    with write(people.owner) as tx:
        tokens.revoke_token(tx, person=people.owner, token_id=token_id)
        assert queries.tokens_of(tx.session, people.stranger.id) == []


@pytest.mark.parametrize(
    ("scopes", "lasts"),
    [
        ((), DAYS),
        (("rule",), DAYS),
        (("read", "admin"), DAYS),
        (("read",), timedelta(days=366)),
        (("read",), timedelta()),
    ],
)
def test_a_token_that_reaches_too_far_is_refused(
    people: Cast, write: Write, scopes: tuple[str, ...], lasts: timedelta
) -> None:
    with pytest.raises(Invalid):
        created(write, people.colleague, *scopes, lasts=lasts)


def test_nobody_makes_a_token_for_somebody_else(people: Cast, write: Write) -> None:
    with pytest.raises(Forbidden), write(people.owner) as tx:
        tokens.create_token(tx, person=people.owner, owner=people.stranger, label="máy", scopes=["read"], lasts=DAYS)


def test_the_demonstration_has_every_role_in_every_organ(write: Write, journal: Journal, clock: SetClock) -> None:
    with write(via="command") as tx:
        cast = add_demonstration_accounts(tx, seed_organisations(tx))
    with journal.database.reading() as session:
        by_body = queries.demonstration_accounts(session, clock())
        kept = session.get_one(Credentials, cast["truc"].id)
        assert queries.has_demonstration_accounts(session)
    addresses = {f"{role}.{organ}@demo.invalid" for role in ROLES for organ in ("stttt", "btgtu", "syt", "vpub")}
    assert addresses <= {account.email for _body, accounts in by_body for account in accounts}
    assert [body.code for body, _accounts in by_body] == ["STTTT", "BTGTU", "DIZA", "SYT", "VPUB"]
    assert [account.roles for account in by_body[0][1]][:3] == [["duty_officer"], ["duty_officer"], ["coordinator"]]
    assert cast["daumoi_kcn"].organisation.code == "DIZA"
    assert cast["truc"].email == "duty_officer.stttt@demo.invalid"
    assert (passwords.is_password(kept.password_hash, PASSWORD), kept.totp_secret) == (True, SECRET)


def test_a_desk_without_demonstration_accounts_says_so(people: Cast, journal: Journal) -> None:
    assert people.owner.active
    with journal.database.reading() as session:
        assert not queries.has_demonstration_accounts(session)
