"""The house stays readable: small files and functions, no drawers, nothing inline, nothing copied in."""

from __future__ import annotations

import ast
import re
import statistics
from configparser import ConfigParser
from pathlib import Path

from crisis_desk.platform.live_transport import PINNED
from tests.architecture.sources import HOUSE, PACKAGE, files, name_of, tree

LONGEST = 400
WRITTEN = ("crisis_desk", "tests", "bench", "templates", "static", "migrations", "deploy")
# A drawer takes everything and says nothing; what is in it has a better name.
DRAWERS = re.compile(r"^_*(utils?|helpers?|common|managers?|misc|stuff|repositor(y|ies)|services?)$")
# What stands above the features and connects them.
ROOF = {"command_line", "demonstration"}
INLINE = re.compile(
    r"""<style\b|\sstyle\s*=|\son[a-z]+\s*=\s*["']|javascript:|<script(?![^>]*\bsrc=)(?![^>]*application/json)""",
    re.IGNORECASE,
)
FOREIGN = re.compile(r"@license|Permission is hereby granted|Licensed under the|sourceMappingURL|^/\*!", re.MULTILINE)
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")


def _ours(*endings: str) -> list[Path]:
    return [path for folder in WRITTEN for path in files(folder, *endings)]


def _functions() -> dict[str, int]:
    """The length in lines of every function of the package, decorators and docstring included."""
    found = {}
    for path in files("crisis_desk", ".py"):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
                found[f"{name_of(path)}:{node.name}:{node.lineno}"] = node.end_lineno - node.lineno + 1
    return found


def test_no_file_is_longer_than_four_hundred_lines() -> None:
    # A migration lists every table of its day and is never read again.
    candidates = [path for path in _ours(".py", ".js", ".mjs", ".css", ".html") if "versions" not in path.parts]
    long = {name_of(path): lines for path in candidates if (lines := _lines(path)) > LONGEST}
    assert long | ({"desk": _lines(HOUSE / "desk")} if _lines(HOUSE / "desk") > LONGEST else {}) == {}


def _lines(path: Path) -> int:
    return path.read_text(encoding="utf-8").count("\n")


def test_nine_functions_in_ten_fit_a_screen() -> None:
    lengths = sorted(_functions().values())
    assert lengths[len(lengths) * 9 // 10] <= 36
    assert statistics.median(lengths) <= 10


def test_there_are_no_drawers() -> None:
    named = [path for path in _ours(".py", ".js", ".html") if any(map(DRAWERS.match, (path.stem, path.parent.name)))]
    assert [name_of(path) for path in named] == []


def test_every_package_has_its_place_in_the_order_of_features() -> None:
    config = ConfigParser()
    config.read(HOUSE / "setup.cfg", encoding="utf-8")
    layers = config["importlinter:contract:features"]["layers"]
    placed = set(re.findall(r"crisis_desk\.(\w+)", layers))
    packages = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert packages - placed - ROOF == set()


def test_nothing_is_inline_in_a_template() -> None:
    # The policy in the headers refuses it, so it would only be missing in the browser.
    found = {
        (name_of(path), match.group(0).strip())
        for path in files("templates", ".html")
        for match in INLINE.finditer(re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL))
    }
    assert found == set()


def test_a_script_sets_no_style_attribute() -> None:
    setting = re.compile(r"""setAttribute\(\s*["']style["']|cssText|style:\s*["'`]""")
    assert {name_of(path) for path in files("static/src", ".js") if setting.search(path.read_text())} == set()


def test_nothing_of_others_is_copied_in() -> None:
    copied = {name_of(path) for path in _ours(".py", ".js", ".css") if FOREIGN.search(_without_guards(path))}
    assert copied == set()
    assert [name_of(path) for path in _ours(".min.js", ".min.css", ".woff", ".woff2", ".ttf", ".whl")] == []


def _without_guards(path: Path) -> str:
    return "" if path == Path(__file__).resolve() else path.read_text(encoding="utf-8")


def test_nothing_is_left_to_be_done() -> None:
    unfinished = {
        name_of(path)
        for path in _ours(".py", ".js", ".mjs", ".css", ".html", ".po")
        if UNFINISHED.search(_without_guards(path))
    }
    assert unfinished == set()


def test_the_locks_name_no_registry_and_miss_no_hash() -> None:
    locks = [*files("requirements", ".txt"), HOUSE / "package-lock.json", HOUSE / "tests/browser/package-lock.json"]
    assert [name_of(path) for path in locks if "://" in path.read_text()] == []
    for path in files("requirements", ".txt"):
        pinned = re.findall(r"^\S+==\S+.*\\$", path.read_text(), re.MULTILINE)
        assert len(pinned) == len(re.findall(r"^\S+==", path.read_text(), re.MULTILINE)), name_of(path)


def test_the_live_transport_is_locked_to_the_versions_it_was_written_for() -> None:
    lock = (HOUSE / "requirements" / "run.txt").read_text().lower()
    assert {name for name, version in PINNED.items() if f"\n{name.lower()}=={version} " not in f"\n{lock}"} == set()
