"""Writes to a desk's database from a process that serves nobody."""

from __future__ import annotations

import crisis_desk.features  # noqa: F401  every kind of entry must be known
from crisis_desk.incidents.actions.log import add_note as add
from crisis_desk.incidents.queries import visible
from crisis_desk.journal.entries import Actor
from crisis_desk.journal.streams import incident_stream
from crisis_desk.journal.transaction import Journal
from crisis_desk.people.queries import person_by_email
from crisis_desk.platform.clock import now
from crisis_desk.platform.database import Database


def add_note(folder: str, text: str) -> None:
    """Adds a line to the running exercise as its duty officer."""
    database = Database(f"sqlite:///{folder}/desk.sqlite")
    with database.reading() as session:
        person = person_by_email(session, "duty_officer.stttt@demo.invalid")
        assert person is not None
        incident = visible(session, person, "DT-01")
    actor = Actor(person.id, None, "command")
    with Journal(database, now).transaction(incident_stream(incident.id), actor=actor) as tx:
        add(tx, person=person, incident_id=incident.id, text=text)
    database.close()
