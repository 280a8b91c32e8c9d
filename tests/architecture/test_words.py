"""Every sentence a person reads is there in Vietnamese, and nothing is translated that nobody says."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from babel.messages.catalog import Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po

from crisis_desk.platform.catalogue import client_messages
from crisis_desk.platform.words import CATALOGUES, languages
from tests.architecture.sources import calls, files, name_of

# The words that mark a message, with the positions of singular and plural.
SINGULAR = ("_", "N_", "lazy", "mark", "gettext", "translate", "pattern")
PLURAL = ("ngettext", "translate_plural", "plural_pattern")
TEMPLATES = {**dict.fromkeys(SINGULAR), **dict.fromkeys(PLURAL, (1, 2))}
# A call whose message is no text in quotes: nothing could find it.
UNREADABLE = re.compile(r"""(?<![\w.])tn?\((?!\s*")[^)]*\)?""")
PLACEHOLDER = re.compile(r"%\((\w+)\)s")
# Vietnamese has letters of its own in every sentence: one without them was left in English.
VIETNAMESE = re.compile(r"[^\x00-\x7f“”‘’–…%]")


@cache
def said() -> dict[str, str]:
    """Every message in Python, templates and scripts, with a file that says it."""
    found: dict[str, str] = {}
    for path in files("crisis_desk", ".py"):
        found |= dict.fromkeys(_said_in_python(path), name_of(path))
    for path in files("templates", ".html", ".txt", ".xml", ".svg"):
        found |= dict.fromkeys(_said_in_template(path), name_of(path))
    return found | dict.fromkeys(client_messages(), "static/src")


def _said_in_python(path: Path) -> Iterator[str]:
    # Read as syntax: an extractor of words would take `translate(data["reason"])` for the message "reason".
    for name, call in calls(path):
        for argument in call.args[: 1 if name in SINGULAR else 2 if name in PLURAL else 0]:
            branches = (argument.body, argument.orelse) if isinstance(argument, ast.IfExp) else (argument,)
            texts = (branch.value for branch in branches if isinstance(branch, ast.Constant))
            yield from (text for text in texts if isinstance(text, str))


def _said_in_template(path: Path) -> Iterator[str]:
    with path.open("rb") as source:
        for _, message, _, _ in extract("jinja2.ext:babel_extract", source, keywords=TEMPLATES):
            yield message if isinstance(message, str) else message[0]


@cache
def translated() -> dict[str, list[tuple[str, Message]]]:
    """Every translated message with the files that translate it."""
    found: dict[str, list[tuple[str, Message]]] = {}
    for path in sorted((CATALOGUES / "vi").glob("*.po")):
        with path.open("rb") as source:
            for message in read_po(source, locale="vi", abort_invalid=True):
                if message.id:
                    found.setdefault(_singular(message), []).append((path.name, message))
    return found


def _forms(message: Message) -> list[str]:
    return [message.id] if isinstance(message.id, str) else list(message.id)


def _singular(message: Message) -> str:
    return _forms(message)[0]


def _plurals() -> set[str]:
    """What is said of several: marked on its own in Python, translated with what is said of one."""
    messages = [message for found in translated().values() for _, message in found]
    return {str(message.id[1]) for message in messages if not isinstance(message.id, str)}


def _strings(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string or ())


def test_every_message_is_translated() -> None:
    missing = {(place, message) for message, place in said().items() if message not in {*translated(), *_plurals()}}
    assert sorted(missing) == []
    assert len(said()) > 100


def test_no_translation_is_empty_or_doubtful() -> None:
    doubtful = [
        (name, message.id)
        for found in translated().values()
        for name, message in found
        if message.fuzzy or not all(_strings(message))
    ]
    assert doubtful == []


def test_no_message_is_translated_that_nobody_says() -> None:
    unused = {(name, message) for message, found in translated().items() for name, _ in found if message not in said()}
    assert sorted(unused) == []


def test_a_script_says_its_messages_in_quotes() -> None:
    # Where they are found: by set-up, which gives the page their translation.
    unreadable = {
        (name_of(path), call)
        for path in files("static/src", ".js")
        if path.name != "words.js"
        for call in UNREADABLE.findall(path.read_text(encoding="utf-8"))
    }
    assert unreadable == set()


def test_features_agree_where_they_say_the_same() -> None:
    conflicts = {
        message: {name: _strings(entry) for name, entry in found}
        for message, found in translated().items()
        if len({tuple(_strings(entry)) for _, entry in found}) > 1
    }
    assert conflicts == {}


def test_a_translation_fills_the_same_places() -> None:
    different = {
        message
        for message, found in translated().items()
        for _, entry in found
        for string in _strings(entry)
        if not set(PLACEHOLDER.findall(string)) <= _places(entry)
        or (isinstance(entry.id, str) and set(PLACEHOLDER.findall(string)) != _places(entry))
    }
    assert different == set()


def _places(message: Message) -> set[str]:
    return {place for form in _forms(message) for place in PLACEHOLDER.findall(form)}


def test_a_translation_is_vietnamese() -> None:
    # A long sentence without one Vietnamese letter was left in English.
    untranslated = {
        message
        for message, found in translated().items()
        for _, entry in found
        if len(message.split()) > 3 and not any(map(VIETNAMESE.search, _strings(entry)))
    }
    assert untranslated == set()


def test_both_languages_can_be_chosen() -> None:
    assert languages() == ["vi", "en"]


def test_no_sentence_stands_bare_in_a_template() -> None:
    bare = {
        (name_of(path), text)
        for path in files("templates", ".html")
        for text in _bare_texts(path.read_text(encoding="utf-8"))
    }
    assert sorted(bare) == []


def _bare_texts(html: str) -> Iterator[str]:
    """What is left of a template without its marks, expressions and tags, where it has two words or more."""
    classes = r"\{% block \w+_class %\}.*?\{% endblock %\}"
    for gone in (classes, r"\{#.*?#\}", r"\{%\s*trans\b.*?endtrans\s*%\}", r"\{\{.*?\}\}", r"\{%.*?%\}", r"<!--.*?-->"):
        html = re.sub(gone, "", html, flags=re.DOTALL)
    html = re.sub(r"<(script|style)\b.*?</\1>", "\n", html, flags=re.DOTALL)
    html = re.sub(r"""<(?:[^<>"']|"[^"]*"|'[^']*')*>""", "\n", html)
    for line in html.replace("crisis_desk", "").split("\n"):
        # A tag that a macro cuts in two leaves attributes behind.
        words = re.findall(r"[^\W\d_]{2,}", re.sub(r"""[\w-]+=("[^"]*"|'[^']*')""", "", line))
        if len(words) > 1:
            yield line.strip()
