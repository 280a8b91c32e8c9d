"""Who may do what to people and organisations. An administrator runs accounts and has no right to content."""

from __future__ import annotations

from datetime import date

from crisis_desk.people.models import FunctionHolder, Organisation, Person
from crisis_desk.platform.errors import Forbidden
from crisis_desk.platform.words import N_

ADMINISTRATORS_ONLY = N_("Only an administrator may do this. Nothing was changed.")


def require(allowed: bool, sentence: str = ADMINISTRATORS_ONLY) -> None:
    """Raises `Forbidden` with the sentence unless the rule allows it."""
    if not allowed:
        raise Forbidden(sentence)


def may_administer(person: Person) -> bool:
    """Accounts, organisations and functions are the administrator's."""
    return person.active and person.has("administrator")


def may_see_contact(viewer: Person, person: Person) -> bool:
    """How somebody is reached is for herself and for those who run the accounts."""
    return viewer.id == person.id or may_administer(viewer)


def may_revoke_token(person: Person, owner_id: str) -> bool:
    """A token is stopped by its owner, or by an administrator."""
    return person.id == owner_id or may_administer(person)


def existed_on(thing: Organisation | FunctionHolder, day: date) -> bool:
    """Whether the organisation existed, or held the function, on that day in the province."""
    return (thing.valid_from is None or thing.valid_from <= day) and (thing.valid_to is None or day <= thing.valid_to)


def overlap(holder: FunctionHolder, valid_from: date | None, valid_to: date | None) -> bool:
    """Whether the holder's period and this one share a day."""
    starts_in_time = holder.valid_from is None or valid_to is None or holder.valid_from <= valid_to
    ends_late = holder.valid_to is None or valid_from is None or valid_from <= holder.valid_to
    return starts_in_time and ends_late
