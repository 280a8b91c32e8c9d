"""The font of papers, as set-up made it."""

from pathlib import Path
from unicodedata import normalize

import pytest
from fontTools.ttLib import TTFont

from crisis_desk.paper import fonts
from crisis_desk.paper.fonts import STYLES, FontMissing, advances, characters, file_name, font_folder, merge
from crisis_desk.paper.signs import SIGNS

TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
LETTERS = {normalize("NFC", vowel + tone) for vowel in "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY" for tone in TONES} | {*"đĐ"}


def test_every_style_prints_all_134_vietnamese_letters() -> None:
    assert len([letter for letter in LETTERS if letter not in "aeiouyAEIOUY"]) == 134
    assert LETTERS - characters() == set()


def test_every_style_prints_the_drawn_signs_and_other_scripts_that_papers_quote() -> None:
    assert {*SIGNS, *"ΩαЖя₫–—…“”•½³µ"} - characters() == set()


def test_no_letter_is_drawn_as_the_missing_glyph() -> None:
    for style in STYLES:
        font = TTFont(font_folder() / file_name(style))
        assert [code for code, glyph in font.getBestCmap().items() if glyph == ".notdef"] == []


def test_each_style_calls_itself_tinos_and_by_its_weight() -> None:
    built = [TTFont(font_folder() / file_name(style)) for style in STYLES]
    assert [font["name"].getDebugName(1) for font in built] == ["Tinos"] * 4
    assert [(font["OS/2"].usWeightClass, bool(font["OS/2"].fsSelection & 1)) for font in built] == [
        (400, False),
        (400, True),
        (700, False),
        (700, True),
    ]


def test_letters_are_as_wide_as_those_of_times_new_roman() -> None:
    widths = advances("400-normal")
    assert [round(widths[letter] * 2048) for letter in "ai0M "] == [909, 569, 1024, 1821, 512]


def test_a_missing_subset_stops_the_set_up(tmp_path: Path) -> None:
    with pytest.raises(FontMissing, match="tinos-latin-400-normal"):
        merge(tmp_path, tmp_path / "made")


def test_a_desk_without_built_fonts_says_what_to_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "__file__", str(tmp_path / "crisis_desk" / "paper" / "fonts.py"))
    with pytest.raises(FontMissing, match="set-up"):
        font_folder()
