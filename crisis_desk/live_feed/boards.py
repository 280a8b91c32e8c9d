"""The rows of everybody's board, and their digest: what a beacon compares."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from crisis_desk.incidents.lists import LIVE
from crisis_desk.incidents.models import Incident
from crisis_desk.incidents.rules import may_see, sees_internal
from crisis_desk.journal.models import StreamHead
from crisis_desk.people.models import Person


@dataclass(frozen=True)
class Digest:
    """How many rows, and the sum of their sequences: no row moves back, so equal digests mean equal boards."""

    rows: int = 0
    total: int = 0

    def with_row(self, sequence: int) -> Digest:
        """The digest of one row more."""
        return Digest(self.rows + 1, self.total + sequence)

    def __str__(self) -> str:
        return f"{self.rows}:{self.total}"


class Boards:
    """Everybody's boards at one moment from one query; most people share the part that is not restricted."""

    def __init__(self, session: Session) -> None:
        query = (
            select(Incident, StreamHead.sequence)
            .join(StreamHead, StreamHead.stream == "incident:" + Incident.id)
            .where(Incident.status.in_(LIVE))
        )
        self._rows = [(incident, sequence) for incident, sequence in session.execute(query).all()]
        self._restricted = [row for row in self._rows if row[0].handling == "restricted"]
        self._shared = Digest()
        for incident, sequence in self._rows:
            if incident.handling != "restricted":
                self._shared = self._shared.with_row(sequence)

    def digest(self, person: Person) -> str:
        """The digest of one person's board."""
        shared = self._shared if sees_internal(person) else Digest()
        rows = self._restricted if sees_internal(person) else self._rows
        for incident, sequence in rows:
            if may_see(person, incident):
                shared = shared.with_row(sequence)
        return str(shared)

    def cards(self, person: Person) -> dict[str, int]:
        """The rows of one person's board: code and the sequence of the incident's last entry."""
        return {incident.code: sequence for incident, sequence in self._rows if may_see(person, incident)}
