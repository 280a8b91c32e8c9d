"""The accounts of the demonstration desk: invented people whose password and second factor are published."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from crisis_desk.journal.transaction import Transaction
from crisis_desk.people.actions.accounts import invite
from crisis_desk.people.models import Organisation, Person
from crisis_desk.people.passwords import hash_password
from crisis_desk.people.secret_models import Credentials

ACCOUNTS = Path(__file__).with_name("demonstration_accounts.yaml")
PASSWORD = "crisis-desk-demo"  # noqa: S105 - it is published so that visitors can look around on loopback.
SECRET = "JBSWY3DPEHPK3PXP"  # noqa: S105 - as above; a desk with such accounts refuses to listen elsewhere.
DOMAIN = "demo.invalid"


def add_demonstration_accounts(tx: Transaction, bodies: dict[str, Organisation]) -> dict[str, Person]:
    """Adds the accounts to an empty desk, on its chain, from the command line.

    Answers those who play in the exercise by their key there, and everybody by the address before the @.
    """
    content: dict[str, Any] = yaml.safe_load(ACCOUNTS.read_text(encoding="utf-8"))
    password_hash = hash_password(PASSWORD)
    people: dict[str, Person] = {}
    for fields in content["accounts"]:
        person = _add(tx, fields, bodies[fields["organisation"]], password_hash)
        people[fields["address"]] = person
        people[fields.get("key", fields["address"])] = person
    return people


def _add(tx: Transaction, fields: dict[str, str], body: Organisation, password_hash: str) -> Person:
    person = invite(
        tx, person=None, email=f"{fields['address']}@{DOMAIN}", name=fields["name"], title=fields["title"],
        organisation_id=body.id, roles=[fields["role"]], demonstration=True,
    )  # fmt: skip
    credentials = tx.session.get_one(Credentials, person.id)
    credentials.password_hash, credentials.totp_secret = password_hash, SECRET
    return person
