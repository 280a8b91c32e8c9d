"""Accounts, organisations and functions as a program meets them."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.people.cast import PASSWORD, Cast, SetClock
from tests.people.doors import Browser

# The doors write through the same actions, which their own tests try on both engines.
pytestmark = pytest.mark.parametrize("journal", ["sqlite"], indirect=True)

NEW = {"email": "moi@desk.invalid", "name": "Tô Mới", "organisation": "STTTT", "roles": ["drafter"]}


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


def test_a_list_comes_in_pages_that_meet(people: Cast, colleague: Browser) -> None:
    names, after = [], ""
    while after is not None:
        page = colleague.call("GET", f"/people?limit=2&after={after}").get_json()
        names += [item["name"] for item in page["items"]]
        after = page["next"]
    assert names == sorted(person.name for person in (people.owner, people.colleague, people.stranger))


def test_contacts_are_for_their_owner_and_administrators(people: Cast, colleague: Browser, owner: Browser) -> None:
    path = f"/people/{people.stranger.id}"
    assert "email" not in colleague.call("GET", path).get_json()
    assert "email" not in colleague.call("GET", "/people").get_json()["items"][0]
    assert owner.call("GET", path).get_json()["email"] == people.stranger.email
    assert colleague.call("GET", "/people/me").get_json()["email"] == people.colleague.email


def test_an_account_is_made_and_changed_with_its_version(owner: Browser) -> None:
    made = owner.call("POST", "/people", NEW)
    person = made.get_json()
    assert (made.status_code, person["roles"], made.headers["ETag"]) == (201, ["drafter"], '"1"')
    path = f"/people/{person['id']}"
    assert owner.call("PATCH", path, {"title": "Chuyên viên"}).status_code == 428
    changed = owner.call("PATCH", path, {"title": "Chuyên viên", "roles": ["approver"]}, If_Match='"1"')
    assert (changed.status_code, changed.get_json()["title"], changed.get_json()["version"]) == (200, "Chuyên viên", 3)
    stale = owner.call("PATCH", path, {"title": "x"}, If_Match='"1"')
    assert (stale.status_code, stale.get_json()["present"]["version"]) == (412, 3)
    closed = owner.call("PATCH", path, {"active": False, "reason": "Chuyển"}, If_Match='"3"')
    assert closed.get_json()["active"] is False


def test_a_link_is_told_once_and_not_to_a_repeated_key(people: Cast, owner: Browser) -> None:
    path = f"/people/{people.colleague.id}/link"
    first, second = (owner.call("POST", path, Idempotency_Key="k").get_json() for _time in range(2))
    assert "/link/" in first["link"]
    assert second == {"person": people.colleague.id}


def test_only_administrators_write_accounts_and_organisations(people: Cast, colleague: Browser) -> None:
    answers = [
        colleague.call("POST", "/people", NEW),
        colleague.call("PATCH", f"/people/{people.owner.id}", {"title": "x"}, If_Match='"1"'),
        colleague.call("POST", f"/people/{people.owner.id}/link"),
        colleague.call("POST", "/functions", {"function": "police", "organisation": "SYT"}),
        colleague.call("PATCH", f"/organisations/{people.press.id}", {"name_en": "x"}, If_Match='"1"'),
    ]
    assert [answer.status_code for answer in answers] == [403] * 5
    assert {answer.get_json()["code"] for answer in answers} == {"forbidden"}


def test_wrong_fields_are_named(owner: Browser) -> None:
    answer = owner.call("POST", "/people", NEW | {"roles": ["king"], "salary": 1})
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    assert set(answer.get_json()["errors"]) == {"roles", "salary"}


def test_each_field_that_is_wrong_has_a_list_of_sentences(owner: Browser) -> None:
    answer = owner.call("POST", "/people", NEW | {"roles": ["drafter", "king"], "salary": 1})
    errors = answer.get_json()["errors"]
    assert [len(errors["salary"]), {key: len(found) for key, found in errors["roles"].items()}] == [1, {"1": 1}]
    twice = owner.call("POST", "/people", NEW), owner.call("POST", "/people", NEW)
    refusal = twice[1].get_json()
    assert {name: [type(one) for one in found] for name, found in refusal["errors"].items()} == {"email": [str]}


def test_what_is_not_sent_as_json_is_refused_as_such(owner: Browser, app: Flask) -> None:
    wanted = {"label": "máy", "scopes": ["admin"], "password": PASSWORD}
    headers = {"Authorization": f"Bearer {owner.call('POST', '/people/me/tokens', wanted).get_json()['token']}"}
    sent = app.test_client().post("/api/v1/people", data={"name": "Tô Mới"}, headers=headers)
    assert (sent.status_code, (sent.json or {})["code"]) == (415, "unsupported_media_type")


def test_a_stranger_is_asked_to_sign_in_whatever_she_sends(people: Cast, app: Flask) -> None:
    client = app.test_client()
    sent = client.post("/api/v1/people", json=NEW), client.patch(f"/api/v1/people/{people.owner.id}", json={})
    assert [(answer.status_code, (answer.json or {})["code"]) for answer in sent] == [(401, "unauthenticated")] * 2


def test_a_token_needs_the_scope_that_the_work_needs(people: Cast, owner: Browser, app: Flask) -> None:
    made = {}
    for scopes in (["read"], ["read", "write"], ["read", "admin"]):
        body = {"label": "máy", "scopes": scopes, "password": PASSWORD}
        made[scopes[-1]] = owner.call("POST", "/people/me/tokens", body).get_json()["token"]
    assert people.owner.has("administrator")

    def status(scope: str, method: str, path: str, body: object = None) -> int:
        headers = {"Authorization": f"Bearer {made[scope]}"}
        return app.test_client().open(f"/api/v1{path}", method=method, json=body, headers=headers).status_code

    assert [status(scope, "GET", "/people") for scope in made] == [200, 200, 200]
    assert [status(scope, "POST", "/people", NEW) for scope in made] == [403, 403, 201]
    assert [status(scope, "PATCH", "/people/me", {"theme": "dark"}) for scope in made] == [403, 200, 403]
    body = {"label": "máy", "scopes": ["read"], "password": PASSWORD}
    assert [status(scope, "POST", "/people/me/tokens", body) for scope in made] == [403, 403, 403]


def test_a_dead_token_is_told_apart_from_no_token(people: Cast, app: Flask) -> None:
    assert people.owner.active
    client = app.test_client()
    dead = client.post("/api/v1/people", json=NEW, headers={"Authorization": "Bearer desk_nothing"})
    assert (dead.status_code, dead.get_json()["code"]) == (401, "unauthenticated")
    assert client.get("/api/v1/people").status_code == 401


def test_my_sessions_are_listed_and_ended(people: Cast, colleague: Browser, app: Flask, clock: SetClock) -> None:
    clock.pass_by(minutes=1)
    other = Browser(app, clock)
    other.sign_in(people.colleague.email or "")
    newest, oldest = colleague.call("GET", "/people/me/sessions").get_json()["items"]
    assert newest["opened_at"] > oldest["opened_at"]
    assert colleague.call("DELETE", f"/people/me/sessions/{newest['id']}").status_code == 204
    assert other.call("GET", "/people/me").status_code == 401


def test_organisations_and_functions_are_read_by_everybody_on_the_desk(
    people: Cast, owner: Browser, colleague: Browser
) -> None:
    body = {"function": "police", "organisation": people.health.code, "valid_from": "2023-01-01"}
    assert owner.call("POST", "/functions", body).status_code == 201
    [held] = colleague.call("GET", "/functions?function=police").get_json()["items"]
    assert (held["organisation"]["code"], held["valid_from"], held["valid_to"]) == ("SYT", "2023-01-01", None)
    codes = [item["code"] for item in colleague.call("GET", "/organisations").get_json()["items"]]
    assert codes == ["STTTT", "SYT"]


def test_a_successor_is_set_by_code(people: Cast, owner: Browser) -> None:
    added = owner.call(
        "POST", "/organisations", {"code": "SVH", "name_vi": "Sở Văn", "name_en": "Culture", "kind": "department"}
    )
    assert (added.status_code, added.get_json()["short_name"]) == (201, "Sở Văn")
    body = {"successor": "SVH", "from_day": "2025-03-01"}
    succeeded = owner.call("POST", f"/organisations/{people.press.id}/successor", body).get_json()
    assert (succeeded["valid_to"], succeeded["successor_id"]) == ("2025-02-28", added.get_json()["id"])
