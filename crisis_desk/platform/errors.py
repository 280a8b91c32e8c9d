"""The one small family of refusals that actions raise; web and sockets each translate it once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from crisis_desk.platform.words import N_

FieldErrors = Mapping[str, Sequence[str]]


class DeskError(Exception):
    """Something the desk refuses. `title` is a sentence for a person; `code` the same word in every interface."""

    status = 500
    code = "error"
    title = N_("Something went wrong on the desk. Nothing was changed; please try again.")

    def __init__(self, title: str | None = None, *, errors: FieldErrors | None = None, **values: Any) -> None:
        super().__init__(title or self.title)
        self.title = title or self.title
        self.errors = errors
        self.values = values


class Unauthenticated(DeskError):
    """Nobody is signed in, or the token is not valid any more."""

    status = 401
    code = "unauthenticated"
    title = N_("Please sign in first. What you typed is still here.")


class Forbidden(DeskError):
    """The person sees the thing but may not do this to it."""

    status = 403
    code = "forbidden"
    title = N_("You may not do this. Nothing was changed.")


class NotFound(DeskError):
    """It does not exist, or this person may not know that it does."""

    status = 404
    code = "not_found"
    title = N_("There is nothing here, or it is not open to you.")


class Conflict(DeskError):
    """The present state does not allow it."""

    status = 409
    code = "conflict"
    title = N_("The present state does not allow this. Nothing was changed.")


class Stale(DeskError):
    """Somebody changed it in the meantime; `present` is the object as it is now."""

    status = 412
    code = "stale"
    title = N_("Somebody changed this in the meantime. The present state is shown; what you typed is still here.")

    def __init__(self, title: str | None = None, *, present: Any = None) -> None:
        super().__init__(title)
        self.present = present


class TooLarge(DeskError):
    """Larger than the limit; refused before it was stored."""

    status = 413
    code = "too_large"
    title = N_("This is larger than the desk takes. Nothing was stored; please shorten it.")


class Invalid(DeskError):
    """One or more fields are wrong: `errors` names each with its sentences."""

    status = 422
    code = "invalid"
    title = N_("Some of what was entered can't be used. Nothing was changed.")


class TooMany(DeskError):
    """The account has tried too often; it may try again later."""

    status = 429
    code = "too_many"
    title = N_("Too many attempts. Please wait a little and try again.")


class Unavailable(DeskError):
    """A part that is needed does not answer just now."""

    status = 503
    code = "unavailable"
    title = N_("The store does not answer just now. Nothing was changed; please try again in a moment.")
