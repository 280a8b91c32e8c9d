"""A code is good for a short time, once per purpose, and only so many may be wrong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from crisis_desk.people import attempts, second_factor
from crisis_desk.people.second_factor import SecondFactorRefused, present_code
from crisis_desk.platform.errors import Invalid, TooMany
from tests.people.cast import SECRET, Cast, SetClock, Write


def test_a_code_serves_each_purpose_once(people: Cast, write: Write, clock: SetClock) -> None:
    code = present_code(SECRET, clock())
    with write(people.stranger) as tx:
        second_factor.require(tx, people.stranger, code, "sign-in")
        second_factor.require(tx, people.stranger, f"{code[:3]} {code[3:]}", "signature:1")
    with pytest.raises(Invalid), write(people.stranger) as tx:
        second_factor.require(tx, people.stranger, code, "signature:1")


def test_a_rolled_back_write_leaves_the_code_unused(people: Cast, write: Write, clock: SetClock) -> None:
    code = present_code(SECRET, clock())

    def signed_but_failed() -> None:
        with write(people.stranger) as tx:
            second_factor.require(tx, people.stranger, code, "signature:1")
            raise Invalid

    for _time in range(2):
        with pytest.raises(Invalid) as refused:
            signed_but_failed()
        assert refused.value.errors is None


@pytest.mark.parametrize(("seconds", "is_taken"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_clocks_may_differ_by_half_a_minute(
    people: Cast, write: Write, clock: SetClock, seconds: int, is_taken: bool
) -> None:
    code = present_code(SECRET, clock() + timedelta(seconds=seconds))
    with write(people.stranger) as tx:
        assert second_factor.take(tx, people.stranger.id, code, "sign-in") is is_taken


@pytest.mark.parametrize("code", ["", "12345", "abcdef", "٣٤٥٦٧٨", "0" * 500])
def test_what_is_no_code_is_refused(people: Cast, write: Write, code: str) -> None:
    with pytest.raises(SecondFactorRefused), write(people.stranger) as tx:
        second_factor.require(tx, people.stranger, code, "sign-in")


def test_without_a_device_nothing_can_be_signed(people: Cast, write: Write) -> None:
    with pytest.raises(Invalid) as refused, write(people.colleague) as tx:
        second_factor.require(tx, people.colleague, "123456", "signature:1")
    assert list(refused.value.errors or {}) == ["second_factor"]


def test_too_many_wrong_codes_close_even_the_right_one_for_a_while(people: Cast, write: Write, clock: SetClock) -> None:
    with write(people.stranger) as tx:
        for _time in range(5):
            attempts.count_failure(tx.session, attempts.code_key(people.stranger.id), tx.now)
    with pytest.raises(TooMany), write(people.stranger) as tx:
        second_factor.require(tx, people.stranger, present_code(SECRET, clock()), "signature:1")
    clock.pass_by(seconds=30)
    with write(people.stranger) as tx:
        second_factor.require(tx, people.stranger, present_code(SECRET, clock()), "signature:1")


def test_the_wait_doubles_up_to_a_quarter_of_an_hour() -> None:
    seconds = [int(attempts.delay_after(count).total_seconds()) for count in (4, 5, 6, 7, 9, 10, 500)]
    assert seconds == [0, 30, 60, 120, 480, 900, 900]


def test_codes_are_those_of_the_standard() -> None:
    # RFC 6238, appendix B: the secret "12345678901234567890" at 59 s gives 94287082; the desk shows the last six.
    assert second_factor.present_code(SECRET, datetime.fromtimestamp(59, UTC)) == "287082"
