"""Text as people type it: one normal form, and a folded form to search without diacritics."""

from __future__ import annotations

import re
import unicodedata

_WORDS = re.compile(r"[^\W_]+")


_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")


def normal(text: str) -> str:
    """NFC with line feeds only; what the desk keeps of a text that was typed or pasted.

    No database and no UTF-8 holds a NUL or half of a character, as a text cut in the middle of an emoji ends with; the
    replacement character shows where one stood, so that the rest is not lost for it. Marks that turn the direction of
    writing are left out: with them "73" is read as "37".
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", _TURNING.sub("", _UNSTORABLE.sub("\ufffd", lines)))


def fold(text: str) -> str:
    """Lower case without diacritics; "đ" does not decompose in Unicode, so it is mapped by hand."""
    decomposed = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def folded_words(text: str) -> list[str]:
    """The words of a text as search compares them."""
    return _WORDS.findall(fold(text))
