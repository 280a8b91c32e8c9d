"""A browser without scripts and a program, as tests of the doors use them."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from crisis_desk.people import second_factor
from tests.people.cast import PASSWORD, SECRET, SetClock

_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
_META = re.compile(r'name="csrf-token" content="([^"]+)"')


class Browser:
    """Keeps cookies, follows nothing by itself, and sends a form's token along."""

    def __init__(self, app: Flask, clock: SetClock) -> None:
        self._client = app.test_client()
        self._clock = clock
        self.token = ""

    def open(self, path: str, **options: Any) -> TestResponse:
        return self._seen(self._client.get(path, **options))

    def send(self, path: str, **fields: Any) -> TestResponse:
        """Posts a form; a list sends a field several times."""
        return self._seen(self._client.post(path, data={"csrf_token": self.token, **fields}))

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> TestResponse:
        """An endpoint as the page's scripts call it."""
        given = {"X-CSRFToken": self.token} | {name.replace("_", "-"): value for name, value in headers.items()}
        return self._client.open(f"/api/v1{path}", method=method, json=body, headers=given)

    def sign_in(self, email: str, password: str = PASSWORD, **fields: str) -> TestResponse:
        """Through both steps where there are two."""
        self.open("/sign-in")
        answer = self.send("/sign-in", email=email, password=password, **fields)
        if "second-factor" not in answer.headers.get("Location", ""):
            return answer
        self.open(answer.headers["Location"])
        answer = self.send("/sign-in/second-factor", code=second_factor.present_code(SECRET, self._clock()), **fields)
        self.open("/account")
        return answer

    def cookie(self, name: str) -> Any:
        return self._client.get_cookie(name)

    def _seen(self, answer: TestResponse) -> TestResponse:
        found = _TOKEN.search(answer.text) or _META.search(answer.text)
        if found is not None:
            self.token = unescape(found[1])
        return answer
