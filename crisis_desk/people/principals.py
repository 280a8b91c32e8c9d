"""Who is behind a cookie or a token. One query each; no request is read here, so sockets use it as well."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from crisis_desk.journal.entries import Actor, Via
from crisis_desk.people.codes import SCOPES
from crisis_desk.people.models import Person
from crisis_desk.people.secret_models import ApiToken, Credentials, DeskSession
from crisis_desk.people.tokens import hash_of
from crisis_desk.platform.errors import Forbidden
from crisis_desk.platform.words import N_

# Asked with every request, so they are put together once.
_BY_COOKIE = (
    select(DeskSession, Person, Credentials.totp_secret)
    .join(Person, Person.id == DeskSession.person_id)
    .join(Credentials, Credentials.person_id == Person.id)
    .where(DeskSession.token_hash == bindparam("token_hash"))
)
_BY_TOKEN = (
    select(ApiToken, Person)
    .join(Person, Person.id == ApiToken.person_id)
    .where(ApiToken.token_hash == bindparam("token_hash"))
)
EVERY_SCOPE = frozenset(SCOPES)
SCOPE_MISSING = N_("This token was not made for that. A token with the scope “%(scope)s” is needed.")


@dataclass(frozen=True)
class Principal:
    """A person who has proved who she is. `session` is the id of her session, or of the token she uses."""

    person: Person
    session: str
    via: Via
    scopes: frozenset[str]
    last_seen_at: datetime | None

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        """The id under which Flask-Login knows her."""
        return self.person.id

    @property
    def actor(self) -> Actor:
        """Who the entries name."""
        return Actor(self.person.id, self.session, self.via)

    def require_scope(self, scope: str) -> None:
        """Raises `Forbidden` when she uses a token that was not made for this."""
        if scope not in self.scopes:
            raise Forbidden(SCOPE_MISSING, scope=scope)


@dataclass(frozen=True)
class Pending:
    """A person whose password was right; `needs` is "second_factor" or "enrolment"."""

    person: Person
    session: str
    needs: str


def by_session_token(session: Session, token: str, now: datetime, idle: timedelta) -> Principal | Pending | None:
    """Whose open session this cookie is; None when it ended, was idle too long, or the account is closed."""
    row = session.execute(_BY_COOKIE, {"token_hash": hash_of(token)}).one_or_none()
    if row is None:
        return None
    opened, person, secret = row
    if not person.active or now >= opened.ends_at or now >= opened.last_seen_at + idle:
        return None
    needs = missing_proof(person, opened, secret)
    if needs is not None:
        return Pending(person, opened.id, needs)
    return Principal(person, opened.id, "page", EVERY_SCOPE, opened.last_seen_at)


def missing_proof(person: Person, opened: DeskSession, totp_secret: str | None) -> str | None:
    """What the session still lacks, by the roles and the factor the person has now; None when it is complete."""
    if totp_secret is not None:
        return None if opened.second_factor_at is not None else "second_factor"
    return "enrolment" if person.needs_second_factor else None


def by_api_token(session: Session, text: str, now: datetime) -> Principal | None:
    """Whose token this is; None when it is unknown, has expired, or the account is closed."""
    row = session.execute(_BY_TOKEN, {"token_hash": hash_of(text)}).one_or_none()
    if row is None:
        return None
    token, person = row
    if not person.active or now >= token.expires_at:
        return None
    return Principal(person, token.id, "api", frozenset(token.scopes), token.last_seen_at)


def open_sessions(session: Session, ids: Collection[str], now: datetime) -> set[str]:
    """Which of these sessions and tokens still count."""
    opened = session.scalars(select(DeskSession.id).where(DeskSession.id.in_(ids), DeskSession.ends_at > now))
    tokens = session.scalars(select(ApiToken.id).where(ApiToken.id.in_(ids), ApiToken.expires_at > now))
    return {*opened, *tokens}
