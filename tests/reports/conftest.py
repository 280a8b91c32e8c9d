"""The seeded desk of the statements' tests, with somebody who reviews, and incidents that went a known way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from crisis_desk.incidents.actions.incident import change_severity, change_status
from crisis_desk.incidents.actions.log import add_note
from crisis_desk.incidents.actions.responders import acknowledge_incident, assign_responder
from crisis_desk.incidents.models import Incident
from crisis_desk.journal.entries import Actor
from crisis_desk.journal.streams import DESK
from crisis_desk.journal.transaction import Journal
from crisis_desk.people.actions.accounts import invite
from crisis_desk.people.queries import people
from crisis_desk.reports.integrity import integrity_of
from crisis_desk.reports.queries import IncidentRecord, record_of
from crisis_desk.reports.review import Review, review_of
from crisis_desk.statements.actions.signing import return_statement
from crisis_desk.statements.models import Statement
from tests.statements.conftest import Desk, clock, journal, seeded_file

__all__ = ["clock", "journal", "seeded_file"]

COORDINATOR = "coordinator.stttt"
REVIEWER = "post_incident_reviewer.stttt"


class ReportDesk(Desk):
    """The desk with one line for each thing a report tells."""

    def add_reviewer(self) -> None:
        with self.journal.transaction(DESK, actor=Actor(None, via="command")) as tx:
            invite(
                tx, person=None, email=f"{REVIEWER}@desk.invalid", name="Người rà soát", title="Chuyên viên",
                organisation_id=self.organisation_id("STTTT"), roles=["post_incident_reviewer"],
            )  # fmt: skip
        with self.journal.database.reading() as session:
            self.people = {str(person.email).partition("@")[0]: person for person in people(session)}

    def acknowledge(self, incident: Incident) -> None:
        with self.acting(COORDINATOR, incident) as tx:
            acknowledge_incident(tx, person=self[COORDINATOR], incident_id=incident.id)

    def assign(self, incident: Incident, who: str, role: str) -> None:
        with self.acting(COORDINATOR, incident) as tx:
            assign_responder(tx, person=self[COORDINATOR], incident_id=incident.id, person_id=self[who].id, role=role)

    def move(self, incident: Incident, *statuses: str) -> None:
        for status in statuses:
            with self.acting(COORDINATOR, incident) as tx:
                change_status(tx, person=self[COORDINATOR], incident_id=incident.id, to=status, reason="Đã xử lý xong")

    def set_severity(self, incident: Incident, severity: int) -> None:
        with self.acting(COORDINATOR, incident) as tx:
            change_severity(
                tx, person=self[COORDINATOR], incident_id=incident.id, severity=severity, reason="Có người bệnh"
            )

    def note(self, incident: Incident, text: str, **more: Any) -> str:
        with self.acting(COORDINATOR, incident) as tx:
            return add_note(tx, person=self[COORDINATOR], incident_id=incident.id, text=text, **more).id

    def return_text(self, incident: Incident, statement: Statement, reason: str) -> None:
        with self.acting("approver.btgtu", incident) as tx:
            return_statement(tx, person=self["approver.btgtu"], statement_id=statement.id, reason=reason)

    def record(self, incident: Incident) -> IncidentRecord:
        with self.journal.database.reading() as session:
            return record_of(session, session.get_one(Incident, incident.id), self.clock())

    def review(self, incident: Incident, language: str = "vi") -> Review:
        with self.journal.database.reading() as session:
            present = session.get_one(Incident, incident.id)
            integrity = integrity_of(self.journal.database, incident.id)
            return review_of(session, present, self.clock(), language, integrity)


@pytest.fixture
def desk(journal: Journal, clock: Any, tmp_path: Path) -> Iterator[ReportDesk]:
    made = ReportDesk(journal, clock, tmp_path / "served")
    made.add_reviewer()
    yield made
    if "app" in vars(made):
        made.app.extensions["desk"].database.close()
