"""One catalogue per language, merged from the files the features keep beside each other.

Each feature owns ``translations/<language>/<feature>.po``; ``platform.po`` alone carries the header.
"""

import json
import re
from functools import cache
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

PACKAGE = Path(__file__).resolve().parents[1]
CATALOGUES = PACKAGE / "translations"
CLIENT_MESSAGES = CATALOGUES / "client.json"
SOURCE_LANGUAGE = "en"

# A script calls t("One row waits") and tn("%(num)s row", "%(num)s rows", count), often inside `…${t("…")}…`, where
# Babel's reader of scripts does not look.
_CLIENT_CALL = re.compile(r'''\btn?\(\s*("(?:[^"\\\n]|\\.)*")''')


class CatalogueConflict(ValueError):
    """Two features translate the same message differently."""


def languages() -> list[str]:
    """The codes of the languages a person may choose, Vietnamese first."""
    translated = sorted(path.name for path in CATALOGUES.iterdir() if (path / "platform.po").is_file())
    return [*translated, SOURCE_LANGUAGE]


def merged_catalogue(language: str = "vi") -> Catalog:
    """All features' messages of a language. Raises CatalogueConflict where two of them differ."""
    merged = Catalog(locale=language)
    for path in sorted((CATALOGUES / language).glob("*.po")):
        with path.open("rb") as source:
            for message in read_po(source, locale=language, abort_invalid=True):
                if message.id:
                    _merge(merged, message, path)
    return merged


def _merge(merged: Catalog, message: Message, path: Path) -> None:
    known = merged.get(message.id)
    if known is not None and known.string != message.string:
        raise CatalogueConflict(f"{path.name}: {message.id!r} is {known.string!r} elsewhere, {message.string!r} here")
    merged[message.id] = Message(message.id, message.string, flags=message.flags)


def compile_catalogue() -> list[Path]:
    """Write what a running desk reads, for every language, and say which files those are."""
    written = []
    for language in languages():
        if language != SOURCE_LANGUAGE:
            target = _compiled(language)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(_machine_form(language))
            written.append(target)
    if client_sources() is not None:
        CLIENT_MESSAGES.write_text(json.dumps(_extracted_client_messages(), ensure_ascii=False, indent=0))
        written.append(CLIENT_MESSAGES)
    return written


def load_catalogue(language: str) -> GNUTranslations:
    """The compiled catalogue, or, where a source is newer, one made from the sources in memory.

    Raises FileNotFoundError for a language nobody translated.
    """
    if not (CATALOGUES / language).is_dir():
        raise FileNotFoundError(f"no translation into {language}")
    compiled = _compiled(language)
    content = compiled.read_bytes() if _is_current(compiled, language) else _machine_form(language)
    return GNUTranslations(BytesIO(content))


@cache
def client_messages() -> tuple[str, ...]:
    """The messages the scripts use, from the scripts themselves in a checkout, else as noted at set-up."""
    if client_sources() is not None:
        return tuple(_extracted_client_messages())
    return tuple(json.loads(CLIENT_MESSAGES.read_text()))


def client_sources() -> Path | None:
    """Where the scripts' sources lie; an installed package has none."""
    sources = PACKAGE.parent / "static" / "src"
    return sources if sources.is_dir() else None


def _extracted_client_messages() -> list[str]:
    found: set[str] = set()
    for path in (client_sources() or PACKAGE).rglob("*.js"):
        found.update(json.loads(text) for text in _CLIENT_CALL.findall(path.read_text(encoding="utf-8")))
    return sorted(found)


def _compiled(language: str) -> Path:
    return CATALOGUES / language / "LC_MESSAGES" / "messages.mo"


def _is_current(compiled: Path, language: str) -> bool:
    sources = list((CATALOGUES / language).glob("*.po"))
    if not compiled.is_file():
        return False
    return all(source.stat().st_mtime <= compiled.stat().st_mtime for source in sources)


def _machine_form(language: str) -> bytes:
    content = BytesIO()
    write_mo(content, merged_catalogue(language))
    return content.getvalue()
