"""Lists of incidents page by page: in every order, searched or not, each incident comes exactly once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from crisis_desk.incidents import queries
from crisis_desk.incidents.actions.incident import correct_times, report_incident
from crisis_desk.incidents.models import Incident
from crisis_desk.platform.errors import Invalid
from tests.statements.conftest import Desk

WHO = "coordinator.stttt"


def report(desk: Desk, title: str, minutes_ago: int = 0, severity: int = 2) -> Incident:
    with desk.acting(WHO) as tx:
        received = tx.now - timedelta(minutes=minutes_ago)
        return report_incident(tx, person=desk[WHO], title=title, severity=severity, received_at=received)


def titles(desk: Desk, sort: str = "received", q: str | None = None, limit: int = 2) -> list[str]:
    return [incident.title for page in pages(desk, sort, q, limit) for incident in page]


def pages(desk: Desk, sort: str, q: str | None, limit: int) -> Iterator[list[Incident]]:
    after, more = None, True
    with desk.journal.database.reading() as session:
        while more:
            found = queries.listed(session, desk[WHO], sort=sort, q=q, after=after, limit=limit)
            page, more = found[:limit], len(found) > limit
            yield page
            after = queries.cursor_of(page[-1], sort) if page else None


@pytest.mark.parametrize("sort", ["received", "severity"])
@pytest.mark.parametrize("q", [None, "mui khet"])
def test_pages_hold_every_incident_once_though_all_were_received_in_the_same_moment(
    desk: Desk, sort: str, q: str | None
) -> None:
    made = [report(desk, f"Mùi khét {number}").title for number in range(7)]
    found = titles(desk, sort, q)
    assert sorted(found) == made
    assert found == titles(desk, sort, q, limit=100)


def test_a_search_gives_what_was_received_last_first(desk: Desk) -> None:
    for name, minutes in (("giữa", 5), ("cũ", 9), ("mới", 1)):
        report(desk, f"Cá chết {name}", minutes)
    assert titles(desk, q="ca chet") == ["Cá chết mới", "Cá chết giữa", "Cá chết cũ"]


def test_a_corrected_time_of_receipt_moves_an_incident_in_a_search(desk: Desk) -> None:
    last, first = report(desk, "Cá chết hai", 1), report(desk, "Cá chết một", 2)
    with desk.acting(WHO, last) as tx:
        times = {"received_at": first.received_at - timedelta(minutes=1)}
        correct_times(tx, person=desk[WHO], incident_id=last.id, times=times)
    assert titles(desk, q="ca chet") == ["Cá chết một", "Cá chết hai"]


def test_the_gravest_come_first_and_of_equal_ones_the_newest(desk: Desk) -> None:
    for title, minutes, severity in (("A", 5, 2), ("B", 1, 2), ("C", 9, 4)):
        report(desk, title, minutes, severity)
    assert titles(desk, "severity") == ["C", "B", "A"]


@pytest.mark.parametrize("q", ["", "...", '"', "%", "không có"])
def test_a_search_for_what_nobody_wrote_finds_nothing_and_one_without_words_lists_all(desk: Desk, q: str) -> None:
    report(desk, "Sạt lở")
    assert titles(desk, q=q) == ([] if q else ["Sạt lở"])


@pytest.mark.parametrize("cursor", [[], ["x", "y"], [1, 2, 3], [True, "2026-01-01T00:00:00.000Z", "id"], ["a", {}]])
@pytest.mark.parametrize("sort", ["received", "severity"])
def test_a_cursor_that_the_desk_did_not_give_is_refused(desk: Desk, sort: str, cursor: list[object]) -> None:
    with desk.journal.database.reading() as session, pytest.raises(Invalid) as refused:
        queries.listed(session, desk[WHO], sort=sort, after=cursor)
    assert refused.value.errors == {"after": ["This is no cursor of the desk."]}
