"""Dated words of a report's frame: the place, the archive, the grounds."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from crisis_desk.platform.clock import PROVINCE

SOURCE = Path(__file__).with_name("paper_rules.yaml")


def place_at(moment: datetime, language: str) -> str:
    """The place before the date of a paper made at this moment."""
    return _words("places", moment, language)[0]


def archive_at(moment: datetime, language: str) -> str:
    """What stands behind "Lưu:"; the unit that wrote is added by hand, for the desk does not know units."""
    return _words("archives", moment, language)[0]


def grounds_at(moment: datetime, rule_set: str, language: str) -> tuple[str, ...]:
    """The grounds that a report of this moment names for an incident under these rules."""
    return tuple(_words("grounds", moment, language, (None, rule_set)))


def _words(kind: str, moment: datetime, language: str, rule_sets: tuple[str | None, ...] = (None,)) -> list[str]:
    day = moment.astimezone(PROVINCE).date()
    return [row[language] for row in _source()[kind] if row.get("rule_set") in rule_sets and _holds(row, day)]


def _holds(row: dict[str, Any], day: date) -> bool:
    end = row["valid_to"]
    return date.fromisoformat(row["valid_from"]) <= day and (end is None or day < date.fromisoformat(end))


@cache
def _source() -> dict[str, list[dict[str, Any]]]:
    loaded: dict[str, list[dict[str, Any]]] = yaml.safe_load(SOURCE.read_text(encoding="utf-8"))
    return loaded
