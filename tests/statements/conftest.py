"""A seeded desk on each engine, with an open drill or incident, and the people of the exercise to write and sign."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

import crisis_desk.features  # noqa: F401  every table and effect must be known
from crisis_desk.application import create_app
from crisis_desk.config import Config
from crisis_desk.incidents.actions.incident import change_status, describe_incident, report_incident
from crisis_desk.incidents.models import Incident
from crisis_desk.journal.entries import Actor, Via
from crisis_desk.journal.streams import DESK, incident_stream
from crisis_desk.journal.transaction import Journal, Transaction
from crisis_desk.people.actions.accounts import invite
from crisis_desk.people.actions.organisations import add_organisation, assign_function
from crisis_desk.people.models import Organisation, Person
from crisis_desk.people.principals import EVERY_SCOPE, Principal
from crisis_desk.people.queries import organisation_by_code, people
from crisis_desk.people.second_factor import present_code
from crisis_desk.people.secret_models import Credentials
from crisis_desk.platform.database import Database
from crisis_desk.platform.migrate import upgrade
from crisis_desk.statements import approval, queries
from crisis_desk.statements.actions import drafting, releasing, signing, submission
from crisis_desk.statements.draft_room import Drafts
from crisis_desk.statements.models import Statement, StatementStep
from tests.journal_checks import check_replay
from tests.people.conftest import SECRET, SetClock

BODIES = {
    "SYT": ("Sở Y tế", "Department of Health", "Giám đốc"),
    "STTTT": ("Sở Thông tin và Truyền thông", "Department of Information and Communications", "Giám đốc"),
    "BTGTU": ("Ban Tuyên giáo Tỉnh ủy", "Propaganda Board", "Trưởng ban"),
    "VPUB": ("Văn phòng UBND tỉnh", "Office of the People's Committee", "Chánh Văn phòng"),
    "UBND": ("UBND tỉnh", "People's Committee", "Chủ tịch"),
}
FUNCTIONS = {
    "press_authority": "STTTT",
    "propaganda_board": "BTGTU",
    "peoples_committee": "UBND",
    "peoples_committee_office": "VPUB",
}
# Each plays what stands before the dot for the organisation behind it.
PARTS = (
    "duty_officer.stttt coordinator.stttt drafter.stttt approver.stttt press_desk.stttt auditor.stttt "
    "administrator.stttt spokesperson.stttt drafter.btgtu approver.btgtu verifier.syt approver.syt drafter.syt "
    "coordinator.syt spokesperson.syt focal_point.syt approver.vpub spokesperson.vpub"
)

TEXT = """h1\tTHÔNG TIN BAN ĐẦU về việc một số người lao động có biểu hiện nghi ngộ độc thực phẩm
p\tTính đến 21 giờ 35, 37 người đã được thăm khám. Chưa ghi nhận trường hợp nặng hoặc tử vong.
p\tNguyên nhân chưa được kết luận.
p\tThông tin tiếp theo trước 23 giờ 30 ngày 12/5/2023, kể cả khi chưa có diễn biến mới."""


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


def _lay_out(url: str) -> None:
    database = Database(url)
    upgrade(database)
    with Journal(database, SetClock()).transaction(DESK, actor=Actor(None, via="command")) as tx:
        bodies = {
            code: add_organisation(
                tx, person=None, code=code, name_vi=vi, name_en=en, head_title=head, kind="department"
            )
            for code, (vi, en, head) in BODIES.items()
        }
        for function, code in FUNCTIONS.items():
            assign_function(tx, person=None, function=function, to=bodies[code], valid_from=None)
        for part in PARTS.split():
            _add(tx, part, bodies)
    database.close()


def _add(tx: Transaction, part: str, bodies: dict[str, Organisation]) -> None:
    role, _, code = part.partition(".")
    account = invite(
        tx, person=None, email=f"{part}@desk.invalid", name=f"Người {part}", title=f"Chức vụ {part}",
        organisation_id=bodies[code.upper()].id, roles=[role],
    )  # fmt: skip
    tx.session.get_one(Credentials, account.id).totp_secret = SECRET


@pytest.fixture(scope="session")
def seeded_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("seeded") / "desk.sqlite"
    _lay_out(f"sqlite:///{path}")
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def journal(request: pytest.FixtureRequest, clock: SetClock, tmp_path: Path) -> Iterator[Journal]:
    """The journal of a seeded desk; after the test its replay must give the same rows."""
    if request.param == "sqlite":
        copy = tmp_path / "desk.sqlite"
        shutil.copy(request.getfixturevalue("seeded_file"), copy)
        url = f"sqlite:///{copy}"
    else:
        url = request.getfixturevalue("postgresql").copy_of("statements", _lay_out)
    database = Database(url)
    made = Journal(database, clock)
    yield made
    check_replay(made)
    database.close()
    if request.param == "postgresql":
        request.getfixturevalue("postgresql").drop_database(url)


class Desk:
    """The seeded desk as tests play on it: people by their part, and one line for each step of a text's way."""

    def __init__(self, journal: Journal, clock: SetClock, folder: Path) -> None:
        self.journal = journal
        self.clock = clock
        self.folder = folder
        with journal.database.reading() as session:
            self.people = {str(p.email).partition("@")[0]: p for p in people(session)}
            self.organisations = {code: organisation_by_code(session, code) for code in BODIES}

    def browser(
        self, part: str | None = None, *, via: Via = "api", scopes: frozenset[str] = EVERY_SCOPE
    ) -> FlaskClient:
        """What this person's program or browser sends requests with; None is somebody who is not signed in."""
        app = self.app
        asking = Principal(self[part], f"session of {part}", via, scopes, None) if part else None
        app.extensions["desk"].authenticate = lambda: asking
        return app.test_client()

    @cached_property
    def app(self) -> Flask:
        """The desk as it is served, on this very database."""
        url = self.journal.database.url.render_as_string(hide_password=False)
        return create_app(Config(data=self.folder, database_url=url), clock=self.clock)

    def __getitem__(self, part: str) -> Person:
        return self.people[part]

    def organisation_id(self, code: str) -> str:
        found = self.organisations[code]
        assert found is not None
        return found.id

    @contextmanager
    def acting(self, part: str, incident: Incident | None = None) -> Iterator[Transaction]:
        streams = [incident_stream(incident.id)] if incident else []
        with self.journal.transaction(DESK, *streams, actor=Actor(self[part].id, None, "page")) as tx:
            yield tx

    def code(self) -> str:
        """What a device shows; half a minute later, so that it was not used before."""
        self.clock.pass_by(seconds=30)
        return present_code(SECRET, self.clock())

    def incident(self, *, severity: int = 3, drill: bool = False, handling: str = "internal") -> Incident:
        who = self["coordinator.stttt"]
        with self.acting("coordinator.stttt") as tx:
            made = report_incident(
                tx, person=who, title="Nghi ngộ độc thực phẩm tại bếp ăn", kind="food_poisoning", severity=severity,
                trigger="harm", place="KCN Phú Lộc Giang", drill=drill, occurred_at=self.clock(),
                handling=handling, handling_reason="Bảo vệ người bệnh" if handling == "restricted" else None,
            )  # fmt: skip
            change_status(tx, person=who, incident_id=made.id, to="open")
            describe_incident(
                tx, person=who, incident_id=made.id, version=made.version,
                changes={"lead_organisation_id": self.organisation_id("SYT")},
            )  # fmt: skip
        return made

    def statement(self, incident: Incident, *, who: str = "drafter.stttt", text: str = TEXT, **more: Any) -> Statement:
        values = {"title": "Thông tin ban đầu", "purpose": "holding", "text": text} | more
        with self.acting(who, incident) as tx:
            return drafting.create_statement(tx, person=self[who], incident_id=incident.id, **values)

    def submit(self, incident: Incident, statement: Statement, *, who: str = "drafter.stttt", **more: Any) -> Statement:
        with self.acting(who, incident) as tx:
            return submission.submit(tx, person=self[who], statement_id=statement.id, **more)

    def sign(self, incident: Incident, statement: Statement, type_: str, who: str, **more: Any) -> Statement:
        values = {
            "step_id": self.step(statement, type_).id,
            "text_sha256": self.present(statement).text_sha256,
            "second_factor": self.code(),
        } | more
        with self.acting(who, incident) as tx:
            return signing.sign(tx, person=self[who], statement_id=statement.id, **values)

    def sign_all(self, incident: Incident, statement: Statement) -> None:
        self.sign(incident, statement, "confirm_figures", "approver.syt")
        self.sign(incident, statement, "opinion", "approver.btgtu")
        self.sign(incident, statement, "approve", "approver.stttt")

    def release(
        self, incident: Incident, statement: Statement, who: str = "spokesperson.vpub", **more: Any
    ) -> Statement:
        values = {"forms": ["portal", "press_release"], "second_factor": self.code()} | more
        with self.acting(who, incident) as tx:
            return releasing.release_statement(tx, person=self[who], statement_id=statement.id, **values)

    def released(self, incident: Incident, **more: Any) -> Statement:
        """A statement that went all the way."""
        statement = self.statement(incident, **more)
        self.submit(incident, statement)
        self.sign_all(incident, statement)
        return self.release(incident, statement)

    def present(self, statement: Statement) -> Statement:
        with self.journal.database.reading() as session:
            return session.get_one(Statement, statement.id)

    def steps(self, statement: Statement) -> list[StatementStep]:
        with self.journal.database.reading() as session:
            return queries.steps_of(session, statement.id)

    def step(self, statement: Statement, type_: str) -> StatementStep:
        return next(step for step in self.steps(statement) if step.type == type_)

    def waiting(self, statement: Statement) -> list[str]:
        return [step.type for step in approval.waited_for(self.steps(statement))]


@pytest.fixture
def desk(journal: Journal, clock: SetClock, tmp_path: Path) -> Iterator[Desk]:
    made = Desk(journal, clock, tmp_path)
    yield made
    if "app" in vars(made):
        made.app.extensions["desk"].database.close()


def type_over(desk: Desk, statement: Statement, text: str, who: str) -> None:
    """Somebody's keystrokes, as the draft keeps them."""
    drafts = Drafts(desk.journal, gather_seconds=0)
    base = drafts.give_text(statement.id)
    drafts.merge(statement.id, text, base.text_sha256, person_id=desk[who].id)
