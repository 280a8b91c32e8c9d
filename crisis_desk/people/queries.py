"""Reads of people and organisations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, String, cast, func, or_, select, tuple_
from sqlalchemy.orm import Session

from crisis_desk.people.codes import ROLES
from crisis_desk.people.models import FunctionHolder, Organisation, Person
from crisis_desk.people.rules import existed_on
from crisis_desk.people.secret_models import AccountLink, ApiToken, Credentials, DeskSession
from crisis_desk.people.tokens import hash_of
from crisis_desk.platform.clock import PROVINCE
from crisis_desk.platform.errors import NotFound


def person_by_id(session: Session, person_id: str) -> Person:
    """The account, open or closed. Raises `NotFound`."""
    person = session.get(Person, person_id)
    if person is None:
        raise NotFound()
    return person


def person_by_email(session: Session, email: str) -> Person | None:
    """The account with this address, in whatever case it is written."""
    return session.scalars(select(Person).where(Person.email == email.strip().casefold())).one_or_none()


def people(
    session: Session, *, after: Sequence[str] | None = None, limit: int | None = None, role: str | None = None,
    organisation: str | None = None,
) -> list[Person]:  # fmt: skip
    """Accounts by name, all or those with a role or of an organisation (id or code).

    `after` is the name and id of the last one already had.
    """
    query = select(Person).order_by(Person.name, Person.id).limit(limit)
    if after is not None:
        query = query.where(tuple_(Person.name, Person.id) > tuple(after))
    if role is not None:
        query = query.where(_holds(role))
    if organisation is not None:
        of_it = or_(Organisation.id == organisation, Organisation.code == organisation)
        query = query.where(Person.organisation_id.in_(select(Organisation.id).where(of_it)))
    return list(session.scalars(query))


def people_by_id(session: Session, person_ids: Sequence[str]) -> dict[str, Person]:
    """Those of the accounts that exist, by id, in one query."""
    query = select(Person).where(Person.id.in_(set(person_ids)))
    return {person.id: person for person in session.scalars(query)}


def people_with_role(session: Session, role: str, organisation_id: str | None = None) -> list[Person]:
    """Open accounts that hold the desk role, of one organisation or of all, by name."""
    query = select(Person).where(Person.active, _holds(role)).order_by(Person.name, Person.id)
    if organisation_id is not None:
        query = query.where(Person.organisation_id == organisation_id)
    return list(session.scalars(query))


def count_administrators(session: Session, *, besides: str) -> int:
    """How many open administrator accounts there are without this one."""
    query = select(func.count()).select_from(Person).where(Person.active, _holds("administrator"), Person.id != besides)
    return session.scalars(query).one()


def has_demonstration_accounts(session: Session) -> bool:
    """Whether an account with the published password is open: then the desk must stay on loopback."""
    return session.scalars(select(Person.id).where(Person.active, Person.demonstration).limit(1)).first() is not None


def demonstration_accounts(session: Session, at: datetime) -> list[tuple[Organisation, list[Person]]]:
    """The open demonstration accounts by organisation, the press authority's first, each by the order of roles."""
    order = list(ROLES)
    found = session.scalars(select(Person).where(Person.active, Person.demonstration)).all()
    first = holder_of(session, "press_authority", at)
    bodies = {person.organisation_id: person.organisation for person in found}
    sorted_bodies = sorted(bodies.values(), key=lambda body: (first is None or body.id != first.id, body.code))
    by_role = sorted(found, key=lambda person: (min(map(order.index, person.roles), default=0), person.email or ""))
    return [(body, [person for person in by_role if person.organisation_id == body.id]) for body in sorted_bodies]


def organisation(session: Session, organisation_id: str) -> Organisation:
    """One organisation. Raises `NotFound`."""
    found = session.get(Organisation, organisation_id)
    if found is None:
        raise NotFound()
    return found


def organisation_by_code(session: Session, code: str) -> Organisation | None:
    """The organisation with this code, in whatever case it is written."""
    query = select(Organisation).where(func.upper(Organisation.code) == code.strip().upper())
    return session.scalars(query).one_or_none()


def organisations(session: Session, *, at: datetime | None = None) -> list[Organisation]:
    """Every organisation by code, or those that existed at a moment."""
    found = session.scalars(select(Organisation).order_by(Organisation.code))
    return [body for body in found if at is None or existed_on(body, at.astimezone(PROVINCE).date())]


def holder_of(session: Session, function: str, at: datetime) -> Organisation | None:
    """The organisation that holds the function at that moment; None when nobody does."""
    day = at.astimezone(PROVINCE).date()
    query = select(FunctionHolder).where(
        FunctionHolder.function == function,
        or_(FunctionHolder.valid_from.is_(None), FunctionHolder.valid_from <= day),
        or_(FunctionHolder.valid_to.is_(None), FunctionHolder.valid_to >= day),
    )
    holder = session.scalars(query).first()
    return holder.organisation if holder is not None else None


def function_holders(session: Session, function: str | None = None) -> list[FunctionHolder]:
    """Who holds, held and will hold each function, or one of them, latest first."""
    query = select(FunctionHolder)
    if function is not None:
        query = query.where(FunctionHolder.function == function)
    found = session.scalars(query).all()
    return sorted(
        found, key=lambda holder: (holder.function, -(holder.valid_from.toordinal() if holder.valid_from else 0))
    )


def _holds(role: str) -> ColumnElement[bool]:
    # Both engines show the list as text; the quotes keep one role from being found inside another's name.
    return cast(Person.roles, String).like(f'%"{role}"%')


def password_hash_of(session: Session, email: str) -> tuple[Person | None, str | None]:
    """The open account with this address and the hash of its password; None for each that is not there."""
    person = person_by_email(session, email)
    if person is None or not person.active:
        return None, None
    credentials = session.get(Credentials, person.id)
    return person, credentials.password_hash if credentials is not None else None


def has_second_factor(session: Session, person_id: str) -> bool:
    """Whether the person has set up a device."""
    credentials = session.get(Credentials, person_id)
    return credentials is not None and credentials.totp_secret is not None


def account_of_link(session: Session, token: str, now: datetime) -> Person | None:
    """Whose link this is; None when it was used or is too old."""
    link = session.get(AccountLink, hash_of(token))
    return session.get(Person, link.person_id) if link is not None and link.expires_at > now else None


def sessions_of(session: Session, person_id: str, now: datetime) -> list[DeskSession]:
    """The person's open sessions, the one used last first."""
    query = select(DeskSession).where(DeskSession.person_id == person_id, DeskSession.ends_at > now)
    newest = (DeskSession.last_seen_at.desc(), DeskSession.opened_at.desc(), DeskSession.id)
    return list(session.scalars(query.order_by(*newest)))


def tokens_of(session: Session, person_id: str) -> list[ApiToken]:
    """The person's tokens, the newest first, expired ones too until they are removed."""
    query = select(ApiToken).where(ApiToken.person_id == person_id)
    return list(session.scalars(query.order_by(ApiToken.created_at.desc(), ApiToken.id)))


@dataclass(frozen=True)
class Standing:
    """How far an account has come: whether it has a password and a device, and when it was last seen."""

    has_password: bool
    has_second_factor: bool
    last_seen_at: datetime | None


def standings(session: Session) -> dict[str, Standing]:
    """How far each account has come, by its id."""
    last = select(DeskSession.person_id, func.max(DeskSession.last_seen_at)).group_by(DeskSession.person_id)
    seen = dict(session.execute(last).all())
    return {
        kept.person_id: Standing(kept.password_hash is not None, kept.totp_secret is not None, seen.get(kept.person_id))
        for kept in session.scalars(select(Credentials))
    }
