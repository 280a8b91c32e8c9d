"""The second factor: time-based codes (RFC 6238: SHA-1, six digits, 30 s), each good once per purpose."""

from __future__ import annotations

import base64
import hmac
import secrets
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from crisis_desk.journal.transaction import Transaction
from crisis_desk.people import attempts
from crisis_desk.people.models import Person
from crisis_desk.people.secret_models import Credentials, RecoveryCode, UsedCode
from crisis_desk.people.tokens import new_recovery_code, recovery_code_hash
from crisis_desk.platform.errors import Invalid
from crisis_desk.platform.words import _

PERIOD = 30
RECOVERY_CODES = 10
# Codes older than the window can't come again, so that they were used need not be remembered.
_REMEMBERED = timedelta(minutes=10)


class SecondFactorRefused(Invalid):
    """The code was wrong. Whoever rolled the write back counts the failure with `count_refusal`."""

    def __init__(self, person_id: str) -> None:
        super().__init__(errors={"second_factor": [_("This code is not right. Enter the one that is shown now.")]})
        self.person_id = person_id


def require(tx: Transaction, person: Person, code: str, purpose: str) -> None:
    """Takes the code for this purpose ("sign-in", "signature:<step>"), marking it used in the transaction.

    Raises `Invalid` with `second_factor` when it is wrong, was used for this purpose, or no factor is set up, and
    `TooMany` after too many wrong ones.
    """
    if confirmed_secret(tx.session, person.id) is None:
        raise Invalid(errors={"second_factor": [_("Set up the second factor in your account first.")]})
    if not take(tx, person.id, code, purpose):
        raise SecondFactorRefused(person.id)


def take(tx: Transaction, person_id: str, code: str, purpose: str) -> bool:
    """Whether the code is right; if so it is marked used for the purpose.

    Raises `Invalid` when it has served this purpose already, `TooMany` after too many wrong ones.
    """
    attempts.refuse_if_locked(tx.session, attempts.code_key(person_id), tx.now)
    secret = confirmed_secret(tx.session, person_id)
    half_minute = matching_half_minute(secret, code, tx.now) if secret is not None else None
    if half_minute is None:
        return False
    mark_used(tx, person_id, purpose, half_minute)
    attempts.clear(tx.session, attempts.code_key(person_id))
    return True


def mark_used(tx: Transaction, person_id: str, purpose: str, half_minute: int) -> None:
    """Notes that the code of this half minute has served the purpose. Raises `Invalid` when it had already."""
    tx.session.execute(delete(UsedCode).where(UsedCode.at < tx.now - _REMEMBERED))
    same = select(UsedCode).where(
        UsedCode.person_id == person_id, UsedCode.purpose == purpose, UsedCode.half_minute == half_minute
    )
    if tx.session.scalars(same).first() is not None:
        raise Invalid(errors={"second_factor": [_("This code was used for this already. Wait for the next one.")]})
    tx.session.execute(
        insert(UsedCode).values(person_id=person_id, purpose=purpose, half_minute=half_minute, at=tx.now)
    )


def confirmed_secret(session: Session, person_id: str) -> str | None:
    """The secret her device holds; None before she has set one up."""
    credentials = session.get(Credentials, person_id)
    return credentials.totp_secret if credentials is not None else None


def matching_half_minute(secret: str, code: str, now: datetime) -> int | None:
    """The half minute whose code this is: the present one, the one before or after, for clocks differ."""
    digits = "".join(character for character in code if character in "0123456789")
    present = int(now.timestamp()) // PERIOD
    for half_minute in (present, present - 1, present + 1):
        if hmac.compare_digest(_code(secret, half_minute), digits):
            return half_minute
    return None


def present_code(secret: str, now: datetime) -> str:
    """The code that a device with this secret shows now."""
    return _code(secret, int(now.timestamp()) // PERIOD)


def unused_code(session: Session, person_id: str, purpose: str, now: datetime) -> str | None:
    """A code that would be taken now for this purpose; None without a second factor or when all have served it."""
    secret = confirmed_secret(session, person_id)
    served = select(UsedCode.half_minute).where(UsedCode.person_id == person_id, UsedCode.purpose == purpose)
    used = set(session.scalars(served))
    present = int(now.timestamp()) // PERIOD
    free = [one for one in (present, present + 1, present - 1) if one not in used]
    return _code(secret, free[0]) if secret is not None and free else None


def enrolment_address(secret: str, *, account: str, issuer: str) -> str:
    """The otpauth: address that a picture carries to the device."""
    return _generator(secret).get_provisioning_uri(account, issuer)


def new_secret() -> str:
    """160 bits in base32."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def _code(secret: str, half_minute: int) -> str:
    return _generator(secret).generate(half_minute * PERIOD).decode()


def _generator(secret: str) -> TOTP:
    padded = secret + "=" * (-len(secret) % 8)
    # The published secret of the demonstration desk is shorter than RFC 4226 asks of a real one.
    return TOTP(base64.b32decode(padded), 6, SHA1(), PERIOD, enforce_key_length=False)  # noqa: S303


def take_recovery_code(session: Session, person_id: str, code: str) -> bool:
    """Whether this is one of her unused recovery codes; it is used up now."""
    found = session.get(RecoveryCode, recovery_code_hash(person_id, code))
    if found is None or found.person_id != person_id:
        return False
    session.delete(found)
    session.flush()
    return True


def make_recovery_codes(session: Session, person_id: str) -> list[str]:
    """New codes in place of all older ones. They are shown once; only hashes stay."""
    forget_recovery_codes(session, person_id)
    codes = [new_recovery_code() for _index in range(RECOVERY_CODES)]
    rows = [{"code_hash": recovery_code_hash(person_id, code), "person_id": person_id} for code in codes]
    session.execute(insert(RecoveryCode), rows)
    return codes


def forget_recovery_codes(session: Session, person_id: str) -> None:
    """Makes every recovery code of the person worthless."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
