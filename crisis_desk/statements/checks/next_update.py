"""When the public hears again: a holding statement without a time is a promise nobody can keep or check."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from crisis_desk.platform.clock import PROVINCE
from crisis_desk.platform.words import N_
from crisis_desk.statements.canonical import tokens
from crisis_desk.statements.canonical_blocks import Blocks
from crisis_desk.statements.canonical_tokens import NEXT_UPDATE_AT
from crisis_desk.statements.checks.finding import BLOCK, CheckedText, Finding, plain

_PROMISE = re.compile(r"thông tin tiếp theo|cập nhật tiếp theo|thông báo tiếp theo|next update", re.IGNORECASE)
_TIMES = (
    re.compile(r"(?P<h>\d{1,2})(?:\s*giờ\s*|:|h)(?P<m>\d{2})?\s*,?\s*ngày\s+(?P<D>\d{1,2})[/-](?P<M>\d{1,2})[/-](?P<Y>\d{4})"),
    re.compile(r"(?P<h>\d{1,2}):(?P<m>\d{2})\s+on\s+(?P<D>\d{1,2})/(?P<M>\d{1,2})/(?P<Y>\d{4})"),
)  # fmt: skip


def next_update_time(text: CheckedText) -> Iterator[Finding]:
    """Blocks a text that must promise the next information and gives no time for it."""
    if text.needs_next_update and not has_token(text.blocks) and written_time(text.blocks) is None:
        last = max(len(text.blocks) - 1, 0)
        reason = N_("It does not say when the next information comes. Give a time, even if nothing new is expected.")
        yield text.finding("next_update", BLOCK, last, "", reason)


def has_token(blocks: Blocks) -> bool:
    """Whether the time of the next update is filled in at release."""
    return any(token.name == NEXT_UPDATE_AT for token in tokens(blocks))


def written_time(blocks: Blocks) -> datetime | None:
    """The time of the next update that the text itself gives, in the province's time; None if it gives none."""
    for block in blocks:
        words = plain(block)
        promise = _PROMISE.search(words)
        if promise and (moment := _first_time(words[promise.start() :])):
            return moment
    return None


def _first_time(words: str) -> datetime | None:
    for pattern in _TIMES:
        if match := pattern.search(words):
            try:
                return datetime(
                    int(match["Y"]), int(match["M"]), int(match["D"]), int(match["h"]), int(match["m"] or 0),
                    tzinfo=PROVINCE,
                )  # fmt: skip
            except ValueError:
                return None
    return None
