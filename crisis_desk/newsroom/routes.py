"""The newsroom, open to everybody, and its rehearsal for drills, which stays behind sign-in."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from datetime import UTC, datetime

import orjson
import segno
from flask import Blueprint, Response, make_response, render_template, request, url_for
from markupsafe import Markup
from sqlalchemy.orm import Session

from crisis_desk.newsroom.notices import (
    Notice,
    NoticePage,
    mark_of,
    notice_page,
    notices,
    overdue,
    press_contact,
    publishers,
    running,
)
from crisis_desk.platform.clock import instant_text
from crisis_desk.platform.errors import Invalid
from crisis_desk.platform.web import desk, public
from crisis_desk.platform.words import N_, current_language, translate

pages = Blueprint("newsroom", __name__)

# A correction must be seen within a minute; until then a thousand readers cost the desk one answer.
FRESH_SECONDS = 30
NEWSROOM = N_("Newsroom")
# A feed that holds nothing yet must still say since when.
EMPTY_SINCE = datetime(2023, 5, 2, tzinfo=UTC)


@pages.get("/newsroom/")
@public
def show_newsroom() -> Response:
    """What has been released, the newest first."""
    with desk().database.reading() as session:
        return _cached(_list(session, drill=False))


@pages.get("/newsroom/feed.atom")
@public
def show_atom_feed() -> Response:
    """The latest notices as an Atom feed (RFC 4287)."""
    with desk().database.reading() as session:
        shown, _following = notices(session, drill=False)
        page = render_template("newsroom/feed.xml", notices=shown, updated=_updated(shown), address=_address)
    response = _marked(page, mark_of(shown, "atom"))
    response.mimetype = "application/atom+xml"
    return _cached(response)


@pages.get("/newsroom/feed.json")
@public
def show_json_feed() -> Response:
    """The latest notices as a JSON Feed, version 1.1."""
    with desk().database.reading() as session:
        shown, _following = notices(session, drill=False)
        body = {
            "version": "https://jsonfeed.org/version/1.1",
            "title": translate(NEWSROOM, current_language()),
            "home_page_url": _address(),
            "feed_url": f"{_address()}feed.json",
            "items": [_feed_item(one) for one in shown],
        }
    response = _marked(orjson.dumps(body).decode(), mark_of(shown, f"json|{current_language()}"))
    response.mimetype = "application/feed+json"
    return _cached(response)


@pages.get("/newsroom/<statement_id>")
@public
def show_notice(statement_id: str) -> Response:
    """One released statement, with what corrects or replaces it."""
    with desk().database.reading() as session:
        return _cached(_one(session, statement_id, drill=False))


@pages.get("/rehearsal/newsroom/")
def show_rehearsal() -> Response:
    """What drills would have released; nobody sees it without signing in."""
    with desk().database.reading() as session:
        return _list(session, drill=True)


@pages.get("/rehearsal/newsroom/<statement_id>")
def show_rehearsed_notice(statement_id: str) -> Response:
    """One statement that a drill would have released."""
    with desk().database.reading() as session:
        return _one(session, statement_id, drill=True)


def _list(session: Session, *, drill: bool) -> Response:
    now, after = desk().clock(), _cursor()
    shown, following = notices(session, drill=drill, after=after)
    page = render_template(
        "newsroom/list.html",
        notices=shown,
        running=running(shown, now) if after is None else [],
        overdue={one.statement.id for one in overdue(shown, now)},
        publishers=publishers(shown),
        following=_text_of(following) if following else None,
        drill=drill,
        **_ground(drill),
    )
    return _marked(page, mark_of(shown, _extra(now, shown)))


def _one(session: Session, statement_id: str, *, drill: bool) -> Response:
    now, language = desk().clock(), current_language()
    page = notice_page(session, statement_id, drill=drill, language=language, now=now)
    html = render_template(
        "newsroom/notice.html",
        page=page,
        notice=page.notice,
        statement=page.notice.statement,
        contact=press_contact(session, now, language),
        qr=_qr(page.notice, drill),
        publishers=[page.notice.statement.issuer_name],
        drill=drill,
        **_ground(drill),
    )
    return _marked(html, mark_of([page.notice, *page.others], _extra(now, _all(page))))


def _feed_item(notice: Notice) -> dict[str, object]:
    statement = notice.statement
    assert statement.released_at is not None
    return {
        "id": f"urn:uuid:{statement.id}",
        "url": f"{_address()}{statement.id}",
        "title": notice.title,
        "summary": notice.summary,
        "content_text": notice.text,
        "language": statement.language,
        "authors": [{"name": statement.issuer_name}],
        "date_published": instant_text(statement.released_at),
        "date_modified": instant_text(notice.changed_at),
        "_crisis_desk": {"code": notice.code, "state": statement.state, "text_sha256": statement.final_sha256},
    }


def _address() -> str:
    """The newsroom's own address as readers reach it."""
    return f"{(desk().config.public_url or request.host_url).rstrip('/')}{url_for('newsroom.show_newsroom')}"


def _updated(shown: Sequence[Notice]) -> str:
    return instant_text(max((one.changed_at for one in shown), default=EMPTY_SINCE))


def _all(page: NoticePage) -> list[Notice]:
    return [page.notice, *page.others]


def _ground(drill: bool) -> dict[str, str]:
    start = url_for("newsroom.show_rehearsal" if drill else "newsroom.show_newsroom")
    return {"start": start}


def _extra(now: datetime, shown: Sequence[Notice]) -> str:
    """What else changes a page: the reader's language, and notices that went stale in the meantime."""
    stale = ",".join(one.statement.id for one in overdue(shown, now))
    return f"{current_language()}|{request.args.get('after', '')}|{stale}"


def _marked(html: str, mark: str) -> Response:
    response = make_response(html)
    response.set_etag(mark)
    response.make_conditional(request)
    return response


def _cached(response: Response) -> Response:
    """May be kept by anybody for a moment: it is the same for all, but for the language that was asked for."""
    response.headers["Cache-Control"] = f"public, max-age={FRESH_SECONDS}"
    response.headers["Vary"] = "Cookie"
    return response


def _qr(notice: Notice, drill: bool) -> Markup:
    """The page's own address as a picture in the page, so that a printed copy leads back to it."""
    endpoint = "newsroom.show_rehearsed_notice" if drill else "newsroom.show_notice"
    path = url_for(endpoint, statement_id=notice.statement.id)
    address = f"{(desk().config.public_url or request.host_url).rstrip('/')}{path}"
    drawn = io.BytesIO()
    code = segno.make(address, error="m", micro=False)
    code.save(drawn, kind="svg", xmldecl=False, svgns=True, svgclass="qr", lineclass=None, omitsize=True, border=2)
    return Markup(drawn.getvalue().decode())  # noqa: S704 - drawn here from the desk's own address.


def _cursor() -> list[str] | None:
    text = request.args.get("after")
    if not text:
        return None
    try:
        found = orjson.loads(base64.urlsafe_b64decode(text + "=="))
    except ValueError as error:
        raise Invalid(errors={"after": [N_("This is no cursor of the desk.")]}) from error
    if not isinstance(found, list) or len(found) != 2 or not all(isinstance(part, str) for part in found):
        raise Invalid(errors={"after": [N_("This is no cursor of the desk.")]})
    return found


def _text_of(cursor: list[str]) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(cursor)).decode().rstrip("=")
