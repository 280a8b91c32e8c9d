"""The words of time, as people at the desk say them: pure functions, twice the same in page and script.

``static/src/wording.js`` says the same with the same messages. Every instant is aware; what is read on the
screen is the wall clock of Asia/Ho_Chi_Minh.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from babel.dates import format_date

from crisis_desk.platform.clock import PROVINCE
from crisis_desk.platform.words import N_, translate, translate_plural

State = Literal["plain", "soon", "late", "met", "closed"]

# Look, "Clock": the rail is cut at 50, 80 and 100 % of the time allowed, and 100 % lies at 85 % of its length,
# so that what runs over has room to be seen.
SOON_PERCENT = 80
RAIL_LENGTH_PERCENT = 85
# Nobody types faster than this after the event; a mark on every line would mark nothing.
LATE_RECORD = timedelta(minutes=3)

_MINUTE = 60
_HOUR = 60 * _MINUTE
_DAY = 24 * _HOUR
_DATE_PATTERNS = {"vi": ("d/M", "d/M/y"), "en": ("d MMM", "d MMM y")}


@dataclass(frozen=True)
class ClockState:
    """How a clock stands: its state, the share of the time allowed that is used, and the rail's width."""

    state: State
    percent: int | None
    """Whole percent of the time from start to due that is used, above 100 when late; None without a start."""
    rail: str
    """Width of the bar in a rail 100 wide, as an SVG attribute."""


def local(at: datetime) -> datetime:
    """The instant on the wall clock of the desk."""
    return at.astimezone(PROVINCE)


def length(span: timedelta, language: str) -> str:
    """A length of time, rounded down: ``12 phút``, ``1 g 52 phút``, ``1 ngày 9 g``."""
    seconds = int(span.total_seconds())
    if seconds < _MINUTE:
        return translate(N_("under 1 min"), language)
    if seconds < _HOUR:
        return translate(N_("%(minutes)s min"), language, minutes=seconds // _MINUTE)
    if seconds < _DAY:
        return _hours_and_minutes(seconds, language)
    return _days_and_hours(seconds, language)


def remaining(due: datetime, now: datetime, language: str) -> str:
    """What is left until due, or how late it is: ``còn 12 phút``, ``trễ 5 phút``."""
    if now < due:
        return translate(N_("%(span)s left"), language, span=length(due - now, language))
    return translate(N_("%(span)s late"), language, span=length(now - due, language))


def clock_words(
    start: datetime | None,
    due: datetime,
    met: datetime | None,
    closed: datetime | None,
    now: datetime,
    language: str,
) -> str:
    """What a clock says: what is left, how late it is, or how it ended."""
    if met is not None:
        return _met_words(start, due, met, language)
    if closed is None:
        return remaining(due, now, language)
    if closed <= due:
        return translate(N_("closed"), language)
    return translate(N_("closed %(span)s late"), language, span=length(closed - due, language))


def clock_state(
    start: datetime | None, due: datetime, met: datetime | None, closed: datetime | None, now: datetime
) -> ClockState:
    """How a clock stands at ``now``; one that was met or closed stands still at that instant."""
    ended = met or closed
    percent = _percent(start, due, ended or now)
    width = 0.0 if percent is None else min(percent, 100) * RAIL_LENGTH_PERCENT / 100
    return ClockState(_state(due, met, closed, now, percent), percent, f"{width:.1f}")


def time_of_day(at: datetime, now: datetime, language: str) -> str:
    """``21:35``; on another day than today with its date, ``11/5 16:20``."""
    clock = f"{local(at):%H:%M}"
    if local(at).date() == local(now).date():
        return clock
    return f"{day(local(at).date(), local(now).date(), language)} {clock}"


def day(on: date, today: date, language: str) -> str:
    """``11/5``, in another year ``11/5/2022``; in English ``11 May``, so that nobody reads it as 5 November."""
    same_year, other_year = _DATE_PATTERNS[language]
    return format_date(on, same_year if on.year == today.year else other_year, locale=language)


def about(at: datetime, now: datetime, language: str, *, exactly: bool = False) -> str:
    """``khoảng 20:40``, or the plain time where it is known exactly."""
    time = time_of_day(at, now, language)
    return time if exactly else translate(N_("about %(time)s"), language, time=time)


def as_of(at: datetime, now: datetime, language: str) -> str:
    """``tính đến 21:35``: the time a figure holds for."""
    return translate(N_("as of %(time)s"), language, time=time_of_day(at, now, language))


def age(since: datetime, now: datetime, language: str) -> str:
    """How old, as short as a column needs: ``8 ph``, ``1 g 39``, ``2 ngày``."""
    seconds = max(int((now - since).total_seconds()), 0)
    if seconds < _HOUR:
        return translate_plural(N_("%(num)s minute"), N_("%(num)s minutes"), seconds // _MINUTE, language)
    if seconds < _DAY:
        minutes = f"{seconds % _HOUR // _MINUTE:02}"
        return translate(N_("%(hours)s h %(minutes)s"), language, hours=seconds // _HOUR, minutes=minutes)
    return translate_plural(N_("%(num)s day"), N_("%(num)s days"), seconds // _DAY, language)


def held_for(since: datetime, now: datetime, language: str) -> str:
    """How long somebody has had the text: ``giữ 13 phút từ 22:31``."""
    return translate(
        N_("held %(span)s since %(time)s"),
        language,
        span=length(now - since, language),
        time=time_of_day(since, now, language),
    )


def late_by(occurred: datetime, recorded: datetime, language: str) -> str:
    """``ghi muộn 3 phút`` where a line was written down late, else nothing."""
    delay = recorded - occurred
    if delay < LATE_RECORD:
        return ""
    return translate(N_("noted %(span)s late"), language, span=length(delay, language))


def formal_time(at: datetime, language: str) -> str:
    """The time of day on papers and public pages: ``21 giờ 35``."""
    return translate(N_("%(hour)s:%(minute)s"), language, hour=f"{local(at):%H}", minute=f"{local(at):%M}")


def formal(at: datetime, language: str) -> str:
    """Time and date on papers and public pages: ``21 giờ 35 ngày 12/5/2023``."""
    on = format_date(local(at).date(), _DATE_PATTERNS[language][1], locale=language)
    return translate(N_("%(time)s on %(date)s"), language, time=formal_time(at, language), date=on)


def initials(name: str) -> str:
    """Two letters for a small plate; a Vietnamese is called by the last two words of the name."""
    words = [word for word in name.split() if word[0].isalnum()]
    if len(words) < 2:
        return "".join(words)[:2].upper()
    return (words[-2][0] + words[-1][0]).upper()


def _hours_and_minutes(seconds: int, language: str) -> str:
    hours, minutes = seconds // _HOUR, seconds % _HOUR // _MINUTE
    if minutes == 0:
        return translate(N_("%(hours)s h"), language, hours=hours)
    return translate(N_("%(hours)s h %(minutes)s min"), language, hours=hours, minutes=minutes)


def _days_and_hours(seconds: int, language: str) -> str:
    days, hours = seconds // _DAY, seconds % _DAY // _HOUR
    text = translate_plural(N_("%(num)s day"), N_("%(num)s days"), days, language)
    return f"{text} {translate(N_('%(hours)s h'), language, hours=hours)}" if hours else text


def _met_words(start: datetime | None, due: datetime, met: datetime, language: str) -> str:
    if met > due:
        return translate(N_("met %(span)s late"), language, span=length(met - due, language))
    if start is None:
        return translate(N_("met"), language)
    used, allowed = (int((end - start).total_seconds()) // _MINUTE for end in (met, due))
    if allowed < _DAY // _MINUTE:
        return translate(N_("met, %(used)s of %(allowed)s min"), language, used=max(used, 0), allowed=allowed)
    return translate(N_("met in %(span)s"), language, span=length(max(met - start, timedelta()), language))


def _percent(start: datetime | None, due: datetime, at: datetime) -> int | None:
    if start is None or due <= start:
        return None
    return max(int((at - start) / (due - start) * 100), 0)


def _state(due: datetime, met: datetime | None, closed: datetime | None, now: datetime, percent: int | None) -> State:
    if met is not None:
        return "met"
    if closed is not None:
        return "closed"
    if now >= due:
        return "late"
    return "soon" if percent is not None and percent >= SOON_PERCENT else "plain"
