"""Moments in the texts of an exercise, counted from its beginning, so that it always runs now."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from crisis_desk.platform.clock import PROVINCE

_MOMENT = re.compile(r"\{([tcdi])([+-]\d+)\}")


def spoken(text: str, start: datetime) -> str:
    """The text with its moments: {t+15} "21 giờ 35", {c+15} "21:35", {d+15} "12/5/2023", {i+15} RFC 3339."""
    return _MOMENT.sub(lambda found: _said(found[1], start + timedelta(minutes=int(found[2]))), text)


def _said(form: str, moment: datetime) -> str:
    local = moment.astimezone(PROVINCE)
    if form == "t":
        return f"{local.hour} giờ {local.minute:02d}"
    if form == "c":
        return f"{local:%H:%M}"
    if form == "d":
        return f"{local.day}/{local.month}/{local.year}"
    return local.isoformat(timespec="minutes")
