"""The review as a paper: báo cáo in the layout of Decree 30/2020/NĐ-CP, number left blank, names as at issue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy.orm import Session

from crisis_desk.paper.model import (
    Block,
    BulletList,
    Foot,
    Heading,
    Letterhead,
    Paper,
    Paragraph,
    Recipients,
    Run,
    Signature,
    Table,
)
from crisis_desk.paper.numbers import Language
from crisis_desk.people.models import Organisation
from crisis_desk.people.queries import holder_of
from crisis_desk.platform.words import N_, translate
from crisis_desk.reports.paper_appendices import appendices
from crisis_desk.reports.paper_rules import archive_at, grounds_at, place_at
from crisis_desk.reports.paper_tables import metrics_table, moment, statements_table, unmeasured_lines, wrongs_table
from crisis_desk.reports.review import Review
from crisis_desk.reports.sections import REMEDIES, remedies
from crisis_desk.statements.lists import DRILL_LINES

SHORT_HASH = 12


@dataclass(frozen=True)
class Bodies:
    """Who issues the report, to whom, and who else gets it, as these are called at issue."""

    issuer: Organisation | None
    parent: Organisation | None
    addressee: Organisation | None
    board: Organisation | None
NOTHING_WRONG = N_(
    "The record shows no correction, return, late limit or line of the log that was over 30 minutes late."
)



def bodies_at(session: Session, at: datetime) -> Bodies:
    """The organisations that hold the functions of a report at this moment."""
    issuer = holder_of(session, "press_authority", at)
    parent = session.get(Organisation, issuer.parent_id) if issuer and issuer.parent_id else None
    addressee, board = holder_of(session, "peoples_committee", at), holder_of(session, "propaganda_board", at)
    return Bodies(issuer, parent, addressee, board)


def paper_of_incident(review: Review, bodies: Bodies, address: str = "") -> Paper:
    """The paper of one review. `address` is the desk's public one, for the QR code; without it the code is text.

    It is a draft until the incident is reviewed. The number stays blank: the registry gives it.
    """
    language = cast(Language, review.language)
    return Paper(
        letterhead=_letterhead(review, bodies),
        title=_said(review, N_("Report")),
        abstract=_said(
            review, N_("Handling of the communication incident %(code)s: %(title)s"), title=review.general.title
        ),
        addressees=(_name(bodies.addressee, review),) if bodies.addressee else (),
        grounds=grounds_at(review.made_at, review.general.rule_set, language),
        blocks=_blocks(review, bodies),
        closing=_closing(review, bodies),
        recipients=_recipients(review, bodies),
        signature=Signature(bodies.issuer.head_title) if bodies.issuer else None,
        appendices=appendices(review),
        foot=_foot(review, address),
        drill_line=DRILL_LINES[language] if review.drill else "",
        draft=not review.is_final,
        made_at=review.made_at,
        language=language,
    )


def _said(review: Review, message: str, **values: object) -> str:
    return translate(message, review.language, **{"code": review.spoken_code, **values})


def _name(body: Organisation | None, review: Review) -> str:
    return body.name(review.language) if body else ""


def _letterhead(review: Review, bodies: Bodies) -> Letterhead:
    issuer = bodies.issuer
    is_party = issuer is not None and issuer.letterhead_kind == "party"
    return Letterhead(
        parent_name=_name(bodies.parent, review),
        issuer_name=_name(issuer, review),
        number_sign=("-BC/" if is_party else "/BC-") + (issuer.abbreviation if issuer else ""),
        place=place_at(review.made_at, review.language),
        kind="party" if is_party else "state",
    )


def _closing(review: Review, bodies: Bodies) -> str:
    return _said(
        review,
        N_("This is the report on the handling of the incident; %(issuer)s submits it to %(addressee)s."),
        issuer=_name(bodies.issuer, review),
        addressee=_name(bodies.addressee, review),
    )


def _recipients(review: Review, bodies: Bodies) -> Recipients:
    known = {_name(body, review) for body in (bodies.issuer, bodies.addressee, bodies.board)}
    board = [_name(bodies.board, review)] if bodies.board else []
    others = [name for name in review.organisations if name not in known]
    names = (_said(review, N_("As above")), *board, *others)
    return Recipients(names, archive_at(review.made_at, review.language))


def _foot(review: Review, address: str) -> Foot:
    short = review.sha256[:SHORT_HASH]
    last = review.integrity.last_hash[:8]
    code = f"{address.rstrip('/')}/incidents/{review.code}/review?h={short}" if address else f"{review.code} {short}"
    note = N_("Approval on the desk is not the agency's digital signature.")
    return Foot(
        " ".join((short[:4], short[4:8], short[8:])), f"{review.integrity.entries} {last}", code, _said(review, note)
    )


def _blocks(review: Review, bodies: Bodies) -> tuple[Block, ...]:
    opening = N_("%(issuer)s reports on the handling of the communication incident %(code)s as follows:")
    return (
        Paragraph(_said(review, opening, issuer=_name(bodies.issuer, review))),
        Heading(_said(review, N_("Outline of the incident"))),
        *_general(review),
        *_main_course(review),
        *_written(review, "scope"),
        Heading(_said(review, N_("Direction and coordination"))),
        *_written(review, "direction"),
        *_assignment(review),
        *_coordination(review),
        Heading(_said(review, N_("Results of the handling"))),
        *_results(review),
        Heading(_said(review, N_("Assessment"))),
        *_written(review, "results"),
        *_shortcomings(review),
        *_written(review, "causes"),
        Heading(_said(review, N_("Lessons"))),
        *_text(review, "lessons"),
        Heading(_said(review, N_("Tasks and remedies"))),
        *_remedies(review),
        Heading(_said(review, N_("Proposals"))),
        *_text(review, "proposals"),
    )


def _general(review: Review) -> tuple[Block, ...]:
    general, language = review.general, review.language
    occurred = moment(general.occurred_at, language)
    rows = (
        (N_("Incident"), general.title),
        (N_("Code"), review.spoken_code),
        (N_("Kind"), general.kind),
        (N_("Place"), general.place),
        (N_("Lead agency"), general.lead),
        (N_("Highest severity"), f"{general.highest_severity} – {general.highest_severity_name}"),
        (
            N_("Occurred"),
            _said(review, N_("about %(time)s"), time=occurred) if general.occurred_about and occurred else occurred,
        ),
        (N_("Received"), moment(general.received_at, language)),
        (N_("Opened"), moment(general.opened_at, language)),
        (N_("Closed"), moment(general.closed_at, language)),
        (N_("Status"), general.status_name),
        (N_("Rules in force"), general.rule_set_name),
    )
    lines = tuple(_line(_said(review, label), text) for label, text in rows if text)
    summary = (Paragraph(general.summary),) if general.summary else ()
    return (_clause(review, N_("General information")), BulletList(lines), *summary)


def _line(label: str, text: str) -> tuple[Run, ...]:
    return (Run(f"{label}: "), Run(text.rstrip(".") + "."))


def _clause(review: Review, message: str) -> Heading:
    return Heading(_said(review, message), "clause")


def _main_course(review: Review) -> tuple[Block, ...]:
    lines = tuple(f"{moment(line.at, review.language)}: {line.text.rstrip('.')}." for line in review.main_course)
    return (_clause(review, N_("Main course")), BulletList(lines))


def _written(review: Review, code: str) -> tuple[Block, ...]:
    return (Heading(review.sections[code].title, "clause"), *_text(review, code))


def _text(review: Review, code: str) -> tuple[Block, ...]:
    """What reviewers wrote; an empty section says so instead of vanishing."""
    lines = [line.strip() for line in review.sections[code].text.splitlines() if line.strip()]
    if not lines:
        return (Paragraph((Run(_said(review, N_("(Not written yet.)")), italic=True),)),)
    return tuple(Paragraph(line) for line in lines)


def _assignment(review: Review) -> tuple[Block, ...]:
    count = N_("People asked to take part: %(count)s (Appendix V). The desk keeps no shifts and handovers yet.")
    return (
        _clause(review, N_("Assignment, shifts, handover")),
        Paragraph(_said(review, count, count=len(review.assignments))),
    )


def _coordination(review: Review) -> tuple[Block, ...]:
    part = _said(review, N_("Agencies that took part: %(names)s."), names=", ".join(review.organisations))
    return (Heading(review.sections["coordination"].title, "clause"), Paragraph(part), *_text(review, "coordination"))


def _results(review: Review) -> tuple[Block, ...]:
    released = [one for one in review.statements if one.released_at]
    none = Paragraph(_said(review, N_("No statement was released.")))
    return (
        _clause(review, N_("Statements and information to the press")),
        statements_table(review) if released else none,
        _clause(review, N_("Answers to the press")),
        Paragraph(_said(review, N_("The desk keeps no press enquiries yet; Appendix III is not attached."))),
        _clause(review, N_("Verification of claims")),
        Paragraph(_said(review, N_("The desk keeps no claims with verdicts yet; Appendix IV is not attached."))),
        _clause(review, N_("Replies, corrections asked of the press; own corrections")),
        Paragraph(_corrections(review)),
        _clause(review, N_("Referral to competent bodies")),
        Paragraph(_said(review, N_("The desk keeps no referrals yet."))),
        _clause(review, N_("Time targets")),
        metrics_table(review),
        Paragraph(_summary(review)),
        BulletList(unmeasured_lines(review)),
    )


def _corrections(review: Review) -> str:
    wrong = [one for one in review.statements if one.state in {"corrected", "withdrawn"}]
    released = sum(one.released_at is not None for one in review.statements)
    message = N_(
        "Own statements corrected or withdrawn: %(wrong)s of %(released)s released. "
        "The desk keeps no requests to the press yet."
    )
    return _said(review, message, wrong=len(wrong), released=released)


def _summary(review: Review) -> str:
    counts = review.summary
    message = N_(
        "Met: %(met)s of %(judged)s judged. Not applicable: %(inapplicable)s; not measured yet: %(unmeasured)s; "
        "neither is counted as met."
    )
    said = _said(
        review, message, met=counts.met, judged=counts.judged, inapplicable=counts.not_applicable,
        unmeasured=counts.not_measured,
    )  # fmt: skip
    drill = N_("This is a drill: it is no part of the yearly figures.")
    return f"{said} {_said(review, drill)}" if review.drill else said


def _shortcomings(review: Review) -> tuple[Block, ...]:
    recorded: tuple[Block, ...] = (
        (Paragraph(_said(review, N_("From the record:"))), wrongs_table(review))
        if review.wrongs
        else (Paragraph(_said(review, NOTHING_WRONG)),)
    )
    return (Heading(review.sections["shortcomings"].title, "clause"), *recorded, *_text(review, "shortcomings"))


def _remedies(review: Review) -> tuple[Block, ...]:
    rows = remedies(review.sections[REMEDIES].text)
    if not rows:
        return _text(review, REMEDIES)
    header = (N_("No."), N_("Task"), N_("Lead"), N_("Supporting"), N_("Due"), N_("State"))
    numbered = tuple((str(number), *row) for number, row in enumerate(rows, 1))
    return (
        Table(
            tuple(_said(review, word) for word in header),
            numbered,
            (1.3, 5.4, 3.8, 3.8, 3, 2.6),
            ("center",) + ("left",) * 5,
        ),
    )
