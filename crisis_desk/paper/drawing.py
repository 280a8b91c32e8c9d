"""A paper as plain JSON data for `paper.typ`: every line broken and measured, nothing left to decide but drawing.

Lengths of rules are in points, columns in millimetres.
"""

from dataclasses import dataclass
from datetime import UTC
from typing import Any

import segno

from crisis_desk.paper import layout
from crisis_desk.paper.measure import POINTS_PER_MM, Style, balanced, width
from crisis_desk.paper.model import (
    Appendix,
    Block,
    BulletList,
    ImageSvg,
    PageBreak,
    Paper,
    Paragraph,
    Points,
    Table,
    Text,
)
from crisis_desk.paper.numbers import Language, point_letter
from crisis_desk.paper.svg import checked
from crisis_desk.paper.text import plain, runs

TEXT_WIDTH = 160.0
LEFT_COLUMN = 70.0
TITLE_WIDTH = 140.0
RULE_SHARE = 0.4
LONG_CELL = 800
Data = dict[str, Any]


@dataclass(frozen=True)
class Broken:
    """A text in centred lines, with the length of the rule below it."""

    lines: tuple[str, ...]
    rule: float


def broken(text: str, style: Style, size: float, limit: float, share: float = RULE_SHARE) -> Broken:
    """The text in even lines within `limit` mm; its rule is `share` of the widest (Decree 30/2020: 1/3 to 1/2)."""
    lines = balanced(text, style, size, limit * POINTS_PER_MM)
    widest = max((width(line, style, size) for line in lines), default=0.0)
    return Broken(lines, min(round(widest, 1), limit * POINTS_PER_MM) * share)


def paper_data(paper: Paper) -> Data:
    """The whole paper. Raises UnsafeSvg for a chart that holds more than shapes and texts."""
    above = 1 if paper.title else 0
    return {
        "language": paper.language,
        "name": paper.name,
        "made_at": list(paper.made_at.astimezone(UTC).timetuple()[:6]),
        "draft": layout.draft_label(paper),
        "drill_line": paper.drill_line.upper(),
        "foot": _foot(paper),
        "mast": mast_data(paper),
        "title": _title(paper),
        "addressees": layout.addressee_lines(paper),
        "blocks": [*_grounds(paper), *_blocks(layout.body(paper), paper.language, above)],
        "closing": _closing(paper),
        "appendices": [_appendix(paper, number) for number in range(1, len(paper.appendices) + 1)],
    }


def mast_data(paper: Paper) -> Data:
    """The letterhead in lines, with the lengths of its two rules."""
    mast = layout.mast(paper)
    party = not mast.motto
    issuer = broken(mast.issuer, "700-normal", 12, LEFT_COLUMN - 2)
    above_size = 14.0 if party else 12.0
    return {
        "left": LEFT_COLUMN,
        "parent": balanced(mast.parent, "400-normal", 12, (LEFT_COLUMN - 2) * POINTS_PER_MM),
        "issuer": issuer.lines,
        "issuer_rule": issuer.rule,
        "mark": mast.mark,
        "number": mast.number,
        "subject": balanced(mast.subject, "400-normal", 12, (LEFT_COLUMN - 4) * POINTS_PER_MM),
        "above": mast.above,
        "above_size": above_size,
        "motto": mast.motto,
        "motto_rule": width(mast.motto or mast.above, "700-normal", above_size if party else 13),
        "place_and_date": mast.place_and_date,
    }


def _title(paper: Paper) -> Data:
    kind = balanced(paper.title.upper(), "700-normal", 14, TITLE_WIDTH * POINTS_PER_MM)
    abstract = broken(paper.abstract, "700-normal", 14, TITLE_WIDTH)
    return {"kind": kind, "abstract": abstract.lines, "rule": title_rule(paper)}


def title_rule(paper: Paper) -> float:
    """The length of the rule under the title, in points."""
    return broken(paper.abstract or paper.title.upper(), "700-normal", 14, TITLE_WIDTH).rule


def _closing(paper: Paper) -> Data:
    signature = paper.signature
    return {
        "recipients_label": layout.recipients_label(paper.language),
        "recipients": layout.recipient_lines(paper),
        "signature": [
            balanced(line, "700-normal", 14, TEXT_WIDTH / 2 * POINTS_PER_MM - 10)
            for line in (layout.signature_lines(signature) if signature else ())
        ],
        "signatory": signature.name if signature else "",
    }


def _foot(paper: Paper) -> Data | None:
    if paper.foot is None:
        return None
    label = layout.code_label(paper.language)
    qr = segno.make(paper.foot.qr, micro=False).svg_inline(border=1) if paper.foot.qr else None
    return {"lines": layout.foot_lines(paper), "qr": qr, "qr_label": label}


def _appendix(paper: Paper, number: int) -> Data:
    appendix: Appendix = paper.appendices[number - 1]
    return {
        "label": layout.label_of(paper, number),
        "title": balanced(appendix.title.upper(), "700-normal", 14, TITLE_WIDTH * POINTS_PER_MM),
        "attached_to": balanced(appendix.attached_to, "400-italic", 14, TITLE_WIDTH * POINTS_PER_MM),
        "blocks": _blocks(appendix.blocks, paper.language, 1),
    }


def _grounds(paper: Paper) -> list[Data]:
    lines = layout.ground_lines(paper)
    return [{"type": "grounds", "lines": lines}] if lines else []


def _blocks(blocks: tuple[Block, ...], language: Language, above: int) -> list[Data]:
    return [_block(item, language) for item in layout.numbered(blocks, language, above)]


def _block(item: layout.Numbered, language: Language) -> Data:
    match item.block:
        case Paragraph(text):
            return {"type": "paragraph", "text": _pieces(text)}
        case BulletList(items):
            return {"type": "list", "items": [_entry("-", text) for text in items]}
        case Points(items):
            labels = (f"{point_letter(place, language)})" for place in range(1, len(items) + 1))
            return {"type": "list", "items": [_entry(*pair) for pair in zip(labels, items, strict=True)]}
        case Table() as table:
            return _table(table)
        case ImageSvg() as image:
            return _image(image)
        case PageBreak():
            return {"type": "page_break"}
        case heading:
            lines = layout.heading_text(item).split("\n")
            return {"type": "heading", "level": heading.level, "depth": item.depth, "lines": lines}


def _entry(label: str, text: Text) -> Data:
    return {"label": label, "text": _pieces(text)}


def _table(table: Table) -> Data:
    columns = len(table.header)
    return {
        "type": "table",
        "header": [_pieces(text) for text in table.header],
        "rows": [_row(row) for row in table.rows],
        "widths": table.widths or (1,) * columns,
        "alignments": table.alignments or ("left",) * columns,
        "caption": _pieces(table.caption),
    }


def _row(row: tuple[Text, ...]) -> Data:
    return {"cells": [_pieces(text) for text in row], "breakable": is_long(row)}


def is_long(row: tuple[Text, ...]) -> bool:
    """Whether a row may break over pages: one with a cell that could fill much of a page."""
    return max(len(plain(text)) for text in row) > LONG_CELL


def _image(image: ImageSvg) -> Data:
    return {
        "type": "image",
        "svg": checked(image.svg),
        "alternative": image.alternative,
        "width": min(image.width, TEXT_WIDTH),
        "caption": _pieces(image.caption),
    }


def _pieces(text: Text) -> list[Data]:
    pieces: list[Data] = []
    for run in runs(text):
        for place, line in enumerate(run.text.split("\n")):
            if place:
                pieces.append({"break": True})
            if line:
                pieces.append({"text": line, "bold": run.bold, "italic": run.italic})
    return pieces
