"""What waits for somebody: an answer, a text to be written, signed or released, an incident nobody has taken in hand.

Everybody gets every item; the page shows those whose subject and verb are the reader's own, as it does with controls.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from crisis_desk.incidents.models import Incident, Responder
from crisis_desk.incidents.rules import HANDLERS
from crisis_desk.people.models import Person
from crisis_desk.platform.clock import instant_text
from crisis_desk.room.holders import TextState
from crisis_desk.statements.models import APPROVED, DRAFT, SUBMITTED, Statement

# What a reader is told she may act as: herself, one of her desk roles, such a role in her organisation.
ACT = "act"
ROLES = "roles:desk"
_SIGNERS = ("approver", "verifier", "examiner", "spokesperson")


@dataclass(frozen=True)
class Waiting:
    """One item: `what` is acknowledge, answer, draft, sign or release; `due` the incident's next clock."""

    incident: Incident
    what: str
    key: str
    since: datetime
    due: datetime | None
    subject: str
    verbs: tuple[str, ...]
    statement: Statement | None = None
    responder: Responder | None = None

    @property
    def element_id(self) -> str:
        """The id of its element; another holder or another time makes another element."""
        return f"work-{self.key}-{self.order}"

    @property
    def order(self) -> str:
        """What waits longest comes first."""
        return f"{self.since:%Y%m%d%H%M%S}"


def own_subjects(person: Person) -> dict[str, list[str]]:
    """Which of the items are this person's own, in the form of the verbs of a page."""
    in_organisation = [_in(person.organisation_id, role) for role in person.roles]
    return {f"person:{person.id}": [ACT], ROLES: [*person.roles, *in_organisation]}


def _in(organisation_id: str, role: str) -> str:
    return f"{role}@{organisation_id}"


def waiting_of(
    incident: Incident, text: TextState, responders: Iterable[Responder], due: datetime | None
) -> list[Waiting]:
    """Everything of one incident that waits for somebody."""
    found = [
        Waiting(incident, "answer", r.id, r.assigned_at, due, f"person:{r.person_id}", (ACT,), responder=r)
        for r in responders
    ]
    if incident.acknowledged_at is None:
        key = f"incident-{incident.code}"
        found.append(Waiting(incident, "acknowledge", key, incident.recorded_at, due, ROLES, HANDLERS))
    held = _held(incident, text, due)
    return [*found, held] if held is not None else found


def _held(incident: Incident, text: TextState, due: datetime | None) -> Waiting | None:
    statement = text.statement
    what = {DRAFT: "draft", SUBMITTED: "sign", APPROVED: "release"}.get(statement.state) if statement else None
    if statement is None or what is None:
        return None
    since = text.since or statement.created_at
    subject, verbs = (f"person:{text.holder.id}", (ACT,)) if text.holder is not None else (ROLES, _turn_of(text, what))
    return Waiting(incident, what, statement.id, since, due, subject, verbs, statement=statement)


def _turn_of(text: TextState, what: str) -> tuple[str, ...]:
    holder = {text.organisation.id} if text.organisation is not None else set()
    if what == "sign" or text.statement is None:
        return tuple(_in(body, role) for body in holder for role in _SIGNERS)
    # A spokesperson of the issuer may release as well as one who speaks for the province.
    return tuple(_in(body, "spokesperson") for body in sorted({*holder, text.statement.issuer_id}))


def instant_key(at: datetime | None) -> str:
    """A moment as a key that sorts; nothing sorts last."""
    return instant_text(at) if at is not None else "9999-12-31T00:00:00.000Z"
