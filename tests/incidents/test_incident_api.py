"""Incidents over REST: what is sent is kept whole or refused with a sentence, and never a fault of the desk."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.statements.conftest import Desk

INCIDENTS = "/api/v1/incidents"


@pytest.fixture
def officer(desk: Desk) -> FlaskClient:
    return desk.browser("duty_officer.stttt")


def report(officer: FlaskClient, **values: Any) -> dict[str, Any]:
    answer = officer.post(INCIDENTS, json=values)
    assert answer.status_code == 201, answer.json
    return dict(answer.json or {})


def test_a_line_too_long_for_a_title_stands_whole_in_the_summary(officer: FlaskClient) -> None:
    line = "Công nhân gọi điện báo " + "nhiều người nôn sau bữa tối " * 40 + "bếp ăn số 2."
    made = report(officer, line=line)
    assert (made["title"], made["summary"]) == (f"{line[:299]}…", line)


def test_a_short_line_leaves_the_summary_to_people(officer: FlaskClient) -> None:
    assert report(officer, line="Cháy chợ /2")["summary"] == ""


@pytest.mark.parametrize(
    ("sent", "kept"), [("Cháy\x00chợ", "Cháy\ufffdchợ"), ("Cháy chợ \ud83d", "Cháy chợ \ufffd")], ids=["NUL", "half"]
)
def test_what_no_database_holds_is_marked_and_the_rest_kept(officer: FlaskClient, sent: str, kept: str) -> None:
    assert report(officer, line=sent)["title"] == kept


@pytest.mark.parametrize("title", ["", "  ", "\u200b \u2060"])
def test_a_title_nobody_could_see_is_refused(officer: FlaskClient, title: str) -> None:
    path = f"{INCIDENTS}/{report(officer, line='Cháy chợ')['code']}"
    assert officer.patch(path, json={"title": title}, headers={"If-Match": '"1"'}).status_code == 422


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_a_moment_outside_of_our_time_is_refused(officer: FlaskClient, at: str) -> None:
    refused = officer.post(INCIDENTS, json={"title": "Cháy chợ", "occurred_at": at})
    assert (refused.status_code, (refused.json or {})["errors"]) == (
        422, {"occurred_at": ["Mục này phải là ngày và giờ."]},
    )  # fmt: skip


@pytest.mark.parametrize("number", ["²", "9" * 30, "9" * 5000, "-1"])
def test_a_number_no_database_takes_is_refused(officer: FlaskClient, number: str) -> None:
    path = f"{INCIDENTS}/{report(officer, line='Cháy chợ')['code']}"
    for asked in (f"{INCIDENTS}?limit={number}", f"{path}/entries?after={number}"):
        assert officer.get(asked).status_code == 422
    assert officer.get(f"/incidents/{path.rsplit('/', 1)[1]}/earlier?before={number}").status_code == 200
    refused = officer.patch(path, json={"place": "chợ"}, headers={"If-Match": f'"{number}"'.encode().decode("latin-1")})
    assert refused.status_code == 422


def test_what_is_nested_without_an_end_is_refused(officer: FlaskClient) -> None:
    deep = b'{"line":' + b"[" * 50_000 + b"]" * 50_000 + b"}"
    refused = officer.post(INCIDENTS, data=deep, content_type="application/json")
    assert (refused.status_code, (refused.json or {})["code"]) == (422, "invalid")


def test_refusals_of_shapes_speak_the_reader_s_language(officer: FlaskClient) -> None:
    refused = officer.post(INCIDENTS, json={"line": "Cháy", "status": "closed"})
    assert (refused.json or {})["errors"] == {"status": ["Bàn xử lý không có trường này."]}
    long = officer.post(f"{INCIDENTS}/x/severity", json={"severity": 2, "reason": "x" * 2001})
    assert (long.json or {})["errors"] == {"reason": ["Từ 1 đến 2000 ký tự."]}
