"""Laying out the demonstration desk on an empty database; never on one that holds anything."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select

from crisis_desk.config import Config
from crisis_desk.demonstration.player import Player, StageClock
from crisis_desk.journal.entries import Actor
from crisis_desk.journal.heads import sign_heads
from crisis_desk.journal.models import JournalEntry
from crisis_desk.journal.streams import DESK
from crisis_desk.journal.transaction import Journal
from crisis_desk.people.demonstration import add_demonstration_accounts
from crisis_desk.people.init import found_desk

EXERCISES = Path(__file__).with_name("exercises.yaml")
NAME = "Bàn diễn tập"
COMMAND = Actor(person=None, via="command")
# The people of the desk were there before the first exercise.
BEFORE = timedelta(days=1)


def is_empty(journal: Journal) -> bool:
    """Whether nothing has ever been written to this desk."""
    with journal.database.reading() as session:
        return session.scalar(select(JournalEntry.sequence).limit(1)) is None


def lay_out(journal: Journal, config: Config, now: datetime) -> None:
    """People, organisations and both exercises; the running one began an hour before `now`."""
    exercises: list[dict[str, Any]] = yaml.safe_load(EXERCISES.read_text(encoding="utf-8"))["exercises"]
    clock = StageClock(now - timedelta(minutes=exercises[0]["minutes_ago"]) - BEFORE)
    stage = Journal(journal.database, clock)
    with stage.transaction(DESK, actor=COMMAND) as tx:
        bodies = found_desk(tx, NAME)
        people = add_demonstration_accounts(tx, bodies)
    for exercise in exercises:
        start = now - timedelta(minutes=exercise["minutes_ago"])
        Player(stage, clock, people, bodies, start).play(exercise)
    sign_heads(journal, config.data / "keys", actor=COMMAND)
