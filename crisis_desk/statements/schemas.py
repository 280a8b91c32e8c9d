"""The shapes of statements, in and out. Times are RFC 3339 with an offset; ids are UUIDs."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from crisis_desk.incidents.lists import SEVERITIES
from crisis_desk.incidents.schemas import Input, Reason, moment, one_of, required_words, words
from crisis_desk.statements.approval_sets import STEP_TYPES
from crisis_desk.statements.lists import AUTHORITIES, DRILL_LINES, PURPOSES, STATES
from crisis_desk.statements.templates_catalogue import templates

LONGEST_TEXT = 200_000
SHA256 = validate.Regexp(r"[0-9a-f]{64}\Z")

__all__ = ["Reason"]


class StatementIntake(Input):
    """A new statement: from a template, from a text, or blank. `issuer` is an organisation's id or code."""

    title = required_words(300)
    purpose = one_of(PURPOSES, required=True)
    template = one_of(templates(), load_default=None, allow_none=True)
    text = words(LONGEST_TEXT, load_default=None, allow_none=True)
    language = one_of(DRILL_LINES, load_default="vi")
    issuer = words(64, load_default=None, allow_none=True)
    authority = one_of(AUTHORITIES, load_default="")
    signatory_title = words(200, load_default="")
    corrects = fields.UUID(load_default=None, allow_none=True)


class StatementChanges(Input):
    """Only what changes is sent; If-Match says which version was seen."""

    title = words(300)
    issuer = words(64)
    authority = one_of(AUTHORITIES)
    signatory_title = words(200)


class TextInput(Input):
    """A changed text and the hash of the one it started from."""

    text = words(LONGEST_TEXT, required=True)
    base_sha256 = fields.String(required=True, validate=SHA256)


class RevisionInput(Input):
    """Under which name the text is kept as it is now."""

    name = required_words(200)


class OverrideInput(Input):
    """Why a warning does not apply: the check, the block it found, and the reason."""

    check = words(24, required=True)
    block = fields.Integer(required=True, strict=True)
    reason = required_words(2_000)


class SubmissionInput(Input):
    """Warnings that were looked at and overridden."""

    overrides = fields.List(fields.Nested(OverrideInput), load_default=list)


class FamilyInput(Input):
    """Who told the family, as a function, and when."""

    informed_by = required_words(200)
    informed_at = moment(required=True)


class StepsInput(Input):
    """After a change of severity: keep the steps, with a reason, or restart with the new ones."""

    action = one_of(["keep", "restart"], required=True)
    reason = words(2_000, load_default="")


class SignatureInput(Input):
    """The step, the hash of the text that was read, and the six digits."""

    step = fields.UUID(required=True)
    text_sha256 = fields.String(required=True, validate=SHA256)
    second_factor = words(20, required=True)


class ReleaseInput(Input):
    """In which legal forms it goes out, by which authorisation, and when the next information comes."""

    forms = fields.List(words(32), required=True)
    authorisation = fields.UUID(load_default=None, allow_none=True)
    next_update_at = moment(load_default=None, allow_none=True)
    second_factor = words(20, load_default="")


class ChoiceInput(Input):
    """Which set of steps a severity asks for from now on, and why."""

    severity = fields.Integer(required=True, strict=True, validate=validate.OneOf(list(SEVERITIES)))
    approval_set = words(40, required=True)
    reason = required_words(2_000)


class SignatureShape(Schema):
    """Who signed, when, for which organisation, under which hash."""

    id = fields.String()
    person = fields.String()
    organisation = fields.String()
    at = fields.String()
    text_sha256 = fields.String()


class StepShape(Schema):
    """A step: `open`, `later`, `signed`, or `unanswered`, which is not consent. `due` is when a timed one runs out."""

    id = fields.String()
    type = one_of(STEP_TYPES)
    function = fields.String()
    stage = fields.Integer()
    state = one_of(["open", "later", "signed", "unanswered"])
    organisation = fields.String(allow_none=True)
    organisation_name = fields.String(allow_none=True)
    asked_at = moment(allow_none=True)
    due = moment(allow_none=True)
    unanswered_at = moment(allow_none=True)
    signature = fields.Nested(SignatureShape, allow_none=True)


class HolderShape(Schema):
    """In whose hands the text is, and since when."""

    person = fields.String(allow_none=True)
    function = fields.String(allow_none=True)
    organisations = fields.List(fields.String())
    since = moment()


class CheckShape(Schema):
    """What a check found: `block` is the index in the text, `place` its number in the margin."""

    check = fields.String()
    level = one_of(["block", "warn"])
    block = fields.Integer()
    place = fields.Integer(allow_none=True)
    excerpt = fields.String()
    sentence = fields.String()
    override = fields.String(allow_none=True)
    overridden_by = fields.String(allow_none=True)


class TextTokenShape(Schema):
    """What is filled at release, with the bounds that signers see."""

    name = fields.String()
    bounds = fields.String()


class StatementSummary(Schema):
    """A statement in a list."""

    id = fields.String()
    number = fields.Integer()
    code = fields.String()
    title = fields.String()
    purpose = one_of(PURPOSES)
    state = one_of(STATES)
    drill = fields.Boolean()
    issuer = fields.String(attribute="issuer_id")
    revision = fields.Integer()
    text_sha256 = fields.String(allow_none=True)
    holder_person = fields.String(attribute="holder_person_id", allow_none=True)
    holder_function = fields.String(allow_none=True)
    holder_since = moment(allow_none=True)
    released_at = moment(allow_none=True)
    next_update_at = moment(allow_none=True)
    version = fields.Integer()


class StatementShape(Schema):
    """A statement as it is now. `text` is the draft's, the frozen, or after release the final one."""

    id = fields.String()
    incident = fields.String()
    number = fields.Integer()
    code = fields.String()
    title = fields.String()
    purpose = one_of(PURPOSES)
    template = fields.String(allow_none=True)
    language = fields.String()
    issuer = fields.String()
    issuer_name = fields.String()
    authority = fields.String()
    signatory_title = fields.String()
    corrects = fields.String(allow_none=True)
    drill = fields.Boolean()
    state = one_of(STATES)
    revision = fields.Integer()
    text = fields.String()
    text_sha256 = fields.String()
    final_sha256 = fields.String(allow_none=True)
    approval_set = fields.String(allow_none=True)
    steps = fields.List(fields.Nested(StepShape))
    steps_outdated = fields.Boolean()
    holder = fields.Nested(HolderShape, allow_none=True)
    checks = fields.List(fields.Nested(CheckShape))
    tokens = fields.List(fields.Nested(TextTokenShape))
    family_informed_by = fields.String(allow_none=True)
    family_informed_at = moment(allow_none=True)
    created_at = moment()
    submitted_at = moment(allow_none=True)
    released_at = moment(allow_none=True)
    sequence_number = fields.Integer(allow_none=True)
    forms = fields.List(fields.String())
    next_update_at = moment(allow_none=True)
    followed_by = fields.String(allow_none=True)
    public_code = fields.String(allow_none=True)
    version = fields.Integer()


class RevisionShape(Schema):
    """A revision that was named or submitted."""

    id = fields.String()
    number = fields.Integer()
    name = fields.String()
    submitted = fields.Boolean()
    text = fields.String()
    text_sha256 = fields.String()
    at = moment()
    person = fields.String(attribute="person_id", allow_none=True)


class TemplateShape(Schema):
    """A template and what belongs to it; functions stand for organisations."""

    code = fields.String()
    kind = fields.String()
    name = fields.String()
    severity = fields.Integer()
    lead_function = fields.String()
    reviewers = fields.List(fields.String())
    update_minutes = fields.Integer()
    required_facts = fields.Dict(keys=fields.String(), values=fields.String())
    forbidden = fields.List(fields.String())


class ApprovalStepShape(Schema):
    """A step of a set; steps of one stage are open together."""

    stage = fields.Integer()
    type = one_of(STEP_TYPES)
    function = fields.String()
    minutes = fields.Integer(allow_none=True)


class ApprovalSetShape(Schema):
    """A set of steps and the severities it is used for."""

    code = fields.String()
    name = fields.String()
    steps = fields.List(fields.Nested(ApprovalStepShape))
    severities = fields.List(fields.Integer())
