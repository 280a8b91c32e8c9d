"""The crisis-desk command: every way to run, fill, check and export a desk from a terminal.

Exit codes: 0 done, 1 a check failed, 2 wrong usage or settings.
"""

from __future__ import annotations

# ruff: noqa: E402  nothing may be imported before it is patched for the server's light threads
from gevent import monkey

monkey.patch_all()

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from crisis_desk.command_line import accounts, journal, papers, serving
from crisis_desk.command_line.parsing import CommandFailed, UsageWrong
from crisis_desk.config import WrongSetting, read_config
from crisis_desk.journal.keys import WrongKey
from crisis_desk.platform.errors import DeskError
from crisis_desk.platform.migrate import WrongSchema
from crisis_desk.platform.words import translate


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and gives its exit code."""
    parser = build_parser()
    options = parser.parse_args(arguments)
    try:
        config = read_config(os.environ, **_overrides(options))
        return int(options.run(options, config))
    except (WrongSetting, UsageWrong) as error:
        print(error, file=sys.stderr)
        return 2
    except DeskError as error:
        print(_sentences(error), file=sys.stderr)
        return 1
    except (CommandFailed, WrongKey, WrongSchema, OSError) as error:
        print(error, file=sys.stderr)
        return 1


def build_parser() -> argparse.ArgumentParser:
    """The parser of all commands; each feature's module adds its own."""
    parser = argparse.ArgumentParser(prog="crisis-desk", description=__doc__)
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--data", type=Path, help="folder for database, keys and files")
    common.add_argument("--database", dest="database_url", metavar="URL", help="database; SQLite if not given")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for module in (serving, accounts, journal, papers):
        module.add_commands(commands, common)
    return parser


def _overrides(options: argparse.Namespace) -> dict[str, object]:
    names = ("data", "database_url", "host", "port")
    given = {name: getattr(options, name, None) for name in names}
    return {name: value for name, value in given.items() if value is not None}


def _sentences(error: DeskError) -> str:
    lines = [translate(error.title, "en", **error.values)]
    lines += [f"  {field}: {translate(said, 'en')}" for field, found in (error.errors or {}).items() for said in found]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
