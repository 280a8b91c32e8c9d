"""The appendices of the report, numbered as the form has them; III and IV have no data yet and are not printed."""

from __future__ import annotations

from crisis_desk.paper.model import Appendix, Block, BulletList, Heading, ImageSvg, Paragraph, Run, Table
from crisis_desk.platform.clock import parse_instant
from crisis_desk.platform.words import N_, translate
from crisis_desk.reports.paper_tables import moment
from crisis_desk.reports.review import Review
from crisis_desk.reports.timeline import LANES
from crisis_desk.reports.timeline_svg import spoken, timeline_svg

TIMELINE, RELEASED, ASSIGNMENTS, INTEGRITY = 1, 2, 5, 6


def appendices(review: Review) -> tuple[Appendix, ...]:
    """I timeline, II released statements, V assignments, VI integrity; those that hold nothing are left out."""
    made = (
        (TIMELINE, N_("Timeline"), _timeline(review)),
        (RELEASED, N_("Full text of the information released"), _released(review)),
        (ASSIGNMENTS, N_("Assignments"), _assignments(review)),
        (INTEGRITY, N_("Integrity of the journal"), _integrity(review)),
    )
    about = N_("(Attached to the report on the incident %(code)s)")
    attached = translate(about, review.language, code=review.spoken_code)
    return tuple(
        Appendix(translate(title, review.language), blocks, attached, number)
        for number, title, blocks in made
        if blocks
    )


def _header(review: Review, *messages: str) -> tuple[str, ...]:
    return tuple(translate(message, review.language) for message in messages)


def _timeline(review: Review) -> tuple[Block, ...]:
    timeline, language = review.timeline, review.language
    rows = tuple(
        (
            str(event.sequence),
            moment(event.at, language),
            translate(LANES[event.lane], language),
            f"{event.text} – {event.who}" if event.who else event.text,
        )
        for event in timeline.events
    )
    late = translate(N_("Written late: entry %(numbers)s."), language, numbers=_late(review)) if _late(review) else ""
    return (
        ImageSvg(str(timeline_svg(timeline, language)), spoken(timeline, language), 160),
        Table(
            _header(review, N_("Entry"), N_("Time"), N_("Lane"), N_("What")),
            rows,
            (1.4, 3.2, 2.6, 9),
            ("center", "left", "left", "left"),
        ),
        *((Paragraph(late),) if late else ()),
    )


def _late(review: Review) -> str:
    return ", ".join(str(event.sequence) for event in review.timeline.events if event.is_late)


def _released(review: Review) -> tuple[Block, ...]:
    blocks: list[Block] = []
    for one in review.statements:
        if one.released_at:
            when = translate(
                N_("%(code)s, released %(time)s"),
                review.language,
                code=one.code,
                time=moment(one.released_at, review.language),
            )
            blocks += [Heading(when, "clause"), *(Paragraph(line) for line in one.text.splitlines() if line.strip())]
            blocks.append(Paragraph((Run(f"SHA-256: {one.final_sha256}", italic=True),)))
    return tuple(blocks)


def _assignments(review: Review) -> tuple[Block, ...]:
    rows = tuple(
        (
            one.name,
            one.organisation,
            one.role,
            moment(one.at, review.language),
            _answer(one.answer, moment(one.answered_at, review.language)),
        )
        for one in review.assignments
    )
    header = _header(review, N_("Person"), N_("Agency"), N_("Role"), N_("Asked"), N_("Answer"))
    return (Table(header, rows, (3, 4, 2.6, 2.8, 3.4)),) if rows else ()


def _answer(answer: str, at: str) -> str:
    return f"{answer}, {at}" if at else answer


def _integrity(review: Review) -> tuple[Block, ...]:
    found, language = review.integrity, review.language
    result = N_("the chain holds, every hash and signed head checked") if found.holds else N_("the chain is broken")
    rows: list[tuple[str, str]] = [
        (N_("Stream"), found.stream),
        (N_("Number of entries"), str(found.entries)),
        (N_("Hash of the first entry"), found.first_hash),
        (N_("Hash of the last entry"), found.last_hash),
        (N_("Result of the check"), f"{translate(result, language)} {found.fault}".strip()),
    ]
    if found.signed is not None:
        head = N_("entry %(sequence)s, hash %(hash)s, key %(key)s, signed %(at)s")
        signed = found.signed | {"at": moment(parse_instant(found.signed["at"]), language)}
        rows.append((N_("Last signed head"), translate(head, language, **signed)))
    lines = tuple((Run(f"{translate(label, language)}: "), Run(text + ".")) for label, text in rows)
    unsigned = Paragraph(translate(N_("No head of this chain has been signed yet."), language))
    check = Paragraph(translate(N_("A bundle of the incident verifies these without the desk."), language))
    return (BulletList(lines), *((unsigned,) if found.signed is None else ()), check)
