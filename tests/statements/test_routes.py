"""Statements over REST and as pages: the same actions, the same refusals, and nothing for strangers."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from crisis_desk.incidents.models import Incident
from tests.statements.conftest import TEXT, Desk

API = "/api/v1"


@pytest.fixture
def incident(desk: Desk) -> Incident:
    return desk.incident()


def create(client: FlaskClient, incident: Incident, **more: Any) -> dict[str, Any]:
    body = {"title": "Thông tin ban đầu", "purpose": "holding", "text": TEXT} | more
    answer = client.post(f"{API}/incidents/{incident.code}/statements", json=body)
    assert answer.status_code == 201, answer.json
    found: dict[str, Any] = answer.json
    return found


def post(client: FlaskClient, path: str, **body: Any) -> Any:
    return client.post(f"{API}/statements/{path}", json=body)


def sign(desk: Desk, made: dict[str, Any], type_: str, who: str, **more: Any) -> Any:
    present = desk.browser(who).get(f"{API}/statements/{made['id']}").json
    assert present is not None
    step = next(step for step in present["steps"] if step["type"] == type_)
    body = {"step": step["id"], "text_sha256": present["text_sha256"], "second_factor": desk.code()} | more
    return post(desk.browser(who), f"{made['id']}/signatures", **body)


def test_a_statement_goes_all_the_way_over_rest(desk: Desk, incident: Incident) -> None:
    drafter = desk.browser("drafter.stttt")
    made = create(drafter, incident, issuer="SYT", authority="KT.", signatory_title="PHÓ GIÁM ĐỐC")
    assert (made["state"], made["text"], made["code"], made["issuer_name"]) == ("draft", TEXT, "TB1", "Sở Y tế")
    submitted = post(drafter, f"{made['id']}/submission", overrides=[])
    assert submitted.status_code == 200
    assert [step["state"] for step in submitted.json["steps"]] == ["open", "open", "later"]
    assert submitted.json["steps"][1]["due"] == "2023-05-12T14:30:00+00:00"
    for type_, who in (
        ("confirm_figures", "approver.syt"), ("opinion", "approver.btgtu"), ("approve", "approver.stttt"),
    ):  # fmt: skip
        assert sign(desk, made, type_, who).status_code == 201
    speaker = desk.browser("spokesperson.vpub")
    out = post(speaker, f"{made['id']}/releases", forms=["portal"], second_factor=desk.code())
    assert out.status_code == 201
    assert (out.json["state"], out.json["forms"], out.json["holder"]) == ("released", ["portal"], None)
    listed = drafter.get(f"{API}/incidents/{incident.code}/statements").json
    assert listed is not None
    assert [(one["code"], one["state"]) for one in listed["items"]] == [("TB1", "released")]


def test_a_repeated_request_under_one_key_releases_once_and_answers_the_same(desk: Desk, incident: Incident) -> None:
    made = desk.statement(incident)
    desk.submit(incident, made)
    desk.sign_all(incident, made)
    speaker = desk.browser("spokesperson.vpub")
    body = {"forms": ["portal"], "second_factor": desk.code()}
    path, key = f"{API}/statements/{made.id}/releases", {"Idempotency-Key": "a"}
    first = speaker.post(path, json=body, headers=key)
    second = speaker.post(path, json=body, headers=key)
    assert (first.status_code, second.status_code, second.json) == (201, 201, first.json)
    other = speaker.post(path, json=body | {"forms": ["briefing"]}, headers=key)
    assert other.status_code == 409


def test_a_signature_under_another_text_is_refused_with_409(desk: Desk, incident: Incident) -> None:
    made = create(desk.browser("drafter.stttt"), incident)
    post(desk.browser("drafter.stttt"), f"{made['id']}/submission")
    answer = sign(desk, made, "confirm_figures", "approver.syt", text_sha256="0" * 64)
    assert (answer.status_code, answer.json["code"]) == (409, "conflict")


def test_a_submission_in_whose_way_something_stands_names_each_place(desk: Desk, incident: Incident) -> None:
    drafter = desk.browser("drafter.stttt")
    made = create(drafter, incident, text=TEXT + "\np\tGọi {{duong_day_nong}}.\np\tHoàn toàn yên tâm.")
    shown = drafter.get(f"{API}/statements/{made['id']}").json
    assert shown is not None
    assert [(one["check"], one["level"], one["place"]) for one in shown["checks"]] == [
        ("placeholder", "block", 4),
        ("empty", "warn", 5),
    ]
    answer = post(drafter, f"{made['id']}/submission")
    assert (answer.status_code, answer.json["code"]) == (422, "invalid")
    assert [text.split(":")[0] for text in answer.json["errors"]["checks"]] == ["Câu 4", "Câu 5"]


def test_a_text_is_merged_from_the_base_that_was_given_out_and_refused_once_frozen(
    desk: Desk, incident: Incident
) -> None:
    drafter = desk.browser("drafter.stttt")
    made = create(drafter, incident)
    base = drafter.get(f"{API}/statements/{made['id']}").json
    assert base is not None
    changed = {"text": base["text"].replace("37", "34"), "base_sha256": base["text_sha256"]}
    merged = drafter.put(f"{API}/statements/{made['id']}/text", json=changed)
    assert (merged.status_code, "34 người" in merged.json["text"]) == (200, True)
    unknown = drafter.put(f"{API}/statements/{made['id']}/text", json=changed | {"base_sha256": "0" * 64})
    assert (unknown.status_code, unknown.json["code"]) == (409, "unknown_base")
    post(drafter, f"{made['id']}/submission")
    frozen = drafter.put(f"{API}/statements/{made['id']}/text", json=changed)
    assert frozen.status_code == 409


def test_the_head_of_a_draft_changes_by_the_version_that_was_seen(desk: Desk, incident: Incident) -> None:
    drafter = desk.browser("drafter.stttt")
    made = create(drafter, incident)
    path = f"{API}/statements/{made['id']}"
    assert drafter.patch(path, json={"title": "Khác"}).status_code == 428
    changed = drafter.patch(path, json={"title": "Khác", "issuer": "VPUB"}, headers={"If-Match": '"1"'})
    assert (changed.json["title"], changed.json["issuer_name"]) == ("Khác", "Văn phòng UBND tỉnh")
    stale = drafter.patch(path, json={"title": "Nữa"}, headers={"If-Match": '"1"'})
    assert (stale.status_code, stale.json["present"]["title"]) == (412, "Khác")


def test_fields_that_mean_nothing_are_refused_by_name(desk: Desk, incident: Incident) -> None:
    drafter = desk.browser("drafter.stttt")
    body = {"title": "x", "purpose": "rumour", "template": "T9", "classification": "Mật"}
    answer = drafter.post(f"{API}/incidents/{incident.code}/statements", json=body)
    assert answer.status_code == 422
    assert set(answer.json["errors"]) == {"purpose", "template", "classification"}


@pytest.mark.parametrize(
    "scopes", [frozenset({"read"}), frozenset({"read", "write"}), frozenset({"read", "write", "release"})]
)
def test_a_token_without_the_scope_signs_and_releases_nothing(
    desk: Desk, incident: Incident, scopes: frozenset[str]
) -> None:
    made = desk.statement(incident)
    desk.submit(incident, made)
    step = desk.step(made, "confirm_figures").id
    program = desk.browser("approver.syt", scopes=scopes)
    answer = post(
        program, f"{made.id}/signatures", step=step, text_sha256=desk.present(made).text_sha256,
        second_factor=desk.code(),
    )  # fmt: skip
    assert (answer.status_code, answer.json["code"]) == (403, "forbidden")
    assert desk.present(made).state == "submitted"


RESTRICTED = [
    ("get", "{api}/statements/{id}", None),
    ("get", "{api}/statements/{id}/revisions", None),
    ("get", "{api}/incidents/{code}/statements", None),
    ("patch", "{api}/statements/{id}", {"title": "x"}),
    ("put", "{api}/statements/{id}/text", {"text": "x", "base_sha256": "0" * 64}),
    ("post", "{api}/statements/{id}/revisions", {"name": "x"}),
    ("post", "{api}/statements/{id}/submission", {}),
    ("post", "{api}/statements/{id}/reopening", {"reason": "x"}),
    ("post", "{api}/statements/{id}/return", {"reason": "x"}),
    ("post", "{api}/statements/{id}/steps", {"action": "restart"}),
    ("post", "{api}/statements/{id}/releases", {"forms": ["portal"], "second_factor": "000000"}),
    ("get", "/statements/{id}", None),
    ("get", "/statements/{id}/draft", None),
    ("get", "/statements/{id}/approval", None),
    ("get", "/incidents/{code}/statements/new", None),
]


@pytest.mark.parametrize(("method", "path", "body"), RESTRICTED)
def test_strangers_to_a_restricted_incident_find_nothing_anywhere(
    desk: Desk, method: str, path: str, body: dict[str, Any] | None
) -> None:
    hidden = desk.incident(handling="restricted")
    made = desk.statement(hidden, who="coordinator.stttt", title="Việc kín của cơ quan")
    stranger = desk.browser("approver.btgtu")
    place = path.format(api=API, id=made.id, code=hidden.code)
    answer = getattr(stranger, method)(place, json=body, headers={"If-Match": '"1"'})
    assert answer.status_code == 404
    assert "Việc kín" not in answer.text


def test_nobody_reads_a_statement_without_signing_in(desk: Desk, incident: Incident) -> None:
    made = desk.statement(incident)
    nobody = desk.browser()
    assert nobody.get(f"{API}/statements/{made.id}").status_code == 401
    assert nobody.get(f"/statements/{made.id}").status_code == 302


def test_the_lists_of_templates_and_steps_can_be_read(desk: Desk) -> None:
    client = desk.browser("drafter.stttt")
    templates = client.get(f"{API}/statement-templates").json
    sets = client.get(f"{API}/approval-sets").json
    assert templates is not None
    assert sets is not None
    assert [one["code"] for one in templates["items"]] == [f"T{number}" for number in range(1, 9)]
    assert {one["code"]: one["severities"] for one in sets["items"]} == {
        "severity_1": [1], "severity_2": [2], "severity_3": [3], "severity_4": [4], "both_organs_approve": [],
    }  # fmt: skip


def test_an_administrator_chooses_the_steps_of_a_severity_over_rest(desk: Desk) -> None:
    body = {"severity": 3, "approval_set": "both_organs_approve", "reason": "Theo quy chế"}
    path = f"{API}/approval-sets/choices"
    assert desk.browser("coordinator.stttt").post(path, json=body).status_code == 403
    assert desk.browser("administrator.stttt").post(path, json=body).status_code == 200
    sets = desk.browser("drafter.stttt").get(f"{API}/approval-sets").json
    assert sets is not None
    assert {one["code"]: one["severities"] for one in sets["items"]}["both_organs_approve"] == [3]


def test_an_administrator_sees_the_steps_of_each_severity_and_what_else_fits(desk: Desk) -> None:
    assert desk.browser("coordinator.stttt").get("/approval-sets").status_code == 403
    page = desk.browser("administrator.stttt").get("/approval-sets").text
    sections = {level: page.split(f'id="level-{level}"')[1].split("</section>")[0] for level in (1, 2, 3, 4)}
    offered = {level: re.findall(r'<option value="(\w+)"', text) for level, text in sections.items()}
    assert offered == {
        1: ["severity_2", "severity_3", "severity_4", "both_organs_approve"],
        2: ["severity_3", "severity_4", "both_organs_approve"],
        3: ["severity_4", "both_organs_approve"],
        4: ["both_organs_approve"],
    }
    assert "Ban Tuyên giáo cho ý kiến" in sections[3]
    assert "chờ 10 phút" in sections[3]


def test_the_approval_page_shows_what_changed_before_the_text_and_asks_for_the_code(
    desk: Desk, incident: Incident
) -> None:
    made = desk.statement(incident)
    desk.submit(incident, made)
    desk.sign(incident, made, "confirm_figures", "approver.syt")
    drafter = desk.browser("drafter.stttt")
    post(drafter, f"{made.id}/reopening", reason="Sửa số")
    base = drafter.get(f"{API}/statements/{made.id}").json
    assert base is not None
    changed = {"text": base["text"].replace("37", "34"), "base_sha256": base["text_sha256"]}
    drafter.put(f"{API}/statements/{made.id}/text", json=changed)
    post(drafter, f"{made.id}/submission")
    page = desk.browser("approver.syt").get(f"/statements/{made.id}/approval").text
    assert page.index("<del>37</del>") < page.index("<ins>34</ins>") < page.index("Toàn văn")
    assert desk.present(made).text_sha256 in page
    assert 'autocomplete="one-time-code"' in page


def test_somebody_who_signs_nothing_sees_the_approval_page_without_its_form(desk: Desk, incident: Incident) -> None:
    made = desk.statement(incident)
    desk.submit(incident, made)
    page = desk.browser("auditor.stttt").get(f"/statements/{made.id}/approval").text
    assert ("one-time-code" in page, "Toàn văn" in page) == (False, True)


def test_the_writer_is_told_why_she_can_not_sign(desk: Desk, incident: Incident) -> None:
    made = desk.statement(incident, who="verifier.syt")
    desk.submit(incident, made)
    page = desk.browser("verifier.syt").get(f"/statements/{made.id}/approval").text
    assert ("one-time-code" in page, "phải do người khác ký" in page) == (False, True)


def test_the_statement_page_offers_release_only_to_those_who_may(desk: Desk, incident: Incident) -> None:
    made = desk.statement(incident)
    desk.submit(incident, made)
    desk.sign_all(incident, made)
    seen = {
        who: f"{API}/statements/{made.id}/releases" in desk.browser(who).get(f"/statements/{made.id}").text
        for who in ("spokesperson.vpub", "spokesperson.syt", "spokesperson.stttt", "drafter.stttt")
    }
    assert seen == {
        "spokesperson.vpub": True, "spokesperson.syt": True, "spokesperson.stttt": False, "drafter.stttt": False,
    }  # fmt: skip


def test_every_page_of_a_statement_is_drawn_in_both_languages_and_in_each_state(desk: Desk, incident: Incident) -> None:
    made = desk.statement(incident)
    reader = desk.browser("coordinator.stttt")

    def statuses() -> list[int]:
        paths = [
            f"/statements/{made.id}",
            f"/statements/{made.id}/approval",
            f"/incidents/{incident.code}/statements/new",
        ]
        found = []
        for language in ("vi", "en"):
            reader.set_cookie("language", language)
            found += [reader.get(path).status_code for path in paths]
        return found

    assert statuses() == [302, 302, 200] * 2
    desk.submit(incident, made)
    reader = desk.browser("coordinator.stttt")
    assert statuses() == [200, 200, 200] * 2
    desk.sign_all(incident, made)
    reader = desk.browser("coordinator.stttt")
    assert statuses() == [200, 200, 200] * 2
    desk.release(incident, made)
    reader = desk.browser("coordinator.stttt")
    assert statuses() == [200, 302, 200] * 2
