"""What statements put in the journal. All stand in the chain of their incident, but for the desk's choice of steps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crisis_desk.journal.entries import Entry, entry
from crisis_desk.platform.words import N_

_ID = "0b6f6d0e-5a1c-4f0e-9a53-0d2f6f3f7a11"
_HASH = "7c1e04b966f2a81d" * 4
_STEP: dict[str, Any] = {
    "id": _ID, "position": 1, "stage": 1, "type": "approve", "function": "press_authority",
    "roles": ["approver"], "minutes": None,
}  # fmt: skip


@entry(
    "statement.created",
    sentence=N_("%(person)s began statement TB%(number)s: %(title)s"),
    example={
        "incident_id": _ID, "number": 1, "drill": False, "title": "Thông tin ban đầu", "purpose": "holding",
        "template": "T2", "language": "vi", "issuer_id": _ID, "issuer_name": "Sở Y tế", "authority": "",
        "signatory_title": "GIÁM ĐỐC", "corrects_id": None, "text": "h1\tTHÔNG TIN BAN ĐẦU",
    },
)  # fmt: skip
@dataclass(frozen=True)
class StatementCreated(Entry):
    """`text` is the canonical text the draft begins with; what is typed afterwards is not in the journal."""

    incident_id: str
    number: int
    drill: bool
    title: str
    purpose: str
    template: str | None
    language: str
    issuer_id: str
    issuer_name: str
    authority: str
    signatory_title: str
    corrects_id: str | None
    text: str


@entry(
    "statement.head_changed",
    sentence=N_("%(person)s changed who issues TB%(number)s, its title or its signatory"),
    example={"number": 1, "before": {"title": "Thông tin"}, "after": {"title": "Thông tin ban đầu"}},
)
@dataclass(frozen=True)
class StatementHeadChanged(Entry):
    number: int
    before: dict[str, Any]
    after: dict[str, Any]


@entry(
    "statement.revision_named",
    sentence=N_("%(person)s named revision %(revision)s of TB%(number)s: %(name)s"),
    example={
        "number": 1, "revision": 1, "revision_id": _ID, "name": "Bản gửi Sở Y tế xem", "text": "p\tVăn bản",
        "text_sha256": _HASH,
    },
)  # fmt: skip
@dataclass(frozen=True)
class RevisionNamed(Entry):
    number: int
    revision: int
    revision_id: str
    name: str
    text: str
    text_sha256: str


@entry(
    "statement.family_informed",
    sentence=N_("%(person)s noted that the family was told by %(informed_by)s (TB%(number)s)"),
    example={"number": 2, "informed_by": "Bệnh viện, trực lãnh đạo", "informed_at": "2023-05-12T15:40:00.000Z"},
)
@dataclass(frozen=True)
class FamilyInformed(Entry):
    """Who told the family of somebody who died, as a function and never with a name of the family; and when."""

    number: int
    informed_by: str
    informed_at: datetime


@entry(
    "statement.submitted",
    sentence=N_("%(person)s submitted TB%(number)s, revision %(revision)s, and froze its text"),
    example={
        "number": 1, "revision": 2, "revision_id": _ID, "text": "p\tVăn bản", "text_sha256": _HASH, "severity": 3,
        "kind": "food", "approval_set": "severity_3", "steps": [_STEP], "checks": [], "writers": [_ID],
    },
)  # fmt: skip
@dataclass(frozen=True)
class StatementSubmitted(Entry):
    """`text` is canonical text, format 1; `writers` is everyone who wrote in it and so may not sign it.

    `checks` holds what the checks found, each with its place and, where it was overridden, the reason.
    """

    number: int
    revision: int
    revision_id: str
    text: str
    text_sha256: str
    severity: int
    kind: str | None
    approval_set: str
    steps: list[dict[str, Any]]
    checks: list[dict[str, Any]]
    writers: list[str]


@entry(
    "statement.returned",
    sentence=N_("%(organisation_name)s, %(person)s, returned TB%(number)s: %(reason)s"),
    example={
        "number": 1, "revision": 2, "step_id": _ID, "function": "propaganda_board", "organisation_id": _ID,
        "organisation_name": "Ban Tuyên giáo Tỉnh ủy", "reason": "Chưa có kết luận, không nêu nguyên nhân",
        "voided": [],
    },
)  # fmt: skip
@dataclass(frozen=True)
class StatementReturned(Entry):
    number: int
    revision: int
    step_id: str
    function: str
    organisation_id: str
    organisation_name: str
    reason: str
    voided: list[str]


@entry(
    "statement.reopened",
    sentence=N_("%(person)s reopened TB%(number)s to change it: %(reason)s"),
    example={"number": 1, "revision": 2, "reason": "Sai một ký tự trong tên", "voided": [_ID]},
)
@dataclass(frozen=True)
class StatementReopened(Entry):
    """`voided` are the signatures that this made void."""

    number: int
    revision: int
    reason: str
    voided: list[str]


@entry(
    "statement.signed",
    sentence=N_("%(person)s signed TB%(number)s for %(organisation_name)s (%(step)s)"),
    example={
        "number": 1, "revision": 2, "signature_id": _ID, "step_id": _ID, "type": "approve",
        "function": "press_authority", "organisation_id": _ID, "organisation_name": "Sở Thông tin và Truyền thông",
        "text_sha256": _HASH,
    },
)  # fmt: skip
@dataclass(frozen=True)
class StatementSigned(Entry):
    number: int
    revision: int
    signature_id: str
    step_id: str
    type: str
    function: str
    organisation_id: str
    organisation_name: str
    text_sha256: str


@entry(
    "statement.unanswered",
    sentence=N_("TB%(number)s: asked for an opinion at %(asked_at)s, none has come yet"),
    example={
        "number": 1, "revision": 2, "step_id": _ID, "function": "propaganda_board",
        "asked_at": "2023-05-12T20:05:00.000Z", "minutes": 10,
    },
)  # fmt: skip
@dataclass(frozen=True)
class OpinionUnanswered(Entry):
    """A timed step ran out. It is not consent: the step stays open, but no longer holds up the next."""

    number: int
    revision: int
    step_id: str
    function: str
    asked_at: datetime
    minutes: int


@entry(
    "statement.approved",
    sentence=N_("TB%(number)s, revision %(revision)s, has every signature its steps ask for"),
    example={"number": 1, "revision": 2, "text_sha256": _HASH},
)
@dataclass(frozen=True)
class StatementApproved(Entry):
    number: int
    revision: int
    text_sha256: str


@entry(
    "statement.steps_kept",
    sentence=N_("%(person)s kept the steps of TB%(number)s after the severity became %(severity)s: %(reason)s"),
    example={"number": 1, "severity": 4, "reason": "Phó Chủ tịch đã xem văn bản này"},
)
@dataclass(frozen=True)
class StepsKept(Entry):
    number: int
    severity: int
    reason: str


@entry(
    "statement.steps_restarted",
    sentence=N_("%(person)s took the steps of TB%(number)s anew for severity %(severity)s"),
    example={
        "number": 1,
        "revision": 2,
        "severity": 4,
        "approval_set": "severity_4",
        "steps": [_STEP],
        "voided": [_ID],
    },
)
@dataclass(frozen=True)
class StepsRestarted(Entry):
    number: int
    revision: int
    severity: int
    approval_set: str
    steps: list[dict[str, Any]]
    voided: list[str]


@entry(
    "statement.released",
    sentence=N_("%(person)s released TB%(number)s as notice %(sequence_number)s for %(issuer_name)s"),
    example={
        "number": 1, "revision": 2, "text_sha256": _HASH, "final_text": "p\tVăn bản", "final_sha256": _HASH,
        "sequence_number": 1, "forms": ["portal", "press_release"], "rule_set": "VN-09-2017",
        "authorisation_id": None, "released_as": "Người phát ngôn", "issuer_name": "Sở Y tế",
        "next_update_at": "2023-05-12T16:30:00.000Z",
    },
)  # fmt: skip
@dataclass(frozen=True)
class StatementReleased(Entry):
    """`released_as` is in what capacity the person spoke: a standing duty, or an authorisation's number."""

    number: int
    revision: int
    text_sha256: str
    final_text: str
    final_sha256: str
    sequence_number: int | None
    forms: list[str]
    rule_set: str
    authorisation_id: str | None
    released_as: str
    issuer_name: str
    next_update_at: datetime | None


@entry(
    "statement.superseded",
    sentence=N_("TB%(number)s was replaced by TB%(by_number)s"),
    example={"number": 1, "by": _ID, "by_number": 2},
)
@dataclass(frozen=True)
class StatementSuperseded(Entry):
    number: int
    by: str
    by_number: int


@entry(
    "statement.corrected",
    sentence=N_("TB%(number)s was corrected by TB%(by_number)s"),
    example={"number": 1, "by": _ID, "by_number": 2},
)
@dataclass(frozen=True)
class StatementCorrected(Entry):
    number: int
    by: str
    by_number: int


@entry(
    "statement.withdrawn",
    sentence=N_("TB%(number)s was withdrawn by TB%(by_number)s"),
    example={"number": 1, "by": _ID, "by_number": 3},
)
@dataclass(frozen=True)
class StatementWithdrawn(Entry):
    number: int
    by: str
    by_number: int


@entry(
    "approval.set_chosen",
    sentence=N_("%(person)s chose the steps %(set_name)s for severity %(severity)s: %(reason)s"),
    example={"severity": 3, "before": "severity_3", "approval_set": "both_organs_approve", "reason": "Theo quy chế"},
)
@dataclass(frozen=True)
class ApprovalSetChosen(Entry):
    severity: int
    before: str
    approval_set: str
    reason: str
