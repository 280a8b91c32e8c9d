"""Bringing a database to the schema this code was written for, by numbered migrations, keeping its data."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from crisis_desk.platform.database import Database


class WrongSchema(RuntimeError):
    """The database was laid out by another version of the desk; the message says what to do."""


def beside(name: str) -> Path:
    """A folder of the desk: inside the package where it is installed, beside it in a checkout."""
    package = Path(__file__).resolve().parents[1]
    for place in (package / name, package.parent / name):
        if place.is_dir():
            return place
    raise FileNotFoundError(f"the folder {name} is missing; install the desk again")


def upgrade(database: Database) -> None:
    """Runs every migration that the database has not seen. Safe to call on a current one."""
    if current(database) == head():
        return
    with database.engine.execution_options(desk_write=True).begin() as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def check(database: Database) -> None:
    """Raises `WrongSchema` unless the database has exactly the schema of this code."""
    found, expected = current(database), head()
    if found == expected:
        return
    if found is None:
        raise WrongSchema("The database is empty. Run: ./desk migrate")
    known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
    if found in known:
        raise WrongSchema(f"The database is at {found}, this desk needs {expected}. Make a backup, then ./desk migrate")
    raise WrongSchema(f"The database is at {found}, which this older desk does not know. Start the newer version.")


def current(database: Database) -> str | None:
    """The last migration that the database has seen; None for an empty one."""
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def head() -> str:
    """The last migration there is. `migrations/head.txt` repeats it, so that two heads can't be merged unseen."""
    found = ScriptDirectory.from_config(_config()).get_current_head()
    if found is None:
        raise FileNotFoundError("no migration was found; install the desk again")
    return found


def _config() -> AlembicConfig:
    config = AlembicConfig()
    config.set_main_option("script_location", str(beside("migrations")))
    return config
