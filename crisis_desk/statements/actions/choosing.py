"""The desk's choice of steps for a severity; it holds for texts submitted from then on."""

from __future__ import annotations

from crisis_desk.incidents.rules import require
from crisis_desk.journal.streams import DESK
from crisis_desk.journal.transaction import Transaction
from crisis_desk.people.models import Person
from crisis_desk.platform.errors import Invalid
from crisis_desk.platform.words import N_
from crisis_desk.statements import queries, rules
from crisis_desk.statements.actions.loading import given_reason
from crisis_desk.statements.approval_sets import ApprovalSet, fits, sets_at
from crisis_desk.statements.entries import ApprovalSetChosen


def choose_approval_set(
    tx: Transaction, *, person: Person, severity: int, approval_set: str, reason: str
) -> ApprovalSet:
    """Uses a set of steps for a severity 1–4. A set made for another severity can't be borrowed for a higher one."""
    require(rules.may_choose_set(person), rules.ONLY_ADMINISTRATOR)
    if not 1 <= severity <= 4:
        raise Invalid(errors={"severity": [N_("A severity is 1, 2, 3 or 4.")]})
    wanted = sets_at(tx.now).get(approval_set)
    if wanted is None or not fits(wanted, severity):
        raise Invalid(errors={"approval_set": [N_("There is no such set of steps for this severity.")]})
    before = queries.approval_set_for(tx.session, severity, tx.now)
    if before.code != wanted.code:
        data = ApprovalSetChosen(severity, before.code, wanted.code, given_reason(reason))
        tx.record(DESK, data, subject=("approval_set", str(severity)))
    return wanted
