"""Somebody who asks the API, and holds every answer against what the document promises."""

import copy
import json
import re
from functools import cache
from typing import Any

from flask.testing import FlaskClient
from jsonschema import Draft202012Validator, FormatChecker
from werkzeug.test import TestResponse

PREFIX = "/api/v1"
INSTANT = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+08:00$")


def _is_instant(value: object) -> bool:
    return not isinstance(value, str) or bool(INSTANT.match(value))


FORMATS = FormatChecker()
FORMATS.checks("date-time")(_is_instant)


class Promise:
    """The document, with every object closed, so that an answer holds nothing unannounced."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        closed = copy.deepcopy(document)
        for name, schema in closed["components"]["schemas"].items():
            if name != "Problem":
                schema["additionalProperties"] = False
        self._closed = closed
        self._validators: dict[str, Draft202012Validator] = {}
        self._addresses = {
            path: re.compile("^" + re.sub(r"\{\w+\}", "[^/]+", path) + "$")
            for path in document["paths"]
        }

    def hold(self, method: str, path: str, answer: TestResponse) -> None:
        """Fail when the answer is not one that the document promises."""
        address = next((a for a, match in self._addresses.items() if match.match(path)), None)
        if address is None:
            assert answer.status_code == 404, path
            return
        promised = self._closed["paths"][address].get(method.lower())
        if promised is None:
            assert answer.status_code == 405, (method, path)
            return
        response = promised["responses"].get(str(answer.status_code))
        assert response, f"{method} {address} does not promise {answer.status_code}: {answer.text}"
        if "$ref" in response:
            response = self._closed["components"]["responses"][str(answer.status_code)]
        (media_type,) = response["content"]
        assert answer.content_type == media_type
        self._validate(response["content"][media_type]["schema"], answer.json)
        for name in response.get("headers", {}):
            assert name in answer.headers

    def _validate(self, schema: dict[str, Any], body: Any) -> None:
        key = json.dumps(schema)
        if key not in self._validators:
            whole = {**self._closed, **schema}
            self._validators[key] = Draft202012Validator(whole, format_checker=FORMATS)
        errors = list(self._validators[key].iter_errors(body))
        assert errors == [], [f"{list(error.path)}: {error.message}" for error in errors]


@cache
def promise_of(document: str) -> Promise:
    return Promise(json.loads(document))


class Asker:
    """One holder of a token."""

    def __init__(self, client: FlaskClient, headers: dict[str, str], promise: Promise) -> None:
        self._client = client
        self._headers = headers
        self._promise = promise

    def get(self, path: str, **query: Any) -> Any:
        return self.send("GET", path, **({"query_string": query} if query else {}))

    def post(self, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Any:
        sent = {} if body is None else {"json": body}
        return self.send("POST", path, headers=headers, **sent)

    def send(
        self, method: str, path: str, headers: dict[str, str] | None = None, **sent: Any
    ) -> Any:
        answer = self._client.open(
            PREFIX + path, method=method, headers={**self._headers, **(headers or {})}, **sent
        )
        self._promise.hold(method, PREFIX + path.partition("?")[0], answer)
        return answer


def faults(answer: TestResponse) -> dict[str, str]:
    """Return the code of each faulty field."""
    assert answer.json is not None
    return {error["field"]: error["code"] for error in answer.json["errors"]}
