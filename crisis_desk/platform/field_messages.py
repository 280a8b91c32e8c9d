"""What marshmallow says of a field by itself, in the reader's language."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from crisis_desk.platform.words import _

NOT_GIVEN = _("This must be given.")


def translate_field_messages() -> None:
    """Puts the desk's sentences in place of marshmallow's, for every shape; braces are filled by marshmallow."""
    said: dict[type[fields.Field[Any]], dict[str, str]] = {
        fields.Field: {"required": NOT_GIVEN, "null": NOT_GIVEN, "validator_failed": _("This can't be used.")},
        fields.String: {"invalid": _("This must be text.")},
        fields.Integer: {"invalid": _("This must be a whole number.")},
        fields.Boolean: {"invalid": _("This must be true or false.")},
        fields.DateTime: {"invalid": _("This must be a date and time."), "format": _("This must be a date and time.")},
        fields.AwareDateTime: {"invalid_awareness": _("This must be a date and time with an offset.")},
        fields.UUID: {"invalid_uuid": _("This is no id of the desk.")},
    }
    for field, messages in said.items():
        field.default_error_messages = {**field.default_error_messages, **messages}
    validate.Length.message_max = _("At most {max} characters.")
    validate.Length.message_min = _("At least {min} characters.")
    validate.Length.message_all = _("{min} to {max} characters.")
    Schema._default_error_messages = {
        "type": _("This must be an object with fields."),
        "unknown": _("The desk knows no such field."),
    }
    validate.OneOf.default_message = _("One of these: {choices}.")
