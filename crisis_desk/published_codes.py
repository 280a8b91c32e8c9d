"""Every code that programs meet in the desk's interfaces, with its words: `python -m crisis_desk.published_codes`.

What it prints is docs/codes.md; a test compares the two.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import crisis_desk.doors
import crisis_desk.features  # noqa: F401  every kind of entry must be known
from crisis_desk.incidents import lists as incident_lists
from crisis_desk.incidents.clocks import CLOCKS
from crisis_desk.incidents.rule_sets import rule_sets
from crisis_desk.journal.entries import kinds
from crisis_desk.people import codes as people_codes
from crisis_desk.platform.errors import DeskError
from crisis_desk.platform.words import translate
from crisis_desk.statements import lists as statement_lists
from crisis_desk.statements.approval_sets import OWN_FUNCTIONS, STEP_TYPES, approval_sets
from crisis_desk.statements.checks import CHECK_NAMES

LANGUAGES = ("vi", "en")
PLACEHOLDER = re.compile(r"%\((\w+)\)s")
HEAD = ("code", "Vietnamese", "English")
OPENING = """# Codes

The codes that the REST API, the live protocol, the journal and exports use, with their words. A code never changes its
meaning and is never taken away; new ones may come. ‹name› stands for what is filled in.

This page is printed by `python -m crisis_desk.published_codes`.
"""


@dataclass(frozen=True)
class CodeList:
    """One list: what it is about, and its rows under a head."""

    title: str
    rows: Sequence[Sequence[str]]
    head: Sequence[str] = HEAD
    note: str = ""

    def __str__(self) -> str:
        lines = [self.head, ["---"] * len(self.head), *self.rows]
        table = "\n".join("| " + " | ".join(map(_cell, line)) + " |" for line in lines)
        return "\n\n".join(part for part in (f"## {self.title}", self.note, table) if part) + "\n"


def page() -> str:
    """The whole of docs/codes.md."""
    return "\n".join([OPENING, *map(str, _lists())])


def _lists() -> Iterator[CodeList]:
    yield from _of_incidents()
    yield from _of_statements()
    yield from _of_people()
    yield _refusals()
    yield _entries()


def _of_incidents() -> Iterator[CodeList]:
    lists = incident_lists
    yield _named("Kinds of incidents", {code: kind.name for code, kind in lists.KINDS.items()})
    yield _named("Severities", lists.SEVERITIES)
    yield _named("Statuses of incidents", lists.STATUSES, note=f"Live: {_codes(lists.LIVE)}.")
    yield _named("Triggers", lists.TRIGGERS, note="What makes an incident of a report.")
    yield _named("Handlings", lists.HANDLINGS, note="Who may see an incident.")
    yield _named("Roles of responders", lists.RESPONDER_ROLES)
    yield _named("Answers of responders", lists.ANSWERS)
    yield _named("Clocks", CLOCKS)
    head = ("rule set", "in force", "name")
    rows = [(_code(rules.code), _span(rules.valid_from, rules.valid_to), rules.name) for rules in rule_sets()]
    yield CodeList("Rule sets", rows, head, "An incident keeps the set that was in force when it was received.")


def _of_statements() -> Iterator[CodeList]:
    lists = statement_lists
    yield _named("Purposes of statements", lists.PURPOSES)
    yield _named("States of statements", lists.STATES)
    yield _named("Authorities to sign", lists.AUTHORITIES, note="Decree 30/2020, Appendix I; empty for the head.")
    yield _named("Types of steps", STEP_TYPES)
    yield _named("Who signs a step", OWN_FUNCTIONS, note="Or one of the functions below.")
    head = ("code", "in force", "Vietnamese", "English")
    rows = [(_code(one.code), _span(one.valid_from, one.valid_to), one.vi, one.en) for one in approval_sets()]
    yield CodeList("Sets of steps", rows, head)
    yield _named("Checks of statements", CHECK_NAMES)
    for rules in rule_sets():
        forms = [(_code(form.code), form.vi, form.en, form.citation) for form in rules.forms]
        yield CodeList(f"Forms of release, {rules.code}", forms, (*HEAD, "source"), rules.name)


def _of_people() -> Iterator[CodeList]:
    codes = people_codes
    factor = f"A second factor is needed for {_codes(codes.sorted_roles(list(codes.SECOND_FACTOR_ROLES)))}."
    yield _named("Desk roles", codes.ROLES, note=factor)
    yield _named("Functions of organisations", codes.FUNCTIONS)
    yield _named("Kinds of organisations", codes.ORGANISATION_KINDS)
    yield _named("Letterheads", codes.LETTERHEAD_KINDS)
    yield _named("Scopes of tokens", codes.SCOPES)


def _refusals() -> CodeList:
    known: dict[str, type[DeskError]] = {}
    for one in _refusals_below(DeskError):
        known.setdefault(one.code, one)
    rows = [
        (_code(one.code), str(one.status), *_words(one.title))
        for one in sorted(known.values(), key=lambda one: (one.status, one.code))
    ]
    head = ("code", "status", "Vietnamese", "English")
    return CodeList("Refusals", rows, head, "`code` of a problem; its title may say more than these words.")


def _refusals_below(refusal: type[DeskError]) -> Iterator[type[DeskError]]:
    # The nearest to the root come first: what only refines one shares its code.
    here = [refusal]
    while here:
        yield from filter(_is_own, here)
        here = [below for one in here for below in one.__subclasses__()]


def _is_own(thing: type) -> bool:
    return thing.__module__.startswith("crisis_desk.")


def _entries() -> CodeList:
    own = sorted(name for name, kind in kinds.items() if _is_own(kind.type))
    rows = [(_code(name), _codes(kinds[name].fields), *_words(kinds[name].sentence)) for name in own]
    note = "`kind` of an entry of the journal, the fields of its `data`, and the sentence a person reads."
    return CodeList("Kinds of entries", rows, ("code", "fields", "Vietnamese", "English"), note)


def _named(title: str, words: Mapping[Any, str], *, note: str = "") -> CodeList:
    return CodeList(title, [(_code(code), *_words(word)) for code, word in words.items()], note=note)


def _words(message: str) -> list[str]:
    names = {name: f"‹{name}›" for name in PLACEHOLDER.findall(message)}
    return [translate(message, language, **names) for language in LANGUAGES]


def _code(code: object) -> str:
    return f"`{code}`" if code != "" else "(empty)"


def _codes(codes: Iterable[object]) -> str:
    return ", ".join(map(_code, codes))


def _span(first: date, end: date | None) -> str:
    return f"from {first}" if end is None else f"from {first}, until before {end}"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


if __name__ == "__main__":
    sys.stdout.write(page())
