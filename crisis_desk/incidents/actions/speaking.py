"""Written authorisations to speak: for one incident, for a limited time, never passed on (Decree 09/2017 Art. 3)."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from crisis_desk.incidents import queries, rules
from crisis_desk.incidents.entries import AuthorisationGiven, AuthorisationPosted, AuthorisationWithdrawn
from crisis_desk.incidents.models import SpeakingAuthorisation
from crisis_desk.journal.streams import incident_stream
from crisis_desk.journal.transaction import Transaction
from crisis_desk.people.models import Person
from crisis_desk.platform.errors import Conflict, Invalid, NotFound
from crisis_desk.platform.words import N_


def give_authorisation(
    tx: Transaction,
    *,
    person: Person,
    incident_id: str,
    person_id: str,
    signer: str,
    document_number: str,
    valid_from: datetime,
    valid_to: datetime,
) -> SpeakingAuthorisation:
    """Records a signed authorisation. Raises `Invalid` when its period is empty or the account is not active."""
    incident = queries.visible_by_id(tx.session, person, incident_id)
    rules.require(rules.may_authorise(person, incident), rules.ONLY_COORDINATOR)
    speaker = tx.session.get(Person, person_id)
    if speaker is None or not speaker.active:
        raise Invalid(errors={"person": [N_("There is no such active account.")]})
    if valid_to <= valid_from:
        raise Invalid(errors={"valid_to": [N_("The authorisation must end after it begins.")]})
    # No sub-delegation: the one who records it may not be the one it empowers.
    if person_id == person.id:
        raise Invalid(errors={"person": [N_("Nobody can authorise herself; ask a coordinator to record it.")]})
    authorisation_id = str(uuid4())
    data = AuthorisationGiven(person_id, signer, document_number, valid_from, valid_to)
    tx.record(incident_stream(incident.id), data, subject=("authorisation", authorisation_id))
    return tx.session.get_one(SpeakingAuthorisation, authorisation_id)


def record_posting(
    tx: Transaction, *, person: Person, authorisation_id: str, posted_at: datetime
) -> SpeakingAuthorisation:
    """Records when the authorisation was made public."""
    authorisation = _loaded(tx, person, authorisation_id)
    if authorisation.posted_at is not None:
        raise Conflict(N_("The posting has been recorded already."))
    data = AuthorisationPosted(authorisation.document_number, posted_at)
    stream = incident_stream(authorisation.incident_id)
    tx.record(stream, data, subject=("authorisation", authorisation.id))
    return authorisation


def withdraw_authorisation(
    tx: Transaction, *, person: Person, authorisation_id: str, reason: str
) -> SpeakingAuthorisation:
    """Ends the authorisation now, with a reason."""
    authorisation = _loaded(tx, person, authorisation_id)
    if authorisation.withdrawn_at is not None:
        raise Conflict(N_("This authorisation has been withdrawn already."))
    if not reason.strip():
        raise Invalid(errors={"reason": [N_("Say why, so that the record shows it.")]})
    data = AuthorisationWithdrawn(authorisation.document_number, reason.strip())
    stream = incident_stream(authorisation.incident_id)
    tx.record(stream, data, subject=("authorisation", authorisation.id))
    return authorisation


def _loaded(tx: Transaction, person: Person, authorisation_id: str) -> SpeakingAuthorisation:
    authorisation = tx.session.get(SpeakingAuthorisation, authorisation_id)
    if authorisation is None:
        raise NotFound()
    incident = queries.visible_by_id(tx.session, person, authorisation.incident_id)
    rules.require(rules.may_authorise(person, incident), rules.ONLY_COORDINATOR)
    return authorisation
