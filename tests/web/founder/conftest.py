from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.domain.actor import Actor
from tests.founder_road import plays, road
from tests.serving import SignIn

__all__ = ["plays", "road"]

Fields = dict[str, Any]


@dataclass
class Desk:
    """A signed-in browser without scripts: gets pages and posts their forms."""

    client: FlaskClient
    csrf: Callable[[FlaskClient, str], dict[str, str]]
    token: str = ""
    hidden: Fields = field(default_factory=dict)

    def get(self, path: str, status: int = 200) -> str:
        answer = self.client.get(path)
        assert answer.status_code == status, (answer.status_code, answer.get_data(as_text=True))
        return answer.get_data(as_text=True)

    def post(self, path: str, status: int = 303, **fields: Any) -> Any:
        """Post a form with the token of the page; `key` repeats a press."""
        key = fields.pop("key", None)
        sent = {"csrf_token": self._token(), **fields}
        answer = self.client.post(path, data={**sent, **({"idempotency_key": key} if key else {})})
        assert answer.status_code == status, (answer.status_code, answer.get_data(as_text=True))
        return answer

    def _token(self) -> str:
        if not self.token:
            self.token = self.csrf(self.client, "/me")["csrf_token"]
        return self.token


@pytest.fixture
def enter(app, csrf, sign_in: SignIn) -> Callable[[Actor], Desk]:
    def make(actor: Actor) -> Desk:
        return Desk(sign_in(app.test_client(), actor), csrf)

    return make


@pytest.fixture
def desk(road, enter) -> Desk:
    """The founder of the road at his pages."""
    return enter(road.founder)
