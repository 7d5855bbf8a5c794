import re
from dataclasses import dataclass
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.founder_road import plays, road

__all__ = ["plays", "road"]

_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


@dataclass
class Visit:
    """A browser without scripts: it posts back the hidden fields of the page it came from."""

    client: FlaskClient

    def get(self, path: str) -> str:
        answer = self.client.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.get_data(as_text=True)

    def status(self, path: str) -> int:
        return self.client.get(path).status_code

    def hidden(self, path: str) -> dict[str, str]:
        return {name: unescape(value) for name, value in _HIDDEN.findall(self.get(path))}

    def post(self, path: str, *, came_from: str = "", **typed: Any) -> TestResponse:
        return self.client.post(path, data={**self.hidden(came_from or path), **typed})


@pytest.fixture
def visit(client, sign_in, road) -> Visit:
    return Visit(sign_in(client, road.mentor))
