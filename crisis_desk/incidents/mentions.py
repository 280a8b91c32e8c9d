"""Who is meant by "@Tạ Hồng Linh", "@tahonglinh" or "@coordinator" in a line of the log."""

from __future__ import annotations

import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from crisis_desk.incidents.models import Incident
from crisis_desk.incidents.rules import may_see
from crisis_desk.people.models import Person
from crisis_desk.platform.text import fold

_HANDLE = re.compile(r"@([\w.\-]+)")


def mentioned(session: Session, incident: Incident, text: str) -> list[str]:
    """Ids of the people a text names, in order; only those who may see the incident are ever told."""
    if "@" not in text:
        return []
    folded = fold(text)
    handles = set(_HANDLE.findall(folded))
    everybody = session.scalars(select(Person).where(Person.active))
    return sorted(p.id for p in everybody if _is_meant(p, folded, handles) and may_see(p, incident))


def _is_meant(person: Person, folded: str, handles: set[str]) -> bool:
    name = fold(person.name)
    return f"@{name}" in folded or name.replace(" ", "") in handles or bool(handles.intersection(person.roles))
