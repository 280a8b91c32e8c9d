"""The codes of incidents, each with its words. Published in docs/codes.md."""

from __future__ import annotations

from dataclasses import dataclass

from crisis_desk.platform.words import N_


@dataclass(frozen=True)
class IncidentKind:
    """A kind of incident: its words, the statement template that fits, and where it usually belongs."""

    name: str
    template: str | None
    severity: int


KINDS: dict[str, IncidentKind] = {
    "environment": IncidentKind(N_("Environmental incident"), "T1", 2),
    "food_poisoning": IncidentKind(N_("Food poisoning"), "T2", 3),
    "industrial_fire": IncidentKind(N_("Fire at a production site"), "T3", 3),
    "policy_rumour": IncidentKind(N_("Wrong claim about a policy"), "T4", 2),
    "data_leak": IncidentKind(N_("Data leak"), "T5", 3),
    "land": IncidentKind(N_("Land clearance and compensation"), "T6", 2),
    "disease": IncidentKind(N_("Disease outbreak"), "T7", 3),
    "flood": IncidentKind(N_("Flood or dam release"), "T8", 4),
    "other": IncidentKind(N_("Other"), None, 1),
}

SEVERITIES: dict[int, str] = {
    1: N_("Watch"),
    2: N_("Needs handling"),
    3: N_("Serious"),
    4: N_("Crisis"),
}

STATUSES: dict[str, str] = {
    "reported": N_("Reported"),
    "open": N_("Open"),
    "active": N_("Being handled"),
    "monitoring": N_("Monitoring"),
    "closed": N_("Closed"),
    "reviewed": N_("Reviewed"),
}
LIVE = ("reported", "open", "active", "monitoring")

# What makes an incident of a report. Criticism alone is none of them: it goes to the agency concerned.
TRIGGERS: dict[str, str] = {
    "harm": N_("Somebody or something is harmed or in danger"),
    "claim": N_("A wrong claim affects the public"),
    "information_gap": N_("The public lacks information it needs"),
}

HANDLINGS: dict[str, str] = {
    "public": N_("Public"),
    "internal": N_("Internal"),
    "restricted": N_("Restricted"),
}

RESPONDER_ROLES: dict[str, str] = {
    "lead": N_("Leads the handling"),
    "coordinator": N_("Coordinates"),
    "drafter": N_("Drafts"),
    "verifier": N_("Verifies"),
    "approver": N_("Approves"),
    "spokesperson": N_("Speaks"),
    "press_desk": N_("Press desk"),
    "focal_point": N_("Focal point"),
    "observer": N_("Observes"),
}

ANSWERS: dict[str, str] = {
    "assigned": N_("not answered yet"),
    "accepted": N_("accepted"),
    "declined": N_("declined"),
}
