"""The pages of the board, of all incidents and of an incident's room, and its entries for programs."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as WerkzeugResponse

from crisis_desk.incidents import queries
from crisis_desk.incidents.models import Incident
from crisis_desk.incidents.rules import may_report, sees_all
from crisis_desk.journal.heads import signed_heads
from crisis_desk.journal.keys import published_keys
from crisis_desk.journal.queries import entries_after, entry_message, head_of
from crisis_desk.journal.streams import DESK, incident_stream
from crisis_desk.people.principals import Principal
from crisis_desk.people.queries import organisations
from crisis_desk.people.signed_in import principal
from crisis_desk.platform.errors import Invalid
from crisis_desk.platform.web import desk, public
from crisis_desk.platform.web_api import blueprint, is_number, json_answer, page_limit
from crisis_desk.platform.words import N_, current_language, speaking
from crisis_desk.room import verbs
from crisis_desk.room.archive import archive, asked
from crisis_desk.room.board import GROUPS, board
from crisis_desk.room.labels import labels, wall_clock
from crisis_desk.room.log import latest_lines
from crisis_desk.room.names import PageNames
from crisis_desk.room.navigation import navigation
from crisis_desk.room.page import room
from crisis_desk.room.waiting import own_subjects

pages = Blueprint("room", __name__)
entries = blueprint("entries", "The journal of an incident, and signed heads")
# Fragments are drawn outside these pages too, by the live feed.
pages.app_context_processor(labels)
pages.app_template_filter("wall_clock")(wall_clock)


@pages.get("/")
def show_board() -> str:
    """The board: the first screen."""
    person = principal().person
    # A long board asks for the language with every word: it is settled once.
    with desk().database.reading() as session, speaking(current_language()):
        return render_template(
            "board/board.html",
            board=board(session, person, desk().clock()),
            groups=GROUPS,
            may=own_subjects(person),
            may_report=may_report(person),
            navigation=navigation(person, "board"),
        )


@pages.get("/incidents")
def show_archive() -> str:
    """Every incident the person may see, closed ones too: `?q=`, `status`, `severity`, `kind`, `sort`, `after`."""
    person = principal().person
    with desk().database.reading() as session:
        return render_template(
            "board/archive.html",
            archive=archive(session, person, asked(request.args)),
            navigation=navigation(person, "board"),
        )


@pages.get("/incidents/<code>")
def show_room(code: str) -> str | WerkzeugResponse:
    """The room of one incident; a code typed otherwise leads to its one address."""
    asking = principal()
    with desk().database.reading() as session:
        incident = queries.visible(session, asking.person, code)
        if incident.code != code:
            return redirect(url_for("room.show_room", code=incident.code))
        return render_template("room/room.html", **_room_context(session, incident, asking))


def _room_context(session: Session, incident: Incident, asking: Principal) -> dict[str, Any]:
    now = desk().clock()
    # The head is read first: what comes between it and the rest is told again, never left out.
    head = head_of(session, incident_stream(incident.id))
    lines, has_earlier = latest_lines(session, incident, current_language(), PageNames.of(session, now, []))
    return {
        "room": room(session, incident, now),
        "incident": incident,
        "head": head,
        "stream": incident_stream(incident.id),
        "lines": lines,
        "has_earlier": has_earlier,
        "organisations": organisations(session, at=now),
        "drill": incident.drill,
        "may": verbs.of_room(session, asking.person, incident),
        "navigation": navigation(asking.person, "board"),
    }


@pages.get("/incidents/<code>/earlier")
def show_earlier_lines(code: str) -> str:
    """Lines of the log before `?before=`, as a fragment."""
    asking = principal()
    asked_before = request.args.get("before", "")
    before = int(asked_before) if is_number(asked_before) else None
    with desk().database.reading() as session:
        incident = queries.visible(session, asking.person, code)
        names = PageNames.of(session, desk().clock(), [])
        lines, has_earlier = latest_lines(session, incident, current_language(), names, before=before)
        return render_template("room/earlier.html", lines=lines, has_earlier=has_earlier, incident=incident)


@entries.route("/incidents/<code>/entries")
@entries.response(200)
def list_entries(code: str) -> Response:
    """Journal entries after `?after=N`, 500 at most, in order, with `head` and `more`."""
    asking = principal()
    asking.require_scope("read")
    after = request.args.get("after", "0")
    if not is_number(after):
        raise Invalid(errors={"after": [N_("This must be the sequence of an entry.")]})
    with desk().database.reading() as session:
        stream = incident_stream(queries.visible(session, asking.person, code).id)
        found, more = entries_after(session, stream, int(after), page_limit())
        head = head_of(session, stream)
    return json_answer({"items": [entry_message(entry) for entry in found], "head": head, "more": more})


@entries.route("/journal/heads")
@entries.response(200)
def list_heads() -> Response:
    """The last signed heads of what the caller may see; auditors get them all."""
    asking = principal()
    asking.require_scope("read")
    with desk().database.reading() as session:
        seen = None
        if not sees_all(asking.person):
            ids = session.scalars(select(Incident.id).where(queries.is_seen_by(asking.person)))
            seen = {DESK, *(incident_stream(incident_id) for incident_id in ids)}
        return json_answer({"items": signed_heads(session, seen)})


@pages.get("/.well-known/crisis-desk-keys.json")
@public
def show_keys() -> Response:
    """Every key that has signed heads of this desk, with its period."""
    with desk().database.reading() as session:
        response = json_answer(published_keys(session))
    response.headers["Cache-Control"] = "public, max-age=300"
    return response
