"""`people list`, `people import`, `token create`."""

from __future__ import annotations

import argparse
import re
from datetime import timedelta
from pathlib import Path

import orjson

from crisis_desk.command_line.parsing import CommandFailed, Commands, UsageWrong, add, opened_journal, say
from crisis_desk.config import Config
from crisis_desk.journal.entries import Actor
from crisis_desk.journal.streams import DESK
from crisis_desk.people.actions.import_people import import_people
from crisis_desk.people.actions.tokens import create_token
from crisis_desk.people.init import link_path
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
            say("\t".join(",".join(value) if isinstance(value, list) else value or "" for value in row.values()))
    return 0


def run_import(options: argparse.Namespace, config: Config) -> int:
    """Adds every row as an account and prints its invitation link, or adds nothing at all."""
    try:
        text = Path(options.file).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandFailed(f"{options.file} can't be read as UTF-8 text: {error}") from error
    with opened_journal(config) as journal:
        invited = import_people(journal, text, actor=COMMAND, person=None, is_trial=options.dry_run)
    if options.dry_run:
        say(f"{len(invited)} accounts could be added. Nothing was written.")
        return 0
    for one in invited:
        say(f"{one.account.email}\t{link_path(one.token)}")
    return 0


def run_token(options: argparse.Namespace, config: Config) -> int:
    """Creates a token; the text on the last line is shown this once only."""
    scopes = [scope.strip() for scope in options.scope.split(",") if scope.strip()]
    lasts = _period(options.expires)
    with opened_journal(config) as journal, journal.transaction(DESK, actor=COMMAND) as tx:
        owner = person_by_email(tx.session, options.person)
        if owner is None:
            raise CommandFailed(f"There is no account {options.person}.")
        _token, text = create_token(tx, person=None, owner=owner, label="command line", scopes=scopes, lasts=lasts)
    say(text)
    return 0


def _period(text: str) -> timedelta:
    found = _PERIOD.fullmatch(text)
    if found is None:
        raise UsageWrong("--expires takes days or hours, such as 90d or 12h.")
    number = int(found[1])
    return timedelta(days=number) if found[2] == "d" else timedelta(hours=number)
