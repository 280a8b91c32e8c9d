"""The first entry of every desk: that it was founded, under which id and name."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import uuid4

from sqlalchemy import insert
from sqlalchemy.orm import Session

from crisis_desk.journal.entries import Entry, Recorded, effect, entry
from crisis_desk.journal.models import DeskIdentity
from crisis_desk.journal.streams import DESK
from crisis_desk.journal.transaction import Transaction
from crisis_desk.platform.words import N_


@entry(
    "desk.founded",
    sentence=N_("The desk “%(name)s” was founded"),
    example={"name": "Bàn xử lý khủng hoảng truyền thông"},
)
@dataclass(frozen=True)
class DeskFounded(Entry):
    """The desk exists from now on; its id stands in every signed head."""

    name: str


@effect(DeskFounded)
def desk_founded(session: Session, recorded: Recorded[DeskFounded]) -> None:
    """Keeps the desk's id and name."""
    row = {"id": recorded.subject_id, "name": recorded.data.name, "created_at": recorded.at}
    session.execute(insert(DeskIdentity).values(**row))


def found_desk(tx: Transaction, *, name: str) -> str:
    """Founds the desk and gives its id, a UUID."""
    desk_id = str(uuid4())
    tx.record(DESK, DeskFounded(name), subject=("desk", desk_id))
    return desk_id
