"""What a release says: its forms, the values of its tokens, the time it promises, the code it carries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from crisis_desk.incidents.models import Incident
from crisis_desk.incidents.rule_sets import Form, rule_set
from crisis_desk.platform.errors import Invalid
from crisis_desk.platform.words import N_, _
from crisis_desk.statements.canonical import fill, from_canonical, tokens
from crisis_desk.statements.canonical_blocks import Blocks
from crisis_desk.statements.canonical_tokens import (
    ISSUED_AT,
    NEXT_UPDATE_AT,
    SEQUENCE_NUMBER,
    Value,
)
from crisis_desk.statements.checks.next_update import has_token, written_time
from crisis_desk.statements.frozen_text import checked
from crisis_desk.statements.lists import ABOUT_ANOTHER
from crisis_desk.statements.models import Statement

SHORT_HASH = 4


def forms_of(rules: str) -> dict[str, Form]:
    """The legal forms of release under a rule set: six in Decree 09/2017 Art. 4, five in Decree 244/2026 Art. 5."""
    return {form.code: form for form in rule_set(rules).forms}


def checked_forms(forms: Sequence[str], rules: str, statement: Statement, about: Statement | None) -> list[str]:
    """The forms in the order of the rules. Raises `Invalid` for none, an unknown one, or one the error had and this
    correction lacks: it goes out in the same forms (Law on Access to Information 104/2016, Art. 22)."""
    known = forms_of(rules)
    if not forms or any(form not in known for form in forms):
        raise Invalid(errors={"forms": [N_("Choose at least one of the legal forms of release.")]})
    if about is not None and statement.purpose in ABOUT_ANOTHER:
        missing = [known[form].vi for form in about.forms if form not in forms and form in known]
        if missing:
            sentence = _("It must go out in the same forms as what it is about: %(forms)s.", forms=", ".join(missing))
            raise Invalid(errors={"forms": [sentence]})
    return [code for code in known if code in forms]


def next_update(statement: Statement, incident: Incident, given: datetime | None, now: datetime) -> datetime | None:
    """When the next information is promised: as given, or as the text itself says. Raises `Invalid`.

    Whoever reads the text must find the time that the desk's clock runs for, so the two may not differ.
    """
    blocks = from_canonical(statement.frozen_text or "")
    written = written_time(blocks)
    if written is not None and given is not None and not _is_same_minute(written, given):
        raise Invalid(errors={"next_update_at": [N_("The text itself promises another time.")]})
    # Papers promise a minute, so the desk's clock may not run some seconds longer than what was said.
    said = given or written
    promised = said.replace(second=0, microsecond=0) if said else None
    if promised is None:
        if has_token(blocks) or checked(blocks, statement, incident).needs_next_update:
            raise Invalid(errors={"next_update_at": [N_("Say when the next information comes.")]})
        return None
    if promised <= now:
        raise Invalid(errors={"next_update_at": [N_("The promised time has passed. Promise one that can be kept.")]})
    return promised


def final_text(
    statement: Statement, *, issued_at: datetime, sequence_number: int, next_update_at: datetime | None
) -> str:
    """The frozen text with its tokens filled. Raises `Invalid` naming a token whose value is outside its bounds."""
    values: dict[str, Value] = {ISSUED_AT: issued_at, SEQUENCE_NUMBER: sequence_number}
    if next_update_at is not None:
        values[NEXT_UPDATE_AT] = next_update_at
    return fill(statement.frozen_text or "", values, statement.language)


def open_tokens(blocks: Blocks) -> list[dict[str, str]]:
    """The tokens of a text, each once, with the bounds that signers see."""
    return [
        {"name": name, "bounds": bounds} for name, bounds in dict.fromkeys((t.name, t.bounds) for t in tokens(blocks))
    ]


def public_code(incident_code: str, statement: Statement) -> str:
    """What stands on papers and in the newsroom, to be typed into *check a document*: LUA-27-TB2-7C1E."""
    digest = (statement.final_sha256 or statement.text_sha256 or "")[:SHORT_HASH].upper()
    return f"{incident_code}-{statement.code}-{digest}" if digest else f"{incident_code}-{statement.code}"


def is_stale(statement: Statement, now: datetime) -> bool:
    """Whether a notice that still stands is older than the update it promised."""
    return statement.state == "released" and statement.next_update_at is not None and statement.next_update_at < now


def _is_same_minute(one: datetime, other: datetime) -> bool:
    return one.replace(second=0, microsecond=0) == other.replace(second=0, microsecond=0)
