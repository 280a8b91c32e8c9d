"""Recognising again, within a second, who was recognised before: for programs and keystrokes, which ask very often.

Everything that takes a right away is an entry of the desk or of the accesses, so as long as both chains stand where
they stood, the person and her rights are as they were. What time alone ends is noticed within a second.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from crisis_desk.people.principals import Principal
from crisis_desk.platform.database import Database

KEPT = timedelta(seconds=1)
MOST = 2_000

Stand = tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class _Known:
    stand: Stand
    until: datetime
    principal: Principal


class Recognition:
    """Keeps, for one process, who was found behind a token or cookie."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: OrderedDict[str, _Known] = OrderedDict()

    def find(self, key: str, now: datetime, load: Callable[[], Principal | None]) -> Principal | None:
        """The person behind `key`, as `load` finds her or as she was found in the last second."""
        stand = self._stand()
        known = self._known.get(key)
        if known is not None and known.stand == stand and now < known.until:
            return known.principal
        found = load()
        if found is None:
            self.forget(key)
            return None
        self._known[key] = _Known(stand, now + KEPT, found)
        while len(self._known) > MOST:
            self._known.popitem(last=False)
        return found

    def forget(self, key: str) -> None:
        """Loads her anew the next time."""
        self._known.pop(key, None)

    def _stand(self) -> Stand:
        connection = self._database.engine.raw_connection()
        try:
            cursor = connection.cursor()
            cursor.execute("SELECT stream, sequence FROM stream_head WHERE stream IN ('desk', 'access')")
            return tuple(sorted(cursor.fetchall()))
        finally:
            connection.close()
