"""Who may do what with an incident: predicates that actions, pages and the page of rights all use."""

from __future__ import annotations

from datetime import datetime

from crisis_desk.incidents.models import Incident, Responder, SpeakingAuthorisation
from crisis_desk.people.models import Person
from crisis_desk.platform.errors import Forbidden
from crisis_desk.platform.words import N_

# Focal points and administrators see an incident only when they take part in it.
DESK_ROLES = (
    "duty_officer",
    "coordinator",
    "drafter",
    "verifier",
    "examiner",
    "approver",
    "spokesperson",
    "press_desk",
    "post_incident_reviewer",
    "auditor",
)
HANDLERS = ("duty_officer", "coordinator")


def require(is_allowed: bool, sentence: str | None = None) -> None:
    """Raises `Forbidden` with a sentence that says why and who can."""
    if not is_allowed:
        raise Forbidden(sentence)


def sees_internal(person: Person) -> bool:
    """Whether the person sees every incident that is not restricted."""
    return person.has(*DESK_ROLES)


def sees_all(person: Person) -> bool:
    """Auditors see every incident, restricted ones too: a restriction protects people, it does not hide."""
    return person.has("auditor")


def may_see(person: Person, incident: Incident) -> bool:
    """Whether the person may know that the incident exists."""
    if sees_all(person) or person.id in incident.team:
        return True
    return incident.handling != "restricted" and sees_internal(person)


def may_report(person: Person) -> bool:
    """Anybody who works on the desk may write down what she has heard; auditors only read."""
    return person.has(*(role for role in DESK_ROLES if role != "auditor"), "focal_point")


def may_note(person: Person, incident: Incident) -> bool:
    """Whether the person may write into the log."""
    return may_report(person) and may_see(person, incident) and incident.status != "reviewed"


def may_describe(person: Person, incident: Incident) -> bool:
    """Whether the person may change title, kind, summary, place, lead agency and the times."""
    return person.has(*HANDLERS) and may_see(person, incident) and incident.status != "reviewed"


def may_change_status(person: Person, incident: Incident) -> bool:
    """Whether the person may move the incident in its life cycle."""
    if incident.status in {"closed", "reviewed"}:
        return person.has("coordinator", "post_incident_reviewer") and may_see(person, incident)
    return person.has(*HANDLERS) and may_see(person, incident)


def may_change_severity(person: Person, incident: Incident) -> bool:
    """Whether the person may raise or lower the severity."""
    return person.has(*HANDLERS) and may_see(person, incident) and incident.status not in {"closed", "reviewed"}


def may_change_handling(person: Person, incident: Incident) -> bool:
    """Whether the person may change who sees the incident."""
    return person.has("coordinator") and may_see(person, incident)


def may_assign(person: Person, incident: Incident) -> bool:
    """Whether the person may ask others to take part."""
    return person.has(*HANDLERS) and may_see(person, incident) and incident.status not in {"closed", "reviewed"}


def may_answer(person: Person, responder: Responder) -> bool:
    """Only the one who was asked answers."""
    return responder.person_id == person.id


def may_authorise(person: Person, incident: Incident) -> bool:
    """Whether the person may record a written authorisation to speak."""
    return person.has("coordinator", "spokesperson") and may_see(person, incident)


def is_valid(authorisation: SpeakingAuthorisation, now: datetime) -> bool:
    """Whether the authorisation counts at this moment."""
    in_time = authorisation.valid_from <= now < authorisation.valid_to
    return in_time and (authorisation.withdrawn_at is None or now < authorisation.withdrawn_at)


NOT_A_HANDLER = N_("Only a duty officer or coordinator may do this. Nothing was changed; ask one of them.")
ONLY_COORDINATOR = N_("Only a coordinator may do this. Nothing was changed; ask one of them.")
CLOSED = N_("The incident is closed. A coordinator can take it back with a reason.")
