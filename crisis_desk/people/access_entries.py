"""What the chain of accesses tells of signing in: who and how, never from which address or with which secret."""

from __future__ import annotations

from dataclasses import dataclass

from crisis_desk.journal.entries import Entry, entry
from crisis_desk.platform.words import N_


@entry(
    "session.opened",
    sentence=N_("%(person)s signed in"),
    example={"proof": "password_and_code"},
)
@dataclass(frozen=True)
class SessionOpened(Entry):
    """`proof` is password, password_and_code, password_and_recovery_code or link."""

    proof: str


@entry(
    "session.refused",
    sentence=N_("A sign-in to the account of %(name)s was refused"),
    example={"name": "Vũ Ngọc Thảo", "reason": "password"},
)
@dataclass(frozen=True)
class SessionRefused(Entry):
    """`reason` is password or code: the proof that was wrong."""

    name: str
    reason: str


@entry(
    "session.ended",
    sentence=N_("%(person)s ended sessions of %(name)s: %(count)s"),
    example={"name": "Vũ Ngọc Thảo", "count": 1, "reason": "signed_out"},
)
@dataclass(frozen=True)
class SessionEnded(Entry):
    """`reason` is signed_out, revoked or everywhere."""

    name: str
    count: int
    reason: str


@entry(
    "account.locked",
    sentence=N_("The account of %(name)s takes no attempt for %(seconds)s seconds, after %(count)s that failed"),
    example={"name": "Vũ Ngọc Thảo", "count": 5, "seconds": 30},
)
@dataclass(frozen=True)
class AccountLocked(Entry):
    name: str
    count: int
    seconds: int


@entry("account.password_set", sentence=N_("%(name)s set a new password"), example={"name": "Vũ Ngọc Thảo"})
@dataclass(frozen=True)
class AccountPasswordSet(Entry):
    name: str


@entry("account.second_factor_set", sentence=N_("%(name)s set up the second factor"), example={"name": "Vũ Ngọc Thảo"})
@dataclass(frozen=True)
class AccountSecondFactorSet(Entry):
    name: str


@entry("account.recovery_codes_made", sentence=N_("%(name)s made new recovery codes"), example={"name": "Vũ Ngọc Thảo"})
@dataclass(frozen=True)
class AccountRecoveryCodesMade(Entry):
    name: str
