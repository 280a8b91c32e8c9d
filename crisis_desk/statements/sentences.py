"""The words that sentences about statements need beyond their own data."""

from __future__ import annotations

from typing import Any

from crisis_desk.journal.entries import Recorded
from crisis_desk.journal.sentences import Names, words_of
from crisis_desk.platform.words import translate
from crisis_desk.statements.approval_sets import STEP_TYPES, sets_at
from crisis_desk.statements.entries import ApprovalSetChosen, StatementReleased, StatementSigned

Words = dict[str, object]


@words_of(StatementSigned)
def _signed(entry: Recorded[Any], language: str, _names: Names) -> Words:
    return {"step": translate(STEP_TYPES[entry.data.type], language).lower()}


@words_of(StatementReleased)
def _released(entry: Recorded[Any], _language: str, _names: Names) -> Words:
    return {"sequence_number": entry.data.sequence_number or ""}


@words_of(ApprovalSetChosen)
def _chosen(entry: Recorded[Any], language: str, _names: Names) -> Words:
    known = sets_at(entry.at).get(entry.data.approval_set)
    return {"set_name": known.name(language) if known is not None else entry.data.approval_set}
