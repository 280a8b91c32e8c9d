"""Whether this process lives, and whether it can serve: for proxies and watchers, open to everybody."""

from __future__ import annotations

import logging

from flask import Blueprint, Response
from sqlalchemy.exc import SQLAlchemyError

from crisis_desk.platform.migrate import WrongSchema, check
from crisis_desk.platform.web import desk, public
from crisis_desk.platform.web_api import json_answer

log = logging.getLogger(__name__)
pages = Blueprint("health", __name__)


@pages.get("/health")
@public
def show_health() -> Response:
    """200 while the process answers at all."""
    return json_answer({"status": "ok"})


@pages.get("/ready")
@public
def show_readiness() -> Response:
    """200 when the store answers with the schema this code needs, else 503."""
    try:
        check(desk().database)
    except (SQLAlchemyError, WrongSchema):
        log.exception("the desk is not ready")
        return json_answer({"status": "not ready"}, 503)
    return json_answer({"status": "ready"})
