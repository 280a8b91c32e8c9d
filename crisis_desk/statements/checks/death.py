"""A death in a text: nobody may learn of it from a notice before the family was told."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crisis_desk.platform.words import N_
from crisis_desk.statements.checks.finding import BLOCK, CheckedText, Finding
from crisis_desk.statements.checks.sentences import clauses, sentences

_DEATH = re.compile(
    r"\b(?:tử vong|thiệt mạng|tử nạn|qua đời|từ trần|thi thể|died|dead|deaths?|killed|fatalit(?:y|ies))\b"
    r"|(?<!\bcá )(?<!\bvật nuôi )(?<!\bgia súc )(?<!\bgia cầm )(?<!\btôm )\bchết\b(?! hàng loạt)",
    re.IGNORECASE,
)
# Only a negation that is about the deaths themselves counts: "the cause of a death is not known" tells of a death.
_NONE = re.compile(
    r"(?:\b(?:chưa|không)(?:\s+(?:có|ghi nhận|xảy ra|phát hiện|để xảy ra|ai|người))*(?:\s+\w+){0,6}?"
    r"|\b(?:no|no one|nobody|none|zero|without)(?:\s+\w+){0,3}?|(?<![\d.,])0+(?:\s+(?:ca|người|trường hợp))?)\s*$",
    re.IGNORECASE,
)
_OF_SOMETHING_ELSE = re.compile(r"\b(?:nguyên nhân|xác định|khiến|làm|danh tính|thời điểm|rõ|số)\b", re.IGNORECASE)


def death_before_family(text: CheckedText) -> Iterator[Finding]:
    """Blocks a mention of a death while the family is not marked as informed; *no deaths* is no mention."""
    if text.is_family_informed:
        return
    for block, words in text.lines():
        for sentence in sentences(words):
            if any(_tells_of_death(clause) for clause in clauses(sentence)):
                reason = N_("A death is mentioned, and nobody has noted that the family was told, by whom and when.")
                yield text.finding("death", BLOCK, block, sentence, reason)


def _tells_of_death(clause: str) -> bool:
    return any(not _is_denied(clause[: found.start()]) for found in _DEATH.finditer(clause))


def _is_denied(before: str) -> bool:
    denial = _NONE.search(before)
    return denial is not None and not _OF_SOMETHING_ELSE.search(denial[0])
