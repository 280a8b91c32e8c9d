"""Which characters of a text reach the paper.

Whatever people typed must not make a report impossible at two in the morning, and nothing may vanish unseen:

* every format: text is in NFC; a form that hides or turns text (direction marks, zero-width signs, soft hyphens,
  variation selectors) is left out, because two papers that look the same must read the same; tabs and the many
  widths of blank become one blank; a control character is shown as ▯.
* PDF only: a character that the embedded font cannot print is shown as ▯ (one for each). DOCX, HTML and Markdown
  keep it, since the reader's own fonts may have it.
"""

from unicodedata import category, normalize

from crisis_desk.paper.fonts import characters
from crisis_desk.paper.signs import REPLACEMENT

_LOOKALIKES = str.maketrans({"\u2011": "-", "\u2010": "-", "\u202f": "\u00a0", "\u2007": "\u00a0", "\u2212": "–"})
_LINE_ENDS = ("\r\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029")
_UNSEEN = frozenset(chr(code) for code in (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0), 0x034F, 0x115F, 0x3164))


def clean(text: str) -> str:
    """The text as any paper carries it: NFC, line feeds only, without hidden or control characters."""
    for end in _LINE_ENDS:
        text = text.replace(end, "\n")
    return normalize("NFC", "".join(map(_allowed, normalize("NFC", text))))


def printable(text: str) -> str:
    """The clean text with ▯ for every character that the embedded font lacks. Raises FontMissing."""
    present = characters()
    near = clean(text).translate(_LOOKALIKES)
    return "".join(letter if letter in present or letter == "\n" else REPLACEMENT for letter in near)


def _allowed(letter: str) -> str:
    kind = category(letter)
    if letter in ("\n", "\u00a0", "\u202f", "\u2007"):
        return letter
    if letter == "\t" or kind == "Zs":
        return " "
    if kind == "Cf" or letter in _UNSEEN:
        return ""
    if kind in ("Cc", "Cs") or _is_noncharacter(letter):
        return REPLACEMENT
    return letter


def _is_noncharacter(letter: str) -> bool:
    code = ord(letter)
    return code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF
