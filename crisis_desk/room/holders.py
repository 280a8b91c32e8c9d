"""Who has the text, since when: the one question everybody asks while a statement is under way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from crisis_desk.incidents.models import Incident
from crisis_desk.people.models import FunctionHolder, Organisation, Person
from crisis_desk.people.rules import existed_on
from crisis_desk.platform.clock import PROVINCE
from crisis_desk.room.names import PageNames
from crisis_desk.statements.models import APPROVED, DRAFT, RELEASED, SUBMITTED, Statement


@dataclass(frozen=True)
class TextState:
    """The statement that is under way, or the last one released, and whose hands it is in."""

    statement: Statement | None = None
    holder: Person | None = None
    organisation: Organisation | None = None
    since: datetime | None = None


class Holders:
    """Organisations and the functions they hold at one moment, read in two queries for a whole page."""

    def __init__(self, session: Session, now: datetime) -> None:
        self._organisations = {found.id: found for found in session.scalars(select(Organisation))}
        day = now.astimezone(PROVINCE).date()
        self._functions = {
            holder.function: holder.organisation
            for holder in session.scalars(select(FunctionHolder))
            if existed_on(holder, day)
        }

    def organisation(self, organisation_id: str | None) -> Organisation | None:
        """An organisation by its id."""
        return self._organisations.get(organisation_id or "")

    def of(
        self, function: str | None, statement: Statement, incident: Incident, names: PageNames
    ) -> Organisation | None:
        """The organisation that a step's function means for this text."""
        if function == "issuer":
            return self.organisation(statement.issuer_id)
        if function == "lead_agency":
            return self.organisation(incident.lead_organisation_id)
        if function == "unit":
            creator = names.get(statement.created_by)
            return creator.organisation if creator else None
        if function == "spokesperson":
            return self._functions.get("peoples_committee_office")
        return self._functions.get(function or "")


def text_state(incident: Incident, statements: Sequence[Statement], names: PageNames, holders: Holders) -> TextState:
    """The state of the texts of one incident: the one under way, else the last that was released."""
    under_way = [s for s in statements if s.state in {DRAFT, SUBMITTED, APPROVED}]
    shown = under_way[-1] if under_way else next((s for s in reversed(statements) if s.state == RELEASED), None)
    if shown is None:
        return TextState()
    organisation = holders.of(shown.holder_function, shown, incident, names)
    return TextState(shown, names.get(shown.holder_person_id), organisation, shown.holder_since)
