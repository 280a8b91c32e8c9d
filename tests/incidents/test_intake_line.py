"""One line is enough."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisis_desk.incidents.intake_line import LATEST_AHEAD, Understood, latest_time, understand

# 02:20 in the province.
NOW = datetime(2026, 11, 23, 19, 20, tzinfo=UTC)


def test_the_line_of_a_night_is_understood_whole() -> None:
    line = "02:14 Cháy kho hoá chất KCN Phú Lộc Giang khoảng 01:50 /3 @coordinator"
    assert understand(line, NOW) == Understood(
        title="Cháy kho hoá chất KCN Phú Lộc Giang",
        place="KCN Phú Lộc Giang",
        severity=3,
        received_at=datetime(2026, 11, 23, 19, 14, tzinfo=UTC),
        occurred_at=datetime(2026, 11, 23, 18, 50, tzinfo=UTC),
        occurred_about=True,
        mentions=["coordinator"],
    )


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Cháy chợ", Understood("Cháy chợ")),
        ("Cháy chợ lúc 2h05", Understood("Cháy chợ", occurred_at=datetime(2026, 11, 23, 19, 5, tzinfo=UTC))),
        (
            "Cháy chợ, phường Giả Định 01:20 /3",
            Understood(
                "Cháy chợ, phường Giả Định", "phường Giả Định", 3,
                occurred_at=datetime(2026, 11, 23, 18, 20, tzinfo=UTC),
            ),
        ),
        (
            "Cháy chợ, xã Giả Định",
            Understood("Cháy chợ, xã Giả Định", place="xã Giả Định"),
        ),
        # Yesterday evening, for tonight's has not come yet.
        (
            "Ngộ độc khoảng 20 giờ 40",
            Understood("Ngộ độc", occurred_at=datetime(2026, 11, 23, 13, 40, tzinfo=UTC), occurred_about=True),
        ),
        ("Họp lúc 1:20 sáng mai", Understood("Họp sáng mai", occurred_at=datetime(2026, 11, 23, 18, 20, tzinfo=UTC))),
        ("Gọi 115 về vụ 37 người", Understood("Gọi 115 về vụ 37 người")),
        ("Tỷ lệ 3/4 bị ảnh hưởng", Understood("Tỷ lệ 3/4 bị ảnh hưởng")),
        ("Cháy /9", Understood("Cháy /9")),
    ],
)
def test_what_is_no_sign_stays_in_the_title(line: str, expected: Understood) -> None:
    assert understand(line, NOW) == expected


@given(st.integers(0, 23), st.integers(0, 59))
def test_a_time_of_day_is_never_ahead_nor_older_than_a_day(hour: int, minute: int) -> None:
    found = latest_time(f"{hour:02d}:{minute:02d}", NOW)
    assert NOW + LATEST_AHEAD - timedelta(days=1) < found <= NOW + LATEST_AHEAD


@given(st.text(max_size=300))
def test_no_line_breaks_the_reading(line: str) -> None:
    assert len(understand(line, NOW).title) <= len(line) * 4 + 1
