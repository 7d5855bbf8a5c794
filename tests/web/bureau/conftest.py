import re
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.domain.actor import Actor
from tests.journeys.district import District
from tests.serving import SignIn
from tests.web.bureau.year import district, plays, year

__all__ = ["district", "plays", "year"]

_FIELD = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')


@dataclass
class Desk:
    """A signed-in browser without scripts: gets pages and posts their forms."""

    client: FlaskClient

    def get(self, path: str, status: int = 200) -> str:
        answer = self.client.get(path)
        assert answer.status_code == status, (path, answer.status_code, answer.location)
        return answer.get_data(as_text=True)

    def post(self, page: str, to: str | None = None, status: int = 303, **fields: Any) -> Any:
        """Post the form of a page with its hidden fields, by default to the page itself."""
        return self.send(to or page, status, **{**self.hidden(page), **fields})

    def send(self, to: str, status: int = 303, **fields: Any) -> Any:
        """Post these fields and nothing else."""
        answer = self.client.post(to, data=fields)
        assert answer.status_code == status, (answer.status_code, answer.get_data(as_text=True))
        return answer

    def hidden(self, page: str) -> dict[str, str]:
        return {name: unescape(value) for name, value in _FIELD.findall(self.get(page))}

    def token(self, page: str) -> str:
        return self.hidden(page)["csrf_token"]


@pytest.fixture
def enter(app: Any, sign_in: SignIn) -> Callable[[Actor], Desk]:
    def make(actor: Actor) -> Desk:
        return Desk(sign_in(app.test_client(), actor))

    return make


@pytest.fixture
def desk(district: District, enter: Callable[[Actor], Desk]) -> Desk:
    """An officer at the desk."""
    return enter(district.officer)
