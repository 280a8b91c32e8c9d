"""The report as a file, in every form it can be taken away in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import orjson
from markupsafe import Markup

from crisis_desk.paper.docx import docx
from crisis_desk.paper.html import html
from crisis_desk.paper.markdown import markdown
from crisis_desk.paper.pdf import pdf
from crisis_desk.reports.paper_of_incident import Bodies, paper_of_incident
from crisis_desk.reports.review import Review

_SHEET = Path(__file__).with_name("paper.css")


@dataclass(frozen=True)
class Form:
    """A form of file: its media type and how it is made."""

    media_type: str
    make: Callable[[Review, Bodies, str], bytes]


def made(form: str, review: Review, bodies: Bodies, address: str) -> bytes:
    """The file in one form. Work for the processor: under gevent for its thread pool. Raises KeyError."""
    return FORMS[form].make(review, bodies, address)


def file_name(review: Review, form: str) -> str:
    """A name of letters, digits and hyphens: DT-00-report-vi.docx."""
    code = "".join(sign for sign in review.code if sign.isascii() and (sign.isalnum() or sign == "-"))
    return f"{code}-report-{review.language}.{form}"


def _docx(review: Review, bodies: Bodies, address: str) -> bytes:
    return docx(paper_of_incident(review, bodies, address))


def _pdf(review: Review, bodies: Bodies, address: str) -> bytes:
    return pdf(paper_of_incident(review, bodies, address))


def _html(review: Review, bodies: Bodies, address: str) -> bytes:
    paper = paper_of_incident(review, bodies, address)
    # The sheet is the desk's own file, and it must be inside: the page is opened where there is no desk.
    sheet = Markup(_SHEET.read_text(encoding="utf-8"))  # noqa: S704
    page = Markup(
        '<!doctype html>\n<html lang="{}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{}</title>\n'
        "<style>\n{}</style>\n</head>\n<body>\n{}\n</body>\n</html>\n"
    )
    return page.format(paper.language, paper.name, sheet, html(paper)).encode()


def _markdown(review: Review, bodies: Bodies, address: str) -> bytes:
    return markdown(paper_of_incident(review, bodies, address)).encode()


def _json(review: Review, _bodies: Bodies, _address: str) -> bytes:
    return orjson.dumps(review.as_data(), option=orjson.OPT_INDENT_2) + b"\n"


FORMS: dict[str, Form] = {
    "docx": Form("application/vnd.openxmlformats-officedocument.wordprocessingml.document", _docx),
    "pdf": Form("application/pdf", _pdf),
    "html": Form("text/html", _html),
    "md": Form("text/markdown", _markdown),
    "json": Form("application/json", _json),
}
