"""The page of the review, the report as data and as files, and the sections that people write."""

from __future__ import annotations

import hashlib
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as WerkzeugResponse

from crisis_desk.incidents import queries as incident_queries
from crisis_desk.incidents.models import Incident
from crisis_desk.incidents.routes import incident_of
from crisis_desk.journal.streams import ACCESS, incident_stream
from crisis_desk.paper.html import html
from crisis_desk.people.passwords import off_the_hub
from crisis_desk.people.principals import Principal
from crisis_desk.people.signed_in import principal
from crisis_desk.people.writing import write
from crisis_desk.platform.errors import Invalid, NotFound
from crisis_desk.platform.web import desk
from crisis_desk.platform.web_api import answer, blueprint, expected_version, json_answer
from crisis_desk.platform.words import N_, current_language, languages
from crisis_desk.reports import actions, queries, rules
from crisis_desk.reports.files import FORMS, file_name, made
from crisis_desk.reports.integrity import Integrity, integrity_at
from crisis_desk.reports.known_then import stands_of
from crisis_desk.reports.paper_of_incident import bodies_at, paper_of_incident
from crisis_desk.reports.review import Review, review_of
from crisis_desk.reports.schemas import SectionInput, SectionShape
from crisis_desk.reports.sections import SECTIONS, remedies
from crisis_desk.reports.timeline import LANES
from crisis_desk.reports.timeline_svg import timeline_svg
from crisis_desk.room.navigation import navigation

pages = Blueprint("reports", __name__)
reports = blueprint("reports", "The post-incident report of an incident: data, files, and the sections people write")


@pages.get("/incidents/<code>/review")
def show_review(code: str) -> str | WerkzeugResponse:
    """The review of one incident; a code typed otherwise leads to its one address."""
    asking, incident = principal(), incident_of(code)
    if incident.code != code:
        return redirect(url_for("reports.show_review", code=incident.code))
    with desk().database.reading() as session:
        review = _review(session, incident, current_language(), _verified(incident))
        return render_template("reports/review.html", **_context(session, review, incident, asking))


def _context(session: Session, review: Review, incident: Incident, asking: Principal) -> dict[str, Any]:
    has_signed = queries.has_signed(session, incident.id, asking.person.id)
    record = queries.record_of(session, incident, review.made_at)
    return {
        "review": review,
        "incident": incident,
        "drill": incident.drill,
        "lanes": LANES,
        "drawing": timeline_svg(review.timeline, review.language),
        "stands": stands_of(record, review),
        "remedies": remedies(review.sections["remedies"].text),
        "writable": {
            code for code, section in SECTIONS.items() if rules.may_write(asking.person, incident, section, has_signed)
        },
        "has_signed": has_signed,
        "forms": list(FORMS),
        "navigation": navigation(asking.person, "board"),
    }


@pages.get("/incidents/<code>/review/paper")
def show_paper(code: str) -> str:
    """The report as it would be printed, in the reader's language."""
    asking, incident = principal(), incident_of(code)
    with desk().database.reading() as session:
        review = _review(session, incident, current_language(), _verified(incident))
        paper = paper_of_incident(review, bodies_at(session, review.made_at), desk().config.public_url)
    return render_template(
        "reports/paper.html", review=review, incident=incident, drill=incident.drill, sheet=html(paper),
        forms=list(FORMS), navigation=navigation(asking.person, "board"),
    )  # fmt: skip


@reports.route("/incidents/<code>/report")
@reports.response(200)
def show_report(code: str) -> Response:
    """The review as data, `?lang=vi|en`: timeline, metrics, sections, statements, integrity of the journal."""
    incident, language = incident_of(code), _language()
    with desk().database.reading() as session:
        return json_answer(_review(session, incident, language, _verified(incident)).as_data())


@reports.route("/incidents/<code>/report.<form>")
@reports.response(200, content_type="application/octet-stream")
def download_report(code: str, form: str) -> Response:
    """The report as a file, `?lang=vi|en`: docx, pdf, html, md or json. Every download is an entry of the accesses."""
    incident, language = incident_of(code), _language()
    if form not in FORMS:
        raise NotFound()
    with desk().database.reading() as session:
        review = _review(session, incident, language, _verified(incident))
        bodies = bodies_at(session, review.made_at)
    content = off_the_hub(made, form, review, bodies, desk().config.public_url)
    _keep_account(incident, review, form, content)
    response = Response(content, mimetype=FORMS[form].media_type)
    response.headers.set("Content-Disposition", "attachment", filename=file_name(review, form))
    return response


def _keep_account(incident: Incident, review: Review, form: str, content: bytes) -> None:
    asking, digest = principal(), hashlib.sha256(content).hexdigest()
    with desk().journal.transaction(ACCESS, actor=asking.actor) as tx:
        actions.record_export(
            tx, person=asking.person, incident_id=incident.id, form=form, language=review.language, head=review.head,
            sha256=digest,
        )  # fmt: skip


@reports.route("/incidents/<code>/report/sections/<section>")
@reports.response(200, SectionShape)
def show_section(code: str, section: str) -> Response:
    """One section that people write, with its version."""
    incident = incident_of(code)
    if section not in SECTIONS:
        raise NotFound()
    with desk().database.reading() as session:
        found = queries.section_of(session, incident.id, section)
    return answer(SectionShape(), found or queries.unwritten(incident.id, section))


@reports.route("/incidents/<code>/report/sections/<section>", methods=["PUT", "PATCH"])
@reports.arguments(SectionInput)
@reports.response(200, SectionShape)
def write_section(values: dict[str, Any], code: str, section: str) -> Response:
    """Give a section its new wording, with If-Match; version 0 for one that nobody has written."""
    person, incident, version = principal().person, incident_of(code), expected_version()
    text = values["text"] or ""
    return write(
        lambda tx: actions.write_section(
            tx, person=person, incident_id=incident.id, section=section, text=text, version=version
        ),
        SectionShape(),
        incident_stream(incident.id),
    )


def _language() -> str:
    language = request.args.get("lang") or current_language()
    if language not in languages():
        raise Invalid(errors={"lang": [N_("Choose vi or en.")]})
    return language


def _verified(incident: Incident) -> Integrity:
    address = desk().database.url.render_as_string(hide_password=False)
    return off_the_hub(integrity_at, address, incident.id)


def _review(session: Session, incident: Incident, language: str, integrity: Integrity) -> Review:
    present = incident_queries.visible_by_id(session, principal().person, incident.id)
    return review_of(session, present, desk().clock(), language, integrity)
