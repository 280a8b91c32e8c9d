"""What is looked at before a text is submitted: one small rule a file. Rules that block come first."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from crisis_desk.platform.words import N_
from crisis_desk.statements.checks.cause import cause_or_guilt
from crisis_desk.statements.checks.death import death_before_family
from crisis_desk.statements.checks.empties import empty_words
from crisis_desk.statements.checks.finding import BLOCK, WARN, CheckedText, Finding
from crisis_desk.statements.checks.names import personal_name
from crisis_desk.statements.checks.next_update import next_update_time
from crisis_desk.statements.checks.placeholder import unfilled_placeholder
from crisis_desk.statements.checks.secrecy import secrecy_stamp

Check = Callable[[CheckedText], Iterator[Finding]]

CHECKS: dict[str, Check] = {
    "placeholder": unfilled_placeholder,
    "secrecy": secrecy_stamp,
    "next_update": next_update_time,
    "death": death_before_family,
    "cause": cause_or_guilt,
    "name": personal_name,
    "empty": empty_words,
}
CHECK_NAMES: dict[str, str] = {
    "placeholder": N_("Placeholder"),
    "secrecy": N_("Secrecy stamp"),
    "next_update": N_("Next update"),
    "death": N_("Death, family informed"),
    "cause": N_("Cause or guilt"),
    "name": N_("Personal name"),
    "empty": N_("Empty words"),
}


def run_checks(text: CheckedText) -> list[Finding]:
    """Everything the checks find, what blocks before what warns, in the order of the text."""
    found = [finding for check in CHECKS.values() for finding in check(text)]
    return sorted(found, key=lambda finding: (finding.level != BLOCK, finding.block))


__all__ = ["BLOCK", "CHECKS", "CHECK_NAMES", "WARN", "CheckedText", "Finding", "run_checks"]
