"""Dates and times as papers write them (Decree 30/2020, Appendix I): leading zeros for days below ten and for
January and February only, and 21 giờ 35 for a time of day.
"""

from datetime import date, datetime, tzinfo

from crisis_desk.paper.numbers import Language, leading_zero

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_BLANK_DATE: dict[Language, str] = {
    "vi": "ngày\u00a0\u00a0\u00a0\u00a0 tháng\u00a0\u00a0\u00a0\u00a0 năm\u00a0\u00a0\u00a0\u00a0\u00a0\u00a0",
    "en": "date:\u00a0" + "\u00a0" * 16,
}


def long_date(day: date | None, language: Language = "vi") -> str:
    """ngày 05 tháng 5 năm 2023, or 5 May 2023; without a date a form to be filled in by hand."""
    if day is None:
        return _BLANK_DATE[language]
    if language == "en":
        return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
    return f"ngày {leading_zero(day.day)} tháng {_month(day)} năm {day.year}"


def short_date(day: date, language: Language = "vi") -> str:
    """05/5/2023, or 5 May 2023."""
    return long_date(day, "en") if language == "en" else f"{leading_zero(day.day)}/{_month(day)}/{day.year}"


def time_of_day(instant: datetime, zone: tzinfo, language: Language = "vi") -> str:
    """21 giờ 35, or 21:35, in the given time zone."""
    local = _local(instant, zone)
    return f"{local:%H:%M}" if language == "en" else f"{leading_zero(local.hour)} giờ {leading_zero(local.minute)}"


def date_and_time(instant: datetime, zone: tzinfo, language: Language = "vi") -> str:
    """21 giờ 35 ngày 12/5/2023, or 21:35 on 12 May 2023, in the given time zone."""
    day = short_date(_local(instant, zone).date(), language)
    joint = "on" if language == "en" else "ngày"
    return f"{time_of_day(instant, zone, language)} {joint} {day}"


def _local(instant: datetime, zone: tzinfo) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("A moment on a paper needs a time zone.")
    return instant.astimezone(zone)


def _month(day: date) -> str:
    return leading_zero(day.month) if day.month <= 2 else str(day.month)
