"""Numbers as papers write them: Roman numerals, the letters of points, leading zeros, grouped digits."""

from decimal import Decimal
from typing import Literal

Language = Literal["vi", "en"]

_ROMAN = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"))
_ROMAN_SMALL = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
_POINTS: dict[Language, str] = {"vi": "abcdđeghiklmnopqrstuvxy", "en": "abcdefghijklmnopqrstuvwxyz"}


def roman(number: int) -> str:
    """The Roman numeral of a positive number. Raises ValueError for others."""
    if number < 1:
        raise ValueError(f"No Roman numeral is written for {number}.")
    written = ""
    for value, numeral in _ROMAN + _ROMAN_SMALL:
        count, number = divmod(number, value)
        written += numeral * count
    return written


def point_letter(number: int, language: Language = "vi") -> str:
    """The letter of the n-th point, from 1: in Vietnamese a, b, c, d, đ, e, g; after the last letter aa, bb, and on."""
    letters = _POINTS[language]
    rounds, place = divmod(number - 1, len(letters))
    return letters[place] * (rounds + 1)


def leading_zero(number: int) -> str:
    """A registry number or a day below ten gets a leading zero (Decree 30/2020, Appendix I, part II)."""
    return f"{number:02d}"


def grouped(number: int | Decimal, language: Language = "vi") -> str:
    """1.234.567,5 in Vietnamese, 1,234,567.5 in English."""
    english = f"{number:,}"
    return english if language == "en" else english.translate(str.maketrans(",.", ".,"))
