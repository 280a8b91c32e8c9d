"""The codes of people and organisations, each with the words a person reads. Published in docs/codes.md."""

from __future__ import annotations

from crisis_desk.platform.words import N_

ROLES: dict[str, str] = {
    "duty_officer": N_("duty officer"),
    "coordinator": N_("coordinator"),
    "drafter": N_("drafter"),
    "verifier": N_("verifier"),
    "examiner": N_("examiner"),
    "approver": N_("approver"),
    "spokesperson": N_("spokesperson"),
    "press_desk": N_("press desk"),
    "focal_point": N_("focal point"),
    "post_incident_reviewer": N_("post-incident reviewer"),
    "auditor": N_("auditor (read only)"),
    "administrator": N_("administrator (no content rights)"),
}

SECOND_FACTOR_ROLES = frozenset({"approver", "spokesperson", "administrator"})

# What the program refers to instead of an organisation's name; an administrator points each at an organisation.
FUNCTIONS: dict[str, str] = {
    "press_authority": N_("press authority"),
    "propaganda_board": N_("propaganda board"),
    "peoples_committee": N_("People's Committee"),
    "peoples_committee_office": N_("People's Committee office"),
    "party_committee": N_("Party Committee"),
    "health_authority": N_("health authority"),
    "food_safety_authority": N_("food safety authority"),
    "disease_control": N_("disease control"),
    "environment_authority": N_("environment and land authority"),
    "industrial_zones_authority": N_("industrial zones authority"),
    "justice_authority": N_("justice authority"),
    "agriculture_authority": N_("agriculture authority"),
    "education_authority": N_("education authority"),
    "labour_authority": N_("labour authority"),
    "police": N_("police"),
    "fire_police": N_("fire and rescue police"),
    "cyber_police": N_("cybersecurity police"),
    "disaster_command": N_("disaster command"),
    "inspectorate": N_("inspectorate"),
    "newspaper": N_("newspaper"),
    "broadcaster": N_("broadcaster"),
    "portal": N_("electronic portal"),
    "information_line": N_("information line"),
}

ORGANISATION_KINDS: dict[str, str] = {
    "party_body": N_("Party body"),
    "council": N_("People's Council"),
    "peoples_committee": N_("People's Committee"),
    "office": N_("office"),
    "department": N_("department"),
    "management_board": N_("management board"),
    "front": N_("Fatherland Front"),
    "police": N_("police body"),
    "military": N_("military body"),
    "justice": N_("court or procuracy"),
    "central_branch": N_("branch of a central body"),
    "unit": N_("operational unit"),
    "enterprise": N_("enterprise"),
    "press": N_("press agency"),
    "association": N_("association"),
    "district": N_("district-level committee"),
}

LETTERHEAD_KINDS: dict[str, str] = {"state": N_("state letterhead"), "party": N_("Party letterhead")}

# An API token does only what its scopes name, and never more than its owner may.
SCOPES: dict[str, str] = {
    "read": N_("read"),
    "write": N_("write"),
    "sign": N_("sign"),
    "release": N_("release"),
    "admin": N_("administer"),
}

THEMES: dict[str, str] = {"system": N_("as the device"), "light": N_("light"), "dark": N_("dark")}

LANGUAGES: dict[str, str] = {"vi": "Tiếng Việt", "en": "English"}


def sorted_roles(roles: list[str]) -> list[str]:
    """The roles once each, in the order of the list above. Raises KeyError for one that is not in it."""
    order = list(ROLES)
    positions = {role: order.index(role) for role in roles if role in ROLES}
    if len(positions) != len(set(roles)):
        raise KeyError(next(role for role in roles if role not in ROLES))
    return sorted(positions, key=positions.__getitem__)
