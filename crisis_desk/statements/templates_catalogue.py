"""The templates of statements: their texts in two languages, what they need, and how an incident fills them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from crisis_desk.incidents.models import Incident
from crisis_desk.statements.canonical import parse
from crisis_desk.statements.canonical_blocks import Block, Blocks, Inline, Run, Slot, Token
from crisis_desk.statements.canonical_tokens import (
    ISSUED_AT,
    NEXT_UPDATE_AT,
    SEQUENCE_NUMBER,
    Bounds,
    bounds_text,
    value_text,
)

SOURCE = Path(__file__).with_name("templates_2023.yaml")
LANGUAGES = ("vi", "en")
DEFAULT_UPDATE = timedelta(hours=4)
# A text that is signed at the end of its rhythm must still be able to promise the next.
UPDATE_MARGIN = timedelta(hours=1)

_NUMBERED = re.compile(r"\d\. ")


@dataclass(frozen=True)
class Words:
    """A wording in both languages."""

    vi: str
    en: str

    def said(self, language: str) -> str:
        return self.en if language == "en" else self.vi


@dataclass(frozen=True)
class Template:
    """A template with what belongs to it; `lead_function` and `reviewers` are functions, never organisations.

    `required_facts` maps the name of a slot to its words, `slots` does so for every slot, `forbidden` says what such a
    text may never contain.
    """

    code: str
    kind: str
    name: Words
    severity: int
    update_every: timedelta
    lead_function: str
    reviewers: tuple[str, ...]
    required_facts: Mapping[str, Words]
    slots: Mapping[str, Words]
    forbidden: tuple[Words, ...]
    texts: Mapping[str, Blocks]


def template(code: str) -> Template:
    """The template T1–T8. Raises KeyError."""
    return templates()[code]


@cache
def templates() -> dict[str, Template]:
    """Every template by its code, in the order of the codes."""
    source = yaml.safe_load(SOURCE.read_text(encoding="utf-8"))
    return {raw["code"]: _read(raw, source) for raw in source["templates"]}


def filled(blocks: Blocks, values: Mapping[str, str], bounds: Mapping[str, Bounds]) -> Blocks:
    """The text with what is known put into its slots, and bounds given to its tokens; the rest stands open."""
    return tuple(
        replace(block, inlines=tuple(_filled(inline, values, bounds) for inline in block.inlines)) for block in blocks
    )


def in_words(blocks: Blocks, chosen: Template, language: str) -> Blocks:
    """The text with its open slots called as people call them."""

    def said(inline: Inline) -> Inline:
        known = chosen.slots.get(inline.name) if isinstance(inline, Slot) else None
        return Slot(known.said(language)) if known is not None else inline

    return tuple(replace(block, inlines=tuple(map(said, block.inlines))) for block in blocks)


def token_bounds(now: datetime, sequence_number: int, update_every: timedelta) -> dict[str, Bounds]:
    """The bounds that tokens of a new draft are given: from now on, this notice or the next, an update in time."""
    return {
        ISSUED_AT: Bounds(low=now),
        SEQUENCE_NUMBER: Bounds(sequence_number, sequence_number + 1),
        NEXT_UPDATE_AT: Bounds(high=now + update_every + UPDATE_MARGIN),
    }


def incident_values(incident: Incident, lead_agency: str, language: str) -> dict[str, str]:
    """What an incident knows of a text's slots; an empty value leaves its slot open."""
    occurred = incident.occurred_at
    return {
        "su_viec": _within_a_sentence(incident.title),
        "dia_diem": incident.place,
        "co_quan_chu_tri": lead_agency,
        "thoi_diem_xay_ra": value_text(ISSUED_AT, occurred, language) if occurred else "",
    }


def _within_a_sentence(title: str) -> str:
    first = title.split(" ", 1)[0]
    return title if first.isupper() else title[:1].lower() + title[1:]


def _filled(inline: Inline, values: Mapping[str, str], bounds: Mapping[str, Bounds]) -> Inline:
    if isinstance(inline, Slot) and values.get(inline.name):
        return Run(values[inline.name])
    if isinstance(inline, Token) and inline.name in bounds:
        return Token(inline.name, bounds_text(bounds[inline.name]))
    return inline


def _read(raw: dict[str, Any], source: dict[str, Any]) -> Template:
    required = {fact["slot"]: Words(fact["vi"], fact["en"]) for fact in raw["required_facts"]}
    return Template(
        code=raw["code"],
        kind=raw["kind"],
        name=Words(**raw["name"]),
        severity=raw["severity"],
        update_every=timedelta(minutes=raw["update_minutes"]),
        lead_function=raw["lead_function"],
        reviewers=tuple(raw["reviewers"]),
        required_facts=required,
        slots={name: Words(**words) for name, words in source["slots"].items()} | required,
        forbidden=tuple(Words(**words) for words in raw["forbidden"]),
        texts={
            language: _blocks(source["head"][language] + raw[language] + source["tail"][language])
            for language in LANGUAGES
        },
    )


def _blocks(text: str) -> tuple[Block, ...]:
    return parse("\n".join(_typed(line) for line in text.splitlines()))


def _typed(line: str) -> str:
    if line.startswith("# "):
        return f"h1\t{line[2:]}"
    return _NUMBERED.sub("li-1-ol\t", line, count=1) if _NUMBERED.match(line) else f"p\t{line}"
