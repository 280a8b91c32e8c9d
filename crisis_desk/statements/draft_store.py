"""The stored draft. What an editor is told was saved is on disk; what is read comes from here, not from memory alone.

Updates are numbered under the lock of the draft's head and applied in that order everywhere: an editor's changes
must not overtake each other, because the server's Yjs misplaces what comes before its own past.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select, update
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
    number: int = 0
    at: datetime | None = None
    is_repeated: bool = False
    error: DeskError | None = None

    @property
    def is_settled(self) -> bool:
        return bool(self.number) or self.error is not None


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
    head = session.execute(select(DraftHead).where(DraftHead.statement_id == statement_id)).scalar_one_or_none()
    if head is None:
        raise NotFound
    target = head.number if upto is None else upto
    if known is None or known.number > target or not _advance(session, statement_id, known, target):
        known = _from_snapshot(session, statement_id, target)
    known.is_frozen = head.is_frozen
    return known


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
    head.is_frozen = True
    session.flush()
    return text


def thaw(session: Session, statement_id: str) -> None:
    """Opens the draft again, in the transaction that reopens or returns the statement."""
    for head in _lock(session, [statement_id]).values():
        head.is_frozen = False
    session.flush()


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
        elif _accepts(head, change, most_bytes):
            assert head is not None
            head.number, head.size = head.number + 1, head.size + len(change.content)
            change.number, change.at = head.number, at
            stored[key] = (head.number, at)
            rows.append(_row(change))
    if rows:
        session.execute(insert(DraftUpdate), rows)
        _write_heads(session, heads.values())
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


def _lock(session: Session, statement_ids: Sequence[str]) -> dict[str, DraftHead]:
    """The heads, locked in sorted order; SQLite's one writer is locked as a whole."""
    query = select(DraftHead).where(DraftHead.statement_id.in_(statement_ids)).order_by(DraftHead.statement_id)
    fresh = query.with_for_update().execution_options(populate_existing=True)
    return {head.statement_id: head for head in session.execute(fresh).scalars()}


def _accepts(head: DraftHead | None, change: Change, most_bytes: int) -> bool:
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
    query = select(DraftUpdate.statement_id, DraftUpdate.update_id, DraftUpdate.number, DraftUpdate.at).where(
        DraftUpdate.statement_id.in_({change.statement_id for change in changes}),
        DraftUpdate.update_id.in_({change.update_id for change in changes}),
    )
    return {(row.statement_id, row.update_id): (row.number, row.at) for row in session.execute(query)}


def _write_heads(session: Session, heads: Iterable[DraftHead]) -> None:
    for head in heads:
        session.add(head)
    session.flush()


def _note_writers(session: Session, changes: Sequence[Change]) -> None:
    wrote = {(c.statement_id, c.person_id) for c in changes if c.error is None and c.person_id is not None}
    query = select(DraftWriter.statement_id, DraftWriter.person_id).where(
        DraftWriter.statement_id.in_({statement_id for statement_id, _ in wrote})
    )
    known = {(row.statement_id, row.person_id) for row in session.execute(query)} if wrote else set()
    rows = [{"statement_id": statement, "person_id": person} for statement, person in sorted(wrote - known, key=str)]
    if rows:
        session.execute(insert(DraftWriter), rows)


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
