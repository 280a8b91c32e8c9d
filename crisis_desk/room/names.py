"""Who is behind the ids on a page, read once for all of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from crisis_desk.people.models import Organisation, Person
from crisis_desk.people.queries import people_by_id


@dataclass
class PageNames:
    """Names for one reading at `now`; a person not read in advance is read when she is asked for."""

    session: Session
    now: datetime
    people: dict[str, Person]

    @classmethod
    def of(cls, session: Session, now: datetime, person_ids: Iterable[str | None]) -> PageNames:
        """Reads every named person in one query."""
        names = cls(session, now, {})
        names.read(person_ids)
        return names

    def read(self, person_ids: Iterable[str | None]) -> None:
        """Reads in one query those of the people that are not known yet."""
        wanted = {person_id for person_id in person_ids if person_id} - self.people.keys()
        if wanted:
            self.people.update(people_by_id(self.session, list(wanted)))

    def person(self, person_id: str | None) -> str:
        """The person's name, or an empty text for nobody."""
        found = self.get(person_id)
        return found.name if found is not None else ""

    def get(self, person_id: str | None) -> Person | None:
        """The person, or None for nobody."""
        if person_id is None:
            return None
        if person_id not in self.people:
            self.read([person_id])
        return self.people.get(person_id)

    def organisation(self, organisation_id: str | None) -> Organisation | None:
        """The organisation, or None for nobody; the session remembers what it has read."""
        return self.session.get(Organisation, organisation_id) if organisation_id else None
