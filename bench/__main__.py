"""Every question of speed in turn, or one by its name: `python -m bench [NAME] [ARGUMENTS]`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from types import ModuleType

from bench import board, drafting, fan_out, opening, resting, verify

PROGRAMS: Mapping[str, ModuleType] = {
    module.__name__.removeprefix("bench."): module for module in (fan_out, opening, board, drafting, verify, resting)
}


def main(words: Sequence[str]) -> int:
    """1 when a target was missed, 2 for a name that no program has."""
    if not words or words[0] in {"-h", "--help"}:
        print(listed())
        return 0 if words else max(run(name) for name in PROGRAMS)
    if words[0] not in PROGRAMS:
        print(f"No program is called {words[0]}.\n{listed()}", file=sys.stderr)
        return 2
    return run(words[0], words[1:])


def listed() -> str:
    """The programs with their questions."""
    return "\n".join(f"{name:10}{question(module)}" for name, module in PROGRAMS.items())


def question(module: ModuleType) -> str:
    """What a program asks: the first line of its docstring up to the question mark."""
    text = " ".join((module.__doc__ or "").split())
    return text[: text.index("?") + 1]


def run(name: str, words: Sequence[str] = ()) -> int:
    """Runs one program under a heading; with no words it takes its defaults."""
    program: Callable[[Sequence[str]], int] = PROGRAMS[name].main
    print(f"\n## {name}: {question(PROGRAMS[name])}", flush=True)
    return program(words)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
