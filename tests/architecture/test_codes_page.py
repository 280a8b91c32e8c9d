"""The published list of codes says what the code says."""

from __future__ import annotations

import re

from crisis_desk.published_codes import page
from tests.architecture.sources import HOUSE

ROW = re.compile(r"^\| (`[^`]+`|\(empty\)) \|", re.MULTILINE)


def test_the_published_codes_are_those_of_the_code() -> None:
    published = (HOUSE / "docs" / "codes.md").read_text(encoding="utf-8")
    assert published == page(), "print it anew: python -m crisis_desk.published_codes > docs/codes.md"


def test_no_list_names_a_code_twice_and_none_is_empty() -> None:
    lists = page().split("\n## ")[1:]
    codes = {part.splitlines()[0]: ROW.findall(part) for part in lists}
    assert {title for title, found in codes.items() if not found} == set()
    assert {title for title, found in codes.items() if len(found) != len(set(found))} == set()
