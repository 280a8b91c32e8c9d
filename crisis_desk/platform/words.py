"""Every sentence a person reads: English in the code, another language from the catalogue.

A message is always formatted, with values or without, here as in templates and scripts: placeholders are
``%(name)s`` and a percent sign is written ``%%``.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from gettext import GNUTranslations, NullTranslations
from typing import cast

from flask import current_app, has_request_context
from flask_babel import get_locale

from crisis_desk.platform.catalogue import (
    CATALOGUES,
    SOURCE_LANGUAGE,
    client_messages,
    compile_catalogue,
    languages,
    load_catalogue,
    merged_catalogue,
)

DEFAULT_LANGUAGE = "vi"

_spoken: ContextVar[str | None] = ContextVar("spoken_language", default=None)


def current_language() -> str:
    """The code of the language spoken now: that of ``speaking``, else the reader's, else Vietnamese."""
    spoken = _spoken.get()
    if spoken is not None:
        return spoken
    if not has_request_context() or "babel" not in current_app.extensions:
        return DEFAULT_LANGUAGE
    locale = get_locale()
    return locale.language if locale is not None else DEFAULT_LANGUAGE


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Within, every sentence is in this language, whoever asks: for fragments, papers and mail."""
    token = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(token)


def translate(message: "str | LazyText", language: str, /, **values: object) -> str:
    """The sentence in the given language, needing neither request nor application.

    A message without translation is given in English. Raises KeyError when a placeholder gets no value.
    """
    if isinstance(message, LazyText):
        return message.spoken(language)
    return _filled(_translations(language).gettext(message), language, values)


def translate_plural(singular: str, plural: str, number: int, language: str, **values: object) -> str:
    """Like ``translate``, in the form the number asks for; ``%(num)s`` is the number."""
    text = _translations(language).ngettext(singular, plural, number)
    return _filled(text, language, {"num": number, **values})


def pattern(message: str) -> str:
    """The message in the language spoken now, its placeholders still in place: templates fill them, escaped."""
    return _translations(current_language()).gettext(message)


def plural_pattern(singular: str, plural: str, number: int) -> str:
    """Like ``pattern``, in the form the number asks for."""
    return _translations(current_language()).ngettext(singular, plural, number)


class LazyText:
    """A sentence that takes its language when it is turned into text.

    Flask-Babel's own lazy string calls itself safe HTML whatever it holds, so a value typed by a person would
    reach the page unescaped; this one is escaped like any text.
    """

    __slots__ = ("_message", "_number", "_plural", "_values")

    def __init__(self, message: str, values: dict[str, object], plural: str = "", number: int | None = None) -> None:
        self._message = message
        self._values = values
        self._plural = plural
        self._number = number

    def spoken(self, language: str) -> str:
        """The sentence in one language."""
        if self._number is None:
            return translate(self._message, language, **self._values)
        return translate_plural(self._message, self._plural, self._number, language, **self._values)

    def __str__(self) -> str:
        return self.spoken(current_language())

    def __repr__(self) -> str:
        return f"LazyText({self._message!r})"

    def __format__(self, specification: str) -> str:
        return format(str(self), specification)

    def format(self, *args: object, **values: object) -> str:
        """As ``str.format``: marshmallow fills its messages that way."""
        return str(self).format(*args, **values)

    def __eq__(self, other: object) -> bool:
        return str(self) == str(other) if isinstance(other, str | LazyText) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._message)

    def __bool__(self) -> bool:
        return bool(self._message)

    def __len__(self) -> int:
        return len(str(self))

    def __contains__(self, part: str) -> bool:
        return part in str(self)

    def __add__(self, other: object) -> str:
        return str(self) + str(other)

    def __radd__(self, other: str) -> str:
        return other + str(self)


def lazy(message: str, **values: object) -> str:
    """A sentence translated when it is shown.

    Typed as text because it stands wherever a text may; whoever stores or serialises one calls ``str`` on it.
    """
    return cast(str, LazyText(message, values))


def ngettext(singular: str, plural: str, number: int, **values: object) -> str:
    """A lazy sentence in the form the number asks for; ``%(num)s`` is the number."""
    return cast(str, LazyText(singular, values, plural, number))


def mark(message: str) -> str:
    """The message itself: marks it for the catalogue, to be translated where it is read."""
    return message


_ = lazy
N_ = mark


def client_words(language: str) -> dict[str, str]:
    """What scripts say, message to translation; empty for English, whose messages are the words."""
    if language == SOURCE_LANGUAGE:
        return {}
    translations = _translations(language)
    return {message: translations.gettext(message) for message in client_messages()}


@cache
def _translations(language: str) -> NullTranslations | GNUTranslations:
    return NullTranslations() if language == SOURCE_LANGUAGE else load_catalogue(language)


def _filled(text: str, language: str, values: dict[str, object]) -> str:
    spoken = {name: v.spoken(language) if isinstance(v, LazyText) else v for name, v in values.items()}
    return text % spoken


__all__ = [
    "CATALOGUES",
    "DEFAULT_LANGUAGE",
    "N_",
    "SOURCE_LANGUAGE",
    "LazyText",
    "_",
    "client_words",
    "compile_catalogue",
    "current_language",
    "languages",
    "merged_catalogue",
    "ngettext",
    "pattern",
    "plural_pattern",
    "speaking",
    "translate",
    "translate_plural",
]

if __name__ == "__main__":
    for written in compile_catalogue():
        sys.stdout.write(f"{written}\n")
