"""Passwords: what is accepted, and Argon2 that never holds up the other people on the desk."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

import gevent
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from gevent import monkey

from crisis_desk.platform.words import _

SHORTEST = 10
LONGEST = 200

# OWASP's smallest Argon2id setting: a small server answers in some hundredths of a second, ten at once take 190 MiB.
_hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)

T = TypeVar("T")


def off_the_hub(function: Callable[..., T], *args: Any) -> T:
    """Calls `function` in a real thread where greenlets share this one, so that they run on meanwhile."""
    if monkey.is_module_patched("threading"):
        result: T = gevent.get_hub().threadpool.apply(function, args)
        return result
    return function(*args)


def canonical(password: str) -> str:
    """The same password whichever way the keyboard composes its Vietnamese letters."""
    return unicodedata.normalize("NFKC", password)


def hash_password(password: str) -> str:
    """The Argon2id hash to keep."""
    return off_the_hub(_hasher.hash, canonical(password))


def is_password(password_hash: str | None, password: str) -> bool:
    """Whether the password belongs to the hash. Without a hash it takes as long, and the answer is no."""
    return off_the_hub(_verify, password_hash or _dummy_hash(), canonical(password)) and password_hash is not None


def needs_new_hash(password_hash: str) -> bool:
    """Whether the hash was made with weaker settings than today's."""
    return _hasher.check_needs_rehash(password_hash)


def faults(password: str, *, name: str, email: str) -> list[str]:
    """Why this can't be the person's password, as sentences; empty when it can."""
    text = canonical(password).casefold()
    found = []
    if len(text) < SHORTEST:
        found.append(_("Use at least %(count)s characters; a few words together are easy to remember.", count=SHORTEST))
    if len(text) > LONGEST:
        found.append(_("Use at most %(count)s characters.", count=LONGEST))
    if len(set(text)) < 4 or text in _own_words(name, email):
        found.append(_("This is too easy to guess. Choose one that neither your name nor your address gives away."))
    return found


def _own_words(name: str, email: str) -> set[str]:
    folded = {canonical(text).casefold() for text in (name, name.replace(" ", ""), email, email.partition("@")[0])}
    return folded | {f"{word}{digits}" for word in folded for digits in ("1", "123", "1234", "@123")}


def _verify(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


@cache
def _dummy_hash() -> str:
    return _hasher.hash("nobody has this password")
