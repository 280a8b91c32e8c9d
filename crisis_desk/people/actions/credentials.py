"""What a person does to her own password, second factor and preferences."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from crisis_desk.journal.streams import ACCESS
from crisis_desk.journal.transaction import Transaction
from crisis_desk.people import attempts, second_factor
from crisis_desk.people.access_entries import AccountPasswordSet, AccountRecoveryCodesMade, AccountSecondFactorSet
from crisis_desk.people.actions.sessions import Opened, complete, open_session
from crisis_desk.people.codes import LANGUAGES, THEMES
from crisis_desk.people.models import Person
from crisis_desk.people.queries import person_by_id
from crisis_desk.people.secret_models import AccountLink, Credentials, DeskSession
from crisis_desk.people.tokens import hash_of
from crisis_desk.platform.errors import Invalid, NotFound
from crisis_desk.platform.words import N_, _

LINK_DEAD = N_("This link was used already or is too old. Ask an administrator for a new one.")


def use_link(tx: Transaction, *, token: str, password_hash: str, device: str, lifetime: timedelta) -> Opened:
    """Sets the password that a link was made for and signs in; every other session ends.

    A second factor that was set up stays and is asked for. Raises `NotFound` for a link that is used or too old.
    """
    link = tx.session.get(AccountLink, hash_of(token))
    if link is None or link.expires_at <= tx.now:
        raise NotFound(LINK_DEAD)
    account = person_by_id(tx.session, link.person_id)
    tx.session.delete(link)
    tx.session.flush()
    attempts.clear(tx.session, attempts.password_key(account.email or ""))
    _set_password(tx, account, password_hash, keep=None)
    return open_session(tx, account, device=device, lifetime=lifetime, proof="link")


def change_password(tx: Transaction, *, person: Person, password_hash: str, session_id: str) -> None:
    """Sets my new password; my other sessions end. The old one was asked for before."""
    _set_password(tx, person, password_hash, keep=session_id)


def renew_hash(session: Session, *, person_id: str, password_hash: str) -> None:
    """Keeps a hash of the same password made with today's settings."""
    statement = update(Credentials).where(Credentials.person_id == person_id)
    session.execute(statement.values(password_hash=password_hash))


def pending_secret(session: Session, *, person_id: str) -> str:
    """The secret to show until a code confirms it; reloading the page shows the same."""
    credentials = session.get_one(Credentials, person_id)
    if credentials.totp_pending is None:
        credentials.totp_pending = second_factor.new_secret()
    return credentials.totp_pending


def set_second_factor(
    tx: Transaction, *, person: Person, session_id: str, code: str, lifetime: timedelta
) -> tuple[list[str], Opened]:
    """Confirms that the device shows the pending secret's code; gives new recovery codes and the session's new token.

    Other sessions end. Raises `Invalid` for another code.
    """
    credentials = tx.session.get_one(Credentials, person.id)
    opened = tx.session.get(DeskSession, session_id)
    if credentials.totp_pending is None or opened is None:
        raise NotFound()
    half_minute = second_factor.matching_half_minute(credentials.totp_pending, code, tx.now)
    if half_minute is None:
        raise Invalid(errors={"second_factor": [_("This code is not right. Enter the one that is shown now.")]})
    second_factor.mark_used(tx, person.id, "enrolment", half_minute)
    credentials.totp_secret, credentials.totp_pending = credentials.totp_pending, None
    others = delete(DeskSession).where(DeskSession.person_id == person.id, DeskSession.id != session_id)
    tx.session.execute(others)
    tx.record(ACCESS, AccountSecondFactorSet(person.name), subject=("person", person.id))
    codes = second_factor.make_recovery_codes(tx.session, person.id)
    return codes, complete(tx, person, opened, proof="password_and_code", lifetime=lifetime)


def make_recovery_codes(tx: Transaction, *, person: Person) -> list[str]:
    """New recovery codes; the older ones stop working."""
    tx.record(ACCESS, AccountRecoveryCodesMade(person.name), subject=("person", person.id))
    return second_factor.make_recovery_codes(tx.session, person.id)


def set_preferences(session: Session, *, person_id: str, language: str, theme: str) -> None:
    """Keeps how the desk speaks and looks to the person. No entry: it changes nobody else's desk."""
    if language not in LANGUAGES:
        raise Invalid(errors={"language": [_("The desk does not speak this language.")]})
    if theme not in THEMES:
        raise Invalid(errors={"theme": [_("There is no such theme.")]})
    session.execute(update(Person).where(Person.id == person_id).values(language=language, theme=theme))


def _set_password(tx: Transaction, account: Person, password_hash: str, *, keep: str | None) -> None:
    renew_hash(tx.session, person_id=account.id, password_hash=password_hash)
    others = delete(DeskSession).where(DeskSession.person_id == account.id, DeskSession.id != (keep or ""))
    tx.session.execute(others)
    tx.session.execute(delete(AccountLink).where(AccountLink.person_id == account.id))
    tx.record(ACCESS, AccountPasswordSet(account.name), subject=("person", account.id))
