"""What is known only at release: typed tokens in a signed text, each with the bounds that its signers saw."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from crisis_desk.platform.clock import PROVINCE, parse_instant
from crisis_desk.platform.words import N_, translate

ISSUED_AT = "issued_at"
SEQUENCE_NUMBER = "sequence_number"
NEXT_UPDATE_AT = "next_update_at"
TOKEN_NAMES = (ISSUED_AT, SEQUENCE_NUMBER, NEXT_UPDATE_AT)

OPEN = ".."
_NUMBERS = re.compile(r"(\d{1,6})?\.\.(\d{1,6})?|(\d{1,6})", re.ASCII)
_LABELS = {
    ISSUED_AT: N_("time of issue"),
    SEQUENCE_NUMBER: N_("number of this notice"),
    NEXT_UPDATE_AT: N_("next update"),
}

Value = datetime | int


class BadBounds(ValueError):
    """Bounds that can't be read, or whose end lies before their beginning."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """From–to, both included; None is open. Moments for times, integers for the number of the notice."""

    low: Value | None = None
    high: Value | None = None

    @property
    def is_set(self) -> bool:
        """Whether at least one end is given: a text with a token that has none can't be submitted."""
        return self.low is not None or self.high is not None

    def contains(self, value: Value) -> bool:
        """Whether a value of the token's own kind lies inside."""
        if isinstance(value, datetime):
            value = value.replace(second=0, microsecond=0)
        above = self.low is None or self.low <= value  # type: ignore[operator]
        below = self.high is None or value <= self.high  # type: ignore[operator]
        return above and below


def parse_bounds(name: str, text: str) -> Bounds:
    """The bounds of the token `name`: `FROM/TO` in RFC 3339 for times, `2..3` for the number, `..` for an open end.

    Raises `BadBounds`.
    """
    if text in {"", OPEN, f"{OPEN}/{OPEN}"}:
        return Bounds()
    bounds = _parse_numbers(text) if name == SEQUENCE_NUMBER else _parse_times(text)
    if bounds.low is not None and bounds.high is not None and bounds.low > bounds.high:  # type: ignore[operator]
        raise BadBounds(text)
    return bounds


def bounds_text(bounds: Bounds) -> str:
    """The one way these bounds are written in the canonical text; times with the offset of the province."""
    if not bounds.is_set:
        return OPEN
    low, high = (_end_text(end) for end in (bounds.low, bounds.high))
    if isinstance(bounds.low, datetime) or isinstance(bounds.high, datetime):
        return f"{low or OPEN}/{high or OPEN}"
    return f"{low}{OPEN}{high}"


def clean_bounds(name: str, text: str) -> str:
    """Bounds as a client wrote them, in their canonical writing; what can't be read counts as not set."""
    try:
        return bounds_text(parse_bounds(name, text))
    except BadBounds:
        return OPEN


def value_text(name: str, value: Value, language: str = "vi") -> str:
    """How a token reads once it is filled, in the words of a paper (21 giờ 35 ngày 12/5/2023)."""
    if not isinstance(value, datetime):
        return str(value)
    local = value.astimezone(PROVINCE)
    return translate(
        N_("%(hour)s:%(minute)s on %(day)s/%(month)s/%(year)s"),
        language,
        hour=f"{local:%H}",
        minute=f"{local:%M}",
        day=local.day,
        month=local.month,
        year=local.year,
    )


def token_label(name: str, bounds: str, language: str) -> str:
    """What a reader sees in place of a token that is not filled yet: what it is and between which bounds."""
    read = parse_bounds(name, bounds)
    label = translate(_LABELS[name], language)
    return f"{label} {_span(read)}" if read.is_set else label


def _parse_numbers(text: str) -> Bounds:
    match = _NUMBERS.fullmatch(text)
    if match is None:
        raise BadBounds(text)
    low, high, only = (None if part is None else int(part) for part in match.groups())
    return Bounds(only, only) if only is not None else Bounds(low, high)


def _parse_times(text: str) -> Bounds:
    parts = text.split("/")
    if len(parts) != 2:
        raise BadBounds(text)
    return Bounds(*(None if part == OPEN else _moment(part) for part in parts))


def _moment(text: str) -> datetime:
    try:
        return parse_instant(text).astimezone(PROVINCE).replace(second=0, microsecond=0)
    except (ValueError, OverflowError) as error:
        raise BadBounds(text) from error


def _end_text(end: Value | None) -> str:
    if end is None:
        return ""
    return end.isoformat(timespec="minutes") if isinstance(end, datetime) else str(end)


def _span(bounds: Bounds) -> str:
    low, high = bounds.low, bounds.high
    if low == high:
        return _end_shown(low)
    if low is None:
        return f"≤ {_end_shown(high)}"
    if high is None:
        return f"≥ {_end_shown(low)}"
    if isinstance(low, datetime) and isinstance(high, datetime) and low.date() == high.date():
        return f"{low:%H:%M}–{_end_shown(high)}"
    return f"{_end_shown(low)}–{_end_shown(high)}"


def _end_shown(end: Value | None) -> str:
    if isinstance(end, datetime):
        return f"{end:%H:%M} {end.day}/{end.month}"
    return "" if end is None else str(end)
