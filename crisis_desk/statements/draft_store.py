"""The stored draft. What an editor is told was saved is on disk; what is read comes from here, not from memory alone.

Updates are numbered under the lock of the draft's head and applied in that order everywhere: an editor's changes
must not overtake each other, because the server's Yjs misplaces what comes before its own past.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import Table, bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from crisis_desk.platform.errors import Conflict, DeskError, NotFound, TooLarge, Unavailable
from crisis_desk.platform.words import N_
from crisis_desk.statements.canonical import canonical, read_text, text_sha256
from crisis_desk.statements.draft_document import Draft, apply_update, empty_draft, new_document, read_blocks
from crisis_desk.statements.draft_models import DraftBase, DraftHead, DraftSnapshot, DraftUpdate, DraftWriter

# A statement is some pages of text; these bounds keep one client from filling the store or everybody's memory.
MAX_UPDATE_BYTES = 600_000
MAX_DOCUMENT_BYTES = 2_000_000
SNAPSHOT_EVERY = 500
# How long a text that was given out can still be changed by its hash, and how long updates are kept for that.
KEPT_FOR = timedelta(hours=24)


_heads = cast(Table, DraftHead.__table__)
_updates = cast(Table, DraftUpdate.__table__)
_writers = cast(Table, DraftWriter.__table__)
_read_head = select(_heads).where(_heads.c.statement_id == bindparam("id"))
_lock_heads = (
    select(_heads)
    .where(_heads.c.statement_id.in_(bindparam("ids", expanding=True)))
    .order_by(_heads.c.statement_id)
    .with_for_update()
)
_move_heads = (
    update(_heads)
    .where(_heads.c.statement_id == bindparam("head_of"))
    .values(number=bindparam("to_number"), size=bindparam("to_size"))
)
_insert_updates = insert(_updates)
_find_ids = select(_updates.c.statement_id, _updates.c.update_id, _updates.c.number, _updates.c.at).where(
    _updates.c.statement_id.in_(bindparam("statements", expanding=True)),
    _updates.c.update_id.in_(bindparam("ids", expanding=True)),
)
_find_writers = select(_writers).where(_writers.c.statement_id.in_(bindparam("statements", expanding=True)))


class Frozen(Conflict):
    """The text is submitted: it does not change while it is being signed."""

    code = "frozen"
    title = N_("This text has been submitted and is frozen. What you typed since is still on your screen.")


class UnknownBase(Conflict):
    """No text with this hash was given out in the last 24 hours."""

    code = "unknown_base"
    title = N_("The text this change starts from is not known here any more. Please read the present text first.")


@dataclass
class Change:
    """One change on its way to the disk, and afterwards what became of it."""

    statement_id: str
    content: bytes
    update_id: str
    client: str = ""
    person_id: str | None = None
    # Looks in the store whether this may be written now, in the transaction that writes it; raises a refusal.
    check: Callable[[Session], None] | None = None
    number: int = 0
    at: datetime | None = None
    is_repeated: bool = False
    error: DeskError | None = None

    @property
    def is_settled(self) -> bool:
        return bool(self.number) or self.error is not None


@dataclass
class Head:
    """Where a draft stands inside this transaction."""

    number: int
    size: int
    is_frozen: bool

    def as_row(self, statement_id: str) -> dict[str, object]:
        return {"head_of": statement_id, "to_number": self.number, "to_size": self.size}


@dataclass
class Loaded:
    """A document as the store has it, up to the update of this number."""

    draft: Draft
    number: int
    is_frozen: bool = False

    @property
    def text(self) -> str:
        """The canonical text."""
        return canonical(read_blocks(self.draft))


def start(session: Session, statement_id: str, text: str, *, person_id: str | None, at: datetime) -> str:
    """Begins the draft of a new statement, in the transaction that creates it; returns its canonical text.

    `text` is canonical, or plain lines with `{{places}}` to be filled in. Raises `Invalid`.
    """
    blocks = read_text(text)
    content = new_document(blocks)
    session.add(DraftHead(statement_id=statement_id, number=0, size=0, is_frozen=False))
    session.flush()
    change = Change(statement_id, content, "start", person_id=person_id)
    write(session, [change], at)
    if change.error is not None:
        raise change.error
    return canonical(blocks)


def load(session: Session, statement_id: str, known: Loaded | None = None, *, upto: int | None = None) -> Loaded:
    """The document as it is stored now, or as it was after the update `upto`. `known` is brought up to date in place.

    Raises `NotFound` for a statement without draft, `Unavailable` when a part of it is missing in the store.
    """
    head = session.connection().execute(_read_head, {"id": statement_id}).one_or_none()
    if head is None:
        raise NotFound
    target = head.number if upto is None else upto
    if known is None or known.number > target or not _advance(session, statement_id, known, target):
        known = _from_snapshot(session, statement_id, target)
    known.is_frozen = head.is_frozen
    return known


def head_of(session: Session, statement_id: str) -> tuple[int, bool]:
    """The number of the last stored change, and whether the draft is frozen. Raises `NotFound`."""
    head = session.connection().execute(_read_head, {"id": statement_id}).one_or_none()
    if head is None:
        raise NotFound
    return head.number, head.is_frozen


def freeze(session: Session, statement_id: str) -> str:
    """Locks the draft in the transaction that submits the statement; returns the canonical text that is now frozen.

    Raises `Frozen` if it is so already. Keystrokes that come later are refused, in whichever process they arrive.
    """
    head = _lock(session, [statement_id]).get(statement_id)
    if head is None:
        raise NotFound
    if head.is_frozen:
        raise Frozen
    text = load(session, statement_id).text
    _set_frozen(session, statement_id, True)
    return text


def thaw(session: Session, statement_id: str) -> None:
    """Opens the draft again, in the transaction that reopens or returns the statement."""
    _lock(session, [statement_id])
    _set_frozen(session, statement_id, False)


def writers(session: Session, statement_id: str) -> list[str]:
    """Ids of everybody who has written in this draft, in a fixed order."""
    query = select(DraftWriter.person_id).where(DraftWriter.statement_id == statement_id)
    return sorted(session.execute(query).scalars())


def write(session: Session, changes: Sequence[Change], at: datetime, *, most_bytes: int = MAX_DOCUMENT_BYTES) -> None:
    """Stores changes in order and tells each its number, or why it was refused. The caller commits.

    A change whose id is stored already keeps its first number: a client may send again what it got no answer for.
    """
    heads = _lock(session, sorted({change.statement_id for change in changes}))
    stored = _stored_ids(session, changes)
    rows = []
    for change in changes:
        head = heads.get(change.statement_id)
        key = (change.statement_id, change.update_id)
        if key in stored:
            change.number, change.at, change.is_repeated = *stored[key], True
        elif _accepts(session, head, change, most_bytes):
            assert head is not None
            head.number, head.size = head.number + 1, head.size + len(change.content)
            change.number, change.at = head.number, at
            stored[key] = (head.number, at)
            rows.append(_row(change))
    if rows:
        session.connection().execute(_insert_updates, rows)
        session.connection().execute(_move_heads, [head.as_row(one) for one, head in heads.items()])
        _note_writers(session, changes)


def remember_base(session: Session, statement_id: str, text: str, number: int, at: datetime) -> str:
    """Notes that this text was given out, so that a program can send a changed one; returns its hash."""
    sha256 = text_sha256(text)
    base = session.get(DraftBase, (statement_id, sha256))
    if base is None:
        session.add(DraftBase(statement_id=statement_id, text_sha256=sha256, number=number, at=at))
    else:
        base.number, base.at = number, at
    return sha256


def load_base(session: Session, statement_id: str, sha256: str, at: datetime) -> Loaded:
    """A copy of the document as it was when the text of this hash was given out. Raises `UnknownBase`."""
    base = session.get(DraftBase, (statement_id, sha256))
    if base is None or base.at < at - KEPT_FOR:
        raise UnknownBase
    try:
        return load(session, statement_id, upto=base.number)
    except Unavailable as error:
        raise UnknownBase from error


def compact(session: Session, statement_id: str, at: datetime) -> None:
    """Stores the whole document, and drops what lies before the youngest snapshot older than the time kept."""
    loaded = load(session, statement_id)
    state = loaded.draft.get_update()
    if session.get(DraftSnapshot, (statement_id, loaded.number)) is None:
        session.add(DraftSnapshot(statement_id=statement_id, number=loaded.number, state=state, at=at))
    behind = _size_behind(session, statement_id, loaded.number)
    session.execute(update(DraftHead).where(DraftHead.statement_id == statement_id).values(size=len(state) + behind))
    _drop_past(session, statement_id, at - KEPT_FOR)


def is_due(change: Change) -> bool:
    """Whether this change is one after which the draft is compacted."""
    return change.number % SNAPSHOT_EVERY == 0 and not change.is_repeated


# ---- rows ----------------------------------------------------------------------------------------------------------


def _lock(session: Session, statement_ids: Sequence[str]) -> dict[str, Head]:
    """The heads, locked in sorted order; SQLite's one writer is locked as a whole."""
    rows = session.connection().execute(_lock_heads, {"ids": list(statement_ids)})
    return {row.statement_id: Head(row.number, row.size, row.is_frozen) for row in rows}


def _accepts(session: Session, head: Head | None, change: Change, most_bytes: int) -> bool:
    try:
        if change.check is not None:
            change.check(session)
    except DeskError as error:
        change.error = error
        return False
    if head is None:
        change.error = NotFound()
    elif head.is_frozen:
        change.error = Frozen()
    elif len(change.content) > MAX_UPDATE_BYTES or head.size + len(change.content) > most_bytes:
        change.error = TooLarge(
            N_("This text is longer than a statement may be. It was not stored; it is still on your screen.")
        )
    return change.error is None


def _row(change: Change) -> dict[str, object]:
    return {
        "statement_id": change.statement_id,
        "number": change.number,
        "update_id": change.update_id,
        "client": change.client,
        "content": change.content,
        "person_id": change.person_id,
        "at": change.at,
    }


def _stored_ids(session: Session, changes: Sequence[Change]) -> dict[tuple[str, str], tuple[int, datetime]]:
    asked = {
        "statements": list({change.statement_id for change in changes}),
        "ids": list({change.update_id for change in changes}),
    }
    rows = session.connection().execute(_find_ids, asked)
    return {(row.statement_id, row.update_id): (row.number, row.at) for row in rows}


def _note_writers(session: Session, changes: Sequence[Change]) -> None:
    wrote = {(c.statement_id, c.person_id) for c in changes if c.error is None and c.person_id is not None}
    if not wrote:
        return
    asked = {"statements": list({statement_id for statement_id, _ in wrote})}
    known = {(row.statement_id, row.person_id) for row in session.connection().execute(_find_writers, asked)}
    rows = [{"statement_id": statement, "person_id": person} for statement, person in sorted(wrote - known)]
    if rows:
        session.connection().execute(insert(DraftWriter), rows)


def _set_frozen(session: Session, statement_id: str, is_frozen: bool) -> None:
    change = update(_heads).where(_heads.c.statement_id == statement_id).values(is_frozen=is_frozen)
    session.connection().execute(change)


def _advance(session: Session, statement_id: str, known: Loaded, target: int) -> bool:
    """Applies what is newer; False if a part of it has been dropped and only a snapshot holds it."""
    query = (
        select(DraftUpdate.number, DraftUpdate.content)
        .where(DraftUpdate.statement_id == statement_id, DraftUpdate.number.between(known.number + 1, target))
        .order_by(DraftUpdate.number)
    )
    rows = session.execute(query).all()
    if len(rows) != target - known.number:
        return False
    for row in rows:
        apply_update(known.draft, row.content)
        known.number = row.number
    return True


def _from_snapshot(session: Session, statement_id: str, target: int) -> Loaded:
    query = (
        select(DraftSnapshot.number, DraftSnapshot.state)
        .where(DraftSnapshot.statement_id == statement_id, DraftSnapshot.number <= target)
        .order_by(DraftSnapshot.number.desc())
        .limit(1)
    )
    loaded = Loaded(empty_draft(), 0)
    snapshot = session.execute(query).one_or_none()
    if snapshot is not None:
        apply_update(loaded.draft, snapshot.state)
        loaded.number = snapshot.number
    if not _advance(session, statement_id, loaded, target):
        raise Unavailable
    return loaded


def _size_behind(session: Session, statement_id: str, number: int) -> int:
    query = select(DraftUpdate.content).where(DraftUpdate.statement_id == statement_id, DraftUpdate.number > number)
    return sum(len(content) for content in session.execute(query).scalars())


def _drop_past(session: Session, statement_id: str, before: datetime) -> None:
    query = (
        select(DraftSnapshot.number)
        .where(DraftSnapshot.statement_id == statement_id, DraftSnapshot.at < before)
        .order_by(DraftSnapshot.number.desc())
        .limit(1)
    )
    number = session.execute(query).scalar()
    if number is None:
        return
    session.execute(delete(DraftUpdate).where(DraftUpdate.statement_id == statement_id, DraftUpdate.number <= number))
    for model in (DraftSnapshot, DraftBase):
        session.execute(delete(model).where(model.statement_id == statement_id, model.number < number))
