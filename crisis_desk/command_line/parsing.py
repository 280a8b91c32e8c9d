"""What the commands share: a journal on the configured database, and the ways a command ends."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import crisis_desk.features  # noqa: F401  every kind of entry must be known before the journal is read
from crisis_desk.config import Config
from crisis_desk.journal.transaction import Journal
from crisis_desk.platform.clock import now
from crisis_desk.platform.database import Database
from crisis_desk.platform.migrate import check

Commands = Any
Run = Callable[[argparse.Namespace, Config], int]


class CommandFailed(Exception):
    """The command could not do what was asked; the message says why and what to do."""


class UsageWrong(Exception):
    """The words of the command do not fit together."""


def add(commands: Commands, common: argparse.ArgumentParser, name: str, run: Run, meaning: str) -> Any:
    """Adds a command that `run` carries out."""
    parser = commands.add_parser(name, parents=[common], help=meaning, description=meaning)
    parser.set_defaults(run=run)
    return parser


@contextmanager
def opened_journal(config: Config) -> Iterator[Journal]:
    """The journal of the configured desk. Raises `WrongSchema` when the database is not current."""
    database = Database(config.resolved_database_url, pool_size=2)
    try:
        check(database)
        yield Journal(database, now)
    finally:
        database.close()


def say(text: str) -> None:
    """Writes a line for the person at the terminal."""
    sys.stdout.write(f"{text}\n")
