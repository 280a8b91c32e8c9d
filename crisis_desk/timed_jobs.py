"""What time itself does: restrictions lapse, unanswered opinions are noted, heads are signed, old answers forgotten.

Every job looks at the tables for what is due and does it through the same actions as a person, so it may run in
several processes at once: whoever comes second finds it done.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from gevent import sleep
from sqlalchemy import select

from crisis_desk.incidents.actions.incident import lapse_restriction
from crisis_desk.incidents.models import Incident
from crisis_desk.journal.entries import Actor
from crisis_desk.journal.heads import sign_heads
from crisis_desk.journal.streams import incident_stream
from crisis_desk.journal.transaction import Journal
from crisis_desk.platform.idempotency import forget_answers
from crisis_desk.platform.words import N_, translate
from crisis_desk.statements.actions.signing import note_unanswered
from crisis_desk.statements.models import Statement
from crisis_desk.statements.queries import with_run_out_steps

log = logging.getLogger(__name__)

CLOCK = Actor(person=None, via="clock")
LOOK_SECONDS = 2.0
SIGN_EVERY = timedelta(hours=1)
LAPSED = N_("The restriction ended by itself after 24 hours, for nobody renewed it.")


class TimedJobs:
    """Runs the jobs of one process for as long as it lives."""

    def __init__(self, journal: Journal, keys: Path, language: str) -> None:
        self._journal = journal
        self._keys = keys
        self._language = language
        self._signed: datetime | None = None

    def run(self) -> None:
        """Looks every two seconds at what is due."""
        while True:
            sleep(LOOK_SECONDS)
            for job in (self.lapse_restrictions, self.note_unanswered_opinions, self.sign_hourly):
                self._try(job)

    def _try(self, job: Callable[[datetime], None]) -> None:
        try:
            job(self._journal.clock())
        except Exception:
            # One job that fails must not keep the others from their time; it is tried again in two seconds.
            log.exception("a timed job failed: %s", job.__name__)

    def lapse_restrictions(self, now: datetime) -> None:
        """Opens incidents whose restriction nobody renewed."""
        with self._journal.database.reading() as session:
            due = session.scalars(
                select(Incident.id).where(Incident.handling == "restricted", Incident.handling_until <= now)
            ).all()
        for incident_id in due:
            with self._journal.transaction(incident_stream(incident_id), actor=CLOCK) as tx:
                lapse_restriction(tx, incident_id=incident_id, reason=translate(LAPSED, self._language))

    def note_unanswered_opinions(self, now: datetime) -> None:
        """Notes that an opinion was asked for and none has come in its time; silence is never consent."""
        with self._journal.database.reading() as session:
            due = [(one.id, one.incident_id) for one in with_run_out_steps(session, now)]
        for statement_id, incident_id in due:
            with self._journal.transaction(incident_stream(incident_id), actor=CLOCK) as tx:
                note_unanswered(tx, tx.session.get_one(Statement, statement_id))

    def sign_hourly(self, now: datetime) -> None:
        """Signs the heads of the chains that moved, and forgets answers older than seven days."""
        if self._signed is not None and now - self._signed < SIGN_EVERY:
            return
        sign_heads(self._journal, self._keys, actor=CLOCK)
        with self._journal.unjournalled_transaction("answers older than seven days are forgotten") as session:
            forget_answers(session, now)
        self._signed = now
