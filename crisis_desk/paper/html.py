"""Papers as a fragment of HTML for a page: the same words in the same order, without styles of its own.

Every text is escaped; there is no style attribute and no script, as the desk's content policy asks.
"""

from collections.abc import Iterable

from markupsafe import Markup, escape

from crisis_desk.paper import layout
from crisis_desk.paper.characters import clean
from crisis_desk.paper.model import (
    Appendix,
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
from crisis_desk.paper.numbers import point_letter
from crisis_desk.paper.svg import checked
from crisis_desk.paper.text import every_text, runs

_DEEPEST_HEADING = 6


def html(paper: Paper, top_heading: int = 1) -> Markup:
    """The paper as one `article`; its title is a heading of the level `top_heading`, the others follow below.

    Raises UnsafeSvg for a chart that holds more than shapes and texts.
    """
    paper = every_text(paper, clean)
    parts = (
        _note(paper.drill_line.upper(), "paper-drill"),
        _note(layout.draft_label(paper), "paper-draft"),
        _mast(paper),
        _title(paper, top_heading),
        _lines(layout.addressee_lines(paper), "paper-addressees"),
        *(_tag("p", _tag("em", line)) for line in layout.ground_lines(paper)),
        _blocks(layout.body(paper), paper, top_heading, bool(paper.title)),
        _closing(paper),
        *(_appendix(paper, number, top_heading) for number in range(1, len(paper.appendices) + 1)),
        _lines(layout.foot_lines(paper), "paper-foot"),
    )
    return Markup('<article class="paper" lang="{}">{}</article>').format(paper.language, _joined(parts))


def _mast(paper: Paper) -> Markup:
    mast = layout.mast(paper)
    issuer = (mast.parent, _tag("strong", mast.issuer), mast.mark, mast.number, mast.subject)
    state = (_tag("strong", mast.above), _tag("strong", mast.motto) if mast.motto else "")
    left = _lines(issuer, "paper-issuer")
    right = _lines((*state, _tag("em", mast.place_and_date)), "paper-state")
    return Markup('<header class="paper-mast">{}{}</header>').format(left, right)


def _title(paper: Paper, level: int) -> Markup:
    title = _heading(paper.title.upper(), level, "paper-title") if paper.title else Markup("")
    return title + _note(paper.abstract, "paper-abstract")


def _closing(paper: Paper) -> Markup:
    lines = layout.recipient_lines(paper)
    recipients = _lines((_tag("strong", layout.recipients_label(paper.language)), *lines), "paper-recipients")
    signature = paper.signature
    titles = tuple(_tag("strong", line) for line in layout.signature_lines(signature)) if signature else ()
    name = _tag("strong", signature.name) if signature and signature.name else ""
    return _joined((recipients if lines else Markup(""), _lines((*titles, name), "paper-signature")))


def _appendix(paper: Paper, number: int, level: int) -> Markup:
    appendix: Appendix = paper.appendices[number - 1]
    label = layout.label_of(paper, number)
    body = (
        _heading(f"{label}\n{appendix.title.upper()}", level + 1, "paper-title"),
        _note(appendix.attached_to, "paper-attached"),
        _blocks(appendix.blocks, paper, level + 1, True),
    )
    return Markup('<section class="paper-appendix">{}</section>').format(_joined(body))


def _blocks(blocks: tuple[Block, ...], paper: Paper, level: int, under_title: bool) -> Markup:
    above = level if under_title else level - 1
    return _joined(_block(item, paper) for item in layout.numbered(blocks, paper.language, above))


def _block(item: layout.Numbered, paper: Paper) -> Markup:
    match item.block:
        case Heading(_, kind):
            return _heading(layout.heading_text(item), item.depth, f"paper-{kind}")
        case Paragraph(text):
            return _tag("p", _inline(text))
        case BulletList(items):
            return Markup("<ul>{}</ul>").format(_joined(_tag("li", _inline(text)) for text in items))
        case Points(items):
            letters = (f"{point_letter(place, paper.language)}) " for place in range(1, len(items) + 1))
            entries = (_tag("li", letter + _inline(text)) for letter, text in zip(letters, items, strict=True))
            return Markup('<ul class="paper-points">{}</ul>').format(_joined(entries))
        case Table() as table:
            return _table(table)
        case ImageSvg() as image:
            return _image(image)
        case PageBreak():
            return Markup("<hr>")


def _table(table: Table) -> Markup:
    caption = _tag("caption", table.caption) if table.caption else ""
    header = _joined(Markup('<th scope="col">{}</th>').format(_inline(text)) for text in table.header)
    rows = _joined(_tag("tr", _joined(_tag("td", _inline(text)) for text in row)) for row in table.rows)
    # On a narrow screen a wide table scrolls by itself, which the keyboard must reach too.
    inside = Markup("{}<thead><tr>{}</tr></thead><tbody>{}</tbody>").format(caption, header, rows)
    return Markup('<table tabindex="0">{}</table>').format(inside)


def _image(image: ImageSvg) -> Markup:
    # The drawing was made by the server and has just been checked, so it may stand as it is.
    drawing = Markup(checked(image.svg))  # noqa: S704
    caption = _tag("figcaption", image.caption) if image.caption else ""
    return Markup('<figure><div role="img" aria-label="{}">{}</div>{}</figure>').format(
        image.alternative, drawing, caption
    )


def _inline(text: Text) -> Markup:
    return _joined(_run(run.text, run.bold, run.italic) for run in runs(text))


def _run(text: str, bold: bool, italic: bool) -> Markup:
    written = _broken(text)
    if italic:
        written = _tag("em", written)
    return _tag("strong", written) if bold else written


def _heading(text: str, level: int, kind: str) -> Markup:
    return Markup('<h{0} class="{1}">{2}</h{0}>').format(min(level, _DEEPEST_HEADING), kind, _broken(text))


def _lines(lines: Iterable[str], kind: str) -> Markup:
    present = [line for line in lines if line]
    if not present:
        return Markup("")
    return Markup('<p class="{}">{}</p>').format(kind, Markup("<br>").join(present))


def _note(text: str, kind: str) -> Markup:
    return _lines((text,), kind)


def _broken(text: str) -> Markup:
    return Markup("<br>").join(text.split("\n"))


def _tag(name: str, content: str) -> Markup:
    return Markup("<{0}>{1}</{0}>").format(name, content)


def _joined(parts: Iterable[str]) -> Markup:
    return Markup("").join(escape(part) for part in parts)
