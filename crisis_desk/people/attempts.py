"""Failed proofs are counted per account, never per address, for an office sits behind one address.

They are counted for accounts that don't exist as well: being locked tells nobody that an account exists.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from crisis_desk.people.secret_models import FailedAttempts
from crisis_desk.people.tokens import hash_of
from crisis_desk.platform.errors import TooMany
from crisis_desk.platform.wording import local
from crisis_desk.platform.words import N_

FREE = 5
FIRST_DELAY = timedelta(seconds=30)
LONGEST_DELAY = timedelta(minutes=15)
FORGOTTEN = timedelta(days=1)


def password_key(email: str) -> str:
    """What failed passwords for this address are counted under."""
    return hash_of(f"password:{email.strip().casefold()}")


def code_key(person_id: str) -> str:
    """What a person's failed second factors are counted under."""
    return hash_of(f"code:{person_id}")


def delay_after(count: int) -> timedelta:
    """How long to wait after so many failures: nothing for four, then 30 s, doubling, 15 minutes at most."""
    if count < FREE:
        return timedelta()
    return min(FIRST_DELAY * (1 << min(count - FREE, 10)), LONGEST_DELAY)


def locked_until(session: Session, key: str, now: datetime) -> datetime | None:
    """Until when no attempt is taken; None when one is."""
    failed = session.get(FailedAttempts, key)
    if failed is None or failed.locked_until is None or failed.locked_until <= now:
        return None
    return failed.locked_until


def refuse_if_locked(session: Session, key: str, now: datetime) -> None:
    """Raises `TooMany`, which tells from when on to try again."""
    until = locked_until(session, key, now)
    if until is not None:
        raise TooMany(TOO_MANY, time=f"{local(until):%H:%M:%S}")


def count_failure(session: Session, key: str, now: datetime) -> FailedAttempts:
    """Counts one more failure and forgets those of yesterday."""
    session.execute(delete(FailedAttempts).where(FailedAttempts.last_at < now - FORGOTTEN))
    failed = session.get(FailedAttempts, key)
    if failed is None:
        failed = FailedAttempts(key=key, count=0)
        session.add(failed)
    failed.count += 1
    failed.last_at = now
    failed.locked_until = now + delay_after(failed.count) if failed.count >= FREE else None
    session.flush()
    return failed


def clear(session: Session, key: str) -> None:
    """Forgets the failures after a success or a reset."""
    session.execute(delete(FailedAttempts).where(FailedAttempts.key == key))


TOO_MANY = N_("Too many attempts failed. Nothing else is wrong; try again from %(time)s.")
