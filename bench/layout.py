"""A desk to measure: the demonstration, and incidents beside it. `python -m bench.layout URL FOLDER LIVE CLOSED`."""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path

import crisis_desk.features  # noqa: F401  every kind of entry must be known
from crisis_desk.config import Config
from crisis_desk.demonstration.layout import lay_out
from crisis_desk.incidents.actions.incident import change_status, report_incident
from crisis_desk.incidents.models import Incident
from crisis_desk.journal.entries import Actor
from crisis_desk.journal.transaction import Journal, Transaction
from crisis_desk.people.models import Person
from crisis_desk.people.queries import person_by_email
from crisis_desk.platform.clock import now
from crisis_desk.platform.database import Database
from crisis_desk.platform.migrate import upgrade

WORDS = ("cháy", "ngộ độc", "xả lũ", "sạt lở", "tin đồn", "lộ dữ liệu", "mùi khét", "cá chết", "đền bù", "ca bệnh")
PLACES = ("Thí Dụ", "Ví Dụ", "Giả Định", "Minh Họa", "Phú Lộc Giang", "Thử", "Mẫu", "Nháp", "Tạm", "Đồng Thử")

# A word of a few incidents only, the same few however many there are.
RARE = "bên sông Thu"
RARE_ONES = 30
AT_ONCE = 250
PERSON = "coordinator.stttt@demo.invalid"


def lay_out_demonstration(url: str, data: str) -> None:
    """The demonstration desk in an empty database."""
    database = Database(url)
    upgrade(database)
    lay_out(Journal(database, now), Config(data=Path(data), database_url=url), now())
    database.close()


def add_incidents(url: str, live: int, closed: int) -> None:
    """Adds incidents as a coordinator would have: `live` reported ones and `closed` closed ones, the latest first.

    They are written by the desk's own actions, many in one transaction, which the journal takes as well as one each.
    """
    database = Database(url)
    journal = Journal(database, now)
    with database.reading() as session:
        person = person_by_email(session, PERSON)
    assert person is not None
    for first in range(0, live + closed, AT_ONCE):
        with journal.transaction(actor=Actor(person.id, None, "api")) as tx:
            for number in range(first, min(first + AT_ONCE, live + closed)):
                incident = _report(tx, person, number)
                if number >= live:
                    change_status(tx, person=person, incident_id=incident.id, to="closed", reason="đã xử lý")
    database.close()


def _report(tx: Transaction, person: Person, number: int) -> Incident:
    word, place = WORDS[number % len(WORDS)], PLACES[number // len(WORDS) % len(PLACES)]
    rare = RARE if number < RARE_ONES else "vụ"
    return report_incident(
        tx,
        person=person,
        title=f"{word} tại xã {place}, {rare} {number}",
        trigger="harm",
        severity=1 + number % 4,
        received_at=tx.now - timedelta(minutes=number % 50_000),
    )


if __name__ == "__main__":
    lay_out_demonstration(sys.argv[1], sys.argv[2])
    add_incidents(sys.argv[1], *map(int, sys.argv[3:]))
