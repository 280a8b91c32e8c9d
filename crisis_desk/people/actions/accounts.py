"""What an administrator does to accounts."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import delete

from crisis_desk.journal.streams import DESK
from crisis_desk.journal.transaction import Transaction
from crisis_desk.people import attempts, second_factor
from crisis_desk.people.codes import ROLES, sorted_roles
from crisis_desk.people.entries import (
    PersonChanged,
    PersonContactChanged,
    PersonDeactivated,
    PersonInvited,
    PersonLinkIssued,
    PersonReactivated,
    PersonRolesChanged,
    PersonSecondFactorRemoved,
)
from crisis_desk.people.models import Person
from crisis_desk.people.queries import count_administrators, organisation, person_by_email, person_by_id
from crisis_desk.people.rules import may_administer, require
from crisis_desk.people.secret_models import AccountLink, ApiToken, Credentials, DeskSession
from crisis_desk.people.texts import filled_line, line
from crisis_desk.people.tokens import hash_of, new_token
from crisis_desk.platform.errors import Conflict, Invalid, NotFound, Stale
from crisis_desk.platform.words import N_, _

INVITATION_LASTS = timedelta(days=7)
RESET_LASTS = timedelta(days=1)

_ADDRESS = re.compile(r"[^\s@<>,;\"]+@[^\s@<>,;\"]+\.[^\s@<>,;\"]+")


def invite(
    tx: Transaction, *, person: Person | None, email: str, name: str, title: str, organisation_id: str,
    roles: Sequence[str], phone: str = "", language: str = "vi", demonstration: bool = False,
) -> Person:  # fmt: skip
    """Makes an account without a password. `person` is None for the command line, which only the operator reaches.

    Raises `Invalid` naming the fields that are wrong.
    """
    require_administrator(tx, person)
    address = _free_address(tx, email)
    invited_id = str(uuid4())
    data = PersonInvited(
        filled_line("name", name, 100),
        line("title", title, 200),
        _existing(tx, organisation_id),
        _known_roles(roles),
        demonstration,
    )
    tx.record(DESK, data, subject=("person", invited_id))
    tx.keep(Person, invited_id, email=address, phone=_phone(phone), language=language)
    tx.session.add(Credentials(person_id=invited_id))
    tx.session.flush()
    return person_by_id(tx.session, invited_id)


def account_to_change(tx: Transaction, account_id: str, version: int | None) -> Person:
    """The account, if it is still at the version that was seen; None asks for no version. Raises `Stale`."""
    account = person_by_id(tx.session, account_id)
    if version is not None and account.version != version:
        raise Stale(present=account)
    return account


def change_person(tx: Transaction, *, person: Person, account: Person, **changes: str) -> None:
    """Changes name, title or organisation_id, those that are given; what is the same already is left alone."""
    require_administrator(tx, person)
    wanted = {field: _CLEANED[field](tx, value) for field, value in changes.items()}
    before = {field: getattr(account, field) for field in wanted}
    after = {field: value for field, value in wanted.items() if before[field] != value}
    if after:
        told = PersonChanged(account.name, {field: before[field] for field in after}, after)
        tx.record(DESK, told, subject=("person", account.id))


def change_contact(tx: Transaction, *, person: Person, account: Person, **contacts: str) -> None:
    """Changes email or phone. The journal is told which, not what."""
    require_administrator(tx, person)
    values: dict[str, Any] = {}
    if "email" in contacts and contacts["email"].strip().casefold() != account.email:
        values["email"] = _free_address(tx, contacts["email"])
    if "phone" in contacts and _phone(contacts["phone"]) != account.phone:
        values["phone"] = _phone(contacts["phone"])
    if values:
        tx.record(DESK, PersonContactChanged(account.name, sorted(values)), subject=("person", account.id))
        tx.keep(Person, account.id, **values)


def change_roles(tx: Transaction, *, person: Person, account: Person, roles: Sequence[str]) -> None:
    """Sets the desk roles. Raises `Conflict` rather than leave the desk without an administrator."""
    require_administrator(tx, person)
    wanted = _known_roles(roles)
    if wanted == account.roles:
        return
    if account.has("administrator") and "administrator" not in wanted:
        _refuse_last_administrator(tx, account)
    told = PersonRolesChanged(account.name, list(account.roles), wanted)
    tx.record(DESK, told, subject=("person", account.id))


def deactivate(tx: Transaction, *, person: Person, account: Person, reason: str) -> None:
    """Closes the account: its sessions, tokens and links end now. What the person did stays in the record."""
    require_administrator(tx, person)
    if not account.active:
        return
    if account.has("administrator"):
        _refuse_last_administrator(tx, account)
    tx.record(DESK, PersonDeactivated(account.name, filled_line("reason", reason, 500)), subject=("person", account.id))
    for kept in (DeskSession, ApiToken, AccountLink):
        tx.session.execute(delete(kept).where(kept.person_id == account.id))


def reactivate(tx: Transaction, *, person: Person, account: Person) -> None:
    """Opens a closed account again, with the roles, the password and the second factor it had."""
    require_administrator(tx, person)
    if not account.active:
        tx.record(DESK, PersonReactivated(account.name), subject=("person", account.id))


def issue_link(tx: Transaction, *, person: Person | None, account: Person) -> str:
    """The secret of a link with which the account's owner sets a password; older links stop working.

    A link good for seven days invites, one good for a day resets. Raises `Conflict` for a closed account.
    """
    require_administrator(tx, person)
    if not account.active:
        raise Conflict(N_("This account is closed. Open it again first."))
    credentials = tx.session.get(Credentials, account.id)
    is_new = credentials is None or credentials.password_hash is None
    purpose, lasts = ("invitation", INVITATION_LASTS) if is_new else ("reset", RESET_LASTS)
    token, expires_at = new_token(), tx.now + lasts
    tx.record(DESK, PersonLinkIssued(account.name, purpose, expires_at), subject=("person", account.id))
    tx.session.execute(delete(AccountLink).where(AccountLink.person_id == account.id))
    tx.session.add(AccountLink(token_hash=hash_of(token), person_id=account.id, purpose=purpose, expires_at=expires_at))
    tx.session.flush()
    return token


def remove_second_factor(tx: Transaction, *, person: Person, account: Person, reason: str) -> None:
    """Takes a lost device from the account, with its sessions; strong roles set up a new one when they sign in."""
    require_administrator(tx, person)
    told = PersonSecondFactorRemoved(account.name, filled_line("reason", reason, 500))
    tx.record(DESK, told, subject=("person", account.id))
    credentials = tx.session.get_one(Credentials, account.id)
    credentials.totp_secret = credentials.totp_pending = None
    second_factor.forget_recovery_codes(tx.session, account.id)
    attempts.clear(tx.session, attempts.code_key(account.id))
    tx.session.execute(delete(DeskSession).where(DeskSession.person_id == account.id))


def require_administrator(tx: Transaction, person: Person | None) -> None:
    """Raises `Forbidden` unless an administrator acts, or the operator at the command line or at the first start."""
    require(may_administer(person) if person is not None else tx.actor.via in {"command", "system"})


def _refuse_last_administrator(tx: Transaction, account: Person) -> None:
    if account.active and count_administrators(tx.session, besides=account.id) == 0:
        raise Conflict(N_("This is the last administrator. Make somebody else administrator first."))


def _free_address(tx: Transaction, email: str) -> str:
    address = email.strip().casefold()
    if len(address) > 200 or not _ADDRESS.fullmatch(address):
        raise Invalid(errors={"email": [_("This is not an e-mail address.")]})
    if person_by_email(tx.session, address) is not None:
        raise Invalid(errors={"email": [_("There is an account with this address already.")]})
    return address


def _existing(tx: Transaction, organisation_id: str) -> str:
    try:
        return organisation(tx.session, organisation_id).id
    except NotFound:
        raise Invalid(errors={"organisation": [_("There is no such organisation.")]}) from None


def _known_roles(roles: Sequence[str]) -> list[str]:
    unknown = sorted(set(roles) - set(ROLES))
    if unknown:
        raise Invalid(errors={"roles": [_("There is no desk role “%(role)s”.", role=unknown[0])]})
    return sorted_roles(list(roles))


def _phone(text: str) -> str | None:
    return line("phone", text, 40) or None


_CLEANED: dict[str, Callable[[Transaction, str], str]] = {
    "name": lambda _tx, text: filled_line("name", text, 100),
    "title": lambda _tx, text: line("title", text, 200),
    "organisation_id": _existing,
}
