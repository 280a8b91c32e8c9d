"""A request that arrives twice is answered twice and done once."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import Integer, String, Text, delete, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from crisis_desk.platform.database import UNJOURNALLED, Base, Instant
from crisis_desk.platform.errors import Conflict
from crisis_desk.platform.words import N_

KEPT = timedelta(days=7)


class KeptAnswer(Base):
    """The answer to a request, under the key its sender chose; written in the transaction it answers for."""

    __tablename__ = "kept_answer"
    __table_args__ = {"info": UNJOURNALLED}

    person_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    path: Mapped[str] = mapped_column(String(200), primary_key=True)
    key: Mapped[str] = mapped_column(String(100), primary_key=True)
    request_hash: Mapped[str] = mapped_column(String(64))
    status: Mapped[int] = mapped_column(Integer)
    body: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Instant, index=True)


def request_hash(body: bytes) -> str:
    """What tells whether two requests under one key are the same."""
    return sha256(body).hexdigest()


def kept_answer(session: Session, person_id: str, path: str, key: str, body_hash: str) -> KeptAnswer | None:
    """The answer given before under this key. Raises `Conflict` when the key came with another body."""
    query = select(KeptAnswer).where(KeptAnswer.person_id == person_id, KeptAnswer.path == path, KeptAnswer.key == key)
    kept = session.scalars(query).one_or_none()
    if kept is not None and kept.request_hash != body_hash:
        raise Conflict(N_("This Idempotency-Key was used for another request. Use a new key for a new request."))
    return kept


def keep_answer(
    session: Session, person_id: str, path: str, key: str, body_hash: str, status: int, body: str, at: datetime
) -> None:
    """Keeps the answer for seven days."""
    session.execute(
        insert(KeptAnswer).values(
            person_id=person_id, path=path, key=key, request_hash=body_hash, status=status, body=body, at=at
        )
    )


def forget_answers(session: Session, now: datetime) -> None:
    """Removes what is older than seven days."""
    session.execute(delete(KeptAnswer).where(KeptAnswer.at < now - KEPT))
