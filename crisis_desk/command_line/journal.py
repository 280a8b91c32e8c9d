"""`journal verify`, `journal export`, `journal sign`."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from sqlalchemy import select

from crisis_desk.command_line.parsing import CommandFailed, Commands, UsageWrong, add, opened_journal, say
from crisis_desk.config import Config
from crisis_desk.incidents.codes import normal_code
from crisis_desk.incidents.models import Incident
from crisis_desk.journal import verify
from crisis_desk.journal.bundle import IncidentToExport, export
from crisis_desk.journal.entries import Actor
from crisis_desk.journal.heads import sign_heads
from crisis_desk.journal.transaction import Journal
from crisis_desk.journal.verification import verify_database
from crisis_desk.platform.database import Database
from crisis_desk.platform.migrate import check

COMMAND = Actor(person=None, via="command")


def add_commands(commands: Commands, common: argparse.ArgumentParser) -> None:
    """Adds the commands of the journal."""
    parser = commands.add_parser("journal", help="verify, export or sign the journal")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    verifying = add(verbs, common, "verify", run_verify, "check a database, or a bundle without one")
    verifying.add_argument("bundle", nargs="?", metavar="BUNDLE", help="a bundle; the database if not given")
    verifying.add_argument("--key", metavar="FILE", help="the desk's public keys, got elsewhere")
    exporting = add(verbs, common, "export", run_export, "write a bundle that verifies without the desk")
    exporting.add_argument("file", metavar="FILE.zip")
    exporting.add_argument("--incident", metavar="CODE", help="only this incident")
    add(verbs, common, "sign", run_sign, "sign the heads of every chain that has moved")


def run_verify(options: argparse.Namespace, config: Config) -> int:
    """Exit 0 when everything holds, 1 with a line for each broken chain."""
    if options.bundle:
        return verify.main([options.bundle, *(["--key", options.key] if options.key else [])])
    trusted = _trusted_keys(options.key) if options.key else None
    database = Database(config.resolved_database_url, pool_size=2)
    try:
        check(database)
        report = verify_database(database, trusted, processes=os.cpu_count() or 1)
    finally:
        database.close()
    say(str(report))
    return 0 if report.holds else 1


def _trusted_keys(file: str) -> dict[str, verify.Key]:
    try:
        return dict(verify.read_keys(Path(file).read_bytes()))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageWrong(f"{file} can't be read as the desk's published keys, a PEM or a base64 key.") from error


def run_export(options: argparse.Namespace, config: Config) -> int:
    """Writes a bundle and says what it holds."""
    target = Path(options.file)
    with opened_journal(config) as journal:
        incident = _incident(journal, options.incident) if options.incident else None
        export(journal, keys_folder(config), target, actor=COMMAND, incident=incident)
    say(f"written: {target} ({target.stat().st_size} bytes)")
    return 0


def run_sign(_options: argparse.Namespace, config: Config) -> int:
    """Signs the heads now."""
    with opened_journal(config) as journal:
        signed = sign_heads(journal, keys_folder(config), actor=COMMAND)
    say(f"signed {len(signed)} heads")
    return 0


def keys_folder(config: Config) -> Path:
    """Where the signing key lies, readable by the desk alone."""
    return config.data / "keys"


def _incident(journal: Journal, code: str) -> IncidentToExport:
    with journal.database.reading() as session:
        found = session.scalars(select(Incident).where(Incident.code == normal_code(code))).one_or_none()
    if found is None:
        raise CommandFailed(f"There is no incident {code}.")
    return IncidentToExport(found.id, found.code)
