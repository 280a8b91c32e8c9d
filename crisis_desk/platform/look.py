"""What every template can say: icons, built files, the words of time, the reader's language and theme."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

from flask import Flask, g, has_request_context, request, url_for
from flask_babel import Babel
from markupsafe import Markup

from crisis_desk.platform import wording
from crisis_desk.platform.clock import Clock
from crisis_desk.platform.words import client_words, current_language, languages, pattern, plural_pattern

THEMES = ("light", "dark")
LANGUAGE_NAMES = {"vi": "Tiếng Việt", "en": "English"}

When = datetime | None


class BuiltFiles:
    """What ``static/build.mjs`` wrote, read again when it was built again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[str, tuple[int, dict[str, str]]] = {}

    def file_name(self, name: str) -> str:
        """The file that holds a bundle now, its name carrying a hash of the content. Raises KeyError."""
        return self._content("manifest.json")[name]

    def drawing(self, name: str) -> str:
        """The inner markup of an icon. Raises KeyError for one that no template or script named at set-up."""
        return self._content("icons.json")[name]

    def _content(self, name: str) -> dict[str, str]:
        path = self._folder / name
        changed = path.stat().st_mtime_ns
        known = self._read.get(name)
        if known is None or known[0] != changed:
            known = self._read[name] = (changed, json.loads(path.read_text()))
        return known[1]


def furnish(app: Flask, *, clock: Clock, dist: Path, default_language: str) -> None:
    """Gives the templates of ``app`` their words, marks and times."""
    Babel(app, default_locale=default_language, locale_selector=lambda: _chosen_language(default_language))
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    # Flask-Babel reads another folder; the desk's own catalogue is merged of the features'.
    app.jinja_env.install_gettext_callables(pattern, plural_pattern, newstyle=True)  # type: ignore[attr-defined]
    app.jinja_env.filters.update(_time_filters(clock), initials=wording.initials)
    app.jinja_env.globals.update(_globals(clock, BuiltFiles(dist)))


def _chosen_language(default: str) -> str:
    return _chosen("language", languages()) or default


def _chosen(name: str, allowed: list[str] | tuple[str, ...]) -> str | None:
    """The reader's choice: made on this device, or else kept with her account."""
    if not has_request_context():
        return None
    principal = g.get("principal")
    for choice in (request.cookies.get(name), getattr(getattr(principal, "person", None), name, None)):
        if choice in allowed:
            return choice
    return None


def theme() -> str | None:
    """``light`` or ``dark`` as the reader chose; None follows the system."""
    return _chosen("theme", THEMES)


def reader() -> Any:
    """The person who is signed in, or None."""
    principal = g.get("principal") if has_request_context() else None
    return getattr(principal, "person", None)


def _time_filters(clock: Clock) -> dict[str, Callable[..., str]]:
    """The words of time as filters: an instant in, what is read out, now and in the reader's language."""

    def spoken(say: Callable[..., str]) -> Callable[..., str]:
        return lambda at, **options: say(at, clock(), current_language(), **options)

    said = (wording.time_of_day, wording.about, wording.as_of, wording.age, wording.held_for, wording.remaining)
    filters = {say.__name__: spoken(say) for say in said}
    filters["day"] = lambda on: wording.day(_as_day(on), wording.local(clock()).date(), current_language())
    filters["formal"] = lambda at: wording.formal(at, current_language())
    filters["formal_time"] = lambda at: wording.formal_time(at, current_language())
    return filters


def _as_day(on: date | datetime) -> date:
    return wording.local(on).date() if isinstance(on, datetime) else on


def _globals(clock: Clock, built: BuiltFiles) -> dict[str, Callable[..., Any] | dict[str, str]]:
    def clock_state(start: When, due: datetime, met: When = None, closed: When = None) -> wording.ClockState:
        return wording.clock_state(start, due, met, closed, clock())

    def clock_words(start: When, due: datetime, met: When = None, closed: When = None) -> str:
        return wording.clock_words(start, due, met, closed, clock(), current_language())

    def late_by(occurred: datetime, recorded: datetime) -> str:
        return wording.late_by(occurred, recorded, current_language())

    def icon(name: str) -> Markup:
        # The drawing comes from the icon set built into the desk, never from what a person typed.
        drawing = Markup(built.drawing(name))  # noqa: S704
        return Markup('<svg class="i" viewBox="0 0 24 24" aria-hidden="true">{}</svg>').format(drawing)

    def asset(name: str) -> str:
        return url_for("static", filename=built.file_name(name))

    return {
        "asset": asset,
        "client_words": lambda: client_words(current_language()),
        "clock_state": clock_state,
        "clock_words": clock_words,
        "current_language": current_language,
        "icon": icon,
        "language_names": LANGUAGE_NAMES,
        "late_by": late_by,
        "now": clock,
        "reader": reader,
        "theme": theme,
    }
