"""`people list`, `people import`, `token create`."""

from __future__ import annotations

import argparse
import csv
import re
from datetime import timedelta
from pathlib import Path

import orjson

from crisis_desk.command_line.parsing import Commands, CommandFailed, UsageWrong, add, opened_journal, say
from crisis_desk.config import Config
from crisis_desk.journal.entries import Actor
from crisis_desk.journal.streams import DESK
from crisis_desk.people.actions.import_people import import_people
from crisis_desk.people.actions.tokens import create_token
from crisis_desk.people.queries import people, person_by_email

COMMAND = Actor(person=None, via="command")
_PERIOD = re.compile(r"(\d{1,4})([dh])")


def add_commands(commands: Commands, common: argparse.ArgumentParser) -> None:
    """Adds the commands about people and tokens."""
    parser = commands.add_parser("people", help="list or import accounts")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    listing = add(verbs, common, "list", run_list, "every account")
    listing.add_argument("--json", action="store_true", help="as JSON")
    importing = add(verbs, common, "import", run_import, "accounts in bulk, all rows or none")
    importing.add_argument("file", metavar="FILE.csv")
    importing.add_argument("--dry-run", action="store_true", help="check every row, write nothing")
    tokens = commands.add_parser("token", help="tokens for programs").add_subparsers(
        dest="verb", required=True, metavar="VERB"
    )
    creating = add(tokens, common, "create", run_token, "print a token once, alone on the last line")
    creating.add_argument("--person", required=True, metavar="E-MAIL")
    creating.add_argument("--scope", default="read", help="read,write[,sign,release,admin]")
    creating.add_argument("--expires", default="90d", metavar="90d", help="days (d) or hours (h)")


def run_list(options: argparse.Namespace, config: Config) -> int:
    """One account a line, or JSON with email, name, organisation (its code) and roles."""
    with opened_journal(config) as journal, journal.database.reading() as session:
        rows = [
            {"email": p.email, "name": p.name, "organisation": p.organisation.code, "roles": p.roles}
            for p in people(session)
        ]
    if options.json:
        say(orjson.dumps(rows, option=orjson.OPT_INDENT_2).decode())
    else:
        for row in rows:
            say(f"{row['email']}\t{row['name']}\t{row['organisation']}\t{','.join(row['roles'])}")
    return 0


def run_import(options: argparse.Namespace, config: Config) -> int:
    """Adds every row as an account with an invitation link, or nothing at all."""
    with Path(options.file).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    with opened_journal(config) as journal:
        for line in import_people(journal, rows, actor=COMMAND, is_dry_run=options.dry_run):
            say(line)
    return 0


def run_token(options: argparse.Namespace, config: Config) -> int:
    """Creates a token; the text on the last line is shown this once only."""
    scopes = [scope.strip() for scope in options.scope.split(",") if scope.strip()]
    with opened_journal(config) as journal, journal.transaction(DESK, actor=COMMAND) as tx:
        owner = person_by_email(tx.session, options.person)
        if owner is None:
            raise CommandFailed(f"There is no account {options.person}.")
        _token, text = create_token(
            tx, person=owner, name="command line", scopes=scopes, expires_at=tx.now + _period(options.expires)
        )
    say(text)
    return 0


def _period(text: str) -> timedelta:
    found = _PERIOD.fullmatch(text)
    if found is None:
        raise UsageWrong("--expires takes days or hours, such as 90d or 12h.")
    number = int(found[1])
    return timedelta(days=number) if found[2] == "d" else timedelta(hours=number)
