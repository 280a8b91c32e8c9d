"""Connects the doors of every feature to the application: pages, endpoints, socket events, followers."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, Flask
from flask_socketio import SocketIO

from crisis_desk.api import routes as api_routes
from crisis_desk.incidents.routes import incidents
from crisis_desk.live_feed import sockets as live_sockets
from crisis_desk.live_feed.feed import LiveFeed
from crisis_desk.newsroom.routes import pages as newsroom_pages
from crisis_desk.people import routes as people_routes
from crisis_desk.people import signed_in
from crisis_desk.people import sockets as people_sockets
from crisis_desk.platform import web_health
from crisis_desk.platform.web import Desk
from crisis_desk.platform.web_api import api
from crisis_desk.reports.routes import pages as report_pages
from crisis_desk.reports.routes import reports
from crisis_desk.room.navigation import navigation
from crisis_desk.room.routes import entries
from crisis_desk.room.routes import pages as room_pages
from crisis_desk.statements import sockets as draft_sockets
from crisis_desk.statements.routes import pages as statement_pages
from crisis_desk.statements.routes import statements

ENDPOINTS = (incidents, entries, statements, reports, *people_routes.ENDPOINTS)
PAGES: tuple[Blueprint, ...] = (
    room_pages,
    statement_pages,
    report_pages,
    newsroom_pages,
    people_routes.pages,
    api_routes.pages,
    web_health.pages,
)


def connect(app: Flask, desk: Desk, socketio: SocketIO) -> None:
    """Registers everything that can be reached from outside."""
    desk.navigation = navigation
    signed_in.connect(app)
    people_sockets.connect(app)
    for endpoints in ENDPOINTS:
        api.register_blueprint(endpoints)
    for pages in PAGES:
        app.register_blueprint(pages)
    api_routes.open_document(app)
    live_sockets.register(socketio)
    draft_sockets.connect(app, socketio)
    feed = app.extensions["live_feed"] = LiveFeed(app, desk, socketio)
    feed.heard.append(partial(draft_sockets.tell_frozen, socketio))
