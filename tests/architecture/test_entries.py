"""What can stand in the journal: it tells itself in both languages, stays readable, and keeps no secret."""

from __future__ import annotations

import dataclasses
import re
import types
import typing
from datetime import UTC, datetime
from functools import cache
from typing import Any

import orjson
import pytest

import crisis_desk.features  # noqa: F401  every kind must be registered before it is looked at
from crisis_desk.journal.entries import Kind, Recorded, dump, kinds, load
from crisis_desk.journal.sentences import sentence
from crisis_desk.platform.words import merged_catalogue

KINDS = [pytest.param(kind, id=name) for name, kind in sorted(kinds.items())]
# Contacts are erasable records: an entry carries their id, never the thing itself.
SECRET = re.compile(r"password|secret|token|otp|api_?key|private|e_?mail|phone|mobile|address|cookie|csrf")
# Fields whose name only sounds like a secret, each with what it really holds.
HARMLESS = {
    "token_id": "which token, not its text",
}
NAME = re.compile(r"[a-z]+(_[a-z]+)*\.[a-z]+(_[a-z]+)*")
# The ends of past participles, with a particle behind some: "signed", "written", "put_back".
PARTICIPLE = re.compile(r"(ed|en|wn|lt|nt|et|ut|un|nd|ne|de|pt|ft|ld|id|ad)(_(in|out|off|over|back|up|down|on))?$")
PLAIN = {str, int, bool, type(None), list, dict, datetime}
PLACEHOLDER = re.compile(r"%\((\w+)\)s")


def test_there_are_kinds_to_look_at() -> None:
    assert len(kinds) > 10


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_is_named_subject_and_past_participle(kind: Kind) -> None:
    assert NAME.fullmatch(kind.name)
    assert PARTICIPLE.search(kind.name)


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_has_a_sentence_in_vietnamese_too(kind: Kind) -> None:
    message = catalogue().get(kind.sentence)
    assert message is not None, f"no translation of {kind.sentence!r}"
    assert set(PLACEHOLDER.findall(message.string)) <= set(PLACEHOLDER.findall(kind.sentence))


@pytest.mark.parametrize("kind", KINDS)
def test_the_stored_example_of_a_kind_is_still_read(kind: Kind) -> None:
    read = load(kind.name, dict(kind.example))
    assert set(kind.example) <= set(kind.fields)
    # What is written again may have gained fields with defaults, and loses nothing.
    written = orjson.loads(orjson.dumps(dump(read)))
    assert {name: written[name] for name in kind.example} == kind.example


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_is_frozen_and_holds_only_what_the_journal_can(kind: Kind) -> None:
    assert kind.type.__dataclass_params__.frozen  # type: ignore[attr-defined]
    hints = typing.get_type_hints(kind.type)
    assert {name: hint for name, hint in hints.items() if not _parts(hint) <= PLAIN} == {}
    assert [field for field in kind.fields if not re.fullmatch(r"[a-z0-9_]+", field)] == []


@pytest.mark.parametrize("kind", KINDS)
def test_no_field_of_a_kind_sounds_like_a_secret_or_a_contact(kind: Kind) -> None:
    assert [field for field in _keys(kind) if SECRET.search(field) and field not in HARMLESS] == []


@pytest.mark.parametrize("kind", KINDS)
def test_fields_added_later_have_defaults(kind: Kind) -> None:
    # A field that the example lacks came later: old entries do not have it.
    added = [field for field in dataclasses.fields(kind.type) if field.name not in kind.example]
    missing = dataclasses.MISSING
    assert [field.name for field in added if field.default is missing and field.default_factory is missing] == []


@cache
def catalogue() -> Any:
    return merged_catalogue("vi")


def _parts(hint: Any) -> set[type]:
    """The plain types that a field's annotation is made of."""
    origin = typing.get_origin(hint)
    if origin in (types.UnionType, typing.Union):
        return set().union(*(_parts(part) for part in typing.get_args(hint)))
    if origin is typing.Literal:
        return {type(value) for value in typing.get_args(hint)}
    if origin in (list, dict):
        return {origin}.union(*(_parts(part) for part in typing.get_args(hint) if part is not Any))
    return {hint}


def _keys(kind: Kind) -> set[str]:
    """The names of the fields, and of what lies in the example's objects."""
    names = set(kind.fields)
    waiting: list[Any] = list(kind.example.values())
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            names |= set(value)
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
    return names


class Somebody:
    """Names for the sentences: everybody is called the same."""

    now = datetime(2023, 5, 12, 14, 20, tzinfo=UTC)

    def person(self, person_id: str | None) -> str:
        return "Vũ Ngọc Thảo"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_kind_tells_its_example_in_both_languages(kind: Kind, language: str) -> None:
    data = load(kind.name, kind.example)
    recorded = Recorded("desk", 1, Somebody.now, "1", None, "page", kind.name, "thing", "1", data)
    told = sentence(recorded, language, Somebody())
    assert told
    assert PLACEHOLDER.search(told) is None
    assert "None" not in told
