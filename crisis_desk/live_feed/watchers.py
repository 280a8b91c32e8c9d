"""Who watches what on this process."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass
class Watcher:
    """One connection: whose it is, in which language she reads, and which rooms it watches with what."""

    connection: str
    person_id: str
    session_id: str
    language: str
    rooms: dict[str, bool] = field(default_factory=dict)


class Watchers:
    """Every watching connection of this process, found by connection, room or person."""

    def __init__(self) -> None:
        self._by_connection: dict[str, Watcher] = {}
        self._by_room: defaultdict[str, set[str]] = defaultdict(set)

    def join(self, watcher: Watcher, room: str, with_fragments: bool) -> None:
        """Notes that the connection watches the room."""
        known = self._by_connection.setdefault(watcher.connection, watcher)
        known.rooms[room] = with_fragments
        self._by_room[room].add(watcher.connection)

    def leave(self, connection: str, room: str) -> None:
        """Notes that the connection does not watch the room any more."""
        watcher = self._by_connection.get(connection)
        if watcher is not None:
            watcher.rooms.pop(room, None)
        self._by_room[room].discard(connection)
        if not self._by_room[room]:
            del self._by_room[room]

    def forget(self, connection: str) -> list[str]:
        """Removes a closed connection and says which rooms it watched."""
        watcher = self._by_connection.pop(connection, None)
        rooms = list(watcher.rooms) if watcher else []
        for room in rooms:
            self._by_room[room].discard(connection)
            if not self._by_room[room]:
                del self._by_room[room]
        return rooms

    def of(self, connection: str) -> Watcher | None:
        """The watcher behind a connection."""
        return self._by_connection.get(connection)

    def in_room(self, room: str) -> list[Watcher]:
        """Everybody who watches the room."""
        return [self._by_connection[c] for c in self._by_room.get(room, ())]

    def rooms(self) -> list[str]:
        """Every room that somebody watches."""
        return list(self._by_room)

    def everybody(self) -> list[Watcher]:
        """Every watcher of this process."""
        return list(self._by_connection.values())


def audience(room: str, language: str, with_fragments: bool) -> str:
    """The name under which those of a room who get the same bytes are reached."""
    return f"{room}|{language}" if with_fragments else f"{room}|plain"


def audiences(watchers: Iterable[Watcher], room: str) -> set[tuple[str, bool]]:
    """The (language, with fragments) pairs that a room's watchers need."""
    return {(w.language, True) if w.rooms.get(room) else ("", False) for w in watchers}
