"""Plays an exercise: each line is the action that person would take, at its moment, so the journal is a real one."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from crisis_desk.demonstration.moments import spoken
from crisis_desk.incidents.actions import incident as incident_actions
from crisis_desk.incidents.actions import log as log_actions
from crisis_desk.incidents.actions import responders as responder_actions
from crisis_desk.incidents.models import Incident
from crisis_desk.incidents.queries import responders_of
from crisis_desk.journal.entries import Actor
from crisis_desk.journal.streams import DESK, incident_stream
from crisis_desk.journal.transaction import Journal, Transaction
from crisis_desk.people.demonstration import SECRET
from crisis_desk.people.models import Organisation, Person
from crisis_desk.people.second_factor import present_code
from crisis_desk.reports.actions import write_section
from crisis_desk.statements.actions import drafting, releasing, signing, submission
from crisis_desk.statements.draft_room import Drafts
from crisis_desk.statements.models import Statement
from crisis_desk.statements.queries import steps_of

Line = dict[str, Any]


@dataclass
class StageClock:
    """The clock of the exercise: it stands where the last line put it, and moves a little with every look."""

    at: datetime

    def __call__(self) -> datetime:
        self.at += timedelta(milliseconds=1)
        return self.at


@dataclass
class Player:
    """Plays one exercise on an empty desk that holds people and organisations."""

    journal: Journal
    clock: StageClock
    people: dict[str, Person]
    bodies: dict[str, Organisation]
    start: datetime
    incident: Incident = field(init=False)
    statements: dict[str, Statement] = field(default_factory=dict)

    def play(self, exercise: dict[str, Any]) -> Incident:
        """Reports the incident and does every line in order."""
        self._report(exercise)
        verbs: dict[str, Callable[[Line, Person], None]] = {
            "acknowledge": self._acknowledge,
            "assign": self._assign,
            "answer": self._answer,
            "status": self._move,
            "severity": self._change_severity,
            "note": self._note,
            "draft": self._draft,
            "edit": self._edit,
            "submit": self._submit,
            "return": self._return,
            "reopen": self._reopen,
            "sign": self._sign,
            "release": self._release,
            "review": self._review,
        }
        for line in exercise["events"]:
            self._move_clock(line["at"])
            verbs[line["do"]](line, self.people[line["who"]])
        return self.incident

    def _move_clock(self, minutes: int) -> None:
        self.clock.at = max(self.clock.at, self.start + timedelta(minutes=minutes))

    def _said(self, text: str) -> str:
        return spoken(text, self.start)

    def _as(self, person: Person) -> AbstractContextManager[Transaction]:
        actor = Actor(person.id, None, "page")
        return self.journal.transaction(DESK, incident_stream(self.incident.id), actor=actor)

    def _report(self, exercise: dict[str, Any]) -> None:
        first = exercise["reported"]
        self._move_clock(first["at"])
        person = self.people[first["who"]]
        with self.journal.transaction(actor=Actor(person.id, None, "page")) as tx:
            self.incident = incident_actions.report_incident(
                tx,
                person=person,
                code=exercise["code"],
                title=exercise["title"],
                kind=exercise["kind"],
                place=exercise["place"],
                severity=exercise["severity"],
                trigger=first["trigger"],
                summary=self._said(first["summary"]),
                line=self._said(first.get("line", "")),
                occurred_at=self.start + timedelta(minutes=first["occurred"]),
                occurred_about=first["about"],
                drill=True,
            )
        lead = self.bodies[exercise["lead"]].id
        coordinator = self.people["dieuphoi"]
        with self._as(coordinator) as tx:
            incident_actions.describe_incident(
                tx,
                person=coordinator,
                incident_id=self.incident.id,
                version=1,
                changes={"lead_organisation_id": lead},
            )

    def _acknowledge(self, _line: Line, person: Person) -> None:
        with self._as(person) as tx:
            responder_actions.acknowledge_incident(tx, person=person, incident_id=self.incident.id)

    def _assign(self, line: Line, person: Person) -> None:
        with self._as(person) as tx:
            responder_actions.assign_responder(
                tx,
                person=person,
                incident_id=self.incident.id,
                person_id=self.people[line["person"]].id,
                role=line["role"],
            )

    def _answer(self, line: Line, person: Person) -> None:
        with self._as(person) as tx:
            mine = [r for r in responders_of(tx.session, self.incident.id) if r.person_id == person.id]
            responder_actions.answer_assignment(
                tx, person=person, responder_id=mine[-1].id, answer=line["answer"], reason=line.get("reason", "")
            )

    def _move(self, line: Line, person: Person) -> None:
        reason = self._said(line.get("reason", ""))
        with self._as(person) as tx:
            incident_actions.change_status(
                tx, person=person, incident_id=self.incident.id, to=line["to"], reason=reason
            )

    def _change_severity(self, line: Line, person: Person) -> None:
        with self._as(person) as tx:
            incident_actions.change_severity(
                tx,
                person=person,
                incident_id=self.incident.id,
                severity=line["to"],
                reason=self._said(line["reason"]),
            )

    def _note(self, line: Line, person: Person) -> None:
        with self._as(person) as tx:
            log_actions.add_note(tx, person=person, incident_id=self.incident.id, text=self._said(line["text"]))

    def _draft(self, line: Line, person: Person) -> None:
        with self._as(person) as tx:
            self.statements[line["key"]] = drafting.create_statement(
                tx,
                person=person,
                incident_id=self.incident.id,
                title=line["title"],
                purpose=line["purpose"],
                text=self._said(line["text"]).strip(),
                issuer_id=self.bodies[line["issuer"]].id,
                signatory_title=line["signatory_title"],
            )

    def _edit(self, line: Line, person: Person) -> None:
        statement, drafts = self.statements[line["key"]], Drafts(self.journal)
        given = drafts.give_text(statement.id)
        changed = given.text.replace(self._said(line["from"]), self._said(line["into"]))
        drafts.merge(statement.id, changed, given.text_sha256, person_id=person.id)

    def _submit(self, line: Line, person: Person) -> None:
        reason = line.get("override")
        overrides = [{"check": "cause", "block": block, "reason": reason} for block in range(20)] if reason else []
        with self._as(person) as tx:
            submission.submit(tx, person=person, statement_id=self.statements[line["key"]].id, overrides=overrides)

    def _return(self, line: Line, person: Person) -> None:
        with self._as(person) as tx:
            signing.return_statement(
                tx, person=person, statement_id=self.statements[line["key"]].id, reason=line["reason"]
            )

    def _reopen(self, line: Line, person: Person) -> None:
        with self._as(person) as tx:
            submission.reopen(tx, person=person, statement_id=self.statements[line["key"]].id, reason=line["reason"])

    def _sign(self, line: Line, person: Person) -> None:
        statement_id = self.statements[line["key"]].id
        with self._as(person) as tx:
            statement = tx.session.get_one(Statement, statement_id)
            step = next(s for s in steps_of(tx.session, statement_id) if s.type == line["step"])
            signing.sign(
                tx,
                person=person,
                statement_id=statement_id,
                step_id=step.id,
                text_sha256=statement.text_sha256 or "",
                second_factor=present_code(SECRET, tx.now),
            )

    def _release(self, line: Line, person: Person) -> None:
        promised = line.get("next")
        with self._as(person) as tx:
            releasing.release_statement(
                tx,
                person=person,
                statement_id=self.statements[line["key"]].id,
                forms=line["forms"],
                second_factor=present_code(SECRET, tx.now),
                next_update_at=self.start + timedelta(minutes=promised) if promised else None,
            )

    def _review(self, line: Line, person: Person) -> None:
        """Writes a section of the review for the first time."""
        with self._as(person) as tx:
            write_section(
                tx,
                person=person,
                incident_id=self.incident.id,
                section=line["section"],
                text=self._said(line["text"]),
                version=0,
            )
