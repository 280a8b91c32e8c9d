"""Organisations, functions and accounts: what the journal answers for. Secrets are in `secret_models`."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, Boolean, Date, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crisis_desk.people.codes import SECOND_FACTOR_ROLES
from crisis_desk.platform.database import UNJOURNALLED, Base, Instant


class Organisation(Base):
    """A body of State or Party, or another that is dealt with, for the period in which it existed.

    Dates are days in the province; None means before, or beyond, what the desk knows.
    """

    __tablename__ = "organisation"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    name_vi: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200))
    short_name: Mapped[str] = mapped_column(String(100))
    abbreviation: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(20))
    parent_id: Mapped[str | None] = mapped_column(ForeignKey("organisation.id"))
    letterhead_kind: Mapped[str] = mapped_column(String(10))
    head_title: Mapped[str] = mapped_column(String(100))
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    successor_id: Mapped[str | None] = mapped_column(ForeignKey("organisation.id"))
    version: Mapped[int] = mapped_column(Integer)

    def name(self, language: str) -> str:
        """The full name in the reader's language."""
        return self.name_en if language == "en" else self.name_vi


class FunctionHolder(Base):
    """That an organisation holds a function from one day to another, both included; None is open."""

    __tablename__ = "function_holder"
    __table_args__ = (Index("ix_function_holder_function", "function"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    function: Mapped[str] = mapped_column(String(40))
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    organisation: Mapped[Organisation] = relationship(lazy="joined", innerjoin=True, viewonly=True)


class Person(Base):
    """An account. Contact and preferences stay out of the journal: a contact must be erasable."""

    __tablename__ = "person"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    title: Mapped[str] = mapped_column(String(200))
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), index=True)
    roles: Mapped[list[str]] = mapped_column(JSON)
    active: Mapped[bool] = mapped_column(Boolean)
    demonstration: Mapped[bool] = mapped_column(Boolean)
    invited_at: Mapped[datetime] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(Integer)

    email: Mapped[str | None] = mapped_column(String(200), unique=True, info=UNJOURNALLED)
    phone: Mapped[str | None] = mapped_column(String(40), info=UNJOURNALLED)
    language: Mapped[str] = mapped_column(String(5), default="vi", info=UNJOURNALLED)
    theme: Mapped[str] = mapped_column(String(10), default="system", info=UNJOURNALLED)

    organisation: Mapped[Organisation] = relationship(lazy="joined", innerjoin=True, viewonly=True)

    def has(self, *roles: str) -> bool:
        """Whether she holds at least one of these desk roles."""
        return any(role in self.roles for role in roles)

    @property
    def needs_second_factor(self) -> bool:
        """Whether her roles are too strong for a password alone."""
        return self.has(*SECOND_FACTOR_ROLES)
