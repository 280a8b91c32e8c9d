"""Tokens for programs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import uuid4

from crisis_desk.journal.streams import DESK
from crisis_desk.journal.transaction import Transaction
from crisis_desk.people.codes import SCOPES
from crisis_desk.people.entries import TokenCreated, TokenRevoked
from crisis_desk.people.models import Person
from crisis_desk.people.queries import person_by_id
from crisis_desk.people.rules import may_administer, may_revoke_token, require
from crisis_desk.people.secret_models import ApiToken
from crisis_desk.people.texts import filled_line
from crisis_desk.people.tokens import hash_of, new_api_token
from crisis_desk.platform.errors import Conflict, Invalid, NotFound
from crisis_desk.platform.words import N_, _

LONGEST_LIFE = timedelta(days=365)


def create_token(
    tx: Transaction, *, person: Person | None, owner: Person, label: str, scopes: Sequence[str], lasts: timedelta
) -> tuple[ApiToken, str]:
    """A token of `owner` and its text, which is shown once. `person` is None for the command line.

    It can do what its scopes name as far as its owner may. Raises `Invalid` for unknown scopes or a life above a year.
    """
    require(person.id == owner.id if person is not None else tx.actor.via in {"command", "system"})
    if not owner.active:
        raise Conflict(N_("This account is closed. Open it again first."))
    wanted = _known_scopes(owner, scopes)
    if not timedelta() < lasts <= LONGEST_LIFE:
        raise Invalid(errors={"days": [_("A token lasts from one day to a year.")]})
    text = new_api_token()
    token = ApiToken(
        id=str(uuid4()), token_hash=hash_of(text), person_id=owner.id, label=filled_line("label", label, 100),
        scopes=wanted, created_at=tx.now, last_seen_at=None, expires_at=tx.now + lasts,
    )  # fmt: skip
    told = TokenCreated(owner.name, owner.id, token.label, wanted, token.expires_at)
    tx.record(DESK, told, subject=("token", token.id))
    tx.session.add(token)
    tx.session.flush()
    return token, text


def revoke_token(tx: Transaction, *, person: Person, token_id: str) -> None:
    """Stops a token at once. Raises `NotFound` for one that is neither mine nor an administrator's to stop."""
    token = tx.session.get(ApiToken, token_id)
    if token is None or not may_revoke_token(person, token.person_id):
        raise NotFound()
    owner = person_by_id(tx.session, token.person_id)
    tx.record(DESK, TokenRevoked(owner.name, token.label), subject=("token", token.id))
    tx.session.delete(token)
    tx.session.flush()


def _known_scopes(owner: Person, scopes: Sequence[str]) -> list[str]:
    wanted = [scope for scope in SCOPES if scope in scopes]
    if not wanted or set(scopes) - set(SCOPES):
        raise Invalid(errors={"scopes": [_("Choose from: read, write, sign, release, admin.")]})
    if "admin" in wanted and not may_administer(owner):
        raise Invalid(errors={"scopes": [_("Only an administrator's token can administer.")]})
    return wanted
