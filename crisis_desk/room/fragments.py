"""The pieces of a page that an entry changes, rendered by the same partials that drew the page first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask import render_template
from sqlalchemy.orm import Session

from crisis_desk.incidents.models import Incident
from crisis_desk.journal.entries import Recorded
from crisis_desk.room.board import row_of
from crisis_desk.room.lines import line_of
from crisis_desk.room.names import PageNames
from crisis_desk.room.page import Room, line_of_note, room

# Which parts of the room an entry can change, by the beginning of its kind; the log line comes with every entry.
PARTS: dict[str, tuple[str, ...]] = {
    "incident.": ("head", "clocks", "truth"),
    "clock.": ("head", "clocks", "truth"),
    "responder.": ("head", "responders"),
    "authorisation.": ("responders",),
    "statement.": ("head", "clocks", "truth", "statements"),
    "approval.": ("statements",),
    "log.": (),
}


def of_entry(
    session: Session, incident: Incident, entry: Recorded[Any], language: str, now: datetime, *, is_last: bool = True
) -> dict[str, str]:
    """Element id → HTML of everything on the room's page that this entry changes.

    While catching up only the last entry redraws the panels, for they show the present state in any case.
    """
    names = PageNames.of(session, now, [entry.person])
    line = line_of(entry, language, names)
    pieces = {f"entry-{entry.sequence}": render_template("room/line.html", line=line, incident=incident)}
    corrected = _corrected(session, incident, entry, language, names)
    pieces |= corrected
    parts = parts_of(entry.kind)
    if not is_last or not parts:
        return pieces
    shown = room(session, incident, language, now)
    return pieces | {f"room-{part}": render_part(part, shown) for part in parts}


def all_parts() -> list[str]:
    """Every part of the room's page, in the order of the page."""
    return list(dict.fromkeys(part for parts in PARTS.values() for part in parts))


def parts_of(kind: str) -> tuple[str, ...]:
    """The parts of the room that an entry of this kind can change."""
    found: Iterable[tuple[str, ...]] = (parts for start, parts in PARTS.items() if kind.startswith(start))
    return next(iter(found), ())


def render_part(part: str, shown: Room) -> str:
    """One part of the room's page."""
    return render_template(f"room/{part}.html", room=shown, incident=shown.incident)


def card(session: Session, incident: Incident, sequence: int, _language: str, now: datetime) -> str:
    """The incident's row on the board."""
    row = row_of(session, incident, now)
    return render_template("board/row.html", row=row)


def _corrected(
    session: Session, incident: Incident, entry: Recorded[Any], language: str, names: PageNames
) -> dict[str, str]:
    wrong = getattr(entry.data, "corrects", None)
    if entry.kind != "log.noted" or wrong is None:
        return {}
    line = line_of_note(session, wrong, incident, language, names)
    return {f"entry-{line.sequence}": render_template("room/line.html", line=line, incident=incident)}
