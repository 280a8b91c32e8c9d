"""The endpoints of statements under /api/v1."""

from __future__ import annotations

from typing import Any

from flask import Response
from sqlalchemy.orm import Session

from crisis_desk.incidents.models import Incident
from crisis_desk.incidents.queries import visible as visible_incident
from crisis_desk.journal.streams import DESK, incident_stream
from crisis_desk.journal.transaction import Transaction
from crisis_desk.people.actions.organisations import organisation_meant
from crisis_desk.people.models import Person
from crisis_desk.people.signed_in import principal
from crisis_desk.people.writing import write
from crisis_desk.platform.errors import Stale
from crisis_desk.platform.web import desk
from crisis_desk.platform.web_api import blueprint, expected_version, json_answer, list_answer
from crisis_desk.platform.words import current_language
from crisis_desk.statements import draft_store, queries, views
from crisis_desk.statements import schemas as shapes
from crisis_desk.statements.actions import choosing, drafting, releasing, signing, submission
from crisis_desk.statements.approval_sets import sets_at
from crisis_desk.statements.models import DRAFT, Statement
from crisis_desk.statements.sockets import drafts, share
from crisis_desk.statements.templates_catalogue import templates

statements = blueprint("statements", "Statements: drafts, checks, approval, release")


def stream_of(statement_id: str) -> str:
    """The chain of the statement's incident, if the person asking may see it. Raises `NotFound`."""
    principal().require_scope("read")
    with desk().database.reading() as session:
        _statement, incident = queries.visible(session, principal().person, statement_id)
    return incident_stream(incident.id)


def shown(session: Session, statement: Statement) -> dict[str, Any]:
    """The statement as the interface gives it; the text of a draft is the stored one."""
    person = principal().person
    incident = session.get_one(Incident, statement.incident_id)
    text = statement.final_text or statement.frozen_text
    if statement.state == DRAFT:
        text = draft_store.load(session, statement.id).text
    return views.as_data(views.view(session, person, statement, incident, text or "", desk().clock()))


def _writing(statement_id: str, work: Any, *, scope: str = "write", status: int = 200) -> Response:
    person = principal().person

    def done(tx: Transaction) -> dict[str, Any]:
        try:
            return shown(tx.session, work(tx, person))
        except Stale as stale:
            stale.present = shown(tx.session, stale.present)
            raise

    return write(done, shapes.StatementShape(), stream_of(statement_id), status=status, scope=scope)


@statements.route("/incidents/<code>/statements")
@statements.response(200, shapes.StatementSummary(many=True))
def list_statements(code: str) -> Response:
    """The statements of an incident in the order of their numbers."""
    principal().require_scope("read")
    with desk().database.reading() as session:
        incident = visible_incident(session, principal().person, code)
        rows = queries.statements_of(session, incident.id)
    return list_answer(shapes.StatementSummary(), rows, len(rows) or 1, lambda row: [row.number])


@statements.route("/incidents/<code>/statements", methods=["POST"])
@statements.arguments(shapes.StatementIntake)
@statements.response(201, shapes.StatementShape)
def create_statement(values: dict[str, Any], code: str) -> Response:
    """Begin a statement from a template, from a text, or blank."""
    principal().require_scope("read")
    person = principal().person
    with desk().database.reading() as session:
        incident = visible_incident(session, person, code)

    def work(tx: Transaction) -> dict[str, Any]:
        return shown(tx.session, _created(tx, person, incident, values))

    return write(work, shapes.StatementShape(), incident_stream(incident.id), status=201)


def _created(tx: Transaction, person: Person, incident: Incident, values: dict[str, Any]) -> Statement:
    issuer, corrects = values["issuer"], values["corrects"]
    return drafting.create_statement(
        tx,
        person=person,
        incident_id=incident.id,
        title=values["title"],
        purpose=values["purpose"],
        template_code=values["template"],
        text=values["text"],
        language=values["language"],
        issuer_id=organisation_meant(tx, "issuer", issuer).id if issuer else None,
        authority=values["authority"],
        signatory_title=values["signatory_title"],
        corrects_id=str(corrects) if corrects else None,
    )


@statements.route("/statements/<statement_id>")
@statements.response(200, shapes.StatementShape)
def show_statement(statement_id: str) -> Response:
    """One statement with its text, steps, holder, checks and tokens."""
    return _present(statement_id)


def _present(statement_id: str) -> Response:
    principal().require_scope("read")
    with desk().database.reading() as session:
        statement, _incident = queries.visible(session, principal().person, statement_id)
    # What is given out may come back changed within 24 hours, so the draft remembers exactly that text.
    given = drafts().give_text(statement.id) if statement.state == DRAFT else None
    with desk().database.reading() as session:
        statement, _incident = queries.visible(session, principal().person, statement_id)
        body = shapes.StatementShape().dump(shown(session, statement))
    if given is not None and statement.state == DRAFT:
        body |= {"text": given.text, "text_sha256": given.text_sha256}
    return json_answer(body)


@statements.route("/statements/<statement_id>", methods=["PATCH"])
@statements.arguments(shapes.StatementChanges)
@statements.response(200, shapes.StatementShape)
def change_head(values: dict[str, Any], statement_id: str) -> Response:
    """Change title, issuer, authority or signatory of a draft, with If-Match."""
    version = expected_version()

    def work(tx: Transaction, person: Person) -> Statement:
        changes = {name: value for name, value in values.items() if name != "issuer"}
        if "issuer" in values:
            changes["issuer_id"] = organisation_meant(tx, "issuer", values["issuer"]).id
        return drafting.change_head(tx, person=person, statement_id=statement_id, version=version, changes=changes)

    return _writing(statement_id, work)


@statements.route("/statements/<statement_id>/text", methods=["PUT"])
@statements.arguments(shapes.TextInput)
@statements.response(200, shapes.StatementShape)
def put_text(values: dict[str, Any], statement_id: str) -> Response:
    """Merge a changed text into the live draft; 409 when its base is unknown or the draft is frozen."""
    principal().require_scope("write")
    person = principal().person
    with desk().database.reading() as session:
        statement, incident = queries.visible(session, person, statement_id)
    drafting.require_drafting(person, statement, incident)
    change = drafts().merge(statement_id, values["text"], values["base_sha256"], person_id=person.id)
    if not change.is_repeated:
        share(change)
    return _present(statement_id)


@statements.route("/statements/<statement_id>/revisions")
@statements.response(200, shapes.RevisionShape(many=True))
def list_revisions(statement_id: str) -> Response:
    """Revisions that were named or submitted."""
    principal().require_scope("read")
    with desk().database.reading() as session:
        queries.visible(session, principal().person, statement_id)
        rows = queries.revisions_of(session, statement_id)
    return list_answer(shapes.RevisionShape(), rows, len(rows) or 1, lambda row: [row.number])


@statements.route("/statements/<statement_id>/revisions", methods=["POST"])
@statements.arguments(shapes.RevisionInput)
@statements.response(201, shapes.StatementShape)
def name_revision(values: dict[str, Any], statement_id: str) -> Response:
    """Keep the text as it is now under a name."""

    def work(tx: Transaction, person: Person) -> Statement:
        return drafting.name_revision(tx, person=person, statement_id=statement_id, **values)

    return _writing(statement_id, work, status=201)


@statements.route("/statements/<statement_id>/family-notice", methods=["POST"])
@statements.arguments(shapes.FamilyInput)
@statements.response(200, shapes.StatementShape)
def note_family_informed(values: dict[str, Any], statement_id: str) -> Response:
    """Note who told the family of somebody who died, and when."""

    def work(tx: Transaction, person: Person) -> Statement:
        return drafting.note_family_informed(tx, person=person, statement_id=statement_id, **values)

    return _writing(statement_id, work)


@statements.route("/statements/<statement_id>/submission", methods=["POST"])
@statements.arguments(shapes.SubmissionInput)
@statements.response(200, shapes.StatementShape)
def submit(values: dict[str, Any], statement_id: str) -> Response:
    """Freeze the text with its checks and steps; 422 with `checks` while something stands in the way."""

    def work(tx: Transaction, person: Person) -> Statement:
        return submission.submit(tx, person=person, statement_id=statement_id, **values)

    return _writing(statement_id, work)


@statements.route("/statements/<statement_id>/reopening", methods=["POST"])
@statements.arguments(shapes.Reason)
@statements.response(200, shapes.StatementShape)
def reopen(values: dict[str, Any], statement_id: str) -> Response:
    """Take a frozen text back to change it; what was signed becomes void."""

    def work(tx: Transaction, person: Person) -> Statement:
        return submission.reopen(tx, person=person, statement_id=statement_id, **values)

    return _writing(statement_id, work)


@statements.route("/statements/<statement_id>/return", methods=["POST"])
@statements.arguments(shapes.Reason)
@statements.response(200, shapes.StatementShape)
def return_statement(values: dict[str, Any], statement_id: str) -> Response:
    """Give the text back to its drafters with a reason; whoever holds a step may."""

    def work(tx: Transaction, person: Person) -> Statement:
        return signing.return_statement(tx, person=person, statement_id=statement_id, **values)

    return _writing(statement_id, work, scope="sign")


@statements.route("/statements/<statement_id>/steps", methods=["POST"])
@statements.arguments(shapes.StepsInput)
@statements.response(200, shapes.StatementShape)
def settle_steps(values: dict[str, Any], statement_id: str) -> Response:
    """After a change of severity: keep the frozen steps or restart with those of the new one."""

    def work(tx: Transaction, person: Person) -> Statement:
        if values["action"] == "restart":
            return submission.restart_steps(tx, person=person, statement_id=statement_id)
        return submission.keep_steps(tx, person=person, statement_id=statement_id, reason=values["reason"])

    return _writing(statement_id, work)


@statements.route("/statements/<statement_id>/signatures", methods=["POST"])
@statements.arguments(shapes.SignatureInput)
@statements.response(201, shapes.StatementShape)
def sign(values: dict[str, Any], statement_id: str) -> Response:
    """Sign one step under exactly the text that was read; 409 when the frozen text has another hash."""

    def work(tx: Transaction, person: Person) -> Statement:
        return signing.sign(
            tx,
            person=person,
            statement_id=statement_id,
            step_id=str(values["step"]),
            text_sha256=values["text_sha256"],
            second_factor=values["second_factor"],
        )

    return _writing(statement_id, work, scope="sign", status=201)


@statements.route("/statements/<statement_id>/releases", methods=["POST"])
@statements.arguments(shapes.ReleaseInput)
@statements.response(201, shapes.StatementShape)
def release(values: dict[str, Any], statement_id: str) -> Response:
    """Release an approved text; 409 unless every step its rule asks is signed."""
    authorisation = values["authorisation"]

    def work(tx: Transaction, person: Person) -> Statement:
        return releasing.release_statement(
            tx,
            person=person,
            statement_id=statement_id,
            forms=values["forms"],
            second_factor=values["second_factor"],
            authorisation_id=str(authorisation) if authorisation else None,
            next_update_at=values["next_update_at"],
        )

    return _writing(statement_id, work, scope="release", status=201)


@statements.route("/statement-templates")
@statements.response(200, shapes.TemplateShape(many=True))
def list_templates() -> Response:
    """The templates of statements with what each needs."""
    principal().require_scope("read")
    language = current_language()
    rows = [
        {
            "code": one.code,
            "kind": one.kind,
            "name": one.name.said(language),
            "severity": one.severity,
            "lead_function": one.lead_function,
            "reviewers": list(one.reviewers),
            "update_minutes": int(one.update_every.total_seconds()) // 60,
            "required_facts": {slot: words.said(language) for slot, words in one.required_facts.items()},
            "forbidden": [words.said(language) for words in one.forbidden],
        }
        for one in templates().values()
    ]
    return list_answer(shapes.TemplateShape(), rows, len(rows), lambda row: [row["code"]])


@statements.route("/approval-sets")
@statements.response(200, shapes.ApprovalSetShape(many=True))
def list_approval_sets() -> Response:
    """The sets of steps there are, and for which severities each is in use."""
    principal().require_scope("read")
    now = desk().clock()
    with desk().database.reading() as session:
        used = {severity: queries.approval_set_for(session, severity, now).code for severity in range(1, 5)}
    rows = [
        {
            "code": one.code,
            "name": one.name(current_language()),
            "steps": [
                {"stage": number, "type": step.type, "function": step.function, "minutes": step.minutes}
                for number, stage in enumerate(one.stages, 1)
                for step in stage
            ],
            "severities": [severity for severity, code in used.items() if code == one.code],
        }
        for one in sets_at(now).values()
    ]
    return list_answer(shapes.ApprovalSetShape(), rows, len(rows), lambda row: [row["code"]])


@statements.route("/approval-sets/choices", methods=["POST"])
@statements.arguments(shapes.ChoiceInput)
@statements.response(200, shapes.ApprovalSetShape)
def choose_approval_set(values: dict[str, Any]) -> Response:
    """Use a set of steps for a severity from now on; texts that are submitted already keep theirs."""
    person = principal().person

    def work(tx: Transaction) -> dict[str, Any]:
        chosen = choosing.choose_approval_set(tx, person=person, **values)
        return {"code": chosen.code, "name": chosen.name(current_language()), "severities": [values["severity"]]}

    return write(work, shapes.ApprovalSetShape(), DESK, scope="admin")
