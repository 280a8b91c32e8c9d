"""The words that sentences about people and organisations need beyond their own data."""

from __future__ import annotations

from typing import Any

from crisis_desk.journal.entries import Recorded
from crisis_desk.journal.sentences import Names, words_of
from crisis_desk.people.codes import FUNCTIONS, ROLES, SCOPES
from crisis_desk.people.entries import (
    FunctionAssigned,
    FunctionEnded,
    PersonInvited,
    PersonRolesChanged,
    TokenCreated,
)
from crisis_desk.platform.words import N_, translate

Words = dict[str, object]

NO_ROLE = N_("no role")


def roles_in_words(roles: list[str], language: str) -> str:
    """The desk roles as a list in one language; a code that is not known any more stays as it is."""
    if not roles:
        return translate(NO_ROLE, language)
    return ", ".join(translate(ROLES[role], language) if role in ROLES else role for role in roles)


def function_in_words(function: str, language: str) -> str:
    """What a function is called in one language."""
    return translate(FUNCTIONS[function], language) if function in FUNCTIONS else function


@words_of(PersonInvited)
def _invited(entry: Recorded[Any], language: str, _names: Names) -> Words:
    return {"role_words": roles_in_words(entry.data.roles, language)}


@words_of(PersonRolesChanged)
def _roles(entry: Recorded[Any], language: str, _names: Names) -> Words:
    return {"role_words": roles_in_words(entry.data.after, language)}


@words_of(FunctionAssigned)
def _assigned(entry: Recorded[Any], language: str, _names: Names) -> Words:
    return {"function_words": function_in_words(entry.data.function, language)}


@words_of(FunctionEnded)
def _ended(entry: Recorded[Any], language: str, _names: Names) -> Words:
    return {"function_words": function_in_words(entry.data.function, language)}


@words_of(TokenCreated)
def _token(entry: Recorded[Any], language: str, _names: Names) -> Words:
    return {"scope_words": ", ".join(translate(SCOPES[scope], language) for scope in entry.data.scopes)}
