"""What an administrator does to organisations and to the functions that point at them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from crisis_desk.journal.streams import DESK
from crisis_desk.journal.transaction import Transaction
from crisis_desk.people.actions.accounts import require_administrator
from crisis_desk.people.codes import FUNCTIONS, LETTERHEAD_KINDS, ORGANISATION_KINDS
from crisis_desk.people.entries import (
    FunctionAssigned,
    FunctionEnded,
    OrganisationAdded,
    OrganisationChanged,
    OrganisationSucceeded,
)
from crisis_desk.people.models import FunctionHolder, Organisation, Person
from crisis_desk.people.queries import function_holders, organisation, organisation_by_code
from crisis_desk.people.rules import overlap
from crisis_desk.people.texts import filled_line, line
from crisis_desk.platform.errors import Conflict, Invalid, Stale
from crisis_desk.platform.words import N_, _

_LONGEST = {"name_vi": 200, "name_en": 200, "short_name": 100, "abbreviation": 40, "head_title": 100}
_LISTS = {"kind": ORGANISATION_KINDS, "letterhead_kind": LETTERHEAD_KINDS}
_MAY_BE_EMPTY = {"head_title"}
_DAY = timedelta(days=1)


def add_organisation(
    tx: Transaction, *, person: Person | None, code: str, name_vi: str, name_en: str, kind: str,
    short_name: str = "", abbreviation: str = "", parent: Organisation | None = None, letterhead_kind: str = "state",
    head_title: str = "", valid_from: date | None = None,
) -> Organisation:  # fmt: skip
    """Adds a body from a day on (None: from before the desk). A short name left empty is the Vietnamese name."""
    require_administrator(tx, person)
    free = _free_code(tx, code)
    texts = {
        "name_vi": name_vi,
        "name_en": name_en,
        "short_name": short_name or name_vi[:100],
        "abbreviation": abbreviation or free,
        "kind": kind,
        "letterhead_kind": letterhead_kind,
        "head_title": head_title,
    }
    cleaned = {field: _cleaned(field, text) for field, text in texts.items()}
    added = OrganisationAdded(
        code=free,
        parent_id=parent.id if parent is not None else None,
        valid_from=_day_text(valid_from),
        **cleaned,
    )
    added_id = str(uuid4())
    tx.record(DESK, added, subject=("organisation", added_id))
    return organisation(tx.session, added_id)


def change_organisation(
    tx: Transaction, *, person: Person, organisation_id: str, version: int | None, **changes: str
) -> Organisation:
    """Corrects what the desk keeps of a body. When the body itself changed, a successor is added instead."""
    require_administrator(tx, person)
    body = organisation(tx.session, organisation_id)
    if version is not None and version != body.version:
        raise Stale(present=body)
    wanted = {field: _cleaned(field, text) for field, text in changes.items()}
    after = {field: text for field, text in wanted.items() if getattr(body, field) != text}
    if after:
        before: dict[str, Any] = {field: getattr(body, field) for field in after}
        tx.record(DESK, OrganisationChanged(body.code, before, after), subject=("organisation", body.id))
    return body


def succeed_organisation(
    tx: Transaction, *, person: Person, organisation_id: str, successor: Organisation, from_day: date
) -> None:
    """Puts a successor in the place of a body from a day on; the functions it holds go with it.

    Raises `Conflict` when it has a successor already, and `Invalid` when it would succeed itself.
    """
    require_administrator(tx, person)
    body = organisation(tx.session, organisation_id)
    if body.id == successor.id:
        raise Invalid(errors={"successor": [_("An organisation can't succeed itself.")]})
    if body.successor_id is not None:
        raise Conflict(N_("This organisation has a successor already."))
    if body.valid_from is not None and from_day <= body.valid_from:
        raise Invalid(errors={"valid_from": [_("The successor can't begin before the organisation did.")]})
    told = OrganisationSucceeded(body.code, successor.id, successor.code, (from_day - _DAY).isoformat())
    tx.record(DESK, told, subject=("organisation", body.id))
    for holder in function_holders(tx.session):
        if holder.organisation_id == body.id and overlap(holder, from_day, None):
            assign_function(
                tx, person=person, function=holder.function, to=successor, valid_from=from_day, valid_to=holder.valid_to
            )


def assign_function(
    tx: Transaction, *, person: Person | None, function: str, to: Organisation, valid_from: date | None,
    valid_to: date | None = None,
) -> FunctionHolder:  # fmt: skip
    """Points a function at an organisation from one day to another, both included; None is open.

    Whoever holds it then and began earlier holds it until the day before. Raises `Conflict` when somebody begins to
    hold it within the period.
    """
    require_administrator(tx, person)
    if function not in FUNCTIONS:
        raise Invalid(errors={"function": [_("There is no such function.")]})
    if valid_from is not None and valid_to is not None and valid_to < valid_from:
        raise Invalid(errors={"valid_to": [_("The last day can't lie before the first.")]})
    _make_room(tx, function, valid_from, valid_to)
    holder_id = str(uuid4())
    assigned = FunctionAssigned(function, to.id, to.code, _day_text(valid_from), _day_text(valid_to))
    tx.record(DESK, assigned, subject=("function_holder", holder_id))
    return tx.session.get_one(FunctionHolder, holder_id)


def organisation_meant(tx: Transaction, field: str, text: str) -> Organisation:
    """The organisation with this id or code. Raises `Invalid` naming the field."""
    found = tx.session.get(Organisation, text) or organisation_by_code(tx.session, text)
    if found is None:
        raise Invalid(errors={field: [_("There is no such organisation.")]})
    return found


def _make_room(tx: Transaction, function: str, valid_from: date | None, valid_to: date | None) -> None:
    for holder in function_holders(tx.session, function):
        if not overlap(holder, valid_from, valid_to):
            continue
        if valid_from is None or (holder.valid_from is not None and holder.valid_from >= valid_from):
            raise Conflict(N_("Another organisation begins to hold this function within the period."))
        ended = FunctionEnded(function, holder.organisation.code, (valid_from - _DAY).isoformat())
        tx.record(DESK, ended, subject=("function_holder", holder.id))


def _cleaned(field: str, text: str) -> str:
    if field in _LISTS:
        if text not in _LISTS[field]:
            raise Invalid(errors={field: [_("“%(code)s” is not in the list of codes.", code=text)]})
        return text
    return line(field, text, _LONGEST[field]) if field in _MAY_BE_EMPTY else filled_line(field, text, _LONGEST[field])


def _free_code(tx: Transaction, code: str) -> str:
    free = filled_line("code", code, 20)
    if not all(character.isalnum() or character in "-_" for character in free):
        raise Invalid(errors={"code": [_("A code is made of letters, digits and hyphens.")]})
    if organisation_by_code(tx.session, free) is not None:
        raise Invalid(errors={"code": [_("There is an organisation with this code already.")]})
    return free


def _day_text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
