"""The two ways in which people do what a story tells: pages without scripts, and the API."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from app.domain.actor import Actor

_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


class Browsers:
    """A signed-in browser without scripts for everybody in the story."""

    def __init__(self, app: Flask, sign_in: Callable[..., FlaskClient]) -> None:
        self._app, self._sign_in = app, sign_in
        self._known: dict[Actor, FlaskClient] = {}

    def get(self, who: Actor, path: str) -> str:
        answer = self._of(who).get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.get_data(as_text=True)

    def post(self, who: Actor, page: str, to: str, **typed: Any) -> TestResponse:
        """Fill in the form of a page and send it."""
        return self.send(who, to, hidden(self.get(who, page)), **typed)

    def send(self, who: Actor, to: str, kept: MultiDict[str, str], **typed: Any) -> TestResponse:
        fields = kept.copy()
        for name, value in typed.items():
            fields.setlist(name, value if isinstance(value, list) else [value])
        return self._of(who).post(to, data=fields)

    def _of(self, who: Actor) -> FlaskClient:
        if who not in self._known:
            self._known[who] = self._sign_in(self._app.test_client(), who)
        return self._known[who]


class Programs:
    """A program with a token for everybody in the story."""

    def __init__(self, app: Flask, bearer: Callable[[Actor], dict[str, str]]) -> None:
        self._app, self._bearer = app, bearer
        self._known: dict[Actor, dict[str, str]] = {}

    def get(self, who: Actor, path: str) -> Any:
        answer = self._app.test_client().get(f"/api/v1{path}", headers=self.headers(who))
        assert answer.status_code == 200, answer.text
        return answer.json

    def post(self, who: Actor, path: str, body: Any = None, key: str = "") -> TestResponse:
        headers = {**self.headers(who), **({"Idempotency-Key": key} if key else {})}
        sent = {} if body is None else {"json": body}
        return self._app.test_client().post(f"/api/v1{path}", headers=headers, **sent)

    def headers(self, who: Actor) -> dict[str, str]:
        if who not in self._known:
            self._known[who] = self._bearer(who)
        return self._known[who]


def hidden(text: str) -> MultiDict[str, str]:
    """Return the hidden fields of a page or a part of one."""
    return MultiDict([(name, unescape(value)) for name, value in _HIDDEN.findall(text)])
