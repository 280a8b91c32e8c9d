"""Papers as Markdown: for mail, for other programs, for reading without a word processor."""

import re

from crisis_desk.paper import layout
from crisis_desk.paper.characters import clean
from crisis_desk.paper.model import (
    Block,
    BulletList,
    Heading,
    ImageSvg,
    PageBreak,
    Paper,
    Paragraph,
    Points,
    Table,
    Text,
)
from crisis_desk.paper.numbers import Language, point_letter
from crisis_desk.paper.text import every_text, runs

_MARKS = re.compile(r"([\\`*_{}\[\]<>|#~&])")
_LIST_SIGN = re.compile(r"^(\d*)([-+=.)])")
_DEEPEST_HEADING = 6
_HARD_BREAK = "\\\n"


def markdown(paper: Paper) -> str:
    """The paper as Markdown with pipe tables; what people typed is escaped. A chart is given by its words."""
    paper = every_text(paper, clean)
    above = 1 if paper.title else 0
    parts = [
        _strong(paper.drill_line.upper()),
        _emphasis(layout.draft_label(paper)),
        *_mast(paper),
        f"# {_plain(paper.title.upper())}" if paper.title else "",
        _strong(paper.abstract),
        _lines(layout.addressee_lines(paper)),
        *(_emphasis(line) for line in layout.ground_lines(paper)),
        *_blocks(layout.body(paper), paper.language, above),
        *_closing(paper),
        *_appendices(paper),
        _lines(layout.foot_lines(paper)),
    ]
    return "\n\n".join(filter(None, parts)) + "\n"


def _mast(paper: Paper) -> list[str]:
    mast = layout.mast(paper)
    issuer = _joined_lines(escaped(mast.parent), _strong(mast.issuer), escaped(mast.mark))
    state = _joined_lines(_strong(mast.above), _strong(mast.motto))
    number = _joined_lines(escaped(mast.number), escaped(mast.subject), _emphasis(mast.place_and_date))
    return [state, issuer, number]


def _closing(paper: Paper) -> list[str]:
    signature = paper.signature
    recipients = layout.recipient_lines(paper)
    label = _strong(layout.recipients_label(paper.language)) if recipients else ""
    titles = layout.signature_lines(signature) if signature else ()
    signed = _joined_lines(*map(_strong, titles), _strong(signature.name if signature else ""))
    return [_joined_lines(label, *map(escaped, recipients)), signed]


def _appendices(paper: Paper) -> list[str]:
    written: list[str] = []
    for number, appendix in enumerate(paper.appendices, start=1):
        label = layout.label_of(paper, number)
        written += ["---", f"# {_plain(label)}: {_plain(appendix.title.upper())}", _emphasis(appendix.attached_to)]
        written += _blocks(appendix.blocks, paper.language, 1)
    return written


def _blocks(blocks: tuple[Block, ...], language: Language, above: int) -> list[str]:
    return [_block(item, language) for item in layout.numbered(blocks, language, above)]


def _block(item: layout.Numbered, language: Language) -> str:
    match item.block:
        case Heading():
            return "#" * min(item.depth, _DEEPEST_HEADING) + " " + _plain(layout.heading_text(item))
        case Paragraph(text):
            return _inline(text)
        case BulletList(items):
            return "\n".join(f"- {_indented(_inline(text))}" for text in items)
        case Points(items):
            return "\n".join(
                f"- {point_letter(place, language)}) {_indented(_inline(text))}" for place, text in enumerate(items, 1)
            )
        case Table() as table:
            return _table(table)
        case ImageSvg(_, alternative, _, caption):
            return _joined_lines(f"\\[{escaped(alternative)}\\]", _emphasis(caption))
        case PageBreak():
            return "---"


def _table(table: Table) -> str:
    head, *body = (_row(texts) for texts in (table.header, *table.rows))
    rows = "\n".join((head, "|" + " --- |" * len(table.header), *body))
    return f"{_emphasis(table.caption)}\n\n{rows}" if table.caption else rows


def _row(texts: tuple[Text, ...]) -> str:
    return "| " + " | ".join(map(_cell, texts)) + " |"


def _cell(text: Text) -> str:
    return _inline(text).replace(_HARD_BREAK, "<br>")


def _inline(text: Text) -> str:
    return "".join(_styled(run.text, "**" * run.bold + "*" * run.italic) for run in runs(text)).strip()


def _styled(text: str, mark: str) -> str:
    # A mark next to a blank marks nothing, so blanks at the edges stay outside.
    inner = text.strip()
    before, _, after = text.partition(inner) if inner else (text, "", "")
    return f"{_edge(before)}{mark}{escaped(inner)}{mark}{_edge(after)}" if inner else _edge(text)


def _edge(blanks: str) -> str:
    return _HARD_BREAK if "\n" in blanks else blanks


def _strong(text: str) -> str:
    return _styled(text, "**")


def _emphasis(text: str) -> str:
    return _styled(text, "*")


def _lines(lines: tuple[str, ...]) -> str:
    return _joined_lines(*map(escaped, lines))


def _joined_lines(*lines: str) -> str:
    return _HARD_BREAK.join(filter(None, lines))


def _indented(text: str) -> str:
    return text.replace("\n", "\n  ")


def _plain(text: str) -> str:
    return _MARKS.sub(r"\\\1", text.replace("\n", " – "))


def escaped(text: str) -> str:
    """The text so that a reader of Markdown shows it as it was typed; a line feed becomes a hard break."""
    marked = _MARKS.sub(r"\\\1", text)
    return _HARD_BREAK.join(_LIST_SIGN.sub(r"\1\\\2", line.strip()) for line in marked.split("\n"))
