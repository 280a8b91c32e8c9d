"""The doors to people and organisations: pages with plain forms, and endpoints under /api/v1."""

from __future__ import annotations

from crisis_desk.people.routes import (
    account,
    account_page,
    api_me,
    api_organisations,
    api_people,
    import_page,
    links,
    organisation_pages,
    people_pages,
    sign_in,
)
from crisis_desk.people.routes.pages import pages

ENDPOINTS = (api_people.endpoints, api_me.endpoints, api_organisations.endpoints)

__all__ = [
    "ENDPOINTS",
    "account",
    "account_page",
    "import_page",
    "links",
    "organisation_pages",
    "pages",
    "people_pages",
    "sign_in",
]
