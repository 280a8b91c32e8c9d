"""The statements of an incident as the report shows them: what went out, in which forms, and who held the text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from crisis_desk.incidents.rule_sets import Form, rule_set
from crisis_desk.platform.words import translate
from crisis_desk.reports.names import ReportNames
from crisis_desk.reports.queries import IncidentRecord
from crisis_desk.reports.texts import Holding, TextCourse
from crisis_desk.statements.canonical import NotCanonical, from_canonical
from crisis_desk.statements.canonical_forms import to_plain
from crisis_desk.statements.lists import PURPOSES, STATES
from crisis_desk.statements.models import APPROVED, CORRECTED, DRAFT, RELEASED, SUBMITTED, SUPERSEDED, WITHDRAWN

_FOLLOWED = {
    "statement.superseded": SUPERSEDED,
    "statement.corrected": CORRECTED,
    "statement.withdrawn": WITHDRAWN,
}


@dataclass(frozen=True)
class HoldingView:
    """Who had the text, since when, and for how many seconds."""

    who: str
    since: datetime
    until: datetime | None
    seconds: int


@dataclass(frozen=True)
class StatementView:
    """One statement; what only a release gives is empty before it."""

    id: str
    code: str
    title: str
    purpose: str
    state: str
    state_name: str
    issuer: str
    sequence_number: int | None
    released_at: datetime | None
    forms: list[str]
    ground: str
    spokesperson: str
    released_as: str
    text_sha256: str
    final_sha256: str
    text: str
    next_update_at: datetime | None
    followed_by: int | None
    submissions: int
    returns: list[str]
    voided_signatures: int
    holdings: list[HoldingView]

    @property
    def longest_held(self) -> int:
        """The longest time, in seconds, that one holder had the text."""
        return max((holding.seconds for holding in self.holdings), default=0)


def statement_views(record: IncidentRecord, names: ReportNames) -> list[StatementView]:
    """Every statement in the order of its number."""
    texts = sorted(record.course.texts.values(), key=lambda text: text.number)
    return [_view(text, record, names) for text in texts]


def _view(text: TextCourse, record: IncidentRecord, names: ReportNames) -> StatementView:
    released, language = text.released, names.language
    data = released.data if released else None
    forms = _forms(data.rule_set, data.forms) if data else []
    state = _state(text)
    return StatementView(
        id=text.id,
        code=text.code,
        title=text.title,
        purpose=translate(PURPOSES[text.purpose], language),
        state=state,
        state_name=translate(STATES[state], language),
        issuer=text.issuer_name,
        sequence_number=data.sequence_number if data else None,
        released_at=released.at if released else None,
        forms=[form.en if language == "en" else form.vi for form in forms],
        ground=_ground(data.rule_set, forms) if data else "",
        spokesperson=names.person(released.person) if released else "",
        released_as=data.released_as if data else "",
        text_sha256=data.text_sha256 if data else "",
        final_sha256=data.final_sha256 if data else "",
        text=_plain(data.final_text, text.language) if data else "",
        next_update_at=data.next_update_at if data else None,
        followed_by=text.followed.data.by_number if text.followed else None,
        submissions=len(text.submitted),
        returns=[entry.data.reason for entry in text.returned],
        voided_signatures=text.voided,
        holdings=[_holding(one, text, record, names) for one in text.holdings],
    )


def _state(text: TextCourse) -> str:
    if text.followed is not None:
        return _FOLLOWED[text.followed.kind]
    if text.released is not None:
        return RELEASED
    lies_with = text.holdings[-1].functions
    if lies_with == ("spokesperson",):
        return APPROVED
    return SUBMITTED if lies_with else DRAFT


def _forms(rules: str, codes: list[str]) -> list[Form]:
    known = {form.code: form for form in rule_set(rules).forms}
    return [known[code] for code in codes if code in known]


def _ground(rules: str, forms: list[Form]) -> str:
    """The decree and the places in it that name these forms: Nghị định …, Điều 4 khoản 2; Điều 4 khoản 4."""
    places = "; ".join(dict.fromkeys(form.citation for form in forms))
    return f"{rule_set(rules).name}, {places}" if places else rule_set(rules).name


def _plain(final_text: str, language: str) -> str:
    try:
        return to_plain(from_canonical(final_text), language)
    except NotCanonical:
        # A report must be possible whatever stands in the record; the text is shown as it was kept.
        return final_text


def _holding(one: Holding, text: TextCourse, record: IncidentRecord, names: ReportNames) -> HoldingView:
    end = one.until or record.at
    who = names.person(one.person) or ", ".join(_function(f, text, record, names, one.since) for f in one.functions)
    return HoldingView(who, one.since, one.until, max(int((end - one.since).total_seconds()), 0))


def _function(function: str, text: TextCourse, record: IncidentRecord, names: ReportNames, at: datetime) -> str:
    own = {"issuer": text.issuer_id, "lead_agency": record.incident.lead_organisation_id}
    if function in own:
        return names.name_of(own[function]) or names.function(function, at)
    return names.function(function, at)
