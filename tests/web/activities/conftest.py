import re
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.domain.actor import Actor
from tests.api.conftest import as_, promise
from tests.gathering import Hall, open_hall
from tests.scenes import Plays
from tests.serving import SignIn, bearer

__all__ = ["as_", "bearer", "promise"]

_FIELD = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')


@dataclass
class Browser:
    """Somebody's browser without scripts: gets pages and posts their forms."""

    client: FlaskClient

    def get(self, path: str, status: int = 200) -> str:
        answer = self.client.get(path)
        assert answer.status_code == status, (path, answer.status_code, answer.location)
        return answer.get_data(as_text=True)

    def post(self, page: str, to: str | None = None, status: int = 303, **fields: Any) -> str:
        hidden = {name: unescape(value) for name, value in _FIELD.findall(self.get(page))}
        answer = self.client.post(to or page, data={**hidden, **fields})
        assert answer.status_code == status, (answer.status_code, answer.get_data(as_text=True))
        return answer.location or answer.get_data(as_text=True)


@pytest.fixture
def plays() -> Plays:
    return {"hall": open_hall}


@pytest.fixture
def hall(scene: Hall) -> Hall:
    return scene


@pytest.fixture
def browser(app: Any, sign_in: SignIn) -> Callable[[Actor | None], Browser]:
    known: dict[Actor, Browser] = {}

    def opened(actor: Actor | None = None) -> Browser:
        if actor is None:
            return Browser(app.test_client())
        if actor not in known:
            known[actor] = Browser(sign_in(app.test_client(), actor))
        return known[actor]

    return opened
