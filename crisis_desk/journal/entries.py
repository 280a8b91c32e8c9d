"""The registry of what can stand in the journal: kinds, their sentence and example, and what each does to the tables.

A kind is `subject.past_participle` and a frozen dataclass. It is add-only: new fields get defaults, a kind is never
renamed, another meaning is another kind.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Literal, TypeVar

from crisis_desk.journal.guard import WatchedSession
from crisis_desk.platform.clock import instant_text, parse_instant

Via = Literal["page", "api", "socket", "command", "clock", "mail", "system"]


@dataclass(frozen=True)
class Actor:
    """Who writes, in which session (ids), and by which door."""

    person: str | None
    session: str | None = None
    via: Via = "system"


SYSTEM = Actor(person=None, via="system")


@dataclass(frozen=True)
class Entry:
    """The base of every kind; the fields of a subclass are the entry's `data`."""


E = TypeVar("E", bound=Entry)
E_co = TypeVar("E_co", bound=Entry, covariant=True)


@dataclass(frozen=True)
class Recorded(Generic[E_co]):
    """An entry that stands in the journal. `data` is None once it has been sealed."""

    stream: str
    sequence: int
    at: datetime
    person: str | None
    session: str | None
    via: str
    kind: str
    subject_type: str
    subject_id: str
    data: E_co


@dataclass(frozen=True)
class Kind:
    """What the registry knows of one kind."""

    name: str
    type: type[Entry]
    sentence: str
    example: Mapping[str, Any]
    fields: tuple[str, ...]
    instants: frozenset[str]


EffectOf = Callable[[WatchedSession, Recorded[E]], None]
Effect = EffectOf[Any]

kinds: dict[str, Kind] = {}
_names: dict[type[Entry], str] = {}
_effects: dict[type[Entry], Effect] = {}


def entry(name: str, *, sentence: str, example: Mapping[str, Any]) -> Callable[[type[E]], type[E]]:
    """Registers a frozen dataclass as the kind `name`.

    `sentence` is a msgid that may use every field, `%(person)s`, and what `register_names` adds; `example` is data
    that a test loads, so that old entries stay readable.
    """

    def register(cls: type[E]) -> type[E]:
        if name in kinds:
            raise ValueError(f"the kind {name} is registered twice")
        fields = tuple(field.name for field in dataclasses.fields(cls))
        kinds[name] = Kind(name, cls, sentence, example, fields, _instants(cls))
        _names[cls] = name
        return cls

    return register


def effect(
    cls: type[E],
) -> Callable[[Callable[[WatchedSession, Recorded[E]], None]], Callable[[WatchedSession, Recorded[E]], None]]:
    """Registers what a kind does to the tables, when it is recorded and when the journal is replayed.

    The function may use the recorded entry and the tables only: no clock, no chance, no setting, or replay would
    differ from what happened.
    """

    def register(
        function: Callable[[WatchedSession, Recorded[E]], None],
    ) -> Callable[[WatchedSession, Recorded[E]], None]:
        if cls in _effects:
            raise ValueError(f"{cls.__name__} has two effects")
        _effects[cls] = function
        return function

    return register


def kind_of(data: Entry) -> str:
    """The registered name of an entry's class."""
    return _names[type(data)]


def effect_of(cls: type[Entry]) -> Effect | None:
    """What the kind does to the tables; None if it only tells."""
    return _effects.get(cls)


def _instants(cls: type[Entry]) -> frozenset[str]:
    hints = typing.get_type_hints(cls)
    return frozenset(name for name, hint in hints.items() if _is_instant(hint))


def _is_instant(hint: Any) -> bool:
    if isinstance(hint, types.UnionType):
        return datetime in typing.get_args(hint)
    return hint is datetime


def dump(data: Entry) -> dict[str, Any]:
    """The entry's data as the journal writes it: moments become text."""
    kind = kinds[kind_of(data)]
    values = {name: getattr(data, name) for name in kind.fields}
    for name in kind.instants:
        if values[name] is not None:
            values[name] = instant_text(values[name])
    return values


def load(name: str, values: Mapping[str, Any]) -> Entry:
    """The entry that `dump` wrote; fields added since take their defaults. Raises KeyError for an unknown kind."""
    kind = kinds[name]
    loaded = dict(values)
    for field in kind.instants:
        if loaded.get(field) is not None:
            loaded[field] = parse_instant(loaded[field])
    return kind.type(**loaded)
