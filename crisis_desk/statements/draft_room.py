"""The drafts that are open in this process: appended to together, read from the store, merged with."""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import uuid4

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from crisis_desk.journal.transaction import Journal
from crisis_desk.platform.errors import DeskError, Invalid, TooLarge, Unavailable
from crisis_desk.platform.words import _
from crisis_desk.statements import draft_store as store
from crisis_desk.statements.canonical import read_text
from crisis_desk.statements.draft_document import apply_update, empty_draft
from crisis_desk.statements.draft_merge import merge_blocks
from crisis_desk.statements.draft_store import Change, Frozen, Loaded

log = logging.getLogger(__name__)

# Keystrokes that arrive within this time share one commit: nobody notices it, and the disk is asked less often.
GATHER_SECONDS = 0.004
KEPT_OPEN = 64
ID_LENGTH = 64


@dataclass(frozen=True)
class Opened:
    """What an editor lacks, what the store has (so that the editor can send the rest), and up to which number."""

    update: bytes
    vector: bytes
    number: int
    is_frozen: bool


@dataclass(frozen=True)
class GivenText:
    """A draft's canonical text as it was given out."""

    text: str
    text_sha256: str
    number: int


@dataclass
class OpenDraft:
    """A document kept in memory so that reading it costs only what is new in the store; one lock each."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    loaded: Loaded | None = None


class Drafts:
    """Every draft of this process. All state that matters is in the store; this one may end at any moment."""

    def __init__(
        self,
        journal: Journal,
        *,
        most_bytes: int = store.MAX_DOCUMENT_BYTES,
        gather_seconds: float = GATHER_SECONDS,
    ) -> None:
        self.journal = journal
        self._most_bytes = most_bytes
        self._gather = gather_seconds
        self._guard = threading.Lock()
        self._turn = threading.Lock()
        self._waiting: list[Change] = []
        self._open: OrderedDict[str, OpenDraft] = OrderedDict()

    def open(self, statement_id: str, vector: bytes | None = None) -> Opened:
        """What the store has beyond the editor's state vector (None: everything).

        Raises `NotFound`, `Invalid` for a vector that is none, `Unavailable` when the store does not answer: a
        fault of the store never looks like an empty text.
        """
        with self._current(statement_id) as loaded:
            try:
                missing = loaded.draft.get_update(vector or None)
            except ValueError as error:
                raise Invalid(errors={"vector": [_("This is not a state vector.")]}) from error
            return Opened(missing, loaded.draft.get_state(), loaded.number, loaded.is_frozen)

    def append(self, change: Change) -> Change:
        """Stores one change and returns when it is on disk, with its number.

        Raises `Frozen`, `TooLarge`, `Invalid`, `NotFound`, or `Unavailable` when the store does not answer.
        """
        _check(change)
        with self._guard:
            self._waiting.append(change)
        # Whoever has the turn stores everything that waits; the others find their change settled when theirs comes.
        with self._turn:
            if not change.is_settled:
                time.sleep(self._gather)
                self._commit()
        if change.error is not None:
            raise change.error
        if store.is_due(change):
            self._compact(change.statement_id)
        return change

    def give_text(self, statement_id: str) -> GivenText:
        """The present canonical text, remembered for 24 hours as one that a change may start from."""
        with self._current(statement_id) as loaded:
            text, number = loaded.text, loaded.number
        with self._writing("base of a draft's text") as session:
            sha256 = store.remember_base(session, statement_id, text, number, self.journal.clock())
        return GivenText(text, sha256, number)

    def text(self, statement_id: str) -> str:
        """The present canonical text."""
        with self._current(statement_id) as loaded:
            return loaded.text

    def merge(self, statement_id: str, text: str, base_sha256: str, *, person_id: str | None) -> Change:
        """Brings the difference between a text given out earlier and `text` into the draft; returns the change.

        Raises `UnknownBase`, `Frozen`, `Invalid`.
        """
        blocks = read_text(text)
        with self.journal.database.reading() as session:
            base = store.load_base(session, statement_id, base_sha256, self.journal.clock())
        if base.is_frozen:
            raise Frozen
        content = merge_blocks(base.draft, blocks)
        return self.append(Change(statement_id, content, str(uuid4()), "text", person_id))

    def _commit(self) -> None:
        with self._guard:
            batch, self._waiting = self._waiting, []
        try:
            with self.journal.unjournalled_transaction("draft keystrokes") as session:
                store.write(session, batch, self.journal.clock(), most_bytes=self._most_bytes)
        except (SQLAlchemyError, DeskError):
            log.exception("%d changes of drafts could not be stored", len(batch))
            _fail(batch)
        finally:
            _fail([change for change in batch if not change.is_settled])

    def _compact(self, statement_id: str) -> None:
        try:
            with self.journal.unjournalled_transaction("draft compaction") as session:
                store.compact(session, statement_id, self.journal.clock())
        except (SQLAlchemyError, DeskError):
            # The change is stored; the next compaction does this one's work too.
            log.exception("a draft could not be compacted")

    @contextmanager
    def _current(self, statement_id: str) -> Iterator[Loaded]:
        slot = self._slot(statement_id)
        with slot.lock:
            known, slot.loaded = slot.loaded, None
            try:
                with self.journal.database.reading() as session:
                    loaded = store.load(session, statement_id, known)
            except SQLAlchemyError as error:
                raise Unavailable from error
            slot.loaded = loaded
            yield loaded

    @contextmanager
    def _writing(self, reason: str) -> Iterator[Session]:
        try:
            with self.journal.unjournalled_transaction(reason) as session:
                yield session
        except SQLAlchemyError as error:
            raise Unavailable from error

    def _slot(self, statement_id: str) -> OpenDraft:
        with self._guard:
            slot = self._open.setdefault(statement_id, OpenDraft())
            self._open.move_to_end(statement_id)
            while len(self._open) > KEPT_OPEN:
                self._open.popitem(last=False)
            return slot


def _check(change: Change) -> None:
    if not 0 < len(change.update_id) <= ID_LENGTH:
        raise Invalid(errors={"id": [_("An id has between 1 and %(most)s characters.", most=ID_LENGTH)]})
    if len(change.content) > store.MAX_UPDATE_BYTES:
        raise TooLarge
    apply_update(empty_draft(), change.content)


def _fail(changes: list[Change]) -> None:
    for change in changes:
        change.number, change.error = 0, Unavailable()
