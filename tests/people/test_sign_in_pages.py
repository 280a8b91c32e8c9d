"""The way in and out as a browser goes it."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from crisis_desk.people import second_factor
from crisis_desk.people.demonstration import PASSWORD as DEMONSTRATION_PASSWORD
from crisis_desk.people.demonstration import SECRET as DEMONSTRATION_SECRET
from crisis_desk.people.demonstration import add_demonstration_accounts
from crisis_desk.people.seed_organisations import seed_organisations
from crisis_desk.people.signed_in import COOKIE
from tests.people.cast import PASSWORD, SECRET, Cast, SetClock, Write
from tests.people.doors import Browser

# The doors write through the same actions, which their own tests try on both engines.
pytestmark = pytest.mark.parametrize("journal", ["sqlite"], indirect=True)


def test_a_closed_page_asks_to_sign_in_and_leads_back_to_it(people: Cast, browser: Browser) -> None:
    asked = browser.open("/account?x=1")
    assert (asked.status_code, asked.headers["Location"]) == (302, "/sign-in?next=/account?x%3D1")
    browser.open(asked.headers["Location"])
    answer = browser.send("/sign-in", email=people.colleague.email, password=PASSWORD, next="/account?x=1")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/account?x=1")
    assert people.colleague.name in browser.open("/account").text


def test_the_cookie_is_closed_to_scripts_and_to_foreign_forms(people: Cast, browser: Browser) -> None:
    browser.open("/sign-in")
    answer = browser.send("/sign-in", email=people.colleague.email, password=PASSWORD)
    [cookie] = [text for text in answer.headers.getlist("Set-Cookie") if text.startswith(COOKIE)]
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
    assert "Secure" not in cookie


def test_beyond_plain_loopback_the_cookie_is_secure(people: Cast, app: Flask, clock: SetClock) -> None:
    browser = Browser(app, clock)
    object.__setattr__(app.extensions["desk"].config, "public_url", "https://desk.invalid")
    browser.open("/sign-in")
    answer = browser.send("/sign-in", email=people.colleague.email, password=PASSWORD)
    [cookie] = [text for text in answer.headers.getlist("Set-Cookie") if text.startswith(COOKIE)]
    assert "Secure" in cookie.split("; ")


def test_a_foreign_target_leads_to_the_board(people: Cast, browser: Browser) -> None:
    answer = browser.sign_in(people.colleague.email or "", next="https://evil.invalid/")
    assert answer.headers["Location"] == "/"


def test_a_refusal_reads_the_same_for_a_wrong_password_and_an_unknown_address(people: Cast, browser: Browser) -> None:
    def refusal(email: str) -> tuple[int, str]:
        browser.open("/sign-in")
        answer = browser.send("/sign-in", email=email, password="wrong")
        return answer.status_code, re.sub(r'value="[^"]*"', "", answer.text)

    known, unknown = (refusal(email) for email in (people.colleague.email or "", "nobody@desk.invalid"))
    strip = re.compile(r'content="[^"]*"|data-now="[^"]*"|autofocus="[^"]*"')
    assert (known[0], strip.sub("", known[1])) == (unknown[0], strip.sub("", unknown[1]))
    assert known[0] == 422


def test_without_the_form_s_token_nobody_signs_in(people: Cast, browser: Browser) -> None:
    browser.token = "forged"
    answer = browser.send("/sign-in", email=people.colleague.email, password=PASSWORD)
    assert answer.status_code == 400


def test_an_approver_gives_a_code_and_meets_no_page_before(people: Cast, browser: Browser, clock: SetClock) -> None:
    browser.open("/sign-in")
    first = browser.send("/sign-in", email=people.stranger.email, password=PASSWORD, next="/account")
    assert first.headers["Location"] == "/sign-in/second-factor?next=/account"
    assert browser.open("/account").headers["Location"] == "/sign-in?next=/account"
    assert browser.call("GET", "/people/me").status_code == 401
    browser.open("/sign-in/second-factor?next=/account")
    wrong = browser.send("/sign-in/second-factor", code="000000", next="/account")
    assert (wrong.status_code, "one-time-code" in wrong.text) == (422, True)
    code = second_factor.present_code(SECRET, clock())
    answer = browser.send("/sign-in/second-factor", code=code, next="/account")
    assert answer.headers["Location"] == "/account"
    assert people.stranger.name in browser.open("/account").text


def test_five_wrong_passwords_say_when_to_come_back(people: Cast, browser: Browser) -> None:
    browser.open("/sign-in")
    for _time in range(5):
        browser.send("/sign-in", email=people.colleague.email, password="wrong")
    answer = browser.send("/sign-in", email=people.colleague.email, password=PASSWORD)
    assert (answer.status_code, "21:20:30" in answer.text) == (429, True)


def test_signing_out_ends_the_session_and_not_only_the_cookie(people: Cast, app: Flask, clock: SetClock) -> None:
    browser, thief = Browser(app, clock), Browser(app, clock)
    browser.sign_in(people.colleague.email or "")
    browser.open("/account")
    thief._client.set_cookie(COOKIE, browser.cookie(COOKIE).value)
    assert thief.open("/account").status_code == 200
    assert browser.send("/sign-out").headers["Location"] == "/sign-in"
    assert (browser.cookie(COOKIE), thief.open("/account").status_code) == (None, 302)


def test_what_one_person_s_page_sends_is_never_taken_as_the_next_person_s(people: Cast, browser: Browser) -> None:
    browser.sign_in(people.stranger.email or "")
    left = {"X_Desk_Person": people.stranger.id}
    assert browser.call("GET", "/people/me", **left).status_code == 200
    browser.sign_in(people.colleague.email or "")
    refused = browser.call("PATCH", "/people/me", {"language": "en"}, **left, If_Match='"1"')
    assert (refused.status_code, (refused.json or {})["code"]) == (401, "unauthenticated")
    assert (browser.call("GET", "/people/me").json or {})["language"] == "vi"


def test_a_connection_speaks_only_for_whom_its_page_was_drawn_for(people: Cast, app: Flask, browser: Browser) -> None:
    browser.sign_in(people.colleague.email or "")
    for person, connected in [(people.colleague, True), (people.stranger, False)]:
        live = app.extensions["desk"].live
        client = live.test_client(app, flask_test_client=browser._client, auth={"person": person.id})
        assert client.is_connected() == connected


def test_an_invited_administrator_sets_a_password_and_a_device_before_anything_else(
    people: Cast, app: Flask, clock: SetClock
) -> None:
    owner, invited = Browser(app, clock), Browser(app, clock)
    owner.sign_in(people.owner.email or "")
    owner.open("/people")
    fields = {"name": "Tô Mới", "email": "moi@desk.invalid", "organisation": "stttt", "roles": ["administrator"]}
    handed = owner.send("/people", **fields)
    [link] = re.findall(r"http://localhost(/link/[\w-]+)", handed.text)
    assert "Tô Mới" in invited.open(link).text
    short = invited.send(link, new_password="ngắn", repeated="ngắn")
    assert (short.status_code, "field-error" in short.text) == (422, True)
    differs = invited.send(link, new_password="sông dài cá lội", repeated="sông dài cá")
    assert differs.status_code == 422
    answer = invited.send(link, new_password="sông dài cá lội", repeated="sông dài cá lội")
    assert answer.headers["Location"] == "/account/second-factor"
    assert invited.open("/people").status_code == 302
    shown = invited.open("/account/second-factor")
    [secret] = re.findall(r'<code class="secret">([A-Z2-7 ]+)</code>', shown.text)
    assert "style=" not in shown.text
    [drawing] = re.findall(r"<svg[^>]*qr-code[^>]*>", shown.text)
    assert " viewBox=" in drawing
    code = second_factor.present_code(secret.replace(" ", ""), clock())
    codes = invited.send("/account/second-factor", code=code)
    assert len(re.findall(r'<code class="secret">[a-z2-9]{5}-[a-z2-9]{5}</code>', codes.text)) == 10
    assert invited.open("/people").status_code == 200
    assert Browser(app, clock).open(link).status_code == 404


def test_a_device_is_replaced_only_with_the_password(people: Cast, browser: Browser, clock: SetClock) -> None:
    browser.sign_in(people.stranger.email or "")
    shown = browser.open("/account/second-factor")
    [secret] = re.findall(r'<code class="secret">([A-Z2-7 ]+)</code>', shown.text)
    code = second_factor.present_code(secret.replace(" ", ""), clock())
    assert browser.send("/account/second-factor", code=code, password="wrong").status_code == 422
    assert browser.send("/account/second-factor", code=code, password=PASSWORD).status_code == 200


def test_the_demonstration_fills_the_form_and_shows_the_present_code(
    write: Write, browser: Browser, clock: SetClock
) -> None:
    with write(via="command") as tx:
        add_demonstration_accounts(tx, seed_organisations(tx))
    assert "approver.stttt@demo.invalid" in browser.open("/sign-in").text
    filled = browser.open("/sign-in?account=approver.stttt@demo.invalid").text
    assert f'value="{DEMONSTRATION_PASSWORD}"' in filled
    answer = browser.send("/sign-in", email="approver.stttt@demo.invalid", password=DEMONSTRATION_PASSWORD)
    code = second_factor.present_code(DEMONSTRATION_SECRET, clock())
    assert f'value="{code}"' in browser.open(answer.headers["Location"]).text
    assert browser.send("/sign-in/second-factor", code=code).headers["Location"] == "/"


def test_the_demonstration_never_shows_a_code_that_has_served_already(
    write: Write, browser: Browser, app: Flask, clock: SetClock
) -> None:
    with write(via="command") as tx:
        add_demonstration_accounts(tx, seed_organisations(tx))
    shown = []
    for visitor in (browser, Browser(app, clock), Browser(app, clock)):
        visitor.open("/sign-in")
        answer = visitor.send("/sign-in", email="approver.stttt@demo.invalid", password=DEMONSTRATION_PASSWORD)
        form = visitor.open(answer.headers["Location"]).text
        [code] = re.findall(r'name="code" value="(\d{6})"', form)
        shown.append(code)
        assert visitor.send("/sign-in/second-factor", code=code).headers["Location"] == "/"
    assert len(set(shown)) == 3
    code = second_factor.present_code(DEMONSTRATION_SECRET, clock())
    assert (browser.open("/account/demonstration-code").json or {})["code"] == code


def test_no_code_is_shown_for_a_real_account(people: Cast, browser: Browser, clock: SetClock) -> None:
    browser.sign_in(people.colleague.email or "")
    assert browser.open("/account/demonstration-code").status_code == 404
    browser.send("/sign-out")
    assert "demo.invalid" not in browser.open(f"/sign-in?account={people.stranger.email}").text
    answer = browser.send("/sign-in", email=people.stranger.email, password=PASSWORD)
    assert second_factor.present_code(SECRET, clock()) not in browser.open(answer.headers["Location"]).text
