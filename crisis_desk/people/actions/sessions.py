"""Signing in and out. What was wrong is counted and recorded too, so these answer None instead of raising."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import uuid4

from sqlalchemy import CursorResult, delete

from crisis_desk.journal.entries import Actor
from crisis_desk.journal.streams import ACCESS
from crisis_desk.journal.transaction import Transaction
from crisis_desk.people import attempts, second_factor
from crisis_desk.people.access_entries import AccountLocked, SessionEnded, SessionOpened, SessionRefused
from crisis_desk.people.models import Person
from crisis_desk.people.principals import Pending, missing_proof
from crisis_desk.people.queries import person_by_id
from crisis_desk.people.rules import may_administer, require
from crisis_desk.people.secret_models import Credentials, DeskSession
from crisis_desk.people.tokens import hash_of, new_token
from crisis_desk.platform.errors import NotFound

# Between the password and the second factor; setting one up for the first time takes longer.
HALF_OPEN = timedelta(minutes=30)
# What the code given at the door is used for; another purpose takes the same code once more.
SIGN_IN = "sign-in"


@dataclass(frozen=True)
class Opened:
    """A session was opened: `token` goes into the cookie, `needs` is what it still lacks."""

    session: str
    token: str
    needs: str | None
    ends_at: datetime


def sign_in(
    tx: Transaction, *, email: str, account: Person | None, is_right: bool, device: str, lifetime: timedelta
) -> Opened | None:
    """Opens a session after a right password, and counts a wrong one for the address whether or not it exists.

    Raises `TooMany` while the address is locked.
    """
    key = attempts.password_key(email)
    attempts.refuse_if_locked(tx.session, key, tx.now)
    if account is None or not is_right:
        _count(tx, key, account, "password")
        return None
    attempts.clear(tx.session, key)
    return open_session(tx, account, device=device, lifetime=lifetime, proof="password")


def give_second_factor(tx: Transaction, *, pending: Pending, code: str, lifetime: timedelta) -> Opened | None:
    """Completes a session with a code of the device, or with a recovery code, which is used up.

    Raises `TooMany` while too many were wrong, `Invalid` when the code has opened a session already.
    """
    account = person_by_id(tx.session, pending.person.id)
    opened = tx.session.get(DeskSession, pending.session)
    if opened is None:
        raise NotFound()
    proof = _second_proof(tx, account, code)
    if proof is None:
        _count(tx, attempts.code_key(account.id), account, "code")
        return None
    return complete(tx, account, opened, proof=proof, lifetime=lifetime)


def open_session(tx: Transaction, account: Person, *, device: str, lifetime: timedelta, proof: str) -> Opened:
    """A new session, complete unless a second factor is missing; sessions that are over are cleared away."""
    tx.session.execute(delete(DeskSession).where(DeskSession.ends_at < tx.now))
    credentials = tx.session.get_one(Credentials, account.id)
    token = new_token()
    opened = DeskSession(
        id=str(uuid4()), token_hash=hash_of(token), person_id=account.id, device=device[:100], opened_at=tx.now,
        last_seen_at=tx.now, ends_at=tx.now + lifetime, second_factor_at=None,
    )  # fmt: skip
    needs = missing_proof(account, opened, credentials.totp_secret)
    if needs is not None:
        opened.ends_at = tx.now + HALF_OPEN
    tx.session.add(opened)
    tx.session.flush()
    if needs is None:
        _tell_opened(tx, account, opened, proof)
    return Opened(opened.id, token, needs, opened.ends_at)


def complete(tx: Transaction, account: Person, opened: DeskSession, *, proof: str, lifetime: timedelta) -> Opened:
    """Makes a half-open session a whole one, under a new token: the old one was out before the proof was whole."""
    token = new_token()
    opened.token_hash, opened.second_factor_at = hash_of(token), tx.now
    opened.last_seen_at, opened.ends_at = tx.now, tx.now + lifetime
    tx.session.flush()
    _tell_opened(tx, account, opened, proof)
    return Opened(opened.id, token, None, opened.ends_at)


def sign_out(tx: Transaction, *, person: Person, session_id: str) -> None:
    """Ends the session that asks for it."""
    _end(tx, person, "signed_out", DeskSession.id == session_id)


def end_session(tx: Transaction, *, person: Person, session_id: str) -> None:
    """Ends another session of mine. Raises `NotFound` when it is not mine or is over."""
    if not _end(tx, person, "revoked", DeskSession.id == session_id):
        raise NotFound()


def end_sessions(tx: Transaction, *, person: Person, account: Person, keep: str | None = None) -> int:
    """Signs an account out everywhere, but for the session `keep`: its owner may, and an administrator."""
    require(person.id == account.id or may_administer(person))
    return _end(tx, account, "everywhere", DeskSession.id != (keep or ""))


def _second_proof(tx: Transaction, account: Person, code: str) -> str | None:
    if second_factor.take(tx, account.id, code, SIGN_IN):
        return "password_and_code"
    if second_factor.take_recovery_code(tx.session, account.id, code):
        attempts.clear(tx.session, attempts.code_key(account.id))
        return "password_and_recovery_code"
    return None


def _count(tx: Transaction, key: str, account: Person | None, reason: str) -> None:
    failed = attempts.count_failure(tx.session, key, tx.now)
    if account is None:
        return
    subject = ("person", account.id)
    tx.record(ACCESS, SessionRefused(account.name, reason), subject=subject)
    if failed.locked_until is not None:
        seconds = int(attempts.delay_after(failed.count).total_seconds())
        tx.record(ACCESS, AccountLocked(account.name, failed.count, seconds), subject=subject)


def _tell_opened(tx: Transaction, account: Person, opened: DeskSession, proof: str) -> None:
    # Until now nobody acted; from here on she does, in this session.
    tx.actor = Actor(account.id, opened.id, tx.actor.via)
    tx.record(ACCESS, SessionOpened(proof), subject=("person", account.id))


def _end(tx: Transaction, account: Person, reason: str, which: Any) -> int:
    statement = delete(DeskSession).where(DeskSession.person_id == account.id, which)
    count = cast("CursorResult[Any]", tx.session.execute(statement)).rowcount
    if count:
        tx.record(ACCESS, SessionEnded(account.name, count, reason), subject=("person", account.id))
    return count
