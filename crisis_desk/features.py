"""Every feature's tables, entries, effects and sentences, loaded so that journal and migrations know them all."""

from __future__ import annotations

from crisis_desk.incidents import effects as incident_effects
from crisis_desk.incidents import sentences as incident_sentences
from crisis_desk.journal import bundle, heads, identity, keys
from crisis_desk.journal import models as journal_models
from crisis_desk.people import access_entries, secret_models
from crisis_desk.people import effects as people_effects
from crisis_desk.people import sentences as people_sentences
from crisis_desk.platform import idempotency
from crisis_desk.platform.database import Base
from crisis_desk.reports import effects as report_effects
from crisis_desk.reports import sentences as report_sentences
from crisis_desk.statements import draft_models
from crisis_desk.statements import effects as statement_effects
from crisis_desk.statements import sentences as statement_sentences

LOADED = (
    access_entries,
    bundle,
    draft_models,
    heads,
    idempotency,
    identity,
    incident_effects,
    incident_sentences,
    journal_models,
    keys,
    people_effects,
    people_sentences,
    report_effects,
    report_sentences,
    secret_models,
    statement_effects,
    statement_sentences,
)

__all__ = ["LOADED", "Base"]
