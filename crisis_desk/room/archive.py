"""Every incident, a page at a time: found by words without diacritics, narrowed and sorted."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlalchemy.orm import Session

from crisis_desk.incidents import queries
from crisis_desk.incidents.codes import spoken_code
from crisis_desk.incidents.lists import KINDS, SEVERITIES, STATUSES
from crisis_desk.incidents.models import Incident
from crisis_desk.people.models import Person
from crisis_desk.platform.errors import Invalid

PAGE = 50
_CHOICES: Mapping[str, Any] = {
    "status": STATUSES,
    "severity": {str(level) for level in SEVERITIES},
    "kind": KINDS,
    "sort": queries.SORTS,
}


@dataclass(frozen=True)
class Asked:
    """What the address asks for; what it spells wrong is left out, for an address may be old or typed."""

    q: str = ""
    status: str = ""
    severity: str = ""
    kind: str = ""
    sort: str = "received"
    after: list[Any] | None = None

    @property
    def is_narrowed(self) -> bool:
        """Whether anything was asked for."""
        return bool(self.q or self.status or self.severity or self.kind)

    def address(self, **other: str) -> dict[str, str]:
        """The query of an address that asks the same, with `other` in place of what it holds."""
        said = {"q": self.q, "status": self.status, "severity": self.severity, "kind": self.kind, "sort": self.sort}
        return {name: value for name, value in (said | other).items() if value}


@dataclass(frozen=True)
class Archive:
    """One page of incidents; `following` is the query of the next page's address."""

    asked: Asked
    incidents: list[Incident]
    codes: dict[str, str] = field(default_factory=dict)
    following: dict[str, str] | None = None


def asked(arguments: Mapping[str, str]) -> Asked:
    """What an address asks for."""
    known = {name: value for name, value in arguments.items() if value in _CHOICES.get(name, ())}
    after = _cursor(arguments.get("after", ""), known.get("sort", "received"))
    return Asked(q=arguments.get("q", "").strip()[:200], after=after, **known)


def archive(session: Session, person: Person, wanted: Asked) -> Archive:
    """The page of incidents that was asked for, of those the person may see."""
    rows = queries.listed(
        session,
        person,
        status=wanted.status or None,
        severity=int(wanted.severity) if wanted.severity else None,
        kind=wanted.kind or None,
        q=wanted.q or None,
        sort=wanted.sort,
        after=wanted.after,
        limit=PAGE,
    )
    shown = rows[:PAGE]
    following = None
    if len(rows) > PAGE:
        following = wanted.address(after=_cursor_text(queries.cursor_of(shown[-1], wanted.sort)))
    return Archive(wanted, shown, {row.code: spoken_code(row.code) for row in shown}, following)


def _cursor_text(cursor: list[Any]) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(cursor)).decode().rstrip("=")


def _cursor(text: str, sort: str) -> list[Any] | None:
    try:
        cursor = orjson.loads(base64.urlsafe_b64decode(text + "=="))
        queries.place(cursor, sort)
    except (ValueError, TypeError, Invalid):
        return None
    return list(cursor)
