"""Types into a draft until it is killed and prints each number once it was acknowledged: the test's victim."""

from __future__ import annotations

import sys
import threading
from uuid import uuid4

from crisis_desk.journal.transaction import Journal
from crisis_desk.platform.clock import now
from crisis_desk.platform.database import Database
from crisis_desk.statements.draft_room import Drafts
from crisis_desk.statements.draft_store import Change
from tests.statements.draft_documents import draft_of, type_into

lock = threading.Lock()


def type_on(drafts: Drafts, statement_id: str, word: str) -> None:
    """One editor: each change follows the one before, as an editor waits for its acknowledgement."""
    own = draft_of(drafts.open(statement_id).update)
    for turn in range(100_000):
        content = type_into(own, "Đầu", f" {word}{turn}.")
        change = drafts.append(Change(statement_id, content, str(uuid4()), word, word))
        with lock:
            print(change.number, f"{word}{turn}", flush=True)


def main() -> None:
    """Arguments: database URL, statement id."""
    drafts = Drafts(Journal(Database(sys.argv[1]), now))
    writers = [threading.Thread(target=type_on, args=(drafts, sys.argv[2], word)) for word in ("a", "b", "c")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()


if __name__ == "__main__":
    main()
