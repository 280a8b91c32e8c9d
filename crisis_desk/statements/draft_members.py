"""Who is at which draft through this process. Kept in memory only: whoever comes back says so anew."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from pycrdt import Decoder
from sqlalchemy import select
from sqlalchemy.orm import Session

from crisis_desk.incidents.models import Incident
from crisis_desk.incidents.rules import may_see
from crisis_desk.people.principals import open_sessions
from crisis_desk.people.queries import people_by_id
from crisis_desk.platform.clock import Clock
from crisis_desk.platform.errors import Invalid, TooLarge
from crisis_desk.platform.words import _
from crisis_desk.statements.models import Statement

MAX_PRESENCE_BYTES = 4_000


@dataclass
class Member:
    """A connection at a draft; `client` is the editor's own number, once it has told it."""

    connection: str
    statement_id: str
    person_id: str
    session_id: str
    client: int | None = None


class Members:
    """The connections of this process by draft."""

    def __init__(self) -> None:
        self._members: dict[tuple[str, str], Member] = {}

    def __len__(self) -> int:
        return len(self._members)

    def join(self, member: Member) -> Member:
        """Notes a connection at a draft; a repeated one keeps what is known of it."""
        return self._members.setdefault((member.connection, member.statement_id), member)

    def get(self, connection: str, statement_id: str) -> Member | None:
        """The connection at this draft, if it has opened it."""
        return self._members.get((connection, statement_id))

    def leave(self, connection: str, statement_id: str) -> Member | None:
        """Forgets a connection at a draft and returns what was known of it."""
        return self._members.pop((connection, statement_id), None)

    def of(self, connection: str) -> list[Member]:
        """Every draft that a connection has open."""
        return [member for member in self._members.values() if member.connection == connection]

    def without_right(self, session: Session, clock: Clock) -> list[Member]:
        """Those who may not see the draft's incident any more, or whose session has ended."""
        everybody = list(self._members.values())
        people = people_by_id(session, [member.person_id for member in everybody])
        opened = open_sessions(session, {member.session_id for member in everybody}, clock())
        incidents = dict(_incidents(session, {member.statement_id for member in everybody}))
        return [
            member
            for member in everybody
            if (person := people.get(member.person_id)) is None
            or not person.active
            or member.session_id not in opened
            or (incident := incidents.get(member.statement_id)) is None
            or not may_see(person, incident)
        ]


def presence_client(state: bytes) -> int:
    """The editor's number in a presence message. Raises `Invalid` for one that speaks for several or for none.

    The bytes are an awareness update of y-protocols: how many clients, then number, clock and JSON of each.
    """
    if len(state) > MAX_PRESENCE_BYTES:
        raise TooLarge
    decoder = Decoder(state)
    try:
        count, client = decoder.read_var_uint(), decoder.read_var_uint()
    except (IndexError, ValueError) as error:
        raise _unreadable() from error
    if count != 1:
        raise _unreadable()
    return int(client)


def _unreadable() -> Invalid:
    return Invalid(errors={"state": [_("This is not the presence of one editor.")]})


def _incidents(session: Session, statement_ids: Collection[str]) -> Iterator[tuple[str, Incident]]:
    query = select(Statement.id, Incident).join(Incident, Incident.id == Statement.incident_id)
    found = session.execute(query.where(Statement.id.in_(statement_ids)))
    return ((statement_id, incident) for statement_id, incident in found)
