"""The codes of statements, each with its words. Published in docs/codes.md."""

from __future__ import annotations

from crisis_desk.platform.words import N_
from crisis_desk.statements.approval_sets import OWN_FUNCTIONS
from crisis_desk.statements.models import APPROVED, CORRECTED, DRAFT, RELEASED, SUBMITTED, SUPERSEDED, WITHDRAWN

HOLDING = "holding"
UPDATE = "update"
CORRECTION = "correction"
FINAL = "final"
LINE = "line"
WITHDRAWAL = "withdrawal"

PURPOSES: dict[str, str] = {
    HOLDING: N_("Initial information"),
    UPDATE: N_("Update"),
    CORRECTION: N_("Correction"),
    FINAL: N_("Final information"),
    LINE: N_("Line for answering the press"),
    WITHDRAWAL: N_("Withdrawal"),
}
# What these say of an earlier text, they say of one that was released.
ABOUT_ANOTHER = (CORRECTION, WITHDRAWAL)
REPLACING = (UPDATE, FINAL)
PROMISING = (HOLDING, UPDATE, CORRECTION)

# Thay mặt, ký thay, thừa lệnh, thừa ủy quyền, quyền (Decree 30/2020, Appendix I); empty for the head himself.
AUTHORITIES: dict[str, str] = {
    "": N_("in person"),
    "TM.": N_("on behalf of"),
    "KT.": N_("signed for"),
    "TL.": N_("by order of"),
    "TUQ.": N_("by authorisation of"),
    "Q.": N_("acting"),
}

STATES: dict[str, str] = {
    DRAFT: N_("Draft"),
    SUBMITTED: N_("Submitted"),
    APPROVED: N_("Approved"),
    RELEASED: N_("Released"),
    SUPERSEDED: N_("Replaced by newer information"),
    CORRECTED: N_("Corrected"),
    WITHDRAWN: N_("Withdrawn"),
}

HOLDERS: dict[str, str] = {**OWN_FUNCTIONS, "spokesperson": N_("spokesperson")}

DRILL_LINES: dict[str, str] = {
    "vi": "DIỄN TẬP – KHÔNG PHẢI SỰ VIỆC THẬT",
    "en": "EXERCISE – NOT A REAL INCIDENT",
}
