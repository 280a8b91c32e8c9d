"""The words of a paper in their places, the same for every renderer (Decree 30/2020/NĐ-CP, Appendix I)."""

from collections.abc import Iterator
from dataclasses import dataclass

from crisis_desk.paper.dates import long_date
from crisis_desk.paper.model import Block, Heading, Letterhead, Level, Paper, Signature
from crisis_desk.paper.numbers import Language, leading_zero, roman
from crisis_desk.paper.text import ended_with, with_end
from crisis_desk.platform.words import N_, translate

_RANKS: tuple[Level, ...] = ("part", "section", "clause")
_BLANK_NUMBER = "\u00a0" * 8


@dataclass(frozen=True)
class Mast:
    """The two columns at the top of page 1: the issuer on the left, the State or the Party on the right."""

    parent: str
    issuer: str
    mark: str
    number: str
    subject: str
    above: str
    motto: str
    place_and_date: str


@dataclass(frozen=True)
class Numbered:
    """A block with the number its heading shows and its depth among the headings, from 1; no level is skipped."""

    block: Block
    label: str = ""
    depth: int = 0


def mast(paper: Paper) -> Mast:
    """The words of the letterhead; a Party paper has no national title and a star under its issuer."""
    head, language = paper.letterhead, paper.language
    party = head.kind == "party"
    above = N_("Communist Party of Viet Nam") if party else N_("Socialist Republic of Viet Nam")
    return Mast(
        parent=head.parent_name.upper(),
        issuer=head.issuer_name.upper(),
        mark="*" if party else "",
        number=_number(head, language),
        subject=translate(N_("Re: %(subject)s"), language, subject=head.subject) if head.subject else "",
        above=translate(above, language).upper(),
        motto="" if party else translate(N_("Independence - Freedom - Happiness"), language),
        place_and_date=f"{head.place}, {long_date(head.date, language)}",
    )


def _number(head: Letterhead, language: Language) -> str:
    number = _BLANK_NUMBER if head.number is None else leading_zero(head.number)
    form = N_("No. %(number)s") if head.kind == "party" else N_("No.: %(number)s")
    return translate(form, language, number=number + head.number_sign)


def body(paper: Paper) -> tuple[Block, ...]:
    """The text with its closing and its "./."."""
    return with_end(paper.blocks, paper.closing)


def ground_lines(paper: Paper) -> tuple[str, ...]:
    """Each ground on a line of its own that ends with ";", the last with "."."""
    return _listed(paper.grounds)


def addressee_lines(paper: Paper) -> tuple[str, ...]:
    """One addressee stands behind "Kính gửi:"; several stand under it, each behind a dash."""
    label = translate(N_("To:"), paper.language)
    if len(paper.addressees) < 2:
        return tuple(f"{label} {ended_with(name, '')}" for name in paper.addressees)
    return (label, *(f"- {line}" for line in _listed(paper.addressees)))


def recipients_label(language: Language) -> str:
    return translate(N_("Recipients:"), language)


def recipient_lines(paper: Paper) -> tuple[str, ...]:
    """The list under "Nơi nhận:", with the archive at its end."""
    archive = paper.recipients.archive
    kept = (translate(N_("File: %(archive)s"), paper.language, archive=archive),) if archive else ()
    return tuple(f"- {line}" for line in _listed((*paper.recipients.names, *kept)))


def _listed(lines: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(ended_with(line, ";" if place < len(lines) else ".") for place, line in enumerate(lines, start=1))


def signature_lines(signature: Signature) -> tuple[str, ...]:
    """KT. GIÁM ĐỐC above PHÓ GIÁM ĐỐC; Q. GIÁM ĐỐC in one line; the name is not among them."""
    first = f"{signature.authority} {signature.on_behalf_of or signature.position}".strip().upper()
    return (first, signature.position.upper()) if signature.on_behalf_of else (first,)


def appendix_label(number: int, count: int, language: Language) -> str:
    """One appendix has no number; two or more have Roman ones."""
    if count < 2:
        return translate(N_("Appendix"), language)
    return translate(N_("Appendix %(number)s"), language, number=roman(number))


def label_of(paper: Paper, place: int) -> str:
    """The label of the appendix at a place, from 1: with the number its form gives it, else that of its place."""
    given = paper.appendices[place - 1].number
    if given is not None:
        return translate(N_("Appendix %(number)s"), paper.language, number=roman(given))
    return appendix_label(place, len(paper.appendices), paper.language)


def draft_label(paper: Paper) -> str:
    """The mark of a paper that is not signed yet, or nothing."""
    return translate(N_("Draft"), paper.language) if paper.draft else ""


def foot_lines(paper: Paper) -> tuple[str, ...]:
    """What stands in words at the foot of every page."""
    if paper.foot is None:
        return ()
    foot, language = paper.foot, paper.language
    text_hash = translate(N_("Text hash: %(hash)s"), language, hash=foot.short_hash)
    head = translate(N_("Journal head: %(head)s"), language, head=foot.journal_head) if foot.journal_head else ""
    return tuple(filter(None, (text_hash, head, foot.note)))


def code_label(language: Language) -> str:
    """What the QR code is, for those who don't see it."""
    return translate(N_("QR code to check this paper"), language)


def numbered(blocks: tuple[Block, ...], language: Language, above: int = 0) -> Iterator[Numbered]:
    """Every block with its number. `above` is the depth of the heading over the whole text, 0 for none.

    Sections count on through the parts, clauses start anew in each section.
    """
    counts: dict[Level, int] = {"part": 0, "section": 0, "clause": 0}
    open_ranks: list[int] = []
    for block in blocks:
        if isinstance(block, Heading):
            rank = _RANKS.index(block.level)
            open_ranks = [*(higher for higher in open_ranks if higher < rank), rank]
            yield Numbered(block, _label(block, counts, language), above + len(open_ranks))
        else:
            yield Numbered(block)


def _label(heading: Heading, counts: dict[Level, int], language: Language) -> str:
    if heading.level != "clause":
        counts["clause"] = 0
    if not heading.numbered:
        return ""
    counts[heading.level] += 1
    count = counts[heading.level]
    if heading.level == "part":
        return translate(N_("Part %(number)s"), language, number=roman(count))
    return f"{roman(count)}." if heading.level == "section" else f"{count}."


def heading_text(item: Numbered) -> str:
    """The heading as printed; parts and sections stand in capitals. A part's number has a line of its own."""
    heading = item.block
    if not isinstance(heading, Heading):
        return ""
    text = heading.text if heading.level == "clause" else heading.text.upper()
    joint = "\n" if heading.level == "part" else " "
    return joint.join(filter(None, (item.label, text)))
