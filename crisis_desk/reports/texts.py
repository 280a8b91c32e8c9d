"""The way of one statement, read from its entries: who held the text how long, what was signed, voided, released."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from crisis_desk.journal.entries import Recorded
from crisis_desk.statements import approval
from crisis_desk.statements import entries as e
from crisis_desk.statements.lists import LINE, WITHDRAWAL
from crisis_desk.statements.models import StatementStep


@dataclass
class Holding:
    """A stretch of time in which the text lay with a person, or with those who hold one or more functions."""

    person: str | None
    functions: tuple[str, ...]
    since: datetime
    until: datetime | None = None


@dataclass
class TextCourse:
    """One statement from its first draft to what became of it."""

    id: str
    number: int
    title: str
    purpose: str
    language: str
    issuer_id: str
    issuer_name: str
    corrects_id: str | None
    created_at: datetime
    created_by: str | None
    submitted: list[datetime] = field(default_factory=list)
    submitted_by: str | None = None
    approved: list[datetime] = field(default_factory=list)
    signed: list[Recorded[e.StatementSigned]] = field(default_factory=list)
    returned: list[Recorded[e.StatementReturned]] = field(default_factory=list)
    reopened: list[Recorded[e.StatementReopened]] = field(default_factory=list)
    voided: int = 0
    released: Recorded[e.StatementReleased] | None = None
    followed: Recorded[Any] | None = None
    holdings: list[Holding] = field(default_factory=list)
    steps: list[StatementStep] = field(default_factory=list)

    @classmethod
    def of(cls, entry: Recorded[e.StatementCreated]) -> TextCourse:
        """The course of a text that was just begun: its author has it."""
        data = entry.data
        return cls(
            entry.subject_id, data.number, data.title, data.purpose, data.language, data.issuer_id, data.issuer_name,
            data.corrects_id, entry.at, entry.person, holdings=[Holding(entry.person, (), entry.at)],
        )  # fmt: skip

    @property
    def code(self) -> str:
        """What the desk calls it within its incident."""
        return f"TB{self.number}"

    @property
    def informs(self) -> bool:
        """Whether its release tells the public something; a withdrawal takes back, a line answers."""
        return self.released is not None and self.purpose not in {WITHDRAWAL, LINE}

    def hold(self, at: datetime, person: str | None, functions: tuple[str, ...]) -> None:
        """From now on the text lies with these; what they had before goes on if it is the same."""
        last = self.holdings[-1]
        if last.until is None and (last.person, last.functions) == (person, functions):
            return
        self.let_go(at)
        self.holdings.append(Holding(person, functions, at))

    def let_go(self, at: datetime) -> None:
        """Nobody holds the text any more."""
        if self.holdings[-1].until is None:
            self.holdings[-1].until = at


def _head_changed(text: TextCourse, entry: Recorded[e.StatementHeadChanged]) -> None:
    for name in ("title", "issuer_id", "issuer_name"):
        setattr(text, name, entry.data.after.get(name, getattr(text, name)))


def _submitted(text: TextCourse, entry: Recorded[e.StatementSubmitted]) -> None:
    text.submitted.append(entry.at)
    text.submitted_by = entry.person
    _take_steps(text, entry)


def _steps_restarted(text: TextCourse, entry: Recorded[e.StepsRestarted]) -> None:
    text.voided += len(entry.data.voided)
    _take_steps(text, entry)


def _take_steps(text: TextCourse, entry: Recorded[Any]) -> None:
    text.steps = [StatementStep(**step) for step in entry.data.steps]
    _hand_on(text, entry.at)


def _signed(text: TextCourse, entry: Recorded[e.StatementSigned]) -> None:
    text.signed.append(entry)
    for step in text.steps:
        if step.id == entry.data.step_id:
            step.signature_id = entry.data.signature_id
    _hand_on(text, entry.at)


def _unanswered(text: TextCourse, entry: Recorded[e.OpinionUnanswered]) -> None:
    for step in text.steps:
        if step.id == entry.data.step_id:
            step.unanswered_at = entry.at
    _hand_on(text, entry.at)


def _hand_on(text: TextCourse, at: datetime) -> None:
    waiting = tuple(dict.fromkeys(step.function for step in approval.waited_for(text.steps)))
    if waiting:
        text.hold(at, None, waiting)


def _approved(text: TextCourse, entry: Recorded[e.StatementApproved]) -> None:
    text.approved.append(entry.at)
    text.hold(entry.at, None, ("spokesperson",))


def _returned(text: TextCourse, entry: Recorded[e.StatementReturned]) -> None:
    text.returned.append(entry)
    _give_back(text, entry)


def _reopened(text: TextCourse, entry: Recorded[e.StatementReopened]) -> None:
    text.reopened.append(entry)
    _give_back(text, entry)


def _give_back(text: TextCourse, entry: Recorded[Any]) -> None:
    text.voided += len(entry.data.voided)
    text.steps = []
    text.hold(entry.at, text.submitted_by, ())


def _released(text: TextCourse, entry: Recorded[e.StatementReleased]) -> None:
    text.released = entry
    text.issuer_name = entry.data.issuer_name
    text.let_go(entry.at)


def _followed(text: TextCourse, entry: Recorded[Any]) -> None:
    text.followed = entry


TEXT_READERS: dict[type, Callable[[TextCourse, Recorded[Any]], None]] = {
    e.StatementHeadChanged: _head_changed,
    e.StatementSubmitted: _submitted,
    e.StepsRestarted: _steps_restarted,
    e.StatementSigned: _signed,
    e.OpinionUnanswered: _unanswered,
    e.StatementApproved: _approved,
    e.StatementReturned: _returned,
    e.StatementReopened: _reopened,
    e.StatementReleased: _released,
    e.StatementSuperseded: _followed,
    e.StatementCorrected: _followed,
    e.StatementWithdrawn: _followed,
}
