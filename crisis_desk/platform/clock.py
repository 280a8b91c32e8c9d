"""Time as the desk keeps it: aware, UTC, whole milliseconds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

Clock = Callable[[], datetime]

PROVINCE = ZoneInfo("Asia/Ho_Chi_Minh")


def whole_milliseconds(moment: datetime) -> datetime:
    """The same moment in UTC without the microseconds that no entry can carry."""
    utc = moment.astimezone(UTC)
    return utc.replace(microsecond=utc.microsecond // 1000 * 1000)


def now() -> datetime:
    """The present moment, UTC, whole milliseconds."""
    return whole_milliseconds(datetime.now(UTC))


def instant_text(moment: datetime) -> str:
    """RFC 3339 in UTC with milliseconds and "Z", the only form in which the journal writes a moment."""
    utc = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    return f"{utc.isoformat(timespec='milliseconds')[:-6]}Z"


def parse_instant(text: str) -> datetime:
    """The moment that `instant_text` wrote; any RFC 3339 text with an offset is read. Raises ValueError."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"a moment needs its offset: {text}")
    return moment.astimezone(UTC)


class ShiftedClock:
    """A clock that a test moves: the real one plus the seconds found in a file.

    Only a server bound to loopback may run on it; the settings refuse it elsewhere.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def __call__(self) -> datetime:
        try:
            seconds = float(self._path.read_text() or 0)
        except FileNotFoundError:
            seconds = 0.0
        return now() + timedelta(seconds=seconds)
