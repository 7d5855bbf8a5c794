"""Two ways by which people of a journey do the same: pages without scripts, and the API.

Each act returns what the person then reads, also when it was refused; what became of it is asked
of the database.
"""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

from flask import Flask

from app.adapters.email import Outbox
from app.domain.actor import Actor
from app.jobs.registry import registry
from app.jobs.worker import Worker
from app.models.message import Message
from app.unit_of_work import Store
from tests.journeys.district import District

_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


class Pages:
    """A browser for everybody who comes."""

    def __init__(self, app: Flask, sign_in: Callable[..., Any]) -> None:
        self._app, self._sign_in = app, sign_in
        self._browsers: dict[Actor, Any] = {}

    def read(self, who: Actor, path: str) -> str:
        return str(self._browser(who).get(path).get_data(as_text=True))

    def hidden(self, who: Actor, path: str) -> dict[str, str]:
        """Return what the forms of a page carry unseen."""
        return self.hidden_of(self.read(who, path))

    @staticmethod
    def hidden_of(text: str) -> dict[str, str]:
        return {name: unescape(value) for name, value in _HIDDEN.findall(text)}

    def post(self, who: Actor, page: str, to: str | None = None, /, **typed: Any) -> str:
        """Fill in a form of a page, by default one that the page itself takes."""
        return self.send(who, to or page, **{**self.hidden(who, page), **typed})

    def send(self, who: Actor, to: str, /, **fields: Any) -> str:
        """Send these fields and nothing else."""
        answer = self._browser(who).post(to, data=fields, follow_redirects=True)
        return str(answer.get_data(as_text=True))

    def _browser(self, who: Actor) -> Any:
        if who not in self._browsers:
            self._browsers[who] = self._sign_in(self._app.test_client(), who)
        return self._browsers[who]


class Api:
    """A program with a token of everybody's."""

    def __init__(self, app: Flask, bearer: Callable[..., dict[str, str]]) -> None:
        self._client, self._bearer = app.test_client(), bearer
        self._headers: dict[Actor, dict[str, str]] = {}

    def read(self, who: Actor, path: str) -> Any:
        return self._ask("GET", who, path).json

    def post(self, who: Actor, path: str, /, **body: Any) -> str:
        return str(self._ask("POST", who, path, json=body).text)

    def _ask(self, method: str, who: Actor, path: str, **sent: Any) -> Any:
        if who not in self._headers:
            self._headers[who] = self._bearer(who)
        return self._client.open(
            f"/api/v1{path}", method=method, headers=self._headers[who], **sent
        )


def told(district: District, who: Actor) -> list[str]:
    """Return the events of which somebody has a message, once what is due was sent."""
    deliver(district.store)
    return [row.event for row in district.rows(Message, Message.account_id == who.account_id)]


def deliver(store: Store) -> None:
    Worker(store, registry(Outbox(), "http://localhost", "历城创业导师")).work()
