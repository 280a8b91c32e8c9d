"""Papers as PDF/A-2a and PDF/UA-1: tagged, searchable, with the font inside.

Compiling is work for the processor (10 to 100 ms a paper): under gevent call these on its thread pool.
"""

import json
from pathlib import Path
from typing import Final

import typst

from crisis_desk.paper.characters import printable
from crisis_desk.paper.drawing import paper_data
from crisis_desk.paper.fonts import FontMissing, font_folder
from crisis_desk.paper.model import Paper
from crisis_desk.paper.svg import checked
from crisis_desk.paper.text import every_text

STANDARDS: Final = ("a-2a", "ua-1")

_TEMPLATE = Path(__file__).with_name("paper.typ")
_PICTURE = b"""#set page(width: auto, height: auto, margin: 0pt, fill: none)
#set text(font: "Tinos")
#image(bytes(sys.inputs.svg), format: "svg")"""


def pdf(paper: Paper) -> bytes:
    """The paper as a PDF file; a character that its font lacks is printed as ▯.

    Raises FontMissing when the fonts were not built, UnsafeSvg for a chart that holds more than shapes and texts.
    """
    data = json.dumps(paper_data(every_text(paper, printable)), ensure_ascii=False)
    made, warnings = typst.compile_with_warnings(
        _TEMPLATE,
        root=_TEMPLATE.parent,
        font_paths=_fonts(),
        sys_inputs={"paper": data},
        format="pdf",
        pdf_standards=[*STANDARDS],
    )
    if warnings:
        raise FontMissing("; ".join(warning.message for warning in warnings))
    return _one(made)


def png(svg: str, dots_per_inch: float = 200) -> bytes:
    """A chart as a PNG picture, for formats that cannot draw. Raises UnsafeSvg."""
    made = typst.compile(
        _PICTURE,
        font_paths=_fonts(),
        sys_inputs={"svg": checked(printable(svg))},
        format="png",
        ppi=dots_per_inch,
    )
    return _one(made)


def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[font_folder()])


def _one(made: bytes | list[bytes] | None) -> bytes:
    if isinstance(made, bytes):
        return made
    raise RuntimeError("The drawing program made no file, or several.")
