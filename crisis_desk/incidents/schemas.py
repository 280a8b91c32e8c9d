"""The shapes of incidents, in and out. Times are RFC 3339 with an offset; ids are UUIDs."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from unicodedata import category

from marshmallow import Schema, ValidationError, fields, pre_load, validate, validates_schema

from crisis_desk.incidents.lists import (
    ANSWERS,
    HANDLINGS,
    KINDS,
    RESPONDER_ROLES,
    SEVERITIES,
    STATUSES,
    TRIGGERS,
)
from crisis_desk.platform.text import normal
from crisis_desk.platform.words import N_

LONGEST_TITLE = 300
LONGEST_TEXT = 10_000
YEARS = range(1900, 2200)


def words(longest: int, **options: Any) -> fields.String:
    """Text in its normal form, not longer than `longest` characters."""
    return fields.String(validate=validate.Length(max=longest), **options)


def required_words(longest: int) -> fields.String:
    """Text that must say something."""
    return fields.String(required=True, validate=[validate.Length(min=1, max=longest), _says_something])


def moment(**options: Any) -> fields.AwareDateTime:
    """A moment; an offset is required, for a time without one is a time somewhere."""
    return fields.AwareDateTime(format="iso", validate=_is_of_our_time, **options)


def one_of(codes: Any, **options: Any) -> fields.Field[Any]:
    """One of the published codes."""
    return fields.String(validate=validate.OneOf(list(codes)), **options)


def _is_of_our_time(at: datetime) -> None:
    # The very first and last moments have no counterpart in other time zones.
    if at.year not in YEARS:
        raise ValidationError(N_("This must be a date and time."))


def _says_something(text: str) -> None:
    # Nobody could find a title that consists of spaces without width.
    if not any(category(letter)[0] not in "CZ" for letter in text):
        raise ValidationError(N_("This must not be empty."))


class Input(Schema):
    """What comes in: unknown fields are refused by name, text is brought to its normal form."""

    @pre_load
    def _normalise(self, data: Any, **_: Any) -> Any:
        if not isinstance(data, dict):
            return data
        return {name: normal(value) if isinstance(value, str) else value for name, value in data.items()}


class IncidentIntake(Input):
    """A new incident: a title, or the one line from which everything is understood."""

    title = words(LONGEST_TITLE)
    line = words(LONGEST_TEXT)
    kind = one_of(KINDS)
    severity = fields.Integer(strict=True, validate=validate.OneOf(list(SEVERITIES)))
    trigger = one_of(TRIGGERS, allow_none=True)
    summary = words(LONGEST_TEXT)
    place = words(300)
    handling = one_of(HANDLINGS)
    handling_reason = words(1_000, allow_none=True)
    occurred_at = moment(allow_none=True)
    occurred_about = fields.Boolean()
    received_at = moment(allow_none=True)
    impact_determined_at = moment(allow_none=True)
    drill = fields.Boolean()

    @validates_schema
    def _needs_words(self, data: dict[str, Any], **_: Any) -> None:
        if not (data.get("title") or "").strip() and not (data.get("line") or "").strip():
            raise ValidationError(N_("Write one line: what, where, about when."), "title")


class IncidentChanges(Input):
    """Only what changes is sent; If-Match says which version was seen."""

    title = required_words(LONGEST_TITLE)
    title.required = False
    kind = one_of(KINDS)
    summary = words(LONGEST_TEXT)
    place = words(300)
    lead_organisation = fields.UUID(allow_none=True)
    occurred_at = moment(allow_none=True)
    occurred_about = fields.Boolean()
    received_at = moment()
    impact_determined_at = moment(allow_none=True)


class StatusMove(Input):
    """Where the incident goes; `trigger` is needed to open it."""

    to = one_of(STATUSES, required=True)
    reason = words(2_000, load_default="")
    trigger = one_of(TRIGGERS, load_default=None, allow_none=True)


class SeverityChange(Input):
    """The new severity, 1–4, and why."""

    severity = fields.Integer(required=True, strict=True, validate=validate.OneOf(list(SEVERITIES)))
    reason = required_words(2_000)


class HandlingChange(Input):
    """Who may see the incident, and why."""

    handling = one_of(HANDLINGS, required=True)
    reason = required_words(1_000)


class IncidentQuery(Schema):
    """How a list of incidents is narrowed and sorted."""

    status = one_of(STATUSES)
    severity = fields.Integer(validate=validate.OneOf(list(SEVERITIES)))
    kind = one_of(KINDS)
    q = words(200)
    sort = one_of(["received", "severity"], load_default="received")
    limit = fields.Integer(load_default=100)
    after = fields.String()


class ClockShape(Schema):
    """A clock: when it started, when it is due, whether and how it ended."""

    id = fields.String()
    code = fields.String()
    starts_at = moment()
    due_at = moment()
    provisional = fields.Boolean()
    citation = fields.String(allow_none=True)
    number = fields.Integer(allow_none=True)
    met_at = moment(allow_none=True)
    closed_at = moment(allow_none=True)
    closed_reason = fields.String(allow_none=True)


class IncidentShape(Schema):
    """An incident as it is now; `spoken_code` is its code with the diacritics."""

    id = fields.String()
    code = fields.String()
    spoken_code = fields.String()
    title = fields.String()
    kind = fields.String()
    severity = fields.Integer()
    trigger = fields.String(allow_none=True)
    summary = fields.String()
    place = fields.String()
    handling = fields.String()
    handling_reason = fields.String(allow_none=True)
    handling_until = moment(allow_none=True)
    status = fields.String()
    occurred_at = moment(allow_none=True)
    occurred_about = fields.Boolean()
    received_at = moment()
    impact_determined_at = moment(allow_none=True)
    recorded_at = moment()
    acknowledged_at = moment(allow_none=True)
    opened_at = moment(allow_none=True)
    closed_at = moment(allow_none=True)
    drill = fields.Boolean()
    rule_set = fields.String()
    lead_organisation = fields.String(attribute="lead_organisation_id", allow_none=True)
    version = fields.Integer()


class IncidentWithClocks(IncidentShape):
    """An incident and its clocks."""

    clocks = fields.List(fields.Nested(ClockShape))


class ResponderRequest(Input):
    """Who is asked to take part, and as what."""

    person = fields.UUID(required=True)
    role = one_of(RESPONDER_ROLES, required=True)


class ResponderAnswer(Input):
    """`accept`, or `decline` with a reason."""

    answer = one_of(["accept", "decline"], required=True)
    reason = words(1_000, load_default="")


class Reason(Input):
    """Why."""

    reason = required_words(2_000)


class ResponderShape(Schema):
    """A person who was asked to take part."""

    id = fields.String()
    person = fields.String(attribute="person_id")
    role = fields.String()
    answer = one_of(ANSWERS)
    reason = fields.String(allow_none=True)
    assigned_at = moment()
    answered_at = moment(allow_none=True)
    released_at = moment(allow_none=True)
    version = fields.Integer()


class NoteInput(Input):
    """A line for the log; a time at its beginning is when it happened."""

    text = required_words(LONGEST_TEXT)
    occurred_at = moment(load_default=None, allow_none=True)
    corrects = fields.UUID(load_default=None, allow_none=True)


class NoteShape(Schema):
    """A line of the log."""

    id = fields.String()
    sequence = fields.Integer()
    text = fields.String()
    occurred_at = moment()
    recorded_at = moment()
    person = fields.String(attribute="person_id", allow_none=True)
    mentions = fields.List(fields.String())
    corrects = fields.String(allow_none=True)
    corrected_by = fields.String(allow_none=True)


class AuthorisationInput(Input):
    """A written authorisation to speak on this incident."""

    person = fields.UUID(required=True)
    signer = required_words(200)
    document_number = required_words(64)
    valid_from = moment(required=True)
    valid_to = moment(required=True)


class PostingInput(Input):
    """When the authorisation was made public."""

    posted_at = moment(required=True)


class AuthorisationShape(Schema):
    """An authorisation to speak."""

    id = fields.String()
    person = fields.String(attribute="person_id")
    signer = fields.String()
    document_number = fields.String()
    valid_from = moment()
    valid_to = moment()
    posted_at = moment(allow_none=True)
    withdrawn_at = moment(allow_none=True)
    version = fields.Integer()


class SimilarShape(Schema):
    """A live incident that may be the same; `spoken_code` has its diacritics."""

    code = fields.String()
    spoken_code = fields.String()
    title = fields.String()


class UnderstoodShape(Schema):
    """What the desk understands of an intake line, before it is sent."""

    title = fields.String()
    place = fields.String()
    severity = fields.Integer(allow_none=True)
    received_at = moment(allow_none=True)
    occurred_at = moment(allow_none=True)
    occurred_about = fields.Boolean()
    similar = fields.List(fields.Nested(SimilarShape))
