"""What no journal may hold: passwords, secrets, sessions, tokens, links. Hashes of them wherever a hash will do."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from crisis_desk.people.models import Person
from crisis_desk.platform.database import UNJOURNALLED, Base, Instant


class Credentials(Base):
    """How a person proves who she is. `totp_pending` is shown to her until a code confirms that her device has it."""

    __tablename__ = "credentials"
    __table_args__ = {"info": UNJOURNALLED}

    person_id: Mapped[str] = mapped_column(ForeignKey(Person.id), primary_key=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    totp_secret: Mapped[str | None] = mapped_column(String(64))
    totp_pending: Mapped[str | None] = mapped_column(String(64))


class RecoveryCode(Base):
    """One of the codes that stand in for a lost phone, each good once."""

    __tablename__ = "recovery_code"
    __table_args__ = {"info": UNJOURNALLED}

    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey(Person.id), index=True)


class UsedCode(Base):
    """That the code of one half minute has served one purpose, so that it can't serve it again."""

    __tablename__ = "used_code"
    __table_args__ = {"info": UNJOURNALLED}

    person_id: Mapped[str] = mapped_column(ForeignKey(Person.id), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(100), primary_key=True)
    half_minute: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Instant, index=True)


class FailedAttempts(Base):
    """How often proof failed, under a hash of what was tried, whether or not such an account exists."""

    __tablename__ = "failed_attempts"
    __table_args__ = {"info": UNJOURNALLED}

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    count: Mapped[int] = mapped_column(Integer)
    last_at: Mapped[datetime] = mapped_column(Instant, index=True)
    locked_until: Mapped[datetime | None] = mapped_column(Instant)


class DeskSession(Base):
    """A signed-in device. It is complete once the second factor was given, where the account asks for one."""

    __tablename__ = "desk_session"
    __table_args__ = {"info": UNJOURNALLED}

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[str] = mapped_column(ForeignKey(Person.id), index=True)
    device: Mapped[str] = mapped_column(String(100))
    opened_at: Mapped[datetime] = mapped_column(Instant)
    last_seen_at: Mapped[datetime] = mapped_column(Instant)
    ends_at: Mapped[datetime] = mapped_column(Instant, index=True)
    second_factor_at: Mapped[datetime | None] = mapped_column(Instant)


class ApiToken(Base):
    """A token for programs: what it may do, for how long, and when it was last used."""

    __tablename__ = "api_token"
    __table_args__ = {"info": UNJOURNALLED}

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[str] = mapped_column(ForeignKey(Person.id), index=True)
    label: Mapped[str] = mapped_column(String(100))
    scopes: Mapped[list[str]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(Instant)
    last_seen_at: Mapped[datetime | None] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)


class AccountLink(Base):
    """An invitation or a reset, good once and until `expires_at`, to set a password with."""

    __tablename__ = "account_link"
    __table_args__ = {"info": UNJOURNALLED}

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey(Person.id), index=True)
    purpose: Mapped[str] = mapped_column(String(20))
    expires_at: Mapped[datetime] = mapped_column(Instant)
