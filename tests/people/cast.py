"""Who plays in the tests of people, and the clock they live by."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from crisis_desk.journal.transaction import Transaction
from crisis_desk.people.models import Organisation, Person

PASSWORD = "hoa sen trong ao"
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


@dataclass
class SetClock:
    """A clock that stands still until a test moves it."""

    at: datetime = field(default_factory=lambda: datetime(2023, 5, 12, 14, 20, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.at

    def pass_by(self, **span: float) -> None:
        self.at += timedelta(**span)


@dataclass
class Cast:
    """Who plays: `owner` administers, `colleague` drafts beside her, `stranger` approves elsewhere."""

    press: Organisation
    health: Organisation
    owner: Person
    colleague: Person
    stranger: Person


Write = Callable[..., AbstractContextManager[Transaction]]
