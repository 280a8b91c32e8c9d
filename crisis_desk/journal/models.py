"""The tables of the journal itself. They are what replay reads, so replay leaves them out."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from crisis_desk.platform.database import UNJOURNALLED, Base, Instant


class JournalEntry(Base):
    """One entry, kept as the exact texts that were hashed; the other columns repeat the header for look-ups."""

    __tablename__ = "journal_entry"
    __table_args__ = (
        Index("ix_journal_entry_at", "at"),
        Index("ix_journal_entry_subject", "subject_type", "subject_id"),
        {"info": UNJOURNALLED},
    )

    stream: Mapped[str] = mapped_column(String(64), primary_key=True)
    sequence: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Instant)
    kind: Mapped[str] = mapped_column(String(64))
    person: Mapped[str | None] = mapped_column(String(36))
    subject_type: Mapped[str] = mapped_column(String(32))
    subject_id: Mapped[str] = mapped_column(String(64))
    header: Mapped[str] = mapped_column(Text)
    payload: Mapped[str | None] = mapped_column(Text)
    hash: Mapped[str] = mapped_column(String(64))


class StreamHead(Base):
    """The last entry of each chain. Its row is what a write locks."""

    __tablename__ = "stream_head"
    __table_args__ = (Index("ix_stream_head_at", "at"), {"info": UNJOURNALLED})

    stream: Mapped[str] = mapped_column(String(64), primary_key=True)
    sequence: Mapped[int] = mapped_column(Integer)
    hash: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Instant)


class SigningKey(Base):
    """A public key that has signed heads, base64, with its period; the private half is a file."""

    __tablename__ = "signing_key"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    public_key: Mapped[str] = mapped_column(String(64))
    valid_from: Mapped[datetime] = mapped_column(Instant)
    valid_to: Mapped[datetime | None] = mapped_column(Instant)


class SignedHead(Base):
    """A head that was signed and recorded in the desk's chain; `at` is the moment of signing."""

    __tablename__ = "signed_head"

    stream: Mapped[str] = mapped_column(String(64), primary_key=True)
    sequence: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    hash: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Instant)
    key: Mapped[str] = mapped_column(String(16))
    signature: Mapped[str] = mapped_column(String(88))


class DeskIdentity(Base):
    """The one row that names this desk, a UUID that stands in every signed head."""

    __tablename__ = "desk_identity"
    __table_args__ = {"info": UNJOURNALLED}

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(Instant)
