"""The words that sentences about reviews need beyond their own data."""

from __future__ import annotations

from typing import Any

from crisis_desk.journal.entries import Recorded
from crisis_desk.journal.sentences import Names, words_of
from crisis_desk.platform.words import translate
from crisis_desk.reports.entries import SectionWritten
from crisis_desk.reports.sections import SECTIONS


@words_of(SectionWritten)
def _section(entry: Recorded[Any], language: str, _names: Names) -> dict[str, object]:
    section = SECTIONS[entry.data.section]
    return {"section_title": f"{section.number} {translate(section.title, language)}"}
