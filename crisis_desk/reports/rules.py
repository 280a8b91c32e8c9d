"""Who may write in a review: predicates that actions and pages both use."""

from __future__ import annotations

from crisis_desk.incidents.models import Incident
from crisis_desk.incidents.rules import may_see
from crisis_desk.people.models import Person
from crisis_desk.platform.words import N_
from crisis_desk.reports.sections import Section

WRITERS = ("post_incident_reviewer", "coordinator")
# Before, the work goes on; after, the review is what it was when it was finished.
OPEN = ("monitoring", "closed")

NOT_A_WRITER = N_("Only a post-incident reviewer or a coordinator writes the review. Nothing was changed.")
SIGNED = N_("You signed a statement of this incident, so somebody else must write this assessment.")
NOT_OPEN = N_("The review is written while the incident is monitored or closed. A coordinator can take it back.")


def is_open(incident: Incident) -> bool:
    """Whether sections can be written now."""
    return incident.status in OPEN


def is_writer(person: Person, incident: Incident) -> bool:
    """Whether the person writes reviews and may know of the incident."""
    return person.has(*WRITERS) and may_see(person, incident)


def may_judge(section: Section, has_signed: bool) -> bool:
    """Whether somebody who signed, or did not sign, a statement of the incident may write this section."""
    return not (section.is_judgement and has_signed)


def may_write(person: Person, incident: Incident, section: Section, has_signed: bool) -> bool:
    """Whether the person may write this section now."""
    return is_writer(person, incident) and is_open(incident) and may_judge(section, has_signed)
