"""The tables of incidents."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, Boolean, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from crisis_desk.incidents.codes import spoken_code
from crisis_desk.platform.database import Base, Instant


class Incident(Base):
    """One incident as it is now; how it became so stands in its chain.

    The four times are `occurred_at` (with `occurred_about` when nobody knows it exactly), `received_at`,
    `impact_determined_at` (when its effect on public opinion was determined) and `recorded_at`.
    """

    __tablename__ = "incident"
    __table_args__ = (
        Index("ix_incident_received", "received_at", "id"),
        Index("ix_incident_severity", "severity", "received_at", "id"),
        Index("ix_incident_status", "status", "received_at"),
        Index("ix_incident_closed", "closed_at"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    code: Mapped[str] = mapped_column(String(24), unique=True)
    title: Mapped[str] = mapped_column(String(300))
    kind: Mapped[str] = mapped_column(String(32))
    severity: Mapped[int] = mapped_column(Integer)
    trigger: Mapped[str | None] = mapped_column(String(32))
    summary: Mapped[str] = mapped_column(Text)
    place: Mapped[str] = mapped_column(String(300))
    handling: Mapped[str] = mapped_column(String(16))
    handling_reason: Mapped[str | None] = mapped_column(Text)
    handling_until: Mapped[datetime | None] = mapped_column(Instant, index=True)
    status: Mapped[str] = mapped_column(String(16))
    occurred_at: Mapped[datetime | None] = mapped_column(Instant)
    occurred_about: Mapped[bool] = mapped_column(Boolean)
    received_at: Mapped[datetime] = mapped_column(Instant)
    impact_determined_at: Mapped[datetime | None] = mapped_column(Instant)
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    acknowledged_at: Mapped[datetime | None] = mapped_column(Instant)
    opened_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    severity_since: Mapped[datetime] = mapped_column(Instant)
    drill: Mapped[bool] = mapped_column(Boolean)
    rule_set: Mapped[str] = mapped_column(String(32))
    reported_by: Mapped[str | None] = mapped_column(String(36))
    lead_organisation_id: Mapped[str | None] = mapped_column(String(36))
    team: Mapped[list[str]] = mapped_column(JSON)
    search: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer)

    @property
    def spoken_code(self) -> str:
        """The code as it is shown and said, with its diacritics."""
        return spoken_code(self.code)


class Clock(Base):
    """A time limit of an incident. It is met, or closed with a reason, or open; it never disappears."""

    __tablename__ = "clock"
    __table_args__ = (Index("ix_clock_incident", "incident_id", "due_at"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    incident_id: Mapped[str] = mapped_column(ForeignKey("incident.id"))
    code: Mapped[str] = mapped_column(String(48))
    starts_at: Mapped[datetime] = mapped_column(Instant)
    due_at: Mapped[datetime] = mapped_column(Instant)
    provisional: Mapped[bool] = mapped_column(Boolean)
    citation: Mapped[str | None] = mapped_column(String(200))
    number: Mapped[int | None] = mapped_column(Integer)
    subject_id: Mapped[str | None] = mapped_column(String(36))
    met_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_reason: Mapped[str | None] = mapped_column(Text)


class Responder(Base):
    """A person asked to take part, with what she answered."""

    __tablename__ = "responder"
    __table_args__ = (Index("ix_responder_person", "person_id", "incident_id"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    incident_id: Mapped[str] = mapped_column(ForeignKey("incident.id"), index=True)
    person_id: Mapped[str] = mapped_column(String(36))
    role: Mapped[str] = mapped_column(String(24))
    answer: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str | None] = mapped_column(Text)
    assigned_at: Mapped[datetime] = mapped_column(Instant)
    assigned_by: Mapped[str | None] = mapped_column(String(36))
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    released_at: Mapped[datetime | None] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(Integer)


class LogNote(Base):
    """A line that a person wrote into the log. It is corrected by another line, never changed."""

    __tablename__ = "log_note"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    incident_id: Mapped[str] = mapped_column(ForeignKey("incident.id"), index=True)
    sequence: Mapped[int] = mapped_column(Integer)
    text: Mapped[str] = mapped_column(Text)
    occurred_at: Mapped[datetime] = mapped_column(Instant)
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    person_id: Mapped[str | None] = mapped_column(String(36))
    mentions: Mapped[list[str]] = mapped_column(JSON)
    corrects: Mapped[str | None] = mapped_column(String(36))
    corrected_by: Mapped[str | None] = mapped_column(String(36))


class SpeakingAuthorisation(Base):
    """A written authorisation to speak on one incident for a limited time (Decree 09/2017 Art. 3.6, 3.7)."""

    __tablename__ = "speaking_authorisation"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    incident_id: Mapped[str] = mapped_column(ForeignKey("incident.id"), index=True)
    person_id: Mapped[str] = mapped_column(String(36))
    signer: Mapped[str] = mapped_column(String(200))
    document_number: Mapped[str] = mapped_column(String(64))
    valid_from: Mapped[datetime] = mapped_column(Instant)
    valid_to: Mapped[datetime] = mapped_column(Instant)
    posted_at: Mapped[datetime | None] = mapped_column(Instant)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(Integer)
