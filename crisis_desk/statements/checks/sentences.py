"""Sentences and clauses of Vietnamese and English prose, as far as checks need them."""

from __future__ import annotations

import re

_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+|\n+")
_PART_END = re.compile(r"[;:]\s+")
_CLAUSE_END = re.compile(r"[;:,]\s+|\s[–-]\s")


def sentences(text: str) -> list[str]:
    """The sentences of a line of text; a figure such as 12.500 is not cut."""
    return [part.strip() for part in _SENTENCE_END.split(text) if part.strip()]


def parts(sentence: str) -> list[str]:
    """The parts of a sentence between colons and semicolons: a label before a colon says nothing of what follows."""
    return [part.strip() for part in _PART_END.split(sentence) if part.strip()]


def clauses(sentence: str) -> list[str]:
    """The parts of a sentence that a negation reaches: it does not reach over a comma or a colon."""
    return [part.strip() for part in _CLAUSE_END.split(sentence) if part.strip()]
