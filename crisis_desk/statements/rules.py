"""Who may do what with a statement: predicates that actions, pages and the draft room all use."""

from __future__ import annotations

from crisis_desk.incidents.models import Incident, SpeakingAuthorisation
from crisis_desk.incidents.rules import may_see
from crisis_desk.people.models import Organisation, Person
from crisis_desk.platform.words import N_
from crisis_desk.statements.lists import LINE
from crisis_desk.statements.models import APPROVED, DRAFT, FROZEN_STATES, Statement, StatementStep

WRITERS = ("duty_officer", "coordinator", "drafter", "verifier", "press_desk")
SUBMITTERS = ("duty_officer", "coordinator", "drafter")

NOT_A_WRITER = N_("Your role does not write statements. Nothing was changed; ask a drafter.")
NOT_A_SUBMITTER = N_("Only a drafter or coordinator may do this. Nothing was changed; ask one of them.")
ONLY_ADMINISTRATOR = N_("Only an administrator may do this. Nothing was changed.")
NOBODY_HOLDS = N_("No organisation holds this function at present. An administrator can name one.")
OTHER_ORGANISATION = N_("This step belongs to %(organisation)s. Nothing was signed.")
OTHER_ROLE = N_("Your role does not sign this step. Nothing was signed.")
WROTE_IT = N_("You wrote in this text yourself, so somebody else must sign it.")
NOT_A_SPEAKER = N_(
    "Only a spokesperson of the issuer or the province, or somebody authorised to speak on this incident now, "
    "may release. Nothing was released."
)


def may_begin(person: Person, incident: Incident) -> bool:
    """Whether the person may begin a statement for the incident."""
    return person.has(*WRITERS) and may_see(person, incident)


def may_draft(person: Person, statement: Statement, incident: Incident) -> bool:
    """Whether the person may type in the text now; nobody may in a frozen one."""
    return statement.state == DRAFT and person.has(*WRITERS) and may_see(person, incident)


def may_submit(person: Person, statement: Statement, incident: Incident) -> bool:
    """Whether the person may submit the text, which freezes it."""
    return statement.state == DRAFT and is_submitter(person, incident)


def is_submitter(person: Person, incident: Incident) -> bool:
    """Whether the person answers for the way of texts: submits, reopens, keeps or renews their steps."""
    return person.has(*SUBMITTERS) and may_see(person, incident)


def may_reopen(person: Person, statement: Statement, incident: Incident) -> bool:
    """Whether the person may take a frozen text back to change it."""
    return statement.state in FROZEN_STATES and is_submitter(person, incident)


def why_not_hold(person: Person, step: StatementStep, organisation: Organisation | None) -> str | None:
    """Why the person does not hold this step; None when she does."""
    if organisation is None:
        return NOBODY_HOLDS
    if person.organisation_id != organisation.id:
        return OTHER_ORGANISATION
    return None if person.has(*step.roles) else OTHER_ROLE


def why_not_sign(
    person: Person, statement: Statement, step: StatementStep, organisation: Organisation | None
) -> str | None:
    """Why the person may not sign this step; None when she may. Whoever wrote in a text can't approve it."""
    if reason := why_not_hold(person, step, organisation):
        return reason
    return WROTE_IT if person.id in statement.writers else None


def may_release_standing(person: Person, statement: Statement, province: set[str]) -> bool:
    """Whether speaking for the issuer or the province is the person's standing duty.

    Decree 09/2017 Art. 3: the head or the person assigned to speak regularly. `province` holds the ids of the
    organisations that speak for the province.
    """
    return person.has("spokesperson") and person.organisation_id in {statement.issuer_id, *province}


def may_release(
    person: Person, statement: Statement, province: set[str], authorisation: SpeakingAuthorisation | None
) -> bool:
    """Whether the person may release: by standing duty or by an authorisation valid now for this incident."""
    return authorisation is not None or may_release_standing(person, statement, province)


def is_releasable(statement: Statement, incident: Incident) -> bool:
    """Whether the text itself is ready: approved, not a line, and its steps fit the present severity."""
    return statement.state == APPROVED and statement.purpose != LINE and not are_steps_outdated(statement, incident)


def are_steps_outdated(statement: Statement, incident: Incident) -> bool:
    """Whether the severity changed since the steps were frozen, so that somebody must keep or renew them."""
    return statement.state in FROZEN_STATES and statement.steps_severity != incident.severity


def may_choose_set(person: Person) -> bool:
    """Whether the person may choose which steps a severity asks for."""
    return person.has("administrator")
