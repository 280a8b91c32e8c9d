"""Numbers and dates in the forms of Decree 30/2020."""

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from crisis_desk.paper.dates import date_and_time, long_date, short_date, time_of_day
from crisis_desk.paper.numbers import grouped, leading_zero, point_letter, roman

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
EVENING = datetime(2023, 5, 12, 14, 35, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "written"),
    [
        (date(2023, 5, 5), "ngày 05 tháng 5 năm 2023"),
        (date(2023, 1, 15), "ngày 15 tháng 01 năm 2023"),
        (date(2023, 2, 9), "ngày 09 tháng 02 năm 2023"),
        (date(2023, 3, 31), "ngày 31 tháng 3 năm 2023"),
        (date(2023, 10, 10), "ngày 10 tháng 10 năm 2023"),
    ],
)
def test_only_days_below_ten_and_the_first_two_months_get_a_leading_zero(day: date, written: str) -> None:
    assert long_date(day) == written


def test_a_date_that_is_not_set_is_left_to_be_filled_in() -> None:
    assert long_date(None).replace("\u00a0", "").split() == ["ngày", "tháng", "năm"]


def test_a_short_date_follows_the_same_zeros() -> None:
    assert [short_date(date(2023, 2, 9)), short_date(date(2023, 5, 12))] == ["09/02/2023", "12/5/2023"]


def test_a_moment_is_written_in_the_local_zone() -> None:
    assert date_and_time(EVENING, ZONE) == "21 giờ 35 ngày 12/5/2023"
    assert date_and_time(EVENING, ZONE, "en") == "21:35 on 12 May 2023"


def test_an_hour_past_midnight_belongs_to_the_next_day() -> None:
    assert date_and_time(datetime(2023, 5, 12, 17, 4, tzinfo=UTC), ZONE) == "00 giờ 04 ngày 13/5/2023"


def test_a_moment_without_a_zone_is_refused() -> None:
    naive = EVENING.replace(tzinfo=None)
    with pytest.raises(ValueError, match="time zone"):
        time_of_day(naive, ZONE)


@pytest.mark.parametrize(
    ("number", "written"), [(1, "I"), (4, "IV"), (9, "IX"), (14, "XIV"), (49, "XLIX"), (2023, "MMXXIII")]
)
def test_roman_numerals(number: int, written: str) -> None:
    assert roman(number) == written


def test_there_is_no_roman_nought() -> None:
    with pytest.raises(ValueError, match="Roman"):
        roman(0)


def test_vietnamese_points_have_a_letter_after_d_and_no_f() -> None:
    assert [point_letter(place) for place in range(1, 9)] == ["a", "b", "c", "d", "đ", "e", "g", "h"]


def test_points_go_on_after_the_last_letter() -> None:
    assert [point_letter(23), point_letter(24), point_letter(27, "en")] == ["y", "aa", "aa"]


def test_digits_are_grouped_by_language() -> None:
    assert [grouped(1234567), grouped(Decimal("1234.5")), grouped(Decimal("1234.5"), "en")] == [
        "1.234.567",
        "1.234,5",
        "1,234.5",
    ]


def test_registry_numbers_below_ten_get_a_leading_zero() -> None:
    assert [leading_zero(5), leading_zero(12), leading_zero(123)] == ["05", "12", "123"]
