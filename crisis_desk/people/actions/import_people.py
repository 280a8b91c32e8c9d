"""Accounts in bulk: all rows or none, and a trial that shows what would be wrong."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from crisis_desk.journal.entries import Actor
from crisis_desk.journal.streams import DESK
from crisis_desk.journal.transaction import Journal, Transaction
from crisis_desk.people.actions.accounts import invite, issue_link, require_administrator
from crisis_desk.people.actions.organisations import organisation_meant
from crisis_desk.people.codes import LANGUAGES
from crisis_desk.people.csv_table import read_rows
from crisis_desk.people.models import Person
from crisis_desk.platform.errors import FieldErrors, Invalid
from crisis_desk.platform.words import _

_BETWEEN_ROLES = re.compile(r"[\s,;|]+")


@dataclass(frozen=True)
class Invitation:
    """An account that a row made, and the secret of the link to hand over."""

    account: Person
    token: str


class _TrialEnded(Exception):
    """Rolls a trial back."""


def import_people(
    journal: Journal, text: str, *, actor: Actor, person: Person | None, is_trial: bool
) -> list[Invitation]:
    """Makes an account for every row of a CSV table, or none. A trial does it and takes everything back.

    Columns: email, name, organisation (code), roles (between them blanks); title, phone, language may be there too.
    Raises `Invalid` whose fields are "LINE.COLUMN".
    """
    rows = read_rows(text)
    invitations: list[Invitation] = []
    try:
        with journal.transaction(DESK, actor=actor) as tx:
            invitations = _invite_all(tx, person, rows)
            if is_trial:
                raise _TrialEnded
    except _TrialEnded:
        pass
    return invitations


def _invite_all(tx: Transaction, person: Person | None, rows: Sequence[tuple[int, dict[str, str]]]) -> list[Invitation]:
    require_administrator(tx, person)
    invitations: list[Invitation] = []
    wrong: dict[str, Sequence[str]] = {}
    for number, row in rows:
        try:
            account = _invite(tx, person, row)
            invitations.append(Invitation(account, issue_link(tx, person=person, account=account)))
        except Invalid as refused:
            wrong |= _in_row(number, refused.errors or {})
    if wrong:
        raise Invalid(errors=wrong)
    return invitations


def _invite(tx: Transaction, person: Person | None, row: dict[str, str]) -> Person:
    language = row.get("language") or "vi"
    if language not in LANGUAGES:
        raise Invalid(errors={"language": [_("The desk does not speak this language.")]})
    return invite(
        tx,
        person=person,
        email=row["email"],
        name=row["name"],
        title=row.get("title", ""),
        organisation_id=organisation_meant(tx, "organisation", row["organisation"]).id,
        roles=[role for role in _BETWEEN_ROLES.split(row["roles"]) if role],
        phone=row.get("phone", ""),
        language=language,
    )


def _in_row(number: int, errors: FieldErrors) -> FieldErrors:
    return {f"{number}.{field}": sentences for field, sentences in errors.items()}
