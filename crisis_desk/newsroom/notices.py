"""Released statements as the public reads them. Nothing here depends on who reads."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session

from crisis_desk.incidents.models import Incident
from crisis_desk.people.queries import holder_of
from crisis_desk.platform.clock import PROVINCE, instant_text
from crisis_desk.statements import queries, release
from crisis_desk.statements.canonical import from_canonical
from crisis_desk.statements.canonical_blocks import Block, Blocks
from crisis_desk.statements.canonical_forms import to_html, to_plain
from crisis_desk.statements.checks.finding import plain
from crisis_desk.statements.lists import DRILL_LINES
from crisis_desk.statements.models import RELEASED, Statement

PER_PAGE = 30
LONGEST_SUMMARY = 240


@dataclass(frozen=True)
class Notice:
    """One released statement: its words, its code, and how it stands to those before and after it."""

    statement: Statement
    code: str
    blocks: Blocks
    follower: Statement | None = None
    about: Statement | None = None

    @property
    def title(self) -> str:
        """The heading of the text itself, for that is what was signed; the statement's title if it has none."""
        heading = next((plain(block).strip() for block in self.blocks if block.kind.startswith("h")), "")
        return heading or self.statement.title

    @property
    def summary(self) -> str:
        """The first sentence of the text behind its heading, shortened at a word."""
        bodies = (plain(b).strip() for b in self.blocks if not b.kind.startswith("h") and not _is_drill_line(b))
        text = next((body for body in bodies if body), "")
        return text if len(text) <= LONGEST_SUMMARY else text[:LONGEST_SUMMARY].rsplit(" ", 1)[0] + " …"

    @property
    def changed_at(self) -> datetime:
        """When it was released, or became corrected, replaced or withdrawn."""
        changed = self.statement.followed_at or self.statement.released_at
        assert changed is not None
        return changed

    @property
    def date(self) -> str:
        """The day of release as papers write it: 12/5/2023."""
        assert self.statement.released_at is not None
        local = self.statement.released_at.astimezone(PROVINCE)
        return f"{local.day}/{local.month}/{local.year}"

    @property
    def drill_line(self) -> str:
        """The line with which a drill's text begins; empty for a real one."""
        return next((plain(block).strip() for block in self.blocks if _is_drill_line(block)), "")

    @property
    def html(self) -> Markup:
        """The text without its heading and the drill's line, which the page shows in its own way."""
        first = next((block for block in self.blocks if block.kind.startswith("h")), None)
        rest = [block for block in self.blocks if block is not first and not _is_drill_line(block)]
        return to_html(rest, self.statement.language)

    @property
    def text(self) -> str:
        """The whole text, to be copied."""
        return to_plain(self.blocks, self.statement.language)


@dataclass(frozen=True)
class NoticePage:
    """A notice with its legal forms and every other notice of the same incident, the newest first."""

    notice: Notice
    forms: list[tuple[str, str]]
    others: list[Notice]
    is_stale: bool


def notices(
    session: Session, *, drill: bool, after: Sequence[str] | None = None
) -> tuple[list[Notice], list[str] | None]:
    """The latest notices of the newsroom, or of the rehearsal, and from where the next page goes on."""
    rows = queries.released(session, drill=drill, limit=PER_PAGE, after=after)
    shown = rows[:PER_PAGE]
    cursor = None
    if len(rows) > PER_PAGE and shown[-1].released_at is not None:
        cursor = [instant_text(shown[-1].released_at), shown[-1].id]
    return _notices(session, shown), cursor


def notice_page(session: Session, statement_id: str, *, drill: bool, language: str, now: datetime) -> NoticePage:
    """One notice. Raises `NotFound` for what is not released, and for a drill outside the rehearsal."""
    statement = queries.released_by_id(session, statement_id, drill=drill)
    incident = session.get_one(Incident, statement.incident_id)
    every = _notices(session, queries.notices_of(session, statement.incident_id))
    forms = release.forms_of(incident.rule_set)
    return NoticePage(
        notice=next(one for one in every if one.statement.id == statement.id),
        forms=[(code, forms[code].en if language == "en" else forms[code].vi) for code in statement.forms],
        others=[one for one in every if one.statement.id != statement.id],
        is_stale=release.is_stale(statement, now),
    )


def running(shown: Sequence[Notice], now: datetime) -> list[Notice]:
    """Notices that still stand and have promised more: what is going on at present."""
    standing = [one for one in shown if one.statement.state == RELEASED and one.statement.next_update_at is not None]
    return [one for one in standing if not release.is_stale(one.statement, now)]


def overdue(shown: Sequence[Notice], now: datetime) -> list[Notice]:
    """Notices whose promised update has not come: readers are told that they are old."""
    return [one for one in shown if release.is_stale(one.statement, now)]


def publishers(shown: Sequence[Notice]) -> list[str]:
    """The names of those who issued what is shown, each once."""
    return list(dict.fromkeys(one.statement.issuer_name for one in shown))


def press_contact(session: Session, at: datetime, language: str) -> str:
    """Whom the press asks: the organisation that holds the function of the press authority."""
    holder = holder_of(session, "press_authority", at)
    return holder.name(language) if holder is not None else ""


def mark_of(shown: Sequence[Notice], extra: str) -> str:
    """What tells whether a page is still the one that a reader's cache holds."""
    parts = [f"{one.statement.id}:{one.statement.version}:{one.statement.state}" for one in shown]
    return hashlib.sha256("\n".join([extra, *parts]).encode()).hexdigest()[:32]


def _notices(session: Session, statements: Sequence[Statement]) -> list[Notice]:
    ids = {s.followed_by for s in statements} | {s.corrects_id for s in statements}
    linked = {s.id: s for s in session.scalars(select(Statement).where(Statement.id.in_([key for key in ids if key])))}
    incident_ids = {statement.incident_id for statement in statements}
    rows = session.execute(select(Incident.id, Incident.code).where(Incident.id.in_(incident_ids)))
    codes = {row.id: row.code for row in rows}
    return [
        Notice(
            statement=one,
            code=release.public_code(codes[one.incident_id], one),
            blocks=from_canonical(one.final_text or ""),
            follower=linked.get(one.followed_by or ""),
            about=linked.get(one.corrects_id or ""),
        )
        for one in statements
    ]


def _is_drill_line(block: Block) -> bool:
    return plain(block).strip() in DRILL_LINES.values()
