"""What people and organisations put in the journal. Names and roles, never a contact, an address or a secret.

Days are ISO dates in the province; None is open. `name` is that of the person concerned as it was then.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crisis_desk.journal.entries import Entry, entry
from crisis_desk.platform.words import N_

_SOMEBODY = {"name": "Vũ Ngọc Thảo"}
_ORGANISATION = "0b0cbd0e-4f0c-4f55-9c63-3f6f1a0b7d11"
_BODY: dict[str, Any] = {
    "code": "SYT", "name_vi": "Sở Y tế", "name_en": "Department of Health", "short_name": "Sở Y tế",
    "abbreviation": "SYT", "kind": "department", "parent_id": None, "letterhead_kind": "state",
    "head_title": "Giám đốc", "valid_from": None,
}  # fmt: skip


@entry(
    "organisation.added",
    sentence=N_("%(person)s added the organisation %(name_vi)s (%(code)s)"),
    example=_BODY,
)
@dataclass(frozen=True)
class OrganisationAdded(Entry):
    code: str
    name_vi: str
    name_en: str
    short_name: str
    abbreviation: str
    kind: str
    parent_id: str | None
    letterhead_kind: str
    head_title: str
    valid_from: str | None


@entry(
    "organisation.changed",
    sentence=N_("%(person)s corrected what the desk keeps of the organisation %(code)s"),
    example={"code": "SYT", "before": {"short_name": "Sở YT"}, "after": {"short_name": "Sở Y tế"}},
)
@dataclass(frozen=True)
class OrganisationChanged(Entry):
    code: str
    before: dict[str, Any]
    after: dict[str, Any]


@entry(
    "organisation.succeeded",
    sentence=N_("%(person)s recorded that %(successor_code)s succeeded %(code)s after %(valid_to)s"),
    example={"code": "STTTT", "successor_id": _ORGANISATION, "successor_code": "SVHTTDL", "valid_to": "2025-02-28"},
)
@dataclass(frozen=True)
class OrganisationSucceeded(Entry):
    """The subject existed until `valid_to`; after that day its successor stands in its place."""

    code: str
    successor_id: str
    successor_code: str
    valid_to: str


@entry(
    "function.assigned",
    sentence=N_("%(person)s gave the function “%(function_words)s” to %(organisation_code)s"),
    example={
        "function": "press_authority", "organisation_id": _ORGANISATION, "organisation_code": "STTTT",
        "valid_from": None, "valid_to": None,
    },
)  # fmt: skip
@dataclass(frozen=True)
class FunctionAssigned(Entry):
    function: str
    organisation_id: str
    organisation_code: str
    valid_from: str | None
    valid_to: str | None


@entry(
    "function.ended",
    sentence=N_(
        "%(person)s ended after %(valid_to)s that %(organisation_code)s holds the function “%(function_words)s”"
    ),
    example={"function": "press_authority", "organisation_code": "STTTT", "valid_to": "2025-02-28"},
)
@dataclass(frozen=True)
class FunctionEnded(Entry):
    function: str
    organisation_code: str
    valid_to: str


@entry(
    "person.invited",
    sentence=N_("%(person)s invited %(name)s: %(role_words)s"),
    example=_SOMEBODY
    | {"title": "Chuyên viên", "organisation_id": _ORGANISATION, "roles": ["drafter"], "demonstration": False},
)
@dataclass(frozen=True)
class PersonInvited(Entry):
    name: str
    title: str
    organisation_id: str
    roles: list[str]
    demonstration: bool = False


@entry(
    "person.changed",
    sentence=N_("%(person)s changed the account of %(name)s"),
    example=_SOMEBODY | {"before": {"title": "Chuyên viên"}, "after": {"title": "Phó Trưởng phòng"}},
)
@dataclass(frozen=True)
class PersonChanged(Entry):
    """`before` and `after` hold only what differs of name, title, organisation_id."""

    name: str
    before: dict[str, Any]
    after: dict[str, Any]


@entry(
    "person.contact_changed",
    sentence=N_("%(person)s changed how %(name)s is reached"),
    example=_SOMEBODY | {"fields": ["email"]},
)
@dataclass(frozen=True)
class PersonContactChanged(Entry):
    """Tells that it happened; the contact itself stays out of the journal."""

    name: str
    fields: list[str]


@entry(
    "person.roles_changed",
    sentence=N_("%(person)s changed the desk roles of %(name)s: %(role_words)s"),
    example=_SOMEBODY | {"before": ["drafter"], "after": ["drafter", "verifier"]},
)
@dataclass(frozen=True)
class PersonRolesChanged(Entry):
    name: str
    before: list[str]
    after: list[str]


@entry(
    "person.deactivated",
    sentence=N_("%(person)s closed the account of %(name)s: %(reason)s"),
    example=_SOMEBODY | {"reason": "Chuyển công tác"},
)
@dataclass(frozen=True)
class PersonDeactivated(Entry):
    name: str
    reason: str


@entry("person.reactivated", sentence=N_("%(person)s opened the account of %(name)s again"), example=_SOMEBODY)
@dataclass(frozen=True)
class PersonReactivated(Entry):
    name: str


@entry(
    "person.link_issued",
    sentence=N_("%(person)s made a link for %(name)s to set a password"),
    example=_SOMEBODY | {"purpose": "reset", "expires_at": "2023-05-13T14:20:00.000Z"},
)
@dataclass(frozen=True)
class PersonLinkIssued(Entry):
    name: str
    purpose: str
    expires_at: datetime


@entry(
    "person.second_factor_removed",
    sentence=N_("%(person)s removed the second factor of %(name)s: %(reason)s"),
    example=_SOMEBODY | {"reason": "Mất điện thoại"},
)
@dataclass(frozen=True)
class PersonSecondFactorRemoved(Entry):
    name: str
    reason: str


@entry(
    "token.created",
    sentence=N_("%(person)s made the token “%(label)s” for programs of %(name)s: %(scope_words)s"),
    example=_SOMEBODY
    | {"owner_id": _ORGANISATION, "label": "Bảng tin", "scopes": ["read"], "expires_at": "2023-08-10T14:20:00.000Z"},
)
@dataclass(frozen=True)
class TokenCreated(Entry):
    name: str
    owner_id: str
    label: str
    scopes: list[str]
    expires_at: datetime


@entry(
    "token.revoked",
    sentence=N_("%(person)s revoked the token “%(label)s” of %(name)s"),
    example=_SOMEBODY | {"label": "Bảng tin"},
)
@dataclass(frozen=True)
class TokenRevoked(Entry):
    name: str
    label: str
