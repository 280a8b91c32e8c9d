"""A real desk in a process of its own, with one incident, one draft and people who are signed in already."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from playwright.sync_api import BrowserContext
from sqlalchemy.orm import Session

import crisis_desk.features  # noqa: F401  every table and effect must be known
from crisis_desk.incidents.actions.incident import change_status, describe_incident, report_incident
from crisis_desk.journal.entries import Actor
from crisis_desk.journal.identity import found_desk
from crisis_desk.journal.streams import ACCESS, DESK, incident_stream
from crisis_desk.journal.transaction import Journal, Transaction
from crisis_desk.people.actions.accounts import change_roles, invite
from crisis_desk.people.actions.organisations import add_organisation, assign_function
from crisis_desk.people.actions.sessions import end_session
from crisis_desk.people.models import Organisation, Person
from crisis_desk.people.secret_models import DeskSession
from crisis_desk.people.signed_in import COOKIE
from crisis_desk.people.tokens import hash_of, new_token
from crisis_desk.platform.clock import now
from crisis_desk.platform.database import Database
from crisis_desk.platform.migrate import upgrade
from crisis_desk.statements.actions import drafting, submission
from crisis_desk.statements.draft_room import Drafts
from tests.servers import free_port

HOUSE = Path(__file__).resolve().parents[2]
DRAFTING = ("drafter", "coordinator")
PEOPLE = {
    "thao": ("Vũ Ngọc Thảo", DRAFTING),
    "ha": ("Lý Thu Hà", DRAFTING),
    "quan": ("Người quản trị", ("administrator",)),
}
TEXT = "h1\tTHÔNG TIN BAN ĐẦU\np\tTính đến 21 giờ 35, 37 người được khám.\np\tGọi 115 khi có biểu hiện."
STARTS_WITHIN = 180.0


@dataclass
class DraftDesk:
    """The desk of one test. `start` and `kill` are the server's; the rest acts on its database from outside."""

    folder: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None
    people: dict[str, Person] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    sessions: dict[str, str] = field(default_factory=dict)
    incident_id: str = ""
    statement_id: str = ""

    def __post_init__(self) -> None:
        self.database = Database(f"sqlite:///{self.folder / 'desk.sqlite'}")
        self.journal = Journal(self.database, now)
        self.drafts = Drafts(self.journal, gather_seconds=0)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def page(self) -> str:
        return f"{self.address}/statements/{self.statement_id}/draft"

    @property
    def text(self) -> str:
        """The canonical text as it is on disk."""
        return self.drafts.text(self.statement_id)

    def lay_out(self, text: str = TEXT) -> None:
        upgrade(self.database)
        with self.journal.transaction(DESK, actor=Actor(None, via="command")) as tx:
            found_desk(tx, name="Bàn thử")
            body = add_organisation(
                tx, person=None, code="STTTT", name_vi="Sở Thông tin và Truyền thông", name_en="Department",
                head_title="Giám đốc", kind="department",
            )  # fmt: skip
            for function in ("press_authority", "propaganda_board", "peoples_committee_office"):
                assign_function(tx, person=None, function=function, to=body, valid_from=None)
            for key in PEOPLE:
                self._add_person(tx, key, body)
        self._open_incident()
        self.begin(text)

    def _add_person(self, tx: Transaction, key: str, body: Organisation) -> None:
        name, roles = PEOPLE[key]
        account = invite(
            tx, person=None, email=f"{key}@desk.invalid", name=name, title="Chuyên viên",
            organisation_id=body.id, roles=roles,
        )  # fmt: skip
        self.people[key] = account
        self.sign_in(key, tx.session)

    def sign_in(self, key: str, session: Session) -> None:
        self.tokens[key], self.sessions[key] = new_token(), str(uuid4())
        at = now()
        session.add(
            DeskSession(
                id=self.sessions[key], token_hash=hash_of(self.tokens[key]), person_id=self.people[key].id, device="",
                opened_at=at, last_seen_at=at, ends_at=at + timedelta(days=1), second_factor_at=at,
            )
        )  # fmt: skip

    def _open_incident(self) -> None:
        who = self.people["thao"]
        with self.journal.transaction(DESK, actor=Actor(who.id, None, "page")) as tx:
            incident = report_incident(tx, person=who, title="Nghi ngộ độc thực phẩm", severity=3, trigger="harm")
            change_status(tx, person=who, incident_id=incident.id, to="open")
            changes = {"lead_organisation_id": who.organisation_id}
            describe_incident(tx, person=who, incident_id=incident.id, version=incident.version, changes=changes)
        self.incident_id = incident.id

    def begin(self, text: str = TEXT) -> None:
        """Another draft, on which the test works from now on."""
        who = self.people["thao"]
        with self.journal.transaction(incident_stream(self.incident_id), actor=Actor(who.id, None, "page")) as tx:
            made = drafting.create_statement(
                tx, person=who, incident_id=self.incident_id, title="Thông tin ban đầu", purpose="holding", text=text
            )
        self.statement_id = made.id

    def start(self) -> None:
        """Starts the server and waits until it answers."""
        settings = {"CRISIS_DESK_DATA": str(self.folder), "CRISIS_DESK_PORT": str(self.port)}
        environment = {**os.environ, "PYTHONPATH": str(HOUSE), **settings}
        log = (self.folder / "server.log").open("ab")
        command = [sys.executable, "-m", "tests.browser.draft_server"]
        self.process = subprocess.Popen(command, cwd=HOUSE, env=environment, stdout=log, stderr=log)
        log.close()
        deadline = time.monotonic() + STARTS_WITHIN
        while not self._answers():
            assert self.process.poll() is None, (self.folder / "server.log").read_text()
            assert time.monotonic() < deadline, "the server did not answer in time"
            time.sleep(0.05)

    def _answers(self) -> bool:
        try:
            urllib.request.urlopen(f"{self.address}/static/manifest.json", timeout=2).close()
        except (urllib.error.URLError, OSError):
            return False
        return True

    def kill(self, number: int = signal.SIGKILL) -> None:
        """Ends the server at once, as a power cut does."""
        assert self.process is not None
        self.process.send_signal(number)
        self.process.wait(timeout=20)
        self.process = None

    def admit(self, context: BrowserContext, key: str) -> None:
        """Gives a browser the cookie of somebody who is signed in."""
        cookie = {"name": COOKIE, "value": self.tokens[key], "url": self.address, "httpOnly": True}
        context.add_cookies([cookie])

    def submit(self) -> None:
        """Freezes the text from another process."""
        who = self.people["ha"]
        with self.journal.transaction(incident_stream(self.incident_id), actor=Actor(who.id, None, "page")) as tx:
            submission.submit(tx, person=who, statement_id=self.statement_id)

    def reopen(self) -> None:
        """Takes the frozen text back from another process."""
        who = self.people["ha"]
        with self.journal.transaction(incident_stream(self.incident_id), actor=Actor(who.id, None, "page")) as tx:
            submission.reopen(tx, person=who, statement_id=self.statement_id, reason="Sửa số liệu")

    def give_roles(self, key: str, roles: list[str]) -> None:
        """Changes what somebody may do, as an administrator does it elsewhere."""
        who = self.people["quan"]
        with self.journal.transaction(DESK, actor=Actor(who.id, None, "page")) as tx:
            account = tx.session.get_one(Person, self.people[key].id)
            change_roles(tx, person=who, account=account, roles=roles)

    def sign_in_again(self, key: str) -> None:
        """Gives somebody a new session, as after signing out."""
        with self.journal.unjournalled_transaction("somebody signs in again in a test") as session:
            self.sign_in(key, session)

    def end_session(self, key: str) -> None:
        """Signs somebody out from elsewhere."""
        who = self.people[key]
        with self.journal.transaction(ACCESS, actor=Actor(who.id, None, "page")) as tx:
            end_session(tx, person=who, session_id=self.sessions[key])


@contextmanager
def running_desk(folder: Path, text: str = TEXT) -> Iterator[DraftDesk]:
    """A desk with its server, ended afterwards."""
    desk = DraftDesk(folder)
    desk.lay_out(text)
    desk.start()
    try:
        yield desk
    finally:
        if desk.process is not None:
            desk.kill()
        desk.database.close()
