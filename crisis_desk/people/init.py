"""The beginning of a desk: its name, the organisations, and somebody who can invite the others."""

from __future__ import annotations

from crisis_desk.journal import identity
from crisis_desk.journal.entries import Actor
from crisis_desk.journal.streams import DESK
from crisis_desk.journal.transaction import Journal, Transaction
from crisis_desk.people.actions.accounts import invite, issue_link
from crisis_desk.people.models import Organisation
from crisis_desk.people.queries import holder_of
from crisis_desk.people.seed_organisations import seed_organisations


def first_administrator(journal: Journal, *, name: str, email: str) -> str:
    """Lays out an empty desk called `name`; answers the path of the link that its first administrator opens."""
    with journal.transaction(DESK, actor=Actor(person=None, via="command")) as tx:
        found_desk(tx, name)
        press_authority = holder_of(tx.session, "press_authority", tx.now)
        if press_authority is None:
            raise LookupError("the seed gives no organisation the function press_authority")
        account = invite(
            tx,
            person=None,
            email=email,
            name=email.partition("@")[0],
            title="",
            organisation_id=press_authority.id,
            roles=["administrator"],
        )
        return link_path(issue_link(tx, person=None, account=account))


def found_desk(tx: Transaction, name: str) -> dict[str, Organisation]:
    """Gives the desk the identity that its signed heads carry, and the organisations of May 2023, by code."""
    identity.found_desk(tx, name=name)
    return seed_organisations(tx)


def link_path(token: str) -> str:
    """Where an invitation or a reset link leads, without the address of the desk."""
    return f"/link/{token}"
