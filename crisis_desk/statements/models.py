"""The tables of statements. The live draft's own tables are unjournalled and lie with the draft."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Boolean, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crisis_desk.platform.database import Base, Instant

DRAFT = "draft"
SUBMITTED = "submitted"
APPROVED = "approved"
RELEASED = "released"
SUPERSEDED = "superseded"
CORRECTED = "corrected"
WITHDRAWN = "withdrawn"

FROZEN_STATES = (SUBMITTED, APPROVED)
PUBLIC_STATES = (RELEASED, SUPERSEDED, CORRECTED, WITHDRAWN)


class Statement(Base):
    """One statement of an incident, from the first draft to what the public reads.

    `frozen_text` is the canonical text that signatures are bound to, `final_text` the same with its tokens filled.
    """

    __tablename__ = "statement"
    __table_args__ = (UniqueConstraint("incident_id", "number"), Index("ix_statement_released_at", "released_at"))

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    incident_id: Mapped[str] = mapped_column(String(36), index=True)
    number: Mapped[int] = mapped_column(Integer)
    drill: Mapped[bool] = mapped_column(Boolean)
    title: Mapped[str] = mapped_column(String(300))
    purpose: Mapped[str] = mapped_column(String(16))
    template: Mapped[str | None] = mapped_column(String(8))
    language: Mapped[str] = mapped_column(String(2))
    issuer_id: Mapped[str] = mapped_column(String(36))
    issuer_name: Mapped[str] = mapped_column(String(300))
    authority: Mapped[str] = mapped_column(String(8))
    signatory_title: Mapped[str] = mapped_column(String(200))
    corrects_id: Mapped[str | None] = mapped_column(String(36))
    state: Mapped[str] = mapped_column(String(16), index=True)
    revision: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(Instant)
    created_by: Mapped[str | None] = mapped_column(String(36))

    frozen_text: Mapped[str | None] = mapped_column(Text)
    text_sha256: Mapped[str | None] = mapped_column(String(64))
    submitted_at: Mapped[datetime | None] = mapped_column(Instant)
    submitted_by: Mapped[str | None] = mapped_column(String(36))
    approval_set: Mapped[str | None] = mapped_column(String(40))
    # The severity that the frozen steps were taken for; another severity of the incident asks keep or restart.
    steps_severity: Mapped[int | None] = mapped_column(Integer)
    checks: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    writers: Mapped[list[str]] = mapped_column(JSON)
    family_informed_by: Mapped[str | None] = mapped_column(String(200))
    family_informed_at: Mapped[datetime | None] = mapped_column(Instant)

    holder_person_id: Mapped[str | None] = mapped_column(String(36))
    holder_function: Mapped[str | None] = mapped_column(String(40))
    holder_since: Mapped[datetime | None] = mapped_column(Instant)

    released_at: Mapped[datetime | None] = mapped_column(Instant)
    released_by: Mapped[str | None] = mapped_column(String(36))
    released_as: Mapped[str | None] = mapped_column(String(300))
    authorisation_id: Mapped[str | None] = mapped_column(String(36))
    sequence_number: Mapped[int | None] = mapped_column(Integer)
    forms: Mapped[list[str]] = mapped_column(JSON)
    next_update_at: Mapped[datetime | None] = mapped_column(Instant)
    final_text: Mapped[str | None] = mapped_column(Text)
    final_sha256: Mapped[str | None] = mapped_column(String(64))
    # What replaced, corrected or withdrew it, and when.
    followed_by: Mapped[str | None] = mapped_column(String(36))
    followed_at: Mapped[datetime | None] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(Integer)

    @property
    def code(self) -> str:
        """What the desk calls it within its incident."""
        return f"TB{self.number}"


class StatementRevision(Base):
    """A revision somebody named, or that a submission froze; the text never changes again."""

    __tablename__ = "statement_revision"
    __table_args__ = (UniqueConstraint("statement_id", "number"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    statement_id: Mapped[str] = mapped_column(ForeignKey("statement.id"), index=True)
    number: Mapped[int] = mapped_column(Integer)
    name: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    text_sha256: Mapped[str] = mapped_column(String(64))
    submitted: Mapped[bool] = mapped_column(Boolean)
    at: Mapped[datetime] = mapped_column(Instant)
    person_id: Mapped[str | None] = mapped_column(String(36))


class StatementStep(Base):
    """One step of the way to approval, frozen at submission. Steps of one stage are open together.

    A closed step belongs to a submission that was returned, reopened or whose steps were taken anew.
    """

    __tablename__ = "statement_step"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    statement_id: Mapped[str] = mapped_column(ForeignKey("statement.id"), index=True)
    revision: Mapped[int] = mapped_column(Integer)
    position: Mapped[int] = mapped_column(Integer)
    stage: Mapped[int] = mapped_column(Integer)
    type: Mapped[str] = mapped_column(String(24))
    function: Mapped[str] = mapped_column(String(40))
    roles: Mapped[list[str]] = mapped_column(JSON)
    # A timed step waits this long for an answer; an untimed one for as long as it takes.
    minutes: Mapped[int | None] = mapped_column(Integer)
    asked_at: Mapped[datetime | None] = mapped_column(Instant)
    unanswered_at: Mapped[datetime | None] = mapped_column(Instant)
    signature_id: Mapped[str | None] = mapped_column(String(36))
    closed_at: Mapped[datetime | None] = mapped_column(Instant)


class StatementSignature(Base):
    """A person's signature for one function under one text, with the organisation's name as it was."""

    __tablename__ = "statement_signature"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    statement_id: Mapped[str] = mapped_column(ForeignKey("statement.id"), index=True)
    step_id: Mapped[str] = mapped_column(ForeignKey("statement_step.id"))
    person_id: Mapped[str] = mapped_column(String(36))
    type: Mapped[str] = mapped_column(String(24))
    function: Mapped[str] = mapped_column(String(40))
    organisation_id: Mapped[str] = mapped_column(String(36))
    organisation_name: Mapped[str] = mapped_column(String(300))
    text_sha256: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Instant)
    voided_at: Mapped[datetime | None] = mapped_column(Instant)


class ApprovalSetChoice(Base):
    """The set of steps that the desk has chosen for a severity instead of the one that comes with it."""

    __tablename__ = "approval_set_choice"

    severity: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    approval_set: Mapped[str] = mapped_column(String(40))
    chosen_at: Mapped[datetime] = mapped_column(Instant)
    chosen_by: Mapped[str | None] = mapped_column(String(36))
