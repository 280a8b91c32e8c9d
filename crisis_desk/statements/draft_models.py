"""Tables of a live draft. Keystrokes are no journal entries: what counts is journalled when a revision is named."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, Integer, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crisis_desk.platform.database import UNJOURNALLED, Base, Instant


class DraftHead(Base):
    """One row a draft. Its lock numbers the updates and orders them against a submission that freezes the draft."""

    __tablename__ = "draft_head"
    __table_args__ = {"info": UNJOURNALLED}

    statement_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    number: Mapped[int] = mapped_column(Integer)
    size: Mapped[int] = mapped_column(Integer)
    is_frozen: Mapped[bool] = mapped_column(Boolean, default=False)


class DraftUpdate(Base):
    """One stored change as the client encoded it. `update_id` is the client's own, so a repeated one is known."""

    __tablename__ = "draft_update"
    __table_args__ = (UniqueConstraint("statement_id", "update_id"), {"info": UNJOURNALLED})

    statement_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    update_id: Mapped[str] = mapped_column(String(64))
    client: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    person_id: Mapped[str | None] = mapped_column(String(36))
    at: Mapped[datetime] = mapped_column(Instant)


class DraftWriter(Base):
    """Who has written in a draft. Kept when old updates are dropped: a writer may not sign what she wrote."""

    __tablename__ = "draft_writer"
    __table_args__ = {"info": UNJOURNALLED}

    statement_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    person_id: Mapped[str] = mapped_column(String(36), primary_key=True)


class DraftSnapshot(Base):
    """The whole document after the update of this number, so that opening need not read every keystroke."""

    __tablename__ = "draft_snapshot"
    __table_args__ = {"info": UNJOURNALLED}

    statement_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    state: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime] = mapped_column(Instant)


class DraftBase(Base):
    """A text that was given out, by its hash: a program that changes it is merged as of this number."""

    __tablename__ = "draft_base"
    __table_args__ = {"info": UNJOURNALLED}

    statement_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    text_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    number: Mapped[int] = mapped_column(Integer)
    at: Mapped[datetime] = mapped_column(Instant)
