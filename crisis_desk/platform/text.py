"""Text as people type it: one normal form, and a folded form to search without diacritics."""

from __future__ import annotations

import re
import unicodedata

_WORDS = re.compile(r"[^\W_]+")


def normal(text: str) -> str:
    """NFC with line feeds only; what the desk keeps of a text that was typed or pasted."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))


def fold(text: str) -> str:
    """Lower case without diacritics; "đ" does not decompose in Unicode, so it is mapped by hand."""
    decomposed = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def folded_words(text: str) -> list[str]:
    """The words of a text as search compares them."""
    return _WORDS.findall(fold(text))
