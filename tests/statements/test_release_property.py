"""Whatever people do in whatever order: nothing is released that was not signed, to the letter, by all who must."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from crisis_desk.incidents.actions.incident import change_severity
from crisis_desk.incidents.models import Incident
from crisis_desk.journal.transaction import Journal
from crisis_desk.platform.database import Database
from crisis_desk.platform.errors import DeskError
from crisis_desk.statements.actions import signing, submission
from crisis_desk.statements.models import Statement
from tests.journal_checks import check_replay
from tests.people.conftest import SetClock
from tests.statements.conftest import TEXT, Desk, type_over

# Who may sign what, at which severity, written by hand and not read from the desk.
SIGNERS = {
    ("confirm_figures", "lead_agency"): "approver.syt",
    ("opinion", "propaganda_board"): "approver.btgtu",
    ("approve", "press_authority"): "approver.stttt",
    ("approve", "peoples_committee_office"): "approver.vpub",
}
REQUIRED = {
    3: {("confirm_figures", "lead_agency"), ("approve", "press_authority")},
    4: {("confirm_figures", "lead_agency"), ("approve", "peoples_committee_office")},
}
OPINION_MINUTES = 10
MOVES = [
    "submit", "edit", "reopen", "return", "keep", "restart", "severity", "wait", "release", "sign confirm_figures",
    "sign opinion", "sign approve", "forge",
]  # fmt: skip


@dataclass
class Story:
    """What really happened, told beside the desk: the text, and who signed which hash since it was frozen."""

    desk: Desk
    incident: Incident
    statement: Statement
    text: str = TEXT
    severity: int = 3
    steps_of: int = 3
    frozen: str | None = None
    signed: dict[tuple[str, str], str] = field(default_factory=dict)
    asked: object = None
    is_kept: bool = False
    released: int = 0
    version: int = 0

    def play(self, move: str) -> None:
        """Tries the move; the desk may refuse it, and then nothing happened."""
        verb, _, more = move.partition(" ")
        moves: dict[str, Callable[[], None]] = {
            "submit": self.submit, "edit": self.edit, "reopen": self.reopen, "return": self.return_,
            "keep": lambda: self.settle("keep"), "restart": lambda: self.settle("restart"),
            "severity": self.change_severity, "wait": self.wait, "release": self.release,
            "sign": lambda: self.sign(more), "forge": self.forge,
        }  # fmt: skip
        try:
            moves[verb]()
        except DeskError:
            return

    def submit(self) -> None:
        self.desk.submit(self.incident, self.statement)
        self.frozen, self.signed, self.steps_of = self.text, {}, self.severity
        self.asked, self.is_kept = self.desk.clock(), False

    def edit(self) -> None:
        changed = self.text + "\np\tThêm."
        type_over(self.desk, self.statement, changed, "drafter.stttt")
        self.text = changed

    def reopen(self) -> None:
        with self.desk.acting("drafter.btgtu", self.incident) as tx:
            submission.reopen(tx, person=self.desk["drafter.btgtu"], statement_id=self.statement.id, reason="Sửa")
        self.frozen, self.signed = None, {}

    def return_(self) -> None:
        with self.desk.acting("approver.btgtu", self.incident) as tx:
            board = self.desk["approver.btgtu"]
            signing.return_statement(tx, person=board, statement_id=self.statement.id, reason="Sửa")
        self.frozen, self.signed = None, {}

    def settle(self, how: str) -> None:
        who = self.desk["coordinator.stttt"]
        with self.desk.acting("coordinator.stttt", self.incident) as tx:
            if how == "keep":
                submission.keep_steps(tx, person=who, statement_id=self.statement.id, reason="Đã xem")
            else:
                submission.restart_steps(tx, person=who, statement_id=self.statement.id)
        self.is_kept = how == "keep"
        if how == "restart":
            self.signed, self.steps_of, self.asked = {}, self.severity, self.desk.clock()

    def change_severity(self) -> None:
        other = 7 - self.severity
        with self.desk.acting("coordinator.stttt", self.incident) as tx:
            change_severity(
                tx, person=self.desk["coordinator.stttt"], incident_id=self.incident.id, severity=other, reason="Đổi"
            )
        self.severity, self.is_kept = other, False

    def wait(self) -> None:
        self.desk.clock.pass_by(minutes=6)

    def sign(self, type_: str) -> None:
        step = next((one for one in self.desk.steps(self.statement) if one.type == type_), None)
        if step is None:
            return
        key = (step.type, step.function)
        self.desk.sign(self.incident, self.statement, type_, SIGNERS[key])
        self.signed[key] = hashlib.sha256((self.frozen or "").encode()).hexdigest()

    def forge(self) -> None:
        """A signature under the text as it was before somebody changed it."""
        if not self.desk.steps(self.statement):
            return
        old = hashlib.sha256((self.text + "x").encode()).hexdigest()
        self.desk.sign(self.incident, self.statement, "confirm_figures", "approver.syt", text_sha256=old)
        raise AssertionError("a signature under another text was taken")

    def release(self) -> None:
        out = self.desk.release(self.incident, self.statement)
        # A repetition answers as the first time, whatever has changed since.
        if self.released:
            assert out.version == self.version
            return
        self.released, self.version = 1, out.version
        assert self.frozen is not None
        assert out.final_text == self.frozen == out.frozen_text
        digest = hashlib.sha256(self.frozen.encode()).hexdigest()
        assert out.text_sha256 == digest
        assert self.steps_of == self.severity or self.is_kept
        assert set(self.signed) >= REQUIRED[self.steps_of]
        assert set(self.signed.values()) == {digest}
        waited = self.desk.clock() - self.asked  # type: ignore[operator]
        assert ("opinion", "propaganda_board") in self.signed or waited.total_seconds() >= OPINION_MINUTES * 60


@settings(
    max_examples=25, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(
    moves=st.lists(st.sampled_from(MOVES), min_size=4, max_size=18),
    shortcut=st.sampled_from(["", "sign confirm_figures", "sign confirm_figures,sign opinion,sign approve"]),
)
@example(moves=["release", "severity"], shortcut="sign confirm_figures,sign opinion,sign approve")
def test_nothing_is_released_but_what_everybody_signed(seeded_file: Path, moves: list[str], shortcut: str) -> None:
    clock = SetClock()
    with TemporaryDirectory() as folder:
        copy = Path(folder) / "desk.sqlite"
        shutil.copy(seeded_file, copy)
        database = Database(f"sqlite:///{copy}")
        desk = Desk(Journal(database, clock), clock, Path(folder))
        incident = desk.incident()
        story = Story(desk, incident, desk.statement(incident))
        # A submission and some signatures first, so that most stories come near a release.
        for move in ["submit", *filter(None, shortcut.split(",")), *moves, "release"]:
            story.play(move)
        present = desk.present(story.statement)
        assert (present.state == "released") == (story.released > 0)
        check_replay(desk.journal)
        database.close()


def test_the_straight_way_leads_to_a_release(seeded_file: Path) -> None:
    clock = SetClock()
    with TemporaryDirectory() as folder:
        copy = Path(folder) / "desk.sqlite"
        shutil.copy(seeded_file, copy)
        database = Database(f"sqlite:///{copy}")
        desk = Desk(Journal(database, clock), clock, Path(folder))
        incident = desk.incident()
        story = Story(desk, incident, desk.statement(incident))
        way = ["submit", "sign confirm_figures", "edit", "reopen", "edit", "submit", "severity", "sign confirm_figures",
               "restart", "sign confirm_figures", "wait", "wait", "sign approve", "release"]  # fmt: skip
        for move in way:
            story.play(move)
        assert story.released == 1
        database.close()
