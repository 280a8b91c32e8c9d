"""The desk as a web application: configured, its features connected, its door closed."""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from gevent import spawn

import crisis_desk.features  # noqa: F401  every kind of entry must be known before the journal is read
from crisis_desk import doors
from crisis_desk.config import Config
from crisis_desk.journal.transaction import Journal
from crisis_desk.people.queries import has_demonstration_accounts
from crisis_desk.platform.clock import Clock, ShiftedClock, now
from crisis_desk.platform.database import Database
from crisis_desk.platform.live_transport import make_socketio
from crisis_desk.platform.look import furnish
from crisis_desk.platform.loopback import LoopbackOnly
from crisis_desk.platform.migrate import beside, check
from crisis_desk.platform.web import Desk, close_the_door
from crisis_desk.platform.web_api import api
from crisis_desk.platform.web_session import FormSessions
from crisis_desk.timed_jobs import TimedJobs


def create_app(config: Config, *, clock: Clock | None = None) -> Flask:
    """The desk as a web application. Raises `WrongSchema` when the database was laid out by another version."""
    dist = beside("static") / "dist"
    app = Flask(
        "crisis_desk", template_folder=str(beside("templates")), static_folder=str(dist), static_url_path="/static"
    )
    _configure(app, config)
    app.session_interface = FormSessions()
    database = Database(config.resolved_database_url, pool_size=config.pool_size)
    check(database)
    ticking = clock or the_clock(config)
    desk = Desk(config, database, Journal(database, ticking), ticking)
    app.extensions["desk"] = desk
    furnish(app, clock=ticking, dist=dist, default_language=config.language)
    # The API library brings its own handlers of errors; the desk's come after it and stand.
    api.init_app(app)
    close_the_door(app)
    socketio = make_socketio(app, redis_url=config.redis_url or None, max_message_bytes=config.request_bytes)
    desk.live = socketio
    doors.connect(app, desk, socketio)
    with database.reading() as session:
        desk.demonstration = has_demonstration_accounts(session)
    if desk.demonstration:
        app.wsgi_app = LoopbackOnly(app.wsgi_app)  # type: ignore[method-assign]
    return app


def the_clock(config: Config) -> Clock:
    """The real clock, or the one that a test moves."""
    return ShiftedClock(Path(config.test_clock)) if config.test_clock else now


def _configure(app: Flask, config: Config) -> None:
    app.config.update(
        SECRET_KEY=config.cookie_secret(),
        MAX_CONTENT_LENGTH=config.request_bytes,
        SESSION_COOKIE_NAME="desk_form",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=config.public_url.startswith("https:") or not config.is_loopback,
        # A page that lay open for a night must still be able to send what was typed in it.
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_CHECK_DEFAULT=False,
        SEND_FILE_MAX_AGE_DEFAULT=31_536_000,
        API_TITLE="crisis_desk",
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/api",
        OPENAPI_JSON_PATH="openapi.json",
    )


def start_followers(app: Flask) -> None:
    """Begins to follow the journal and the clock in this process; returns at once."""
    desk: Desk = app.extensions["desk"]
    app.extensions["live_feed"].start()
    spawn(TimedJobs(desk.journal, desk.config.data / "keys", desk.config.language).run)
