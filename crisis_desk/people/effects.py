"""What each entry does to the tables of people and organisations, now and in every replay."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from crisis_desk.journal.entries import Recorded, effect
from crisis_desk.people.entries import (
    FunctionAssigned,
    FunctionEnded,
    OrganisationAdded,
    OrganisationChanged,
    OrganisationSucceeded,
    PersonChanged,
    PersonContactChanged,
    PersonDeactivated,
    PersonInvited,
    PersonReactivated,
    PersonRolesChanged,
)
from crisis_desk.people.models import FunctionHolder, Organisation, Person


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _change_person(session: Session, recorded: Recorded[Any], **values: Any) -> None:
    statement = update(Person).where(Person.id == recorded.subject_id)
    session.execute(statement.values(version=Person.version + 1, **values))


def _change_organisation(session: Session, organisation_id: str, **values: Any) -> None:
    statement = update(Organisation).where(Organisation.id == organisation_id)
    session.execute(statement.values(version=Organisation.version + 1, **values))


@effect(OrganisationAdded)
def organisation_added(session: Session, recorded: Recorded[OrganisationAdded]) -> None:
    data = recorded.data
    session.add(
        Organisation(
            id=recorded.subject_id,
            code=data.code,
            name_vi=data.name_vi,
            name_en=data.name_en,
            short_name=data.short_name,
            abbreviation=data.abbreviation,
            kind=data.kind,
            parent_id=data.parent_id,
            letterhead_kind=data.letterhead_kind,
            head_title=data.head_title,
            valid_from=_day(data.valid_from),
            version=1,
        )
    )


@effect(OrganisationChanged)
def organisation_changed(session: Session, recorded: Recorded[OrganisationChanged]) -> None:
    _change_organisation(session, recorded.subject_id, **recorded.data.after)


@effect(OrganisationSucceeded)
def organisation_succeeded(session: Session, recorded: Recorded[OrganisationSucceeded]) -> None:
    data = recorded.data
    _change_organisation(session, recorded.subject_id, successor_id=data.successor_id, valid_to=_day(data.valid_to))


@effect(FunctionAssigned)
def function_assigned(session: Session, recorded: Recorded[FunctionAssigned]) -> None:
    data = recorded.data
    session.add(
        FunctionHolder(
            id=recorded.subject_id,
            function=data.function,
            organisation_id=data.organisation_id,
            valid_from=_day(data.valid_from),
            valid_to=_day(data.valid_to),
        )
    )


@effect(FunctionEnded)
def function_ended(session: Session, recorded: Recorded[FunctionEnded]) -> None:
    statement = update(FunctionHolder).where(FunctionHolder.id == recorded.subject_id)
    session.execute(statement.values(valid_to=_day(recorded.data.valid_to)))


@effect(PersonInvited)
def person_invited(session: Session, recorded: Recorded[PersonInvited]) -> None:
    data = recorded.data
    session.add(
        Person(
            id=recorded.subject_id,
            name=data.name,
            title=data.title,
            organisation_id=data.organisation_id,
            roles=data.roles,
            active=True,
            demonstration=data.demonstration,
            invited_at=recorded.at,
            version=1,
        )
    )


@effect(PersonChanged)
def person_changed(session: Session, recorded: Recorded[PersonChanged]) -> None:
    _change_person(session, recorded, **recorded.data.after)


@effect(PersonContactChanged)
def person_contact_changed(session: Session, recorded: Recorded[PersonContactChanged]) -> None:
    """The contact is outside the journal, but who edits the account from an old state must notice."""
    _change_person(session, recorded)


@effect(PersonRolesChanged)
def person_roles_changed(session: Session, recorded: Recorded[PersonRolesChanged]) -> None:
    _change_person(session, recorded, roles=recorded.data.after)


@effect(PersonDeactivated)
def person_deactivated(session: Session, recorded: Recorded[PersonDeactivated]) -> None:
    _change_person(session, recorded, active=False)


@effect(PersonReactivated)
def person_reactivated(session: Session, recorded: Recorded[PersonReactivated]) -> None:
    _change_person(session, recorded, active=True)
