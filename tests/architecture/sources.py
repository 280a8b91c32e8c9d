"""The house read as text: what the guards of its laws look at."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[2]
PACKAGE = HOUSE / "crisis_desk"
# Made by set-up or by somebody else, never by hand.
NOT_OURS = frozenset({".venv", "node_modules", "dist", ".cache", ".git", "__pycache__", "data", "build"})


def files(folder: str, *endings: str) -> list[Path]:
    """Our own files below a folder of the house that end in one of these."""
    found = (path for path in (HOUSE / folder).rglob("*") if path.is_file() and path.name.endswith(endings))
    return sorted(path for path in found if not NOT_OURS & set(path.relative_to(HOUSE).parts))


def name_of(path: Path) -> str:
    """How a guard names a file in its answer: from the house down."""
    return str(path.relative_to(HOUSE))


@cache
def tree(path: Path) -> ast.Module:
    """The syntax of a Python file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def calls(path: Path) -> Iterator[tuple[str, ast.Call]]:
    """Every call in a file with the last part of what it calls: `session.commit()` is `commit`."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            called = node.func
            if isinstance(called, ast.Attribute):
                yield called.attr, node
            elif isinstance(called, ast.Name):
                yield called.id, node


def callers(*names: str) -> set[str]:
    """The files of the package that call one of these."""
    return {name_of(path) for path in files("crisis_desk", ".py") if any(name in names for name, _ in calls(path))}


def imports(path: Path) -> set[str]:
    """The modules that a file imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found
