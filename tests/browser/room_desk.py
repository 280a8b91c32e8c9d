"""A real desk in a process of its own for board and room; the tests write to it as another process does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from playwright.sync_api import Page
from sqlalchemy import select

from crisis_desk.incidents.actions import incident as incidents
from crisis_desk.incidents.actions import log, responders
from crisis_desk.incidents.models import Incident, LogNote, Responder
from crisis_desk.journal.entries import Actor
from crisis_desk.journal.streams import DESK, incident_stream
from crisis_desk.journal.transaction import Transaction
from crisis_desk.people.actions.accounts import invite
from crisis_desk.people.actions.organisations import add_organisation, assign_function
from crisis_desk.people.models import Person
from crisis_desk.people.second_factor import present_code
from crisis_desk.people.secret_models import Credentials
from crisis_desk.platform.clock import PROVINCE, now
from crisis_desk.platform.migrate import upgrade
from crisis_desk.statements.actions import drafting, releasing, signing, submission
from crisis_desk.statements.models import Statement
from crisis_desk.statements.queries import steps_of
from tests.browser.draft_desk import DraftDesk

Made = TypeVar("Made")

BODIES = {
    "STTTT": ("Sở Thông tin và Truyền thông", "press_authority"),
    "BTGTU": ("Ban Tuyên giáo Tỉnh ủy", "propaganda_board"),
    "VPUB": ("Văn phòng Ủy ban nhân dân tỉnh", "peoples_committee_office"),
    "SYT": ("Sở Y tế", "health_authority"),
}
CAST = {
    "khue": ("Trần Minh Khuê", "duty_officer", "STTTT"),
    "yen": ("Đỗ Hải Yến", "coordinator", "STTTT"),
    "lam": ("Phạm Quốc Lâm", "coordinator", "BTGTU"),
    "thao": ("Vũ Ngọc Thảo", "drafter", "STTTT"),
    "ngan": ("Hồ Kim Ngân", "approver", "STTTT"),
    "vinh": ("Kiều Thế Vinh", "approver", "BTGTU"),
    "le": ("Châu Mỹ Lệ", "approver", "SYT"),
    "dung": ("Mai Anh Dũng", "spokesperson", "VPUB"),
    "vy": ("Dương Khánh Vy", "auditor", "STTTT"),
    "linh": ("Tạ Hồng Linh", "focal_point", "SYT"),
}
SECRET = "JBSWY3DPEHPK3PXP"
TEXT = "h1\tTHÔNG TIN BAN ĐẦU\np\tCơ quan chức năng đang xác minh.\np\tTin tiếp theo trước {{next_update_at:../%s}}."
UPDATE_WITHIN = timedelta(hours=3)


class RoomDesk(DraftDesk):
    """A desk with two organs, a cast and no incident yet."""

    def lay_out(self, text: str = "") -> None:
        upgrade(self.database)
        with self.journal.transaction(DESK, actor=Actor(None, via="command")) as tx:
            bodies = {code: self._add_body(tx, code) for code in BODIES}
            for key, (name, role, code) in CAST.items():
                self.people[key] = invite(
                    tx, person=None, email=f"{key}@desk.invalid", name=name, title="Chuyên viên",
                    organisation_id=bodies[code].id, roles=[role],
                )  # fmt: skip
                tx.session.get_one(Credentials, self.people[key].id).totp_secret = SECRET
                self.sign_in(key, tx.session)
        self.bodies = {code: body.id for code, body in bodies.items()}

    def _add_body(self, tx: Transaction, code: str) -> Any:
        name, function = BODIES[code]
        body = add_organisation(
            tx, person=None, code=code, name_vi=name, name_en=name, short_name=name, head_title="Giám đốc",
            kind="department",
        )  # fmt: skip
        assign_function(tx, person=None, function=function, to=body, valid_from=None)
        return body

    def does(self, key: str, action: Callable[..., Made], *, incident: Incident | None = None, **values: Any) -> Made:
        """Somebody's action in this process, which is not the server's."""
        who = self.people[key]
        streams = [incident_stream(incident.id)] if incident is not None else []
        with self.journal.transaction(DESK, *streams, actor=Actor(who.id, None, "command")) as tx:
            person = tx.session.get_one(Person, who.id)
            return action(tx, person=person, **values)

    def report(self, title: str, key: str = "khue", **values: Any) -> Incident:
        """A new incident."""
        return self.does(key, incidents.report_incident, title=title, **({"severity": 2} | values))

    def note(self, incident: Incident, text: str, key: str = "lam", **values: Any) -> LogNote:
        """A line of the log."""
        return self.does(key, log.add_note, incident=incident, incident_id=incident.id, text=text, **values)

    def move(self, incident: Incident, to: str, key: str = "yen", reason: str = "đã rõ") -> None:
        """Another status."""
        self.does(
            key, incidents.change_status, incident=incident, incident_id=incident.id, to=to, reason=reason,
            trigger="harm",
        )  # fmt: skip

    def change_severity(self, incident: Incident, severity: int, key: str = "lam") -> None:
        """Another severity."""
        self.does(
            key, incidents.change_severity, incident=incident, incident_id=incident.id, severity=severity,
            reason="diễn biến mới",
        )  # fmt: skip

    def describe(self, incident: Incident, key: str = "lam", **changes: Any) -> None:
        """Another description."""
        version = self.present(incident).version
        self.does(
            key, incidents.describe_incident, incident=incident, incident_id=incident.id, version=version,
            changes=changes,
        )  # fmt: skip

    def assign(self, incident: Incident, whom: str, role: str = "verifier", key: str = "yen") -> Responder:
        """Asks somebody to take part."""
        return self.does(
            key, responders.assign_responder, incident=incident, incident_id=incident.id,
            person_id=self.people[whom].id, role=role,
        )  # fmt: skip

    def answer(self, incident: Incident, key: str, responder: Responder, answer: str) -> None:
        """She who was asked answers."""
        self.does(key, responders.answer_assignment, incident=incident, responder_id=responder.id, answer=answer)

    def restrict(self, incident: Incident, handling: str = "restricted", key: str = "yen") -> None:
        """Changes who sees it."""
        self.does(
            key, incidents.change_handling, incident=incident, incident_id=incident.id, handling=handling,
            reason="thông tin người bệnh",
        )  # fmt: skip

    def draft(self, incident: Incident, title: str = "Thông tin ban đầu") -> Statement:
        """Begins a statement."""
        return self.does(
            "thao", drafting.create_statement, incident=incident, incident_id=incident.id, title=title,
            purpose="holding", text=TEXT % self._latest_update(), issuer_id=self.bodies["STTTT"],
        )  # fmt: skip

    def _latest_update(self) -> str:
        return (now() + UPDATE_WITHIN).astimezone(PROVINCE).isoformat(timespec="minutes")

    def freeze(self, incident: Incident, statement: Statement) -> None:
        """Submits the text."""
        self.does("thao", submission.submit, incident=incident, statement_id=statement.id)

    def release(self, incident: Incident, statement: Statement) -> None:
        """Everybody who must signs, and the spokesperson releases."""
        for key in ("le", "vinh", "ngan"):
            self.does(key, self._sign_first, incident=incident, statement_id=statement.id)
        self.does(
            "dung", releasing.release_statement, incident=incident, statement_id=statement.id, forms=["portal"],
            second_factor=self.code(), next_update_at=now() + timedelta(hours=2),
        )  # fmt: skip

    def _sign_first(self, tx: Transaction, *, person: Person, statement_id: str) -> None:
        statement = tx.session.get_one(Statement, statement_id)
        for step in steps_of(tx.session, statement_id):
            if step.signature_id is None and self._is_hers(step.function, person):
                signing.sign(
                    tx, person=person, statement_id=statement_id, step_id=step.id,
                    text_sha256=statement.text_sha256 or "", second_factor=self.code(),
                )  # fmt: skip

    def _is_hers(self, function: str, person: Person) -> bool:
        held = {"issuer": "STTTT", "lead_agency": "SYT"} | {fn: code for code, (_name, fn) in BODIES.items()}
        return self.bodies[held[function]] == person.organisation_id

    def code(self) -> str:
        """The present code of everybody's device."""
        return present_code(SECRET, now())

    def present(self, incident: Incident) -> Incident:
        """The incident as it is in the database now."""
        with self.database.reading() as session:
            return session.get_one(Incident, incident.id)

    def incidents(self) -> list[Incident]:
        """Every incident of the desk."""
        with self.database.reading() as session:
            return list(session.scalars(select(Incident).order_by(Incident.recorded_at)))

    def opened(self, page: Page, key: str, path: str = "/") -> Page:
        """Lets somebody open a page, and waits until it is connected."""
        self.admit(page.context, key)
        page.goto(self.address + path)
        page.wait_for_function("() => globalThis.desk?.live?.connected && desk.live.settled")
        return page


@contextmanager
def running_room_desk(folder: Path) -> Iterator[RoomDesk]:
    """A desk with its server, ended afterwards."""
    desk = RoomDesk(folder)
    desk.lay_out()
    desk.start()
    try:
        yield desk
    finally:
        if desk.process is not None:
            desk.kill()
        desk.database.close()
