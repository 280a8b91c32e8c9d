"""Every setting, read once from the environment and refused with a sentence when it is wrong."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from crisis_desk.platform.loopback import is_loopback

PREFIX = "CRISIS_DESK_"


class WrongSetting(ValueError):
    """A setting can't be used; the message says which, why, and what would be right."""


def _setting(default: Any, meaning: str) -> Any:
    return field(default=default, metadata={"meaning": meaning})


@dataclass(frozen=True)
class Config:
    """The settings of one desk. Each is the environment variable CRISIS_DESK_<NAME>."""

    data: Path = _setting(Path("data"), "folder for database, keys and files")
    database_url: str = _setting("", "database; empty means SQLite in the data folder")
    redis_url: str = _setting("", "Redis between several processes; empty for one process")
    host: str = _setting("127.0.0.1", "address to listen on")
    port: int = _setting(8000, "port to listen on")
    public_url: str = _setting("", "address under which people reach the desk, for links and codes")
    secret_key: str = _setting("", "secret for cookies; empty means a file in the data folder")
    language: str = _setting("vi", "language before a person has chosen one: vi or en")
    session_idle_minutes: int = _setting(720, "minutes without use after which a session ends")
    session_days: int = _setting(7, "days after which a session ends in any case")
    draft_bytes: int = _setting(2_000_000, "largest draft of one statement, in bytes")
    request_bytes: int = _setting(4_000_000, "largest request, in bytes")
    pool_size: int = _setting(20, "database connections kept open by one process")
    log_level: str = _setting("INFO", "DEBUG, INFO, WARNING or ERROR")
    test_clock: str = _setting("", "file with seconds to shift the clock, for tests on loopback only")

    @property
    def resolved_database_url(self) -> str:
        """The database that is meant when none is named."""
        return self.database_url or f"sqlite:///{self.data.resolve() / 'desk.sqlite'}"

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach the desk."""
        return is_loopback(self.host)

    def cookie_secret(self) -> str:
        """The secret that signs cookies: as set, or kept in the data folder from the first start on."""
        if self.secret_key:
            return self.secret_key
        path = self.data / "keys" / "cookie-secret"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            path.touch(mode=0o600)
            path.write_text(secrets.token_hex(32))
        return path.read_text().strip()


def read_config(environment: Mapping[str, str], **overrides: Any) -> Config:
    """The settings in `environment`, with `overrides` from the command line. Raises `WrongSetting`."""
    values: dict[str, Any] = {}
    for setting in fields(Config):
        text = environment.get(PREFIX + setting.name.upper())
        if text is not None and text != "":
            values[setting.name] = _converted(setting.name, text, type(setting.default))
    values |= {name: value for name, value in overrides.items() if value is not None}
    _refuse_unknown(environment)
    config = Config(**values)
    _check(config)
    return config


def _converted(name: str, text: str, kind: type) -> Any:
    try:
        return kind(text)
    except ValueError as error:
        raise WrongSetting(f"{PREFIX}{name.upper()} is {text!r}, but must be a whole number.") from error


def _refuse_unknown(environment: Mapping[str, str]) -> None:
    known = {PREFIX + setting.name.upper() for setting in fields(Config)}
    for name in environment:
        if name.startswith(PREFIX) and name not in known and not name.startswith(PREFIX + "TEST_"):
            raise WrongSetting(f"{name} is no setting of the desk. See the list in README.md; correct or unset it.")


def _check(config: Config) -> None:
    try:
        backend = make_url(config.resolved_database_url).get_backend_name()
    except ArgumentError as error:
        raise WrongSetting(f"{PREFIX}DATABASE_URL can't be read as the address of a database.") from error
    rules = [
        (backend in {"sqlite", "postgresql"}, "DATABASE_URL must begin with sqlite:/// or postgresql+psycopg://"),
        (0 <= config.port <= 65535, "PORT must lie between 0 and 65535"),
        (config.language in {"vi", "en"}, "LANGUAGE must be vi or en"),
        (config.session_idle_minutes > 0, "SESSION_IDLE_MINUTES must be above zero"),
        (config.session_days > 0, "SESSION_DAYS must be above zero"),
        (10_000 <= config.draft_bytes <= 50_000_000, "DRAFT_BYTES must lie between 10000 and 50000000"),
        (100_000 <= config.request_bytes <= 100_000_000, "REQUEST_BYTES must lie between 100000 and 100000000"),
        (1 <= config.pool_size <= 500, "POOL_SIZE must lie between 1 and 500"),
        (config.log_level in {"DEBUG", "INFO", "WARNING", "ERROR"}, "LOG_LEVEL must be DEBUG, INFO, WARNING or ERROR"),
        (not config.secret_key or len(config.secret_key) >= 32, "SECRET_KEY needs at least 32 characters"),
        (not config.test_clock or config.is_loopback, "TEST_CLOCK is only for a desk that listens on loopback"),
    ]
    for is_right, sentence in rules:
        if not is_right:
            raise WrongSetting(f"{PREFIX}{sentence}.")
