"""The seeded desk of the statements' tests, and what board and room ask of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from crisis_desk.incidents.actions.incident import report_incident
from crisis_desk.incidents.actions.log import add_note
from crisis_desk.incidents.models import Incident, LogNote
from tests.statements.conftest import Desk, clock, desk, journal, seeded_file

__all__ = ["clock", "counted", "desk", "journal", "note", "report", "seeded_file"]


def report(desk: Desk, title: str = "Cháy chợ Thử", who: str = "duty_officer.stttt", **values: Any) -> Incident:
    """A new incident."""
    with desk.acting(who) as tx:
        return report_incident(tx, person=desk[who], title=title, **({"severity": 2} | values))


def note(desk: Desk, incident: Incident, text: str, who: str = "coordinator.stttt", **values: Any) -> LogNote:
    """A line of the log."""
    with desk.acting(who, incident) as tx:
        return add_note(tx, person=desk[who], incident_id=incident.id, text=text, **values)


@contextmanager
def counted(desk: Desk) -> Iterator[list[str]]:
    """The statements that are sent to the database within."""
    sent: list[str] = []

    def note_statement(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        sent.append(statement)

    engine = desk.journal.database.engine
    event.listen(engine, "before_cursor_execute", note_statement)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note_statement)
