from datetime import UTC, datetime, timedelta

import pytest

from crisis_desk.platform import wording

NOW = datetime(2023, 5, 12, 15, 44, tzinfo=UTC)  # 22:44 in the province


def ago(**parts: int) -> datetime:
    return NOW - timedelta(**parts)


def ahead(**parts: int) -> datetime:
    return NOW + timedelta(**parts)


@pytest.mark.parametrize(
    ("due", "vietnamese", "english"),
    [
        (ahead(minutes=12), "còn 12 phút", "12 min left"),
        (ahead(minutes=12, seconds=59), "còn 12 phút", "12 min left"),
        (ahead(seconds=59), "còn chưa đến 1 phút", "under 1 min left"),
        (ahead(hours=1, minutes=52), "còn 1 g 52 phút", "1 h 52 min left"),
        (ahead(hours=2), "còn 2 g", "2 h left"),
        (ahead(days=1, hours=9, minutes=59), "còn 1 ngày 9 g", "1 day 9 h left"),
        (ahead(days=2), "còn 2 ngày", "2 days left"),
        (NOW, "trễ chưa đến 1 phút", "under 1 min late"),
        (ago(minutes=5, seconds=40), "trễ 5 phút", "5 min late"),
        (ago(hours=26), "trễ 1 ngày 2 g", "1 day 2 h late"),
    ],
)
def test_says_what_is_left_and_never_rounds_in_our_favour(due: datetime, vietnamese: str, english: str) -> None:
    assert [wording.remaining(due, NOW, language) for language in ("vi", "en")] == [vietnamese, english]


@pytest.mark.parametrize(
    ("start", "due", "state", "percent", "rail"),
    [
        (ago(minutes=10), ahead(minutes=90), "plain", 10, "8.5"),
        (ago(minutes=79), ahead(minutes=21), "plain", 79, "67.2"),
        (ago(minutes=80), ahead(minutes=20), "soon", 80, "68.0"),
        (ago(minutes=100), NOW, "late", 100, "85.0"),
        (ago(minutes=105), ago(minutes=5), "late", 105, "85.0"),
        (ahead(minutes=5), ahead(minutes=10), "plain", 0, "0.0"),
        (None, ahead(minutes=1), "plain", None, "0.0"),
        (None, ago(minutes=1), "late", None, "0.0"),
    ],
)
def test_a_running_clock_warns_at_eighty_percent(
    start: datetime | None, due: datetime, state: str, percent: int | None, rail: str
) -> None:
    assert wording.clock_state(start, due, None, None, NOW) == wording.ClockState(state, percent, rail)


def test_a_clock_that_was_met_or_closed_stands_still() -> None:
    start, due = ago(minutes=60), ago(minutes=10)

    met = wording.clock_state(start, due, ago(minutes=35), None, NOW)
    closed = wording.clock_state(start, due, None, ago(minutes=5), NOW)

    assert (met.state, met.percent, met.rail) == ("met", 50, "42.5")
    assert (closed.state, closed.percent, closed.rail) == ("closed", 110, "85.0")


@pytest.mark.parametrize(
    ("met", "closed", "vietnamese", "english"),
    [
        (ago(minutes=13), None, "đạt, 47 trên 60 phút", "met, 47 of 60 min"),
        (ahead(minutes=3), None, "xong, trễ 3 phút", "met 3 min late"),
        (None, ago(minutes=13), "đã đóng", "closed"),
        (None, ahead(minutes=4), "đã đóng, trễ 4 phút", "closed 4 min late"),
        (None, None, "trễ chưa đến 1 phút", "under 1 min late"),
    ],
)
def test_an_ended_clock_says_how_it_ended_and_hides_no_delay(
    met: datetime | None, closed: datetime | None, vietnamese: str, english: str
) -> None:
    said = [wording.clock_words(ago(minutes=60), NOW, met, closed, NOW, language) for language in ("vi", "en")]

    assert said == [vietnamese, english]


def test_a_long_clock_that_was_met_counts_in_hours() -> None:
    assert wording.clock_words(ago(hours=30), NOW, ago(hours=10), None, NOW, "vi") == "đạt, sau 20 g"


@pytest.mark.parametrize(
    ("at", "vietnamese", "english"),
    [
        (datetime(2023, 5, 12, 14, 35, tzinfo=UTC), "21:35", "21:35"),
        (datetime(2023, 5, 12, 17, 0, tzinfo=UTC), "13/5 00:00", "13 May 00:00"),
        (datetime(2023, 5, 11, 9, 20, tzinfo=UTC), "11/5 16:20", "11 May 16:20"),
        (datetime(2022, 5, 11, 9, 20, tzinfo=UTC), "11/5/2022 16:20", "11 May 2022 16:20"),
    ],
)
def test_another_day_in_the_province_shows_its_date(at: datetime, vietnamese: str, english: str) -> None:
    assert [wording.time_of_day(at, NOW, language) for language in ("vi", "en")] == [vietnamese, english]


@pytest.mark.parametrize(
    ("since", "vietnamese", "english"),
    [
        (NOW, "0 ph", "0 minutes"),
        (ago(minutes=1), "1 ph", "1 minute"),
        (ago(minutes=46), "46 ph", "46 minutes"),
        (ago(hours=9, minutes=4), "9 g 04", "9 h 04"),
        (ago(days=2, hours=5), "2 ngày", "2 days"),
    ],
)
def test_age_is_short(since: datetime, vietnamese: str, english: str) -> None:
    assert [wording.age(since, NOW, language) for language in ("vi", "en")] == [vietnamese, english]


def test_uncertain_times_say_so() -> None:
    at = datetime(2023, 5, 12, 13, 40, tzinfo=UTC)

    assert wording.about(at, NOW, "vi") == "khoảng 20:40"
    assert wording.about(at, NOW, "vi", exactly=True) == "20:40"
    assert wording.as_of(at, NOW, "vi") == "tính đến 20:40"


def test_a_line_counts_as_late_from_the_third_minute() -> None:
    assert wording.late_by(ago(minutes=3), NOW, "vi") == "ghi muộn 3 phút"
    assert wording.late_by(ago(minutes=2, seconds=59), NOW, "vi") == ""


def test_holding_names_length_and_beginning() -> None:
    assert wording.held_for(ago(minutes=13), NOW, "vi") == "giữ 13 phút từ 22:31"


def test_papers_write_the_hour_out() -> None:
    at = datetime(2023, 5, 12, 14, 5, tzinfo=UTC)

    assert wording.formal_time(at, "vi") == "21 giờ 05"
    assert wording.formal(at, "vi") == "21 giờ 05 ngày 12/5/2023"
    assert wording.formal(at, "en") == "21:05 on 12 May 2023"


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Đỗ Hải Yến", "HY"),
        ("Phạm Quốc Lâm", "QL"),
        ("Lý Ánh", "LÁ"),
        ("Ngân", "NG"),
        ("Tạ (Hồng) Linh", "TL"),
        ("", ""),
    ],
)
def test_initials_are_those_a_vietnamese_is_called_by(name: str, letters: str) -> None:
    assert wording.initials(name) == letters
