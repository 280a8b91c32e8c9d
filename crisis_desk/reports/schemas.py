"""The shapes of reports, in and out."""

from __future__ import annotations

from marshmallow import Schema, fields

from crisis_desk.incidents.schemas import moment


class SectionInput(Schema):
    """The new wording of a section; null or empty takes the old one out of the report."""

    text = fields.String(required=True, allow_none=True)


class SectionShape(Schema):
    """A section as it reads now; version 0 is not written yet."""

    section = fields.String()
    text = fields.String()
    version = fields.Integer()
    written_at = moment(allow_none=True)
    written_by = fields.String(allow_none=True)
