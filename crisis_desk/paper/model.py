"""What a paper is, before it is drawn: pure data, the same for DOCX, PDF, HTML and Markdown.

The layout is that of Decree 30/2020/NĐ-CP, Appendix I; the order of parts is that of form 1.4 (papers with a type:
reports, notices, press releases) and form 1.5 (official letters, which have a subject instead of a title).
"""

import datetime
from dataclasses import dataclass, field
from typing import Literal

from crisis_desk.paper.numbers import Language

Level = Literal["part", "section", "clause"]
Alignment = Literal["left", "center", "right"]
Authority = Literal["", "TM.", "Q.", "KT.", "TL.", "TUQ."]


@dataclass(frozen=True)
class Run:
    """A stretch of text in one style."""

    text: str
    bold: bool = False
    italic: bool = False


Text = str | tuple[Run, ...]


@dataclass(frozen=True)
class Heading:
    """A heading of the text, numbered by its level: "Phần I", "I.", "1."; `numbered=False` leaves the number out."""

    text: str
    level: Level = "section"
    numbered: bool = True


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; a line feed in it starts a new line."""

    text: Text


@dataclass(frozen=True)
class BulletList:
    """A list with dashes; each item ends as it was written."""

    items: tuple[Text, ...]


@dataclass(frozen=True)
class Points:
    """Points a), b), c), d), đ) of a clause."""

    items: tuple[Text, ...]


@dataclass(frozen=True)
class Table:
    """A table whose header repeats on every page. `widths` are shares, one for each column; equal when empty."""

    header: tuple[Text, ...]
    rows: tuple[tuple[Text, ...], ...]
    widths: tuple[float, ...] = ()
    alignments: tuple[Alignment, ...] = ()
    caption: str = ""

    def __post_init__(self) -> None:
        columns = len(self.header)
        ragged = [row for row in self.rows if len(row) != columns]
        if not columns or ragged or len(self.widths) not in (0, columns) or len(self.alignments) not in (0, columns):
            raise ValueError("Every row, width and alignment of a table needs one value for each column.")


@dataclass(frozen=True)
class ImageSvg:
    """A chart drawn by the server itself, never one sent by a person. `width` in mm, `alternative` says it in words."""

    svg: str
    alternative: str
    width: float = 150
    caption: str = ""


@dataclass(frozen=True)
class PageBreak:
    """What follows starts a new page."""


Block = Heading | Paragraph | BulletList | Points | Table | ImageSvg | PageBreak


@dataclass(frozen=True)
class Letterhead:
    """Who issues the paper, as it was called at issue.

    `number_sign` is what follows the number with its separator: "/BC-STTTT", "-BC/BTGTU". The number stays blank
    until the registry has given it. `subject` is the "V/v" of an official letter. A line feed breaks a name.
    """

    issuer_name: str
    number_sign: str
    place: str
    kind: Literal["state", "party"] = "state"
    parent_name: str = ""
    date: datetime.date | None = None
    number: int | None = None
    subject: str = ""


@dataclass(frozen=True)
class Recipients:
    """Nơi nhận: each line without its dash; `archive` is what follows "Lưu:", such as "VT, TTBCXB"."""

    names: tuple[str, ...] = ()
    archive: str = ""


@dataclass(frozen=True)
class Signature:
    """Who signs: `authority` "KT." with `on_behalf_of` "GIÁM ĐỐC" and `position` "PHÓ GIÁM ĐỐC".

    Without `on_behalf_of` the authority stands before the position itself: "Q. GIÁM ĐỐC". The name may be blank.
    """

    position: str
    authority: Authority = ""
    on_behalf_of: str = ""
    name: str = ""


@dataclass(frozen=True)
class Appendix:
    """Its pages are numbered by themselves. `attached_to` is the line "(Kèm theo …)" with its brackets.

    `number` is for a form whose appendices have fixed numbers; without one an appendix is numbered by its place.
    """

    title: str
    blocks: tuple[Block, ...]
    attached_to: str = ""
    number: int | None = None


@dataclass(frozen=True)
class Foot:
    """What every page carries to be checked by: a short hash, the journal's head, an address or text as a QR code."""

    short_hash: str
    journal_head: str = ""
    qr: str = ""
    note: str = ""


@dataclass(frozen=True)
class Paper:
    """One paper; texts are plain, never markup. `made_at`, with its zone, goes into the file's properties."""

    letterhead: Letterhead
    blocks: tuple[Block, ...]
    made_at: datetime.datetime
    title: str = ""
    abstract: str = ""
    addressees: tuple[str, ...] = ()
    grounds: tuple[str, ...] = ()
    closing: str = ""
    recipients: Recipients = field(default_factory=Recipients)
    signature: Signature | None = None
    appendices: tuple[Appendix, ...] = ()
    foot: Foot | None = None
    drill_line: str = ""
    draft: bool = False
    language: Language = "vi"

    @property
    def name(self) -> str:
        """What the file calls itself: its type and abstract, or the subject of a letter."""
        return " ".join(filter(None, (self.title, self.abstract))) or self.letterhead.subject
