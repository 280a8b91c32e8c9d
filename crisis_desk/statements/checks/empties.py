"""Words that calm nobody: they claim what nobody has shown, or refuse to say anything."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crisis_desk.platform.words import N_
from crisis_desk.statements.checks.finding import WARN, CheckedText, Finding

_EMPTY = re.compile(
    r"\b(?:không có gì (?:phải |đáng )?(?:lo ngại|lo lắng|lo)|hoàn toàn yên tâm|hoàn toàn an toàn|tuyệt đối an toàn"
    r"|không bình luận|miễn bình luận|đã kiểm soát hoàn toàn|kiểm soát hoàn toàn tình hình|không ảnh hưởng gì"
    r"|no comment|no cause for (?:concern|alarm)|nothing to worry about|completely safe|fully under control)\b",
    re.IGNORECASE,
)


def empty_words(text: CheckedText) -> Iterator[Finding]:
    """Warns of empty assurance and of *no comment*."""
    for block, words in text.lines():
        for match in _EMPTY.finditer(words):
            reason = N_("“%(words)s” says nothing anybody can check. Say what was done and what people should do.")
            yield text.finding("empty", WARN, block, match[0], reason, words=match[0])
