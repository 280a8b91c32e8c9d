"""The endpoints of incidents, responders, log and authorisations under /api/v1."""

from __future__ import annotations

from typing import Any

from flask import Response, request
from sqlalchemy.orm import Session

from crisis_desk.incidents import queries
from crisis_desk.incidents import schemas as shapes
from crisis_desk.incidents.actions import clocks as clock_actions
from crisis_desk.incidents.actions import incident as incident_actions
from crisis_desk.incidents.actions import log as log_actions
from crisis_desk.incidents.actions import responders as responder_actions
from crisis_desk.incidents.actions import speaking as speaking_actions
from crisis_desk.incidents.clocks import clock_columns
from crisis_desk.incidents.intake_line import understand
from crisis_desk.incidents.models import Clock, Incident, Responder, SpeakingAuthorisation
from crisis_desk.journal.streams import incident_stream
from crisis_desk.people.signed_in import principal
from crisis_desk.people.writing import write
from crisis_desk.platform.errors import NotFound
from crisis_desk.platform.web import desk
from crisis_desk.platform.web_api import (
    blueprint,
    expected_version,
    json_answer,
    list_answer,
    page_cursor,
    page_limit,
)

# A shape takes long to make and keeps nothing of what it shapes, so each is made once.
AUTHORISATION_SHAPE = shapes.AuthorisationShape()
CLOCK_SHAPE = shapes.ClockShape()
INCIDENT_SHAPE = shapes.IncidentShape()
NOTE_SHAPE = shapes.NoteShape()
RESPONDER_SHAPE = shapes.ResponderShape()
UNDERSTOOD_SHAPE = shapes.UnderstoodShape()

incidents = blueprint("incidents", "Incidents, those who respond to them, their log and clocks")


def incident_of(code: str) -> Incident:
    """The incident a path names, if the person asking may see it. Raises `NotFound`."""
    principal().require_scope("read")
    with desk().database.reading() as session:
        return queries.visible(session, principal().person, code)


def _with_clocks(session: Session, incident: Incident) -> Any:
    shape = INCIDENT_SHAPE.dump(incident)
    return shape | {"clocks": CLOCK_SHAPE.dump(queries.clocks_of(session, incident.id), many=True)}


@incidents.route("/incidents", methods=["POST"])
@incidents.arguments(shapes.IncidentIntake())
@incidents.response(201, shapes.IncidentWithClocks)
def report_incident(values: dict[str, Any]) -> Response:
    """Write an incident down from one line or from its fields; it is *reported* until it is opened."""
    person = principal().person
    fields = _from_line(values)

    def work(tx: Any) -> Any:
        incident = incident_actions.report_incident(tx, person=person, **fields)
        started = [clock_columns(clock) for clock in tx.recorded[-1].data.clocks]
        return INCIDENT_SHAPE.dump(incident) | {"clocks": CLOCK_SHAPE.dump(started, many=True)}

    return write(work, None, status=201)


def _from_line(values: dict[str, Any]) -> dict[str, Any]:
    line = values.get("line", "").strip()
    if not line:
        return values
    understood = understand(line, desk().clock())
    title = understood.title or line
    is_long = len(title) > shapes.LONGEST_TITLE
    read = {
        "title": f"{title[: shapes.LONGEST_TITLE - 1]}…" if is_long else title,
        # What has no room in the title is still read by everybody.
        "summary": line if is_long else "",
        "place": understood.place[:300],
        "severity": understood.severity,
        "received_at": understood.received_at,
        "occurred_at": understood.occurred_at,
        "occurred_about": understood.occurred_about,
    }
    return {name: value for name, value in read.items() if value not in (None, "")} | values


@incidents.route("/intake")
@incidents.response(200, shapes.UnderstoodShape)
def understand_line() -> Response:
    """What the desk would understand of `?line=`, and live incidents that may be the same. Writes nothing."""
    person = principal().person
    understood = understand(request.args.get("line", "")[:600], desk().clock())
    with desk().database.reading() as session:
        similar = queries.similar(session, person, understood.title)
    shape = UNDERSTOOD_SHAPE.dump({**vars(understood), "similar": similar})
    return json_answer(shape)


@incidents.route("/incidents")
@incidents.arguments(shapes.IncidentQuery(), location="query")
@incidents.response(200, shapes.IncidentShape(many=True))
def list_incidents(values: dict[str, Any]) -> Response:
    """Incidents the person may see: `status`, `severity`, `kind`, `q` (diacritics ignored), `sort`."""
    principal().require_scope("read")
    limit, sort = page_limit(), values["sort"]
    narrowed = {name: values.get(name) for name in ("status", "severity", "kind", "q")}
    with desk().database.reading() as session:
        rows = queries.listed(session, principal().person, sort=sort, after=page_cursor(), limit=limit, **narrowed)
    return list_answer(INCIDENT_SHAPE, rows, limit, lambda row: queries.cursor_of(row, sort))


@incidents.route("/incidents/<code>")
@incidents.response(200, shapes.IncidentWithClocks)
def show_incident(code: str) -> Response:
    """One incident with its clocks."""
    principal().require_scope("read")
    with desk().database.reading() as session:
        incident = queries.visible(session, principal().person, code)
        return json_answer(_with_clocks(session, incident))


@incidents.route("/incidents/<code>", methods=["PATCH"])
@incidents.arguments(shapes.IncidentChanges())
@incidents.response(200, shapes.IncidentShape)
def change_incident(values: dict[str, Any], code: str) -> Response:
    """Change what is known of the incident; send only what changes, with If-Match."""
    person, incident, version = principal().person, incident_of(code), expected_version()
    changes = _changes(values)
    return write(
        lambda tx: incident_actions.describe_incident(
            tx, person=person, incident_id=incident.id, version=version, changes=changes
        ),
        INCIDENT_SHAPE,
        incident_stream(incident.id),
    )


def _changes(values: dict[str, Any]) -> dict[str, Any]:
    changes = dict(values)
    if "lead_organisation" in changes:
        lead = changes.pop("lead_organisation")
        changes["lead_organisation_id"] = str(lead) if lead else None
    return changes


@incidents.route("/incidents/<code>/status", methods=["POST"])
@incidents.arguments(shapes.StatusMove())
@incidents.response(200, shapes.IncidentShape)
def change_status(values: dict[str, Any], code: str) -> Response:
    """Move the incident in its life cycle."""
    person, incident = principal().person, incident_of(code)
    return write(
        lambda tx: incident_actions.change_status(tx, person=person, incident_id=incident.id, **values),
        INCIDENT_SHAPE,
        incident_stream(incident.id),
    )


@incidents.route("/incidents/<code>/severity", methods=["POST"])
@incidents.arguments(shapes.SeverityChange())
@incidents.response(200, shapes.IncidentShape)
def change_severity(values: dict[str, Any], code: str) -> Response:
    """Raise or lower the severity with a reason; open targets are computed again."""
    person, incident = principal().person, incident_of(code)
    return write(
        lambda tx: incident_actions.change_severity(tx, person=person, incident_id=incident.id, **values),
        INCIDENT_SHAPE,
        incident_stream(incident.id),
    )


@incidents.route("/incidents/<code>/handling", methods=["POST"])
@incidents.arguments(shapes.HandlingChange())
@incidents.response(200, shapes.IncidentShape)
def change_handling(values: dict[str, Any], code: str) -> Response:
    """Change who may see the incident; a restriction lapses after 24 hours."""
    person, incident = principal().person, incident_of(code)
    return write(
        lambda tx: incident_actions.change_handling(tx, person=person, incident_id=incident.id, **values),
        INCIDENT_SHAPE,
        incident_stream(incident.id),
    )


@incidents.route("/incidents/<code>/acknowledgement", methods=["POST"])
@incidents.response(200, shapes.IncidentShape)
def acknowledge(code: str) -> Response:
    """Take the incident in hand."""
    person, incident = principal().person, incident_of(code)
    return write(
        lambda tx: responder_actions.acknowledge_incident(tx, person=person, incident_id=incident.id),
        INCIDENT_SHAPE,
        incident_stream(incident.id),
    )


@incidents.route("/incidents/<code>/clocks/<clock_id>/closing", methods=["POST"])
@incidents.arguments(shapes.Reason())
@incidents.response(200, shapes.ClockShape)
def close_clock(values: dict[str, Any], code: str, clock_id: str) -> Response:
    """End a clock with a reason; it stays in sight."""
    person, incident = principal().person, incident_of(code)
    _belongs(Clock, clock_id, incident)
    return write(
        lambda tx: clock_actions.close_clock(tx, person=person, clock_id=clock_id, **values),
        CLOCK_SHAPE,
        incident_stream(incident.id),
    )


@incidents.route("/incidents/<code>/responders")
@incidents.response(200, shapes.ResponderShape(many=True))
def list_responders(code: str) -> Response:
    """Those who were asked to take part."""
    incident = incident_of(code)
    with desk().database.reading() as session:
        rows = queries.responders_of(session, incident.id)
    return list_answer(RESPONDER_SHAPE, rows, len(rows) or 1, lambda row: [row.id])


@incidents.route("/incidents/<code>/responders", methods=["POST"])
@incidents.arguments(shapes.ResponderRequest())
@incidents.response(201, shapes.ResponderShape)
def assign_responder(values: dict[str, Any], code: str) -> Response:
    """Ask a person to take part."""
    person, incident = principal().person, incident_of(code)
    asked, role = str(values["person"]), values["role"]
    return write(
        lambda tx: responder_actions.assign_responder(
            tx, person=person, incident_id=incident.id, person_id=asked, role=role
        ),
        RESPONDER_SHAPE,
        incident_stream(incident.id),
        status=201,
    )


@incidents.route("/incidents/<code>/responders/<responder_id>/answer", methods=["POST"])
@incidents.arguments(shapes.ResponderAnswer())
@incidents.response(200, shapes.ResponderShape)
def answer_assignment(values: dict[str, Any], code: str, responder_id: str) -> Response:
    """Accept, or decline with a reason. Only the person who was asked can answer."""
    person, incident = principal().person, incident_of(code)
    _belongs(Responder, responder_id, incident)
    given = {"accept": "accepted", "decline": "declined"}[values["answer"]]
    return write(
        lambda tx: responder_actions.answer_assignment(
            tx, person=person, responder_id=responder_id, answer=given, reason=values["reason"]
        ),
        RESPONDER_SHAPE,
        incident_stream(incident.id),
    )


@incidents.route("/incidents/<code>/responders/<responder_id>/release", methods=["POST"])
@incidents.arguments(shapes.Reason())
@incidents.response(200, shapes.ResponderShape)
def release_responder(values: dict[str, Any], code: str, responder_id: str) -> Response:
    """Let somebody go, with a reason."""
    person, incident = principal().person, incident_of(code)
    _belongs(Responder, responder_id, incident)
    return write(
        lambda tx: responder_actions.release_responder(tx, person=person, responder_id=responder_id, **values),
        RESPONDER_SHAPE,
        incident_stream(incident.id),
    )


@incidents.route("/incidents/<code>/log")
@incidents.response(200, shapes.NoteShape(many=True))
def list_notes(code: str) -> Response:
    """Lines that people wrote into the log, in the order of writing."""
    incident, limit = incident_of(code), page_limit()
    with desk().database.reading() as session:
        rows = queries.notes_of(session, incident.id, after=page_cursor(), limit=limit)
    return list_answer(NOTE_SHAPE, rows, limit, lambda row: [row.sequence])


@incidents.route("/incidents/<code>/log", methods=["POST"])
@incidents.arguments(shapes.NoteInput())
@incidents.response(201, shapes.NoteShape)
def add_note(values: dict[str, Any], code: str) -> Response:
    """Write a line into the log; `corrects` names the line it puts right."""
    person, incident = principal().person, incident_of(code)
    corrects = str(values["corrects"]) if values["corrects"] else None
    return write(
        lambda tx: log_actions.add_note(
            tx,
            person=person,
            incident_id=incident.id,
            text=values["text"],
            occurred_at=values["occurred_at"],
            corrects=corrects,
        ),
        NOTE_SHAPE,
        incident_stream(incident.id),
        status=201,
    )


@incidents.route("/incidents/<code>/authorisations")
@incidents.response(200, shapes.AuthorisationShape(many=True))
def list_authorisations(code: str) -> Response:
    """Authorisations to speak on this incident."""
    incident = incident_of(code)
    with desk().database.reading() as session:
        rows = queries.authorisations_of(session, incident.id)
    return list_answer(AUTHORISATION_SHAPE, rows, len(rows) or 1, lambda row: [row.id])


@incidents.route("/incidents/<code>/authorisations", methods=["POST"])
@incidents.arguments(shapes.AuthorisationInput())
@incidents.response(201, shapes.AuthorisationShape)
def give_authorisation(values: dict[str, Any], code: str) -> Response:
    """Record a signed authorisation to speak."""
    person, incident = principal().person, incident_of(code)
    given = {name: value for name, value in values.items() if name != "person"}
    return write(
        lambda tx: speaking_actions.give_authorisation(
            tx, person=person, incident_id=incident.id, person_id=str(values["person"]), **given
        ),
        AUTHORISATION_SHAPE,
        incident_stream(incident.id),
        status=201,
    )


@incidents.route("/incidents/<code>/authorisations/<authorisation_id>/posting", methods=["POST"])
@incidents.arguments(shapes.PostingInput())
@incidents.response(200, shapes.AuthorisationShape)
def record_posting(values: dict[str, Any], code: str, authorisation_id: str) -> Response:
    """Record when the authorisation was made public."""
    person, incident = principal().person, incident_of(code)
    _belongs(SpeakingAuthorisation, authorisation_id, incident)
    return write(
        lambda tx: speaking_actions.record_posting(tx, person=person, authorisation_id=authorisation_id, **values),
        AUTHORISATION_SHAPE,
        incident_stream(incident.id),
    )


@incidents.route("/incidents/<code>/authorisations/<authorisation_id>/withdrawal", methods=["POST"])
@incidents.arguments(shapes.Reason())
@incidents.response(200, shapes.AuthorisationShape)
def withdraw_authorisation(values: dict[str, Any], code: str, authorisation_id: str) -> Response:
    """End the authorisation now."""
    person, incident = principal().person, incident_of(code)
    _belongs(SpeakingAuthorisation, authorisation_id, incident)
    return write(
        lambda tx: speaking_actions.withdraw_authorisation(
            tx, person=person, authorisation_id=authorisation_id, **values
        ),
        AUTHORISATION_SHAPE,
        incident_stream(incident.id),
    )


def _belongs(model: type[Any], key: str, incident: Incident) -> None:
    with desk().database.reading() as session:
        thing = session.get(model, key)
    if thing is None or thing.incident_id != incident.id:
        raise NotFound()
