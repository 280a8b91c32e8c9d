"""Widths of lines, from Tinos, whose letters are as wide as those of Times New Roman.

Word cannot be asked how wide a line is, and the rules under a name are as long as its text or a share of it.
Widths are in points.
"""

from itertools import combinations, pairwise
from typing import Literal

from crisis_desk.paper.fonts import advances

Style = Literal["400-normal", "400-italic", "700-normal", "700-italic"]

POINTS_PER_MM = 72 / 25.4
_UNKNOWN = 0.5
_MOST_LINES = 4
_JOINTS = frozenset({"và", "các", "của", "về", "tại", "and", "of", "the", "for", "at"})
_MOST_WORDS = 60


def width(text: str, style: Style, size: float) -> float:
    """The width of one line, kerning left aside (under 1 % in capitals)."""
    letters = advances(style)
    return sum(letters.get(letter, _UNKNOWN) for letter in text) * size


def balanced(text: str, style: Style, size: float, limit: float) -> tuple[str, ...]:
    """The text broken into as few lines as fit the limit, as even as they get; a line feed breaks it where it stands.

    No line ends with a word such as "và", if there is another way. What fits in no four lines, or is longer than any
    name or title, is left whole for the renderer to wrap.
    """
    if "\n" in text:
        return tuple(line.strip() for line in text.split("\n") if line.strip())
    words = text.split()
    most = min(_MOST_LINES, len(words)) if len(words) <= _MOST_WORDS else 0
    for count in range(1, most + 1):
        fitting = [lines for lines in _broken(words, count) if _widest(lines, style, size) <= limit]
        if fitting:
            return min(fitting, key=lambda lines: (_loose_ends(lines), _widest(lines, style, size)))
    return (" ".join(words),) if words else ()


def _broken(words: list[str], count: int) -> list[tuple[str, ...]]:
    places = combinations(range(1, len(words)), count - 1)
    edges = ((0, *inner, len(words)) for inner in places)
    return [tuple(" ".join(words[a:b]) for a, b in pairwise(edge)) for edge in edges]


def _loose_ends(lines: tuple[str, ...]) -> int:
    return sum(line.split()[-1].lower() in _JOINTS for line in lines[:-1])


def _widest(lines: tuple[str, ...], style: Style, size: float) -> float:
    return max(width(line, style, size) for line in lines)
