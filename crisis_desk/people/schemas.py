"""Shapes of people and organisations in and out of the REST interface. No queries."""

from __future__ import annotations

from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields
from marshmallow.validate import Range

from crisis_desk.people.codes import (
    FUNCTIONS,
    LANGUAGES,
    LETTERHEAD_KINDS,
    ORGANISATION_KINDS,
    ROLES,
    SCOPES,
    THEMES,
)
from crisis_desk.platform.clock import instant_text
from crisis_desk.platform.words import _


class OneOf:
    """Accepts a code of a published list."""

    def __init__(self, codes: dict[str, str]) -> None:
        self.codes = codes

    def __call__(self, value: str) -> None:
        if value not in self.codes:
            raise ValidationError([_("“%(code)s” is not in the list of codes.", code=value)])


class Moment(fields.Field[Any]):
    """A moment as the journal writes it."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else instant_text(value)


class OrganisationRef(Schema):
    """Which organisation, in short."""

    id = fields.String()
    code = fields.String()
    short_name = fields.String()


class PersonShape(Schema):
    """An account as everybody on the desk sees it."""

    id = fields.String()
    name = fields.String()
    title = fields.String()
    organisation = fields.Nested(OrganisationRef)
    roles = fields.List(fields.String())
    active = fields.Boolean()
    version = fields.Integer()


class PersonWithContact(PersonShape):
    """An account as its owner and administrators see it."""

    email = fields.String()
    phone = fields.String(allow_none=True)
    language = fields.String()
    theme = fields.String()


class Strict(Schema):
    """Refuses fields it does not know, so that a misspelt one is noticed."""

    class Meta:
        unknown = RAISE


class InvitePerson(Strict):
    """What makes an account. `organisation` is an id or a code."""

    email = fields.String(required=True)
    name = fields.String(required=True)
    title = fields.String(load_default="")
    organisation = fields.String(required=True)
    roles = fields.List(fields.String(validate=OneOf(ROLES)), required=True)
    phone = fields.String(load_default="")
    language = fields.String(load_default="vi", validate=OneOf(LANGUAGES))


class ChangePerson(Strict):
    """What is to change of an account; fields that are left out stay."""

    name = fields.String()
    title = fields.String()
    organisation = fields.String()
    roles = fields.List(fields.String(validate=OneOf(ROLES)))
    active = fields.Boolean()
    reason = fields.String()
    email = fields.String()
    phone = fields.String()


class GivenReason(Strict):
    """Why something is done."""

    reason = fields.String(required=True)


class LinkShape(Schema):
    """A link to hand over, told once."""

    person = fields.String()
    link = fields.String()


class ChangeMe(Strict):
    """How the desk looks and speaks to me."""

    language = fields.String(validate=OneOf(LANGUAGES))
    theme = fields.String(validate=OneOf(THEMES))


class OrganisationShape(OrganisationRef):
    """An organisation with the period in which it existed; days, null where open."""

    name_vi = fields.String()
    name_en = fields.String()
    abbreviation = fields.String()
    kind = fields.String()
    parent_id = fields.String(allow_none=True)
    letterhead_kind = fields.String()
    head_title = fields.String()
    valid_from = fields.Date(allow_none=True)
    valid_to = fields.Date(allow_none=True)
    successor_id = fields.String(allow_none=True)
    version = fields.Integer()


class AddOrganisation(Strict):
    """What makes an organisation. `parent` is an id or a code."""

    code = fields.String(required=True)
    name_vi = fields.String(required=True)
    name_en = fields.String(required=True)
    short_name = fields.String(load_default="")
    abbreviation = fields.String(load_default="")
    kind = fields.String(required=True, validate=OneOf(ORGANISATION_KINDS))
    parent = fields.String(load_default=None, allow_none=True)
    letterhead_kind = fields.String(load_default="state", validate=OneOf(LETTERHEAD_KINDS))
    head_title = fields.String(load_default="")
    valid_from = fields.Date(load_default=None, allow_none=True)


class ChangeOrganisation(Strict):
    """What is to be corrected of an organisation; a new name by law is a successor instead."""

    name_vi = fields.String()
    name_en = fields.String()
    short_name = fields.String()
    abbreviation = fields.String()
    kind = fields.String(validate=OneOf(ORGANISATION_KINDS))
    letterhead_kind = fields.String(validate=OneOf(LETTERHEAD_KINDS))
    head_title = fields.String()


class SucceedOrganisation(Strict):
    """Which organisation (id or code) stands in the place of another from a day on."""

    successor = fields.String(required=True)
    from_day = fields.Date(required=True)


class FunctionHolderShape(Schema):
    """That an organisation holds a function from one day to another, both included."""

    id = fields.String()
    function = fields.String()
    organisation = fields.Nested(OrganisationRef)
    valid_from = fields.Date(allow_none=True)
    valid_to = fields.Date(allow_none=True)


class AssignFunction(Strict):
    """Points a function at an organisation (id or code) for a period."""

    function = fields.String(required=True, validate=OneOf(FUNCTIONS))
    organisation = fields.String(required=True)
    valid_from = fields.Date(load_default=None, allow_none=True)
    valid_to = fields.Date(load_default=None, allow_none=True)


class SessionShape(Schema):
    """A device on which I am signed in."""

    id = fields.String()
    device = fields.String()
    opened_at = Moment()
    last_seen_at = Moment()
    ends_at = Moment()


class TokenShape(Schema):
    """A token for programs, without its text."""

    id = fields.String()
    label = fields.String()
    scopes = fields.List(fields.String())
    created_at = Moment()
    last_seen_at = Moment(allow_none=True)
    expires_at = Moment()


class NewTokenShape(TokenShape):
    """A token with its text, told once."""

    token = fields.String()


class CreateToken(Strict):
    """What makes a token of mine. `password` proves that it is me."""

    label = fields.String(required=True)
    scopes = fields.List(fields.String(validate=OneOf(SCOPES)), required=True)
    days = fields.Integer(load_default=90, validate=Range(1, 365, error=_("A token lasts from one day to a year.")))
    password = fields.String(required=True, load_only=True)
