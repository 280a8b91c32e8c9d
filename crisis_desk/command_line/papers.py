"""`report`: the post-incident report of one incident as a file."""

from __future__ import annotations

import argparse
import hashlib
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from crisis_desk.command_line.parsing import CommandFailed, Commands, add, opened_journal, say
from crisis_desk.config import Config
from crisis_desk.incidents.codes import normal_code
from crisis_desk.incidents.models import Incident
from crisis_desk.journal.entries import Actor
from crisis_desk.journal.streams import ACCESS
from crisis_desk.journal.transaction import Journal
from crisis_desk.paper.fonts import FontMissing
from crisis_desk.platform.words import languages
from crisis_desk.reports.actions import record_export
from crisis_desk.reports.files import FORMS, made
from crisis_desk.reports.integrity import integrity_of
from crisis_desk.reports.paper_of_incident import bodies_at
from crisis_desk.reports.review import review_of

COMMAND = Actor(person=None, via="command")


def add_commands(commands: Commands, common: argparse.ArgumentParser) -> None:
    """Adds the command of reports."""
    parser = add(commands, common, "report", run_report, "write the post-incident report of an incident")
    parser.add_argument("code", metavar="CODE")
    parser.add_argument("--format", required=True, choices=list(FORMS), dest="form")
    parser.add_argument("--out", required=True, metavar="FILE")
    parser.add_argument("--lang", choices=languages(), default="vi")


def run_report(options: argparse.Namespace, config: Config) -> int:
    """Writes the file and keeps account of it; nothing is written when the incident is unknown."""
    target = Path(options.out)
    with opened_journal(config) as journal:
        content = _report(journal, options, config.public_url)
        target.write_bytes(content)
    say(f"written: {target} ({target.stat().st_size} bytes)")
    return 0


def _report(journal: Journal, options: argparse.Namespace, address: str) -> bytes:
    with journal.database.reading() as session:
        incident = _incident(session, options.code)
        integrity = integrity_of(journal.database, incident.id)
        review = review_of(session, incident, journal.clock(), options.lang, integrity)
        bodies = bodies_at(session, review.made_at)
    try:
        content = made(options.form, review, bodies, address)
    except FontMissing as error:
        raise CommandFailed(
            f"The report can't be printed: {error}. Run ./desk once, which builds the fonts."
        ) from error
    with journal.transaction(ACCESS, actor=COMMAND) as tx:
        digest = hashlib.sha256(content).hexdigest()
        record_export(
            tx, person=None, incident_id=incident.id, form=options.form, language=options.lang, head=review.head,
            sha256=digest,
        )  # fmt: skip
    return content


def _incident(session: Session, code: str) -> Incident:
    found = session.scalars(select(Incident).where(Incident.code == normal_code(code))).one_or_none()
    if found is None:
        raise CommandFailed(f"There is no incident {code}.")
    return found
