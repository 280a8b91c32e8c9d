"""Pages that no other test looks at: everybody can use them, in both appearances, and none is wider than a phone."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page

from crisis_desk.incidents.models import Incident
from tests.browser.draft_desk import DraftDesk, running_desk

NewPage = Callable[..., Page]

PAGES = [
    ("", "/sign-in"), ("", "/newsroom/"),
    ("quan", "/account"), ("quan", "/people"), ("quan", "/people/{person}"), ("quan", "/people/import"),
    ("quan", "/organisations"), ("quan", "/functions"), ("quan", "/approval-sets"), ("quan", "/api/docs"),
    ("thao", "/incidents"), ("thao", "/incidents/{code}/statements/new"), ("thao", "/incidents/{code}/review"),
    ("thao", "/incidents/{code}/review/paper"), ("thao", "/rehearsal/newsroom/"),
]  # fmt: skip
SCREENS = {
    "desk": {"viewport": {"width": 1440, "height": 900}, "theme": "light", "language": "vi"},
    "phone": {"viewport": {"width": 360, "height": 740}, "theme": "dark", "language": "en"},
}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DraftDesk]:
    with running_desk(tmp_path_factory.mktemp("pages")) as running:
        yield running


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize(("who", "path"), PAGES)
def test_everybody_can_use_it_on_any_screen(
    desk: DraftDesk, new_page: NewPage, axe: Callable[[Page], list[str]], who: str, path: str, screen: str
) -> None:
    wanted = SCREENS[screen]
    page = new_page(viewport=wanted["viewport"])
    page.context.add_cookies(
        [{"name": name, "value": str(wanted[name]), "url": desk.address} for name in ("theme", "language")]
    )
    if who:
        desk.admit(page.context, who)
    with desk.journal.database.reading() as session:
        code = session.get_one(Incident, desk.incident_id).code
    answer = page.goto(desk.address + path.format(code=code, person=desk.people["ha"].id))
    assert answer is not None
    assert answer.status == 200
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
