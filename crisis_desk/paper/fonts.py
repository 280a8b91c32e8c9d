"""The font of papers: Tinos, metrically the same as the Times New Roman that Decree 30/2020 asks for.

Tinos is published cut into subsets by script. A PDF made from the subsets prints wrong Vietnamese letters, so they
are merged into one TrueType file per style at set-up:

    python -m crisis_desk.paper.fonts SOURCE_DIR TARGET_DIR

SOURCE_DIR is the `files` folder of the npm package `@fontsource/tinos`.
"""

import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from unicodedata import normalize

from fontTools.merge import Merger
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

from crisis_desk.paper.signs import SIGNS, Outline

FAMILY = "Tinos"
STYLES = ("400-normal", "400-italic", "700-normal", "700-italic")
SUBSETS = ("latin", "latin-ext", "vietnamese", "greek", "cyrillic")


class FontMissing(RuntimeError):
    """The fonts were not built, or a style or letter is missing from them."""


def font_folder() -> Path:
    """The folder with the merged fonts, beside the package or in its parent. Raises FontMissing."""
    here = Path(__file__).resolve().parent.parent
    for place in (here, here.parent):
        folder = place / "static" / "dist" / "fonts"
        if all((folder / file_name(style)).is_file() for style in STYLES):
            return folder
    raise FontMissing("The fonts of papers were not built: run crisis_desk.paper.fonts at set-up.")


def file_name(style: str) -> str:
    return f"{FAMILY}-{style}.ttf"


@cache
def characters() -> frozenset[str]:
    """The characters that every style of the font can print."""
    folder = font_folder()
    covered = [set(TTFont(folder / file_name(style)).getBestCmap()) for style in STYLES]
    return frozenset(map(chr, set.intersection(*covered)))


@cache
def advances(style: str) -> dict[str, float]:
    """The width of each character of a style, in ems."""
    font = TTFont(font_folder() / file_name(style))
    em = font["head"].unitsPerEm
    widths = font["hmtx"].metrics
    return {chr(code): widths[glyph][0] / em for code, glyph in font.getBestCmap().items()}


def merge(source: Path, target: Path) -> list[Path]:
    """Write one font file per style into `target` and return their paths. Raises FontMissing."""
    target.mkdir(parents=True, exist_ok=True)
    return [_merge_style(source, target, style) for style in STYLES]


def _merge_style(source: Path, target: Path, style: str) -> Path:
    with TemporaryDirectory() as folder:
        font = Merger().merge(_unpacked(source, Path(folder), style))
        _draw_signs(font)
        _require_vietnamese(font, style)
        written = target / file_name(style)
        font.save(written)
    return written


def _unpacked(source: Path, folder: Path, style: str) -> list[str]:
    # fontTools merges by glyph name, and reads WOFF2 too, but keeps its flavour: write plain TrueType first.
    written = []
    for subset in SUBSETS:
        packed = source / f"tinos-{subset}-{style}.woff2"
        if not packed.is_file():
            raise FontMissing(f"{packed.name} is not in {source}.")
        font = TTFont(packed)
        font.flavor = None
        font.save(folder / f"{subset}.ttf")
        written.append(str(folder / f"{subset}.ttf"))
    return written


def _draw_signs(font: TTFont) -> None:
    present = font.getBestCmap()
    order = list(font.getGlyphOrder())
    for sign, (width, outlines) in SIGNS.items():
        if ord(sign) in present:
            continue
        name = f"uni{ord(sign):04X}"
        order.append(name)
        font["glyf"].glyphs[name] = _drawn(outlines)
        font["hmtx"].metrics[name] = (width, min(x for outline in outlines for x, _ in outline))
        for table in font["cmap"].tables:
            table.cmap[ord(sign)] = name
    font.setGlyphOrder(order)
    font["glyf"].setGlyphOrder(order)


def _drawn(outlines: Iterable[Outline]) -> object:
    pen = TTGlyphPen(None)
    for first, *others in outlines:
        pen.moveTo(first)
        for point in others:
            pen.lineTo(point)
        pen.closePath()
    return pen.glyph()


def _require_vietnamese(font: TTFont, style: str) -> None:
    tones = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
    present = font.getBestCmap()
    wanted = {ord(letter) for letter in _letters_with(tones)} | {ord(sign) for sign in SIGNS}
    if missing := sorted(wanted - set(present)):
        raise FontMissing(f"{file_name(style)} lacks {', '.join(f'U+{code:04X}' for code in missing)}.")


def _letters_with(tones: Iterable[str]) -> Iterable[str]:
    vowels = "aăâeêioôơuưy"
    for vowel in vowels + vowels.upper():
        for tone in tones:
            yield normalize("NFC", vowel + tone)
    yield from "đĐ₫"


if __name__ == "__main__":
    merge(Path(sys.argv[1]), Path(sys.argv[2]))
