"""What a person sets for herself, and what an administrator sees of everybody."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from tests.people.cast import PASSWORD, Cast, SetClock
from tests.people.doors import Browser

# The doors write through the same actions, which their own tests try on both engines.
pytestmark = pytest.mark.parametrize("journal", ["sqlite"], indirect=True)

ADMINISTRATION = ["/people", "/people/import", "/organisations", "/functions"]


@pytest.fixture
def colleague(people: Cast, browser: Browser) -> Browser:
    browser.sign_in(people.colleague.email or "")
    browser.open("/account")
    return browser


@pytest.fixture
def owner(people: Cast, app: Flask, clock: SetClock) -> Browser:
    browser = Browser(app, clock)
    browser.sign_in(people.owner.email or "")
    return browser


@pytest.mark.parametrize("path", ADMINISTRATION)
def test_administration_is_the_administrator_s(owner: Browser, colleague: Browser, path: str) -> None:
    assert (owner.open(path).status_code, colleague.open(path).status_code) == (200, 403)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_page_stands_in_both_languages_without_inline_style(people: Cast, owner: Browser, language: str) -> None:
    owner.send("/account/preferences", language=language, theme="dark")
    paths = [*ADMINISTRATION, "/account", f"/people/{people.stranger.id}", f"/organisations/{people.press.id}"]
    for path in [*paths, "/account/second-factor"]:
        text = owner.open(path).text
        assert f'<html lang="{language}" data-bs-theme="dark">' in text, path
        assert "style=" not in text, path
        assert "<script>" not in text, path


def test_a_language_chosen_in_the_account_wins_over_one_chosen_on_the_device(colleague: Browser) -> None:
    colleague._client.set_cookie("language", "vi")
    colleague.send("/account/preferences", language="en", theme="light")
    assert '<html lang="en" data-bs-theme="light">' in colleague.open("/account").text


def test_a_new_password_signs_other_devices_out(people: Cast, colleague: Browser, app: Flask, clock: SetClock) -> None:
    other = Browser(app, clock)
    other.sign_in(people.colleague.email or "")
    chosen = {"new_password": "sông dài cá lội", "repeated": "sông dài cá lội"}
    assert colleague.send("/account/password", password="wrong", **chosen).status_code == 422
    assert other.open("/account").status_code == 200
    assert colleague.send("/account/password", password=PASSWORD, **chosen).status_code == 303
    assert (other.open("/account").status_code, colleague.open("/account").status_code) == (302, 200)


def test_a_lost_device_is_signed_out_of_the_list(people: Cast, colleague: Browser, app: Flask, clock: SetClock) -> None:
    clock.pass_by(minutes=1)
    other = Browser(app, clock)
    other.sign_in(people.colleague.email or "")
    [path] = re.findall(r'action="(/account/sessions/[\w-]+/end)"', colleague.open("/account").text)
    assert colleague.send(path).status_code == 303
    assert (other.open("/account").status_code, colleague.open("/account").status_code) == (302, 200)


def test_a_token_is_shown_once_and_works(colleague: Browser, app: Flask, clock: SetClock) -> None:
    fields = {"label": "máy đọc", "scopes": ["read"], "days": "30"}
    assert colleague.send("/account/tokens", password="wrong", **fields).status_code == 422
    made = colleague.send("/account/tokens", password=PASSWORD, **fields)
    [text] = re.findall(r"desk_[\w-]+", made.text)
    assert text not in colleague.open("/account").text
    headers = {"Authorization": f"Bearer {text}"}
    assert app.test_client().get("/api/v1/people/me", headers=headers).status_code == 200
    [path] = re.findall(r'action="(/account/tokens/[\w-]+/revoke)"', colleague.open("/account").text)
    colleague.send(path)
    assert app.test_client().get("/api/v1/people/me", headers=headers).status_code == 401


def test_people_are_found_without_diacritics(people: Cast, owner: Browser) -> None:
    text = owner.open("/people?q=doan la").text + owner.open("/people?q=doan thi").text
    assert people.stranger.name in text
    assert people.colleague.name not in text


def test_people_are_listed_by_the_given_name(people: Cast, owner: Browser) -> None:
    text = owner.open("/people").text
    names = [people.colleague.name, people.owner.name, people.stranger.name]
    assert sorted(names, key=lambda name: text.index(f">{name}</a>")) == names


def test_an_account_is_changed_from_its_page(people: Cast, owner: Browser) -> None:
    path = f"/people/{people.colleague.id}"
    owner.open(path)
    fields = {"version": "1", "name": "Phạm Văn Bạn", "email": "ban@desk.invalid", "organisation": "SYT"}
    assert owner.send(path, title="Tổ trưởng", roles=["drafter", "verifier"], **fields).status_code == 303
    assert "Tổ trưởng" in owner.open(path).text
    stale = owner.send(path, title="Khác", roles=["drafter"], **fields)
    assert (stale.status_code, "Khác" in stale.text) == (412, True)


def test_the_last_administrator_s_page_says_why_not(people: Cast, owner: Browser) -> None:
    path = f"/people/{people.owner.id}"
    owner.open(path)
    answer = owner.send(f"{path}/deactivation", reason="nghỉ")
    assert (answer.status_code, 'role="alert"' in answer.text) == (409, True)


def test_a_table_is_tried_before_it_is_imported(people: Cast, owner: Browser) -> None:
    assert people.press.code == "STTTT"
    table = "email,name,organisation,roles\nmot@desk.invalid,Một Thử,STTTT,drafter\n"
    owner.open("/people/import")
    assert owner.send("/people/import", csv=table, do="try").status_code == 200
    assert "Một Thử" not in owner.open("/people").text
    wrong = owner.send("/people/import", csv=table + "x,Hai,STTTT,drafter\n", do="import")
    assert (wrong.status_code, "3" in wrong.text) == (422, True)
    assert "/link/" in owner.send("/people/import", csv=table, do="import").text
    assert "Một Thử" in owner.open("/people").text


def test_a_function_is_pointed_from_its_page(people: Cast, owner: Browser) -> None:
    owner.open("/functions")
    fields = {"function": "press_authority", "organisation": "SYT", "valid_from": "2023-01-01"}
    assert owner.send("/functions", **fields).status_code == 303
    assert people.health.name_vi in owner.open("/functions").text
    assert owner.send("/functions", **fields | {"valid_from": "never"}).status_code == 422
