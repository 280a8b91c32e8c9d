"""Finds a Chromium, or unpacks the one that comes as an npm package, with its own libraries and fonts."""

from __future__ import annotations

import fcntl
import io
import json
import os
import platform
import shutil
import tarfile
from pathlib import Path

import brotli

HOUSE = Path(__file__).resolve().parents[2]
PACKAGE = Path(__file__).resolve().parent / "node_modules" / "@sparticuz" / "chromium"
VARIABLE = "DESK_CHROMIUM"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
WRAPPER = """#!/bin/sh
here=$(dirname "$(readlink -f "$0")")
export LD_LIBRARY_PATH="$here/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
export FONTCONFIG_FILE="$here/desk-fonts.conf"
exec "$here/chromium" "$@"
"""
FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>{place}/fonts</dir>
  <cachedir>{place}/font-cache</cachedir>
</fontconfig>
"""


class NoChromium(RuntimeError):
    """No browser to test with; the message says what to do."""


def find_chromium() -> Path:
    """The program to start: $DESK_CHROMIUM, one on PATH, or the unpacked package. Raises NoChromium."""
    named = os.environ.get(VARIABLE)
    if named:
        if not os.access(named, os.X_OK):
            raise NoChromium(f"{VARIABLE} names {named}, which is no program: correct or unset it.")
        return Path(named)
    installed = next((path for path in map(shutil.which, NAMES) if path), None)
    return Path(installed) if installed else _unpacked()


def _unpacked() -> Path:
    if not PACKAGE.is_dir():
        raise NoChromium(f"There is no Chromium: run ./desk test, which fetches one, or name yours in {VARIABLE}.")
    if platform.system() != "Linux" or platform.machine() != "x86_64":
        raise NoChromium(f"No Chromium is on PATH, and none unpacks on this machine: name yours in {VARIABLE}.")
    version = json.loads((PACKAGE / "package.json").read_text())["version"]
    place = HOUSE / ".cache" / f"chromium-{version}"
    place.parent.mkdir(exist_ok=True)
    with (place.parent / "chromium.lock").open("w") as lock:
        # Test processes run side by side; the first unpacks, the others wait.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not place.is_dir():
            _unpack(place)
    return place / "desk-chromium"


def _unpack(place: Path) -> None:
    growing = place.with_suffix(".new")
    shutil.rmtree(growing, ignore_errors=True)
    growing.mkdir()
    for part in ("al2023", "swiftshader", "fonts"):
        with tarfile.open(fileobj=io.BytesIO(_opened(f"{part}.tar.br"))) as archive:
            archive.extractall(growing, filter="data")
    _write_program(growing / "chromium", _opened("chromium.br"))
    _write_program(growing / "desk-chromium", WRAPPER.encode())
    (growing / "desk-fonts.conf").write_text(FONTS.format(place=place))
    growing.rename(place)


def _opened(name: str) -> bytes:
    return bytes(brotli.decompress((PACKAGE / "bin" / name).read_bytes()))


def _write_program(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    path.chmod(0o755)
