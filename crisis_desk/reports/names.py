"""Who is behind the ids in a report, and how long spans and moments are called on paper."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from crisis_desk.journal.entries import Recorded
from crisis_desk.people.models import Organisation, Person
from crisis_desk.people.queries import holder_of, people_by_id
from crisis_desk.platform.clock import PROVINCE
from crisis_desk.platform.words import N_, translate, translate_plural
from crisis_desk.statements.lists import HOLDERS


@dataclass
class ReportNames:
    """People and organisations read once for a report; `now` is the day on which times need no date."""

    session: Session
    now: datetime
    people: dict[str, Person]
    language: str
    holders: dict[tuple[str, date], Organisation | None] = field(default_factory=dict)

    @classmethod
    def of(cls, session: Session, entries: Iterable[Recorded[Any]], now: datetime, language: str) -> ReportNames:
        """Reads everybody whom the entries name in one query."""
        ids = {key for entry in entries for key in (entry.person, getattr(entry.data, "person_id", None)) if key}
        return cls(session, now, people_by_id(session, sorted(ids)) if ids else {}, language)

    def on(self, at: datetime) -> ReportNames:
        """The same names for a sentence that is read on the day of `at`."""
        return replace(self, now=at)

    def get(self, person_id: str | None) -> Person | None:
        """The person, or None for nobody."""
        if person_id is None:
            return None
        return self.people.get(person_id) or self.session.get(Person, person_id)

    def person(self, person_id: str | None) -> str:
        """The person's name, or an empty text for nobody."""
        found = self.get(person_id)
        return found.name if found is not None else ""

    def organisation(self, organisation_id: str | None) -> Organisation | None:
        """The organisation with this id."""
        return self.session.get(Organisation, organisation_id) if organisation_id else None

    def name_of(self, organisation_id: str | None) -> str:
        """An organisation's name in the report's language, or an empty text."""
        found = self.organisation(organisation_id)
        return found.name(self.language) if found is not None else ""

    def function(self, function: str, at: datetime) -> str:
        """Who held a function at that moment; for a function of the text itself its own name."""
        key = (function, at.astimezone(PROVINCE).date())
        if key not in self.holders:
            self.holders[key] = holder_of(self.session, function, at)
        holder = self.holders[key]
        if holder is not None:
            return holder.name(self.language)
        return translate(HOLDERS[function], self.language) if function in HOLDERS else function


def span(seconds: int, language: str) -> str:
    """A length of time as papers write it: 1 giờ 38 phút, whole minutes rounded down."""
    whole = timedelta(seconds=abs(seconds))
    minutes = whole.seconds % 3600 // 60
    if whole < timedelta(minutes=1):
        return translate(N_("under one minute"), language)
    parts = [
        (whole.days, translate_plural(N_("%(num)s day"), N_("%(num)s days"), whole.days, language)),
        (
            whole.seconds // 3600,
            translate_plural(N_("%(num)s hour"), N_("%(num)s hours"), whole.seconds // 3600, language),
        ),
        (
            minutes,
            translate_plural(N_("%(minutes)s minute"), N_("%(minutes)s minutes"), minutes, language, minutes=minutes),
        ),
    ]
    return " ".join(text for count, text in parts if count)
