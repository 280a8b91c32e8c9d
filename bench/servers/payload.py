"""The event that both sides of the fan-out send, 600 bytes unless asked otherwise, with the moment it was sent."""

from __future__ import annotations

import json
from typing import Any

SIZE = 600
NAME = "entry"


def event_data(sent: float, size: int = SIZE) -> dict[str, Any]:
    """The event's data, filled up so that the whole message has `size` bytes."""
    data = {"sent": sent, "filling": ""}
    data["filling"] = "x" * (size - len(message(data)))
    return data


def event_text(sent: float, size: int = SIZE) -> str:
    """The same event as the bytes that Socket.IO would send, made once."""
    return message(event_data(sent, size))


def message(data: dict[str, Any]) -> str:
    """A Socket.IO event as text."""
    return "42" + json.dumps([NAME, data], separators=(",", ":"))
