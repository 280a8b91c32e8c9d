"""The pages of a statement outside drafting as data: what one person sees of it, and what she may do with it now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup
from sqlalchemy.orm import Session

from crisis_desk.incidents.models import Clock, Incident
from crisis_desk.incidents.queries import authorisation_now, clocks_of
from crisis_desk.people.models import Person
from crisis_desk.statements import queries, release, rules
from crisis_desk.statements.approval_sets import approval_sets
from crisis_desk.statements.canonical import from_canonical
from crisis_desk.statements.canonical_forms import to_html
from crisis_desk.statements.checks.next_update import has_token, written_time
from crisis_desk.statements.differences import Change, changes
from crisis_desk.statements.models import APPROVED, FROZEN_STATES, Statement, StatementRevision
from crisis_desk.statements.views import StatementView, StepView, view

GROUP = 4


def grouped(digest: str, groups: int = 2) -> str:
    """The first digits of a hash in groups of four, as they are read out and printed."""
    return " ".join(digest[start : start + GROUP] for start in range(0, groups * GROUP, GROUP))


@dataclass(frozen=True)
class StatementPage:
    """A statement that is submitted, approved or released."""

    shown: StatementView
    steps_name: str
    are_steps_kept: bool
    html: Markup
    may_reopen: bool
    may_settle: bool
    may_release: bool
    forms: list[tuple[str, str]]
    promised: datetime | None
    asks_next_update: bool
    about: Statement | None
    follower: Statement | None
    notices: list[Statement]
    is_stale: bool
    public_code: str

    @property
    def statement(self) -> Statement:
        return self.shown.statement

    @property
    def incident(self) -> Incident:
        return self.shown.incident

    @property
    def held(self) -> list[StepView]:
        """The steps the person holds now."""
        return [step for step in self.shown.steps if step.step.id in self.shown.held]

    @property
    def short_hash(self) -> str:
        return grouped(self.shown.text_sha256)


@dataclass(frozen=True)
class ApprovalPage:
    """A frozen text before one of those who sign it."""

    shown: StatementView
    html: Markup
    step: StepView | None
    why_not: str | None
    since: StatementRevision | None
    changes: list[Change]
    due: Clock | None
    writer: Person | None

    @property
    def statement(self) -> Statement:
        return self.shown.statement

    @property
    def incident(self) -> Incident:
        return self.shown.incident

    @property
    def short_hash(self) -> str:
        return grouped(self.shown.text_sha256)


def statement_page(
    session: Session, person: Person, statement: Statement, incident: Incident, now: datetime, language: str
) -> StatementPage:
    """The page of a statement that the person may see."""
    text = statement.final_text or statement.frozen_text or ""
    shown = view(session, person, statement, incident, text, now)
    province = queries.province_speakers(session, now)
    authorised = authorisation_now(session, incident.id, person.id, now)
    is_ready = rules.is_releasable(statement, incident)
    used = next((one for one in approval_sets() if one.code == statement.approval_set), None)
    return StatementPage(
        shown=shown,
        steps_name=used.name(language) if used else "",
        are_steps_kept=used is not None and 0 < (used.severity or 0) < (statement.steps_severity or 0),
        html=to_html(shown.blocks, statement.language),
        may_reopen=rules.may_reopen(person, statement, incident),
        may_settle=shown.is_outdated and rules.is_submitter(person, incident),
        may_release=is_ready and rules.may_release(person, statement, province, authorised),
        forms=[
            (form.code, form.en if language == "en" else form.vi)
            for form in release.forms_of(incident.rule_set).values()
        ],
        promised=written_time(shown.blocks),
        asks_next_update=statement.state == APPROVED and has_token(shown.blocks),
        about=session.get(Statement, statement.corrects_id) if statement.corrects_id else None,
        follower=session.get(Statement, statement.followed_by) if statement.followed_by else None,
        notices=queries.notices_of(session, incident.id),
        is_stale=release.is_stale(statement, now),
        public_code=release.public_code(incident.code, statement),
    )


def _forms(incident: Incident, language: str) -> list[tuple[str, str]]:
    forms = release.forms_of(incident.rule_set).values()
    return [(form.code, form.en if language == "en" else form.vi) for form in forms]


def approval_page(
    session: Session, person: Person, statement: Statement, incident: Incident, now: datetime, language: str
) -> ApprovalPage:
    """The frozen text as its signer sees it: first what changed since she, or whoever signed, last had it."""
    shown = view(session, person, statement, incident, statement.frozen_text or "", now)
    step = next((one for one in shown.steps if one.step.id in shown.held), None)
    since = queries.revision_before(session, statement, person.id)
    return ApprovalPage(
        shown=shown,
        html=to_html(shown.blocks, statement.language),
        step=step,
        why_not=_why_not(person, shown, step),
        since=since,
        changes=changes(from_canonical(since.text), shown.blocks, language) if since else [],
        due=_next_due(session, incident, now) if statement.state in FROZEN_STATES else None,
        writer=shown.person(statement.submitted_by),
    )


def _why_not(person: Person, shown: StatementView, step: StepView | None) -> str | None:
    """Why the person who holds a step can't sign it herself."""
    if step is None:
        return None
    return rules.why_not_sign(person, shown.statement, step.step, step.organisation)


def _next_due(session: Session, incident: Incident, now: datetime) -> Clock | None:
    """The clock that this text, once released, would meet next."""
    waiting = [c for c in clocks_of(session, incident.id) if c.met_at is None and c.closed_at is None]
    informing = [c for c in waiting if c.code == "promise" or c.code.endswith("first_information")]
    return min(informing, key=lambda clock: clock.due_at, default=None)
