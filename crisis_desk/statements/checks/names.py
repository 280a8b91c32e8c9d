"""Names of persons: a notice speaks of people by what happened to them, not by name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import yaml

from crisis_desk.platform.words import N_
from crisis_desk.statements.checks.finding import WARN, CheckedText, Finding

SOURCE = Path(__file__).with_name("names.yaml")
SPOKEN_FOR = re.compile(r"(?:người phát ngôn|spokesperson|đầu mối)\b[^.;\n]*$", re.IGNORECASE)

_WORD = re.compile(r"[^\W\d_]+")
_LONGEST = 5


def personal_name(text: CheckedText) -> Iterator[Finding]:
    """Warns of what reads like a person's name, but for the spokesperson's and those of places and institutions."""
    for block, words in text.lines():
        for name in dict.fromkeys(_names(words)):
            reason = N_("%(name)s looks like the name of a person. Leave names out, or say why this one must stand.")
            yield text.finding("name", WARN, block, name, reason, name=name)


def _names(line: str) -> Iterator[str]:
    for run in _capitalised_runs(line):
        before = line[: run[0].start()]
        for start in range(len(run)):
            words = [match[0] for match in run[start:]]
            leading = [match[0] for match in run[:start]]
            if _is_person(words, f"{before}{' '.join(leading)}"):
                yield " ".join(words)
                break


def _capitalised_runs(line: str) -> Iterator[list[re.Match[str]]]:
    """Neighbouring words that begin with a capital, up to five, parted by one blank only."""
    run: list[re.Match[str]] = []
    for match in _WORD.finditer(line):
        follows = bool(run) and line[run[-1].end() : match.start()] == " " and len(run) < _LONGEST
        if not follows and run:
            yield run
            run = []
        if match[0].istitle():
            run.append(match)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _is_person(words: list[str], before: str) -> bool:
    known = _known()
    name = " ".join(words)
    if any(name.startswith(other) for other in known["never_persons"]) or SPOKEN_FOR.search(before):
        return False
    last = (_WORD.findall(before) or [""])[-1].casefold()
    if last in known["places"]:
        return False
    if _is_titled(before):
        return True
    if len(words) < 2:
        return False
    return words[0] in known["surnames"] or (words[0] in known["also_words"] and words[1] in known["middle_names"])


def _is_titled(before: str) -> bool:
    spoken = before.casefold().rstrip(" .")
    return any(re.search(rf"(?<!\w){re.escape(title)}$", spoken) for title in _known()["titles"])


@cache
def _known() -> dict[str, frozenset[str]]:
    loaded = yaml.safe_load(SOURCE.read_text(encoding="utf-8"))
    return {key: frozenset(words) for key, words in loaded.items()}
