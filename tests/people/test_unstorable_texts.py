"""What a database can't hold is refused as the sender's fault, on both engines."""

from __future__ import annotations

from tests.people.cast import PASSWORD, Cast
from tests.people.doors import Browser


def test_a_text_that_a_database_can_not_hold_is_the_sender_s_fault(people: Cast, browser: Browser) -> None:
    assert people.owner.active
    browser.open("/sign-in")
    assert browser.send("/sign-in", email="a\x00b@desk.invalid", password=PASSWORD).status_code == 422
    assert browser.open("/link/a%00b").status_code in {404, 422}
