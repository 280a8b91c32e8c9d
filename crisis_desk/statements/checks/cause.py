"""Cause and guilt, as long as nobody has concluded them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crisis_desk.platform.words import N_
from crisis_desk.statements.checks.finding import WARN, CheckedText, Finding
from crisis_desk.statements.checks.sentences import parts, sentences

_CAUSE = re.compile(
    r"\bnguyên nhân (?:là|do|bởi|chính|ban đầu|có thể|xuất phát|bắt nguồn|được xác định|của (?:vụ|sự) \w+ là)\b"
    r"|\bdo lỗi\b|\blỗi (?:thuộc về|của)\b|\bthủ phạm\b|\bđối tượng gây ra\b|\bbị gây ra bởi\b"
    r"|\b(?:phải )?chịu trách nhiệm về (?:vụ|sự)\b|\bcố ý gây\b|\bvi phạm của\b"
    r"|\bcaused by\b|\bthe cause (?:is|was|may be)\b|\bfault of\b|\bto blame\b|\bculprit\b|\bguilty\b",
    re.IGNORECASE,
)
_OPEN = re.compile(
    r"\bchưa (?:được )?(?:kết luận|xác định|rõ|có kết luận|làm rõ|có cơ sở)\b"
    r"|\bđang (?:được )?(?:điều tra|xác minh|làm rõ)\b"
    r"|\bkhông phải\b|\bnot (?:yet )?(?:been )?(?:concluded|known|determined)\b|\bunder investigation\b",
    re.IGNORECASE,
)
# A sentence that says whose conclusion it reports says nothing of its own.
_CONCLUDED = re.compile(r"\btheo (?:bản )?kết luận\b|\bconclusion of\b|\bconcluded by\b", re.IGNORECASE)


def cause_or_guilt(text: CheckedText) -> Iterator[Finding]:
    """Warns of a sentence that names a cause or guilt and neither leaves it open nor reports a conclusion."""
    for block, words in text.lines():
        for sentence in sentences(words):
            if any(map(_names_cause, parts(sentence))):
                reason = N_(
                    "It names a cause or a fault. As long as nothing is concluded, say that it is open."
                )
                yield text.finding("cause", WARN, block, sentence, reason)


def _names_cause(part: str) -> bool:
    return bool(_CAUSE.search(part)) and not _OPEN.search(part) and not _CONCLUDED.search(part)
