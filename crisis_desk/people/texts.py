"""Single lines as people type them into forms and tables."""

from __future__ import annotations

from crisis_desk.platform.errors import Invalid
from crisis_desk.platform.text import normal
from crisis_desk.platform.words import _


def line(field: str, text: str, longest: int) -> str:
    """The text in one line, possibly empty. Raises `Invalid` naming the field if it is too long or unprintable."""
    one = " ".join(normal(text).split())
    if len(one) > longest:
        raise Invalid(errors={field: [_("Use at most %(count)s characters.", count=longest)]})
    if not one.isprintable():
        raise Invalid(errors={field: [_("There are characters in this that can't be shown. Type it again.")]})
    return one


def filled_line(field: str, text: str, longest: int) -> str:
    """The text in one line. Raises `Invalid` naming the field if nothing is in it."""
    one = line(field, text, longest)
    if not one:
        raise Invalid(errors={field: [_("This can't be empty.")]})
    return one
