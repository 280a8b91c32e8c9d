"""A desk to measure: the demonstration, and many incidents beside it. `python -m bench.layout URL FOLDER`."""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path

import crisis_desk.features  # noqa: F401  every kind of entry must be known
from crisis_desk.config import Config
from crisis_desk.demonstration.layout import lay_out
from crisis_desk.incidents.actions.incident import change_status, report_incident
from crisis_desk.journal.entries import Actor
from crisis_desk.journal.streams import incident_stream
from crisis_desk.journal.transaction import Journal
from crisis_desk.people.queries import person_by_email
from crisis_desk.platform.clock import now
from crisis_desk.platform.database import Database
from crisis_desk.platform.migrate import upgrade

WORDS = ("cháy", "ngộ độc", "xả lũ", "sạt lở", "tin đồn", "lộ dữ liệu", "mùi khét", "cá chết", "đền bù", "ca bệnh")
PLACES = ("Thí Dụ", "Ví Dụ", "Giả Định", "Minh Họa", "Phú Lộc Giang", "Thử", "Mẫu", "Nháp", "Tạm", "Đồng Thử")


def lay_out_demonstration(url: str, data: str) -> None:
    """The demonstration desk in an empty database."""
    database = Database(url)
    upgrade(database)
    lay_out(Journal(database, now), Config(data=Path(data), database_url=url), now())
    database.close()


def add_incidents(url: str, live: int, closed: int) -> None:
    """Adds incidents as a coordinator would have: `live` reported ones and `closed` closed ones."""
    database = Database(url)
    journal = Journal(database, now)
    with database.reading() as session:
        person = person_by_email(session, "coordinator.stttt@demo.invalid")
    assert person is not None
    actor = Actor(person.id, None, "api")
    for number in range(live + closed):
        word, place = WORDS[number % len(WORDS)], PLACES[number // len(WORDS) % len(PLACES)]
        with journal.transaction(actor=actor) as tx:
            incident = report_incident(
                tx,
                person=person,
                title=f"{word} tại xã {place}, vụ {number}",
                trigger="harm",
                severity=1 + number % 4,
                received_at=tx.now - timedelta(minutes=number % 50_000),
            )
        if number >= live:
            with journal.transaction(incident_stream(incident.id), actor=actor) as tx:
                change_status(tx, person=person, incident_id=incident.id, to="closed", reason="đã xử lý")
    database.close()


if __name__ == "__main__":
    lay_out_demonstration(sys.argv[1], sys.argv[2])
