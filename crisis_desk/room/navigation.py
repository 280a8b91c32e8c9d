"""The places of the desk that a person can go to."""

from __future__ import annotations

from crisis_desk.incidents.rules import sees_internal
from crisis_desk.people.models import Person
from crisis_desk.people.rules import may_administer
from crisis_desk.platform.words import N_, current_language, translate

_BOARD = ("board", "/", N_("Incident board"))
_NEWSROOM = ("newsroom", "/newsroom/", N_("Newsroom"))
_REHEARSAL = ("rehearsal", "/rehearsal/newsroom/", N_("Rehearsal newsroom"))
_PEOPLE = ("people", "/people", N_("People"))


def navigation(person: Person, current: str) -> list[dict[str, object]]:
    """The entries of the top bar for this person, the present place marked."""
    places = [_BOARD, _NEWSROOM]
    if sees_internal(person):
        places.append(_REHEARSAL)
    if may_administer(person):
        places.append(_PEOPLE)
    language = current_language()
    return [
        {"href": href, "label": translate(label, language), "current": name == current} for name, href, label in places
    ]
