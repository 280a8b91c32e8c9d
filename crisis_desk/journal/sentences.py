"""An entry as a sentence, in either language: its kind's words filled from its data and from who is who."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Protocol, TypeVar

from crisis_desk.journal.entries import Entry, Recorded, kinds
from crisis_desk.platform import wording
from crisis_desk.platform.words import N_, translate

E = TypeVar("E", bound=Entry)

NOBODY = N_("The desk")


class Names(Protocol):
    """Who is behind the ids in an entry, and when it is read."""

    now: datetime

    def person(self, person_id: str | None) -> str:
        """The person's name; for None the desk itself."""
        ...


More = Callable[[Recorded[Any], str, Names], Mapping[str, object]]
_more: dict[type[Entry], More] = {}


def words_of(cls: type[E]) -> Callable[[More], More]:
    """Registers further words that a kind's sentence uses, computed from the entry, the language and the names."""

    def register(function: More) -> More:
        _more[cls] = function
        return function

    return register


def sentence(entry: Recorded[Any], language: str, names: Names) -> str:
    """The entry as one sentence."""
    kind = kinds[entry.kind]
    words: dict[str, object] = {name: _plain(getattr(entry.data, name), language, names) for name in kind.fields}
    words["person"] = names.person(entry.person) if entry.person else translate(NOBODY, language)
    more = _more.get(kind.type)
    if more is not None:
        words |= more(entry, language, names)
    return translate(kind.sentence, language, **words).strip()


def moment(at: datetime, language: str, names: Names) -> str:
    """A moment as the desk says it."""
    return wording.time_of_day(at, names.now, language)


def _plain(value: object, language: str, names: Names) -> object:
    return moment(value, language, names) if isinstance(value, datetime) else value
