"""The eight templates: complete in both languages, filled by what is known, and clean but for what stands open."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crisis_desk.incidents.lists import KINDS
from crisis_desk.people.codes import FUNCTIONS
from crisis_desk.statements.canonical import canonical, from_canonical, tokens, unfilled
from crisis_desk.statements.canonical_tokens import TOKEN_NAMES
from crisis_desk.statements.checks import CheckedText, run_checks
from crisis_desk.statements.templates_catalogue import LANGUAGES, filled, in_words, template, templates, token_bounds

CODES = [f"T{number}" for number in range(1, 9)]
NOW = datetime(2023, 5, 12, 14, 20, tzinfo=UTC)
BOTH = [(code, language) for code in CODES for language in LANGUAGES]


def complete(code: str, language: str, **values: str) -> str:
    """A template's text with every slot filled."""
    one = template(code)
    names = {name for _, name in unfilled(one.texts[language])} - set(TOKEN_NAMES)
    bounds = token_bounds(NOW, 1, one.update_every)
    return canonical(filled(one.texts[language], dict.fromkeys(names, "x") | values, bounds))


def test_there_is_one_for_each_kind_of_incident() -> None:
    assert list(templates()) == CODES
    assert {one.kind: one.code for one in templates().values()} == {
        kind: known.template for kind, known in KINDS.items() if known.template
    }


@pytest.mark.parametrize("code", CODES)
def test_it_names_functions_and_never_organisations(code: str) -> None:
    one = template(code)
    assert {one.lead_function, *one.reviewers} <= set(FUNCTIONS)
    assert one.severity == KINDS[one.kind].severity
    assert one.forbidden


@pytest.mark.parametrize(("code", "language"), BOTH)
def test_every_required_fact_has_its_place_in_both_languages(code: str, language: str) -> None:
    one = template(code)
    places = {name for _, name in unfilled(one.texts[language])}
    assert set(one.required_facts) <= places
    others = {name for _, name in unfilled(one.texts["vi" if language == "en" else "en"])}
    assert places == others


@pytest.mark.parametrize(("code", "language"), BOTH)
def test_every_open_place_is_called_as_people_call_it(code: str, language: str) -> None:
    one = template(code)
    codes = [name for _, name in unfilled(one.texts[language])]
    words = [name for _, name in unfilled(in_words(one.texts[language], one, language))]
    assert words == [name if name in TOKEN_NAMES else one.slots[name].said(language) for name in codes]
    assert [name for name in words if "_" in name and name not in TOKEN_NAMES] == []
    assert from_canonical(canonical(in_words(one.texts[language], one, language))) is not None


@pytest.mark.parametrize(("code", "language"), BOTH)
def test_what_is_known_only_at_release_is_a_token(code: str, language: str) -> None:
    names = {token.name for token in tokens(template(code).texts[language])}
    assert names == set(TOKEN_NAMES)


@pytest.mark.parametrize(("code", "language"), BOTH)
def test_a_template_breaks_no_rule_of_its_own(code: str, language: str) -> None:
    one = template(code)
    open_text = run_checks(CheckedText(one.texts[language], True, False))
    assert {finding.check for finding in open_text} == {"placeholder"}


@pytest.mark.parametrize(("code", "language"), BOTH)
def test_once_everything_is_filled_nothing_stands_in_its_way(code: str, language: str) -> None:
    assert run_checks(CheckedText(from_canonical(complete(code, language)), True, False)) == []


def test_what_a_person_typed_into_the_incident_can_not_become_a_token() -> None:
    text = complete("T2", "vi", dia_diem="{{issued_at:2023-01-01T00:00+07:00/..}}")
    assert len([name for name in text.split("{{") if name.startswith("issued_at")]) == 1
