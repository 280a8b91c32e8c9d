"""Law three and default deny: one door, closed to whoever is not signed in, but for a list that one can see here."""

from __future__ import annotations

import ast
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from crisis_desk.platform.live import handled
from tests.architecture.sources import files, name_of, tree

# Everything that a stranger may ask for. What is added here is open to the whole world.
PUBLIC = {
    # Signing in, and setting a password or a second factor while that is not finished.
    ("GET", "/sign-in"),
    ("POST", "/sign-in"),
    ("GET", "/sign-in/second-factor"),
    ("POST", "/sign-in/second-factor"),
    ("GET", "/account/second-factor"),
    ("POST", "/account/second-factor"),
    ("GET", "/link/<token>"),
    ("POST", "/link/<token>"),
    ("POST", "/sign-out"),
    # What was released, and the keys to check it with.
    ("GET", "/newsroom/"),
    ("GET", "/newsroom/feed.atom"),
    ("GET", "/newsroom/feed.json"),
    ("GET", "/newsroom/<statement_id>"),
    ("GET", "/.well-known/crisis-desk-keys.json"),
    # How programs speak to the desk, and whether it is well.
    ("GET", "/api/openapi.json"),
    ("GET", "/api/docs"),
    ("GET", "/health"),
    ("GET", "/ready"),
}
# The connection itself: a stranger's is refused, and leaving is nobody's business.
CONNECTION = {"connect", "disconnect"}
EVENTS = {"watch", "unwatch", "draft:open", "draft:close", "draft:update", "draft:presence"}
ANSWERED_BY_FLASK = {"HEAD", "OPTIONS"}
ARGUMENT = re.compile(r"<(?:[^:<>]+:)?([^<>]+)>")


@pytest.fixture
def stranger(app: Flask) -> FlaskClient:
    """Somebody without a session; the proof against forgery is not what is tried here."""
    app.config["WTF_CSRF_METHODS"] = set()
    return app.test_client()


def _doors(app: Flask) -> list[tuple[str, Rule]]:
    """Every method of every route but the built files."""
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]
    return [(method, rule) for rule in rules for method in sorted((rule.methods or set()) - ANSWERED_BY_FLASK)]


def _address(rule: Rule) -> str:
    return ARGUMENT.sub("1", rule.rule)


def test_the_routes_that_say_they_are_public_are_those_listed(app: Flask) -> None:
    views = app.view_functions
    said = {
        (method, rule.rule) for method, rule in _doors(app) if getattr(views[rule.endpoint], "is_public", False)
    }
    assert said == PUBLIC


def test_every_other_route_turns_a_stranger_away(app: Flask, stranger: FlaskClient) -> None:
    closed = [(method, rule) for method, rule in _doors(app) if (method, rule.rule) not in PUBLIC]
    open_doors = {
        (method, rule.rule, answer.status_code)
        for method, rule in closed
        if not _turned_away(answer := stranger.open(_address(rule), method=method), rule)
    }
    assert open_doors == set()
    assert len(closed) > 10


def _turned_away(answer: object, rule: Rule) -> bool:
    status, location = answer.status_code, answer.headers.get("Location", "")  # type: ignore[attr-defined]
    return status == 401 or (status == 302 and location.startswith("/sign-in") and not rule.rule.startswith("/api"))


def test_a_page_never_writes(app: Flask) -> None:
    # Pages are read; what changes something goes to /api/v1, or is one of the plain forms of accounts, which must
    # work where scripts do not.
    forms = re.compile(r"^/(sign-in|sign-out|account|link|people|organisations|functions)\b")
    writing = {(method, rule.rule) for method, rule in _doors(app) if method != "GET"}
    assert {door for door in writing if not door[1].startswith("/api/v1/") and not forms.match(door[1])} == set()


def test_a_get_below_the_api_writes_nothing() -> None:
    opened = set()
    changing = re.compile(r"POST|PUT|PATCH|DELETE|\.(post|put|patch|delete)\(")
    for path in [path for path in files("crisis_desk", ".py") if "routes" in {path.stem, path.parent.name}]:
        for function in [node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef)]:
            decorators = " ".join(map(ast.unparse, function.decorator_list))
            reads = re.search(r"\.(get|route)\(", decorators) and not changing.search(decorators)
            if reads and re.search(r"\b(writing|transaction)\(", ast.unparse(function)):
                opened.add((name_of(path), function.name))
    assert opened == set()


def test_the_socket_events_are_those_listed_and_all_behind_the_door(app: Flask) -> None:
    socketio = app.extensions["desk"].live
    assert set(socketio.server.handlers) == {"/"}
    assert set(socketio.server.handlers["/"]) == EVENTS | CONNECTION
    assert set(handled) == EVENTS


def test_no_socket_event_is_registered_past_the_door() -> None:
    registering = {
        (name_of(path), ast.unparse(node.args[0]))
        for path in files("crisis_desk", ".py")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and re.search(r"\.(on|on_event)$", ast.unparse(node.func)) and node.args
        if "socket" in ast.unparse(node.func)
    }
    assert {event for _, event in registering} == {"'connect'", "'disconnect'", "event"}


def test_a_stranger_gets_no_connection(app: Flask) -> None:
    client = app.extensions["desk"].live.test_client(app, auth={"token": "cd_nobody"})
    assert not client.is_connected()
