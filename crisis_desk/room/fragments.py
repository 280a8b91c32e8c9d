"""The pieces of a page that an entry changes, rendered by the same partials that drew the page first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import render_template
from sqlalchemy.orm import Session

from crisis_desk.incidents.models import Incident
from crisis_desk.journal.entries import Recorded
from crisis_desk.room.board import CLOSED, row_of
from crisis_desk.room.log import line_of_note, lines_of
from crisis_desk.room.names import PageNames
from crisis_desk.room.page import Room, room

# Which parts of the room an entry can change, by the beginning of its kind; the log line comes with every entry.
PARTS: dict[str, tuple[str, ...]] = {
    "incident.": ("head", "clocks", "truth", "statements", "present"),
    "clock.": ("clocks", "truth", "present"),
    "responder.": ("head", "clocks", "responders", "present"),
    "authorisation.": ("clocks", "responders", "present"),
    "statement.": ("head", "clocks", "truth", "statements"),
    "approval.": ("statements",),
    "log.": (),
}


@dataclass(frozen=True)
class Card:
    """The incident's row on the board, and by element id what stands of it beside the table."""

    row: str
    beside: dict[str, str]


def of_entry(
    session: Session,
    incident: Incident,
    entry: Recorded[Any],
    language: str,
    now: datetime,
    *,
    parts: Iterable[str] | None = None,
) -> dict[str, str]:
    """Element id → HTML of the entry's line and of the parts of the room that it changes, or of those in `parts`.

    While catching up the last entry redraws what all of them changed, for a part shows the present state in any case.
    """
    names = PageNames.of(session, now, [entry.person])
    line = lines_of(session, [entry], language, names)[0]
    pieces = {f"entry-{entry.sequence}": render_template("room/line.html", line=line, incident=incident)}
    pieces |= _corrected(session, incident, entry, language, names)
    changed = parts_of(entry.kind) if parts is None else tuple(parts)
    if not changed:
        return pieces
    shown = room(session, incident, now)
    return pieces | {f"room-{part}": render_part(part, shown) for part in changed}


def all_parts() -> tuple[str, ...]:
    """Every part of the room's page, in the order of the page."""
    return tuple(dict.fromkeys(part for parts in PARTS.values() for part in parts))


def parts_of(kind: str) -> tuple[str, ...]:
    """The parts of the room that an entry of this kind can change."""
    found: Iterable[tuple[str, ...]] = (parts for start, parts in PARTS.items() if kind.startswith(start))
    return next(iter(found), ())


def render_part(part: str, shown: Room) -> str:
    """One part of the room's page."""
    return render_template(f"room/{part}.html", room=shown, incident=shown.incident)


def card(session: Session, incident: Incident, now: datetime) -> Card:
    """The incident on the board, and beside it: what waits for somebody, what was promised, who has its text."""
    row = row_of(session, incident, now)
    beside = {item.element_id: render_template("board/work.html", item=item) for item in row.waiting}
    for clock in row.promises:
        beside[f"promise-{clock.id}"] = render_template("board/promise.html", row=row, clock=clock)
    if row.is_held:
        beside[f"holding-{incident.code}"] = render_template("board/holding.html", row=row)
    return Card(render_template("board/row.html", row=row), beside)


def closed_card(incident: Incident) -> dict[str, str]:
    """By element id, what the board says of an incident that has just been closed."""
    if incident.status not in CLOSED:
        return {}
    return {f"closed-{incident.code}": render_template("board/closed.html", incident=incident)}


def _corrected(
    session: Session, incident: Incident, entry: Recorded[Any], language: str, names: PageNames
) -> dict[str, str]:
    wrong = getattr(entry.data, "corrects", None)
    if entry.kind != "log.noted" or wrong is None:
        return {}
    line = line_of_note(session, wrong, incident, language, names)
    return {f"entry-{line.sequence}": render_template("room/line.html", line=line, incident=incident)}
