"""The table of reports: what reviewers wrote. Everything else in a report is read from the journal."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crisis_desk.platform.database import Base, Instant


class ReviewSection(Base):
    """One section of an incident's review as it reads now."""

    __tablename__ = "review_section"
    __table_args__ = (UniqueConstraint("incident_id", "section"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    incident_id: Mapped[str] = mapped_column(ForeignKey("incident.id"), index=True)
    section: Mapped[str] = mapped_column(String(24))
    text: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime] = mapped_column(Instant)
    written_by: Mapped[str | None] = mapped_column(String(36))
    version: Mapped[int] = mapped_column(Integer)
