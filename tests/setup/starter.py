"""A checkout to try the starter in: the same files, an environment of its own, and steps marked as done already."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

HOUSE = Path(__file__).resolve().parents[2]
NOTHING = 9
# What set-up reads; the rest of the house does not matter here.
READ = (
    "desk", "setup.cfg", "setup.py", "pyproject.toml", "package.json", "package-lock.json", ".npmrc",
    "static/build.mjs",
)


def load(checkout: Path) -> ModuleType:
    """The starter of this checkout as a module, to ask it for its steps."""
    loader = SourceFileLoader(f"desk_of_{checkout.name}", str(checkout / "desk"))
    spec = spec_from_loader(loader.name, loader)
    assert spec is not None
    module = module_from_spec(spec)
    sys.dont_write_bytecode, before = True, sys.dont_write_bytecode
    loader.exec_module(module)
    sys.dont_write_bytecode = before
    return module


@dataclass
class Checkout:
    """A copy of the house in which `./desk` runs as a process of its own."""

    place: Path
    environment: dict[str, str]

    def begin(self, *arguments: str, python: str = sys.executable, **options: object) -> subprocess.Popen[str]:
        """Start ./desk and do not wait for it."""
        return subprocess.Popen(  # type: ignore[call-overload, no-any-return]
            [python, str(self.place / "desk"), *arguments], cwd="/", env=self.environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options,
        )

    def start(self, *arguments: str, **options: object) -> tuple[int, str]:
        """Run ./desk to its end: the exit code, and what it said besides the steps' names."""
        process = self.begin(*arguments, **options)  # type: ignore[arg-type]
        _, said = process.communicate(timeout=100)
        return process.returncode, "\n".join(line for line in said.splitlines() if not line.startswith("Setting up: "))

    def mark_done(self, *names: str) -> None:
        """Make these steps look done: their stamps, and empty things where their outputs would be."""
        starter = load(self.place)
        for name in names:
            for output in starter.STEPS[name].outputs:
                made = self.place / output
                made.parent.mkdir(parents=True, exist_ok=True)
                if not made.exists():
                    made.touch()
            starter.stamp(starter.STEPS[name])

    def program(self, name: str, script: str) -> Path:
        """A shell script in the environment's bin, which comes first on PATH."""
        written = self.place / ".venv" / "bin" / name
        written.parent.mkdir(parents=True, exist_ok=True)
        written.unlink(missing_ok=True)
        written.write_text(f"#!/bin/sh\n{script}\n")
        written.chmod(0o755)
        return written


def new_checkout(place: Path) -> Checkout:
    """Copy what set-up reads into `place`."""
    for name in READ:
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(HOUSE / name, place / name)
    shutil.copytree(HOUSE / "requirements", place / "requirements")
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("PIP_", "npm_", "PYTHON"))}
    paths = os.environ["PATH"].split(os.pathsep)
    environment["PATH"] = os.pathsep.join(path for path in paths if "/.venv/" not in path)
    # No registry answers there, whatever this machine is set up for.
    closed = f"http://127.0.0.1:{NOTHING}/"
    environment.update(PIP_CONFIG_FILE=os.devnull, PIP_INDEX_URL=closed, PIP_RETRIES="0", PIP_NO_CACHE_DIR="1")
    environment.update(npm_config_registry=closed, npm_config_fetch_retries="0", npm_config_cache=str(place / ".npm"))
    return Checkout(place, environment)
