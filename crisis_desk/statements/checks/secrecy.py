"""A secrecy stamp: a networked desk may hold nothing classified (Law on State Secrets 29/2018, Art. 5.5)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crisis_desk.platform.words import N_
from crisis_desk.statements.checks.finding import BLOCK, CheckedText, Finding

_STAMP_LINE = re.compile(r"[\W_]*(?:TUYỆT\s*|TỐI\s*)?M\s?Ậ\s?T[\W_]*")
_MARKING = re.compile(r"(?i:\bđộ\s+mật\s*:)|(?<!BẢO)-MẬT\b")
_REASON = N_(
    "This looks like a secrecy stamp. Nothing classified may be written here: "
    "take the text out and tell whoever answers for it."
)


def secrecy_stamp(text: CheckedText) -> Iterator[Finding]:
    """Blocks for a line that is nothing but a stamp, and for the markings `Độ mật:` and `-MẬT`."""
    for block, words in text.lines():
        for line in words.split("\n"):
            marking = _MARKING.search(line)
            if _STAMP_LINE.fullmatch(line) or marking:
                yield text.finding("secrecy", BLOCK, block, marking[0] if marking else line.strip(), _REASON)
