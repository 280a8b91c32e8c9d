"""One line is enough: "02:14 Cháy kho hoá chất, KCN Phú Lộc Giang khoảng 01:50 /3 @coordinator" understood."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from crisis_desk.platform.clock import PROVINCE
from crisis_desk.platform.text import normal

_TIME = r"(?:[01]?\d|2[0-3])(?::|h|g| giờ | giờ|giờ )[0-5]\d"
_LEADING = re.compile(rf"^\s*({_TIME})\s+")
_OCCURRED = re.compile(rf"[,;]?\s*\b(khoảng|tầm|lúc|about|at)\s+({_TIME})\b", re.IGNORECASE)
_TRAILING = re.compile(rf"[,;]?\s+()({_TIME})$")
_SEVERITY = re.compile(r"(?:^|\s)/([1-4])(?=\s|$)")
_MENTION = re.compile(r"(?:^|\s)@([\w.\-]+)")
_PLACE_WORDS = re.compile(
    r"\b(?:KCN|khu công nghiệp|cụm CN|xã|phường|thị trấn|huyện|thành phố|TP\.?|ấp|khu phố|đường|sông|hồ|chợ|cầu)\s+"
    r"[^,;]+",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d+")
LATEST_AHEAD = timedelta(minutes=10)


@dataclass(frozen=True)
class Understood:
    """What the line says; the times are UTC, `received_at` None when the line gives none."""

    title: str
    place: str = ""
    severity: int | None = None
    received_at: datetime | None = None
    occurred_at: datetime | None = None
    occurred_about: bool = False
    mentions: list[str] = field(default_factory=list)


def understand(line: str, now: datetime) -> Understood:
    """Takes the line apart. A clock time means the latest such moment that is not ahead of `now`."""
    rest = " ".join(normal(line).split())
    received_at, rest = _take_leading_time(rest, now)
    severity, rest = _take_severity(rest)
    mentions = _MENTION.findall(rest)
    rest = _MENTION.sub("", rest)
    rest = rest.strip()
    occurred = _OCCURRED.search(rest) or _TRAILING.search(rest)
    rest = rest.replace(occurred[0], " ", 1) if occurred else rest
    title = " ".join(rest.split()).strip(" ,;")
    return Understood(
        title=title,
        place=_place(title),
        severity=severity,
        received_at=received_at,
        occurred_at=latest_time(occurred[2], now) if occurred else None,
        occurred_about=occurred is not None and occurred[1].lower() not in {"", "lúc", "at"},
        mentions=mentions,
    )


def leading_time(text: str, now: datetime) -> tuple[datetime | None, str]:
    """The moment at the beginning of a log line, if it begins with one, and the text as it was typed."""
    moment, _rest = _take_leading_time(text, now)
    return moment, text


def latest_time(text: str, now: datetime) -> datetime:
    """The latest moment with this time of day in the province that is not ahead of `now` by over ten minutes."""
    hour, minute = (int(part) for part in _DIGITS.findall(text)[:2])
    local = now.astimezone(PROVINCE).replace(hour=hour, minute=minute, second=0, microsecond=0)
    return (local if local <= now + LATEST_AHEAD else local - timedelta(days=1)).astimezone(now.tzinfo)


def _take_leading_time(text: str, now: datetime) -> tuple[datetime | None, str]:
    found = _LEADING.match(text)
    return (latest_time(found[1], now), text[found.end() :]) if found else (None, text)


def _take_severity(text: str) -> tuple[int | None, str]:
    found = _SEVERITY.search(text)
    return (int(found[1]), _SEVERITY.sub("", text, count=1)) if found else (None, text)


def _place(title: str) -> str:
    found = _PLACE_WORDS.search(title)
    if found:
        return found[0].strip()
    return title.rsplit(",", 1)[1].strip() if "," in title else ""
