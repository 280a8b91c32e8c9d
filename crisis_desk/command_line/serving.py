"""`run`, `serve`, `init`, `migrate`, `check`."""

from __future__ import annotations

import argparse
import logging

from crisis_desk.application import create_app, start_followers
from crisis_desk.command_line.parsing import CommandFailed, Commands, add, opened_journal, say
from crisis_desk.config import Config
from crisis_desk.demonstration.layout import is_empty, lay_out
from crisis_desk.journal.transaction import Journal
from crisis_desk.people.demonstration import PASSWORD, SECRET
from crisis_desk.people.init import first_administrator
from crisis_desk.people.queries import has_demonstration_accounts
from crisis_desk.platform.clock import now
from crisis_desk.platform.database import Database
from crisis_desk.platform.migrate import check, current, head, upgrade
from crisis_desk.platform.serving import serve


def add_commands(commands: Commands, common: argparse.ArgumentParser) -> None:
    """Adds the commands that start and prepare a desk."""
    for name, run, meaning in (
        ("run", run_embedded, "set up if needed and serve everything in one process"),
        ("serve", run_production, "serve one production process"),
    ):
        parser = add(commands, common, name, run, meaning)
        parser.add_argument("--host", help="address to listen on")
        parser.add_argument("--port", type=int, help="port to listen on")
    founding = add(commands, common, "init", run_init, "a real desk: prints the first administrator's invitation link")
    founding.add_argument("--name", required=True, help="name of the desk")
    founding.add_argument("--admin", required=True, metavar="E-MAIL", help="address of the first administrator")
    add(commands, common, "migrate", run_migrate, "bring the database to this version")
    add(commands, common, "check", run_check, "say what in the settings is wrong")


def run_embedded(_options: argparse.Namespace, config: Config) -> int:
    """Upgrades the database, lays out the demonstration desk where nothing is yet, and serves."""
    database = Database(config.resolved_database_url, pool_size=config.pool_size)
    upgrade(database)
    journal = Journal(database, now)
    if is_empty(journal) and config.is_loopback:
        say("Laying out the demonstration desk ...")
        lay_out(journal, config, now())
    _refuse_open_demonstration(journal, config)
    is_demonstration = _has_demonstration(journal)
    database.close()
    return _serve(config, is_demonstration)


def run_production(_options: argparse.Namespace, config: Config) -> int:
    """Serves one process; the database must be current and hold no demonstration account beyond loopback."""
    with opened_journal(config) as journal:
        _refuse_open_demonstration(journal, config)
        is_demonstration = _has_demonstration(journal)
    return _serve(config, is_demonstration)


def _serve(config: Config, is_demonstration: bool) -> int:
    logging.basicConfig(level=config.log_level, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    app = create_app(config)
    start_followers(app)
    say(f"crisis_desk: http://{config.host}:{config.port}/")
    if is_demonstration:
        say(f"Sign in as coordinator.stttt@demo.invalid, password {PASSWORD}, second factor {SECRET}.")
        say("The sign-in page offers every demonstration account with its present code.")
    serve(app, config.host, config.port)
    return 0


def run_init(options: argparse.Namespace, config: Config) -> int:
    """Lays out an empty desk with the organisations and the first administrator."""
    database = Database(config.resolved_database_url, pool_size=2)
    upgrade(database)
    journal = Journal(database, now)
    if not is_empty(journal):
        raise CommandFailed("This database holds a desk already. Choose another folder or database.")
    link = first_administrator(journal, name=options.name, email=options.admin)
    base = config.public_url.rstrip("/") or f"http://{config.host}:{config.port}"
    say("The desk is laid out. The first administrator opens this link once and chooses a password:")
    say(f"{base}{link}")
    database.close()
    return 0


def run_migrate(_options: argparse.Namespace, config: Config) -> int:
    """Upgrades the database; its data stays."""
    database = Database(config.resolved_database_url, pool_size=2)
    before = current(database)
    upgrade(database)
    say(f"The database is at {head()}." if before == head() else f"The database went from {before} to {head()}.")
    database.close()
    return 0


def run_check(_options: argparse.Namespace, config: Config) -> int:
    """The settings have been read already; what is left is whether the database answers and is current."""
    database = Database(config.resolved_database_url, pool_size=2)
    check(database)
    database.close()
    say("The settings are right and the database is current.")
    return 0


def _has_demonstration(journal: Journal) -> bool:
    with journal.database.reading() as session:
        return has_demonstration_accounts(session)


def _refuse_open_demonstration(journal: Journal, config: Config) -> None:
    if not config.is_loopback and _has_demonstration(journal):
        raise CommandFailed(
            "This desk holds demonstration accounts whose password is published, so it listens on this machine only. "
            "Deactivate them, or start a real desk in another folder with: ./desk init"
        )
