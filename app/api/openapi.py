"""The OpenAPI 3.1 document, walked from the routes: what is not served is not in it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

from app.api.operations import ACTS, MEDIA_TYPE, Nothing, Operation, operation_of, place_of
from app.api.problem import MEDIA_TYPE as PROBLEM_TYPE
from app.api.schemas import Definitions, Schema, record_of
from app.http.idempotency import HEADER, LONGEST_KEY

VERSION = "3.1.0"
API_VERSION = "1"
_ARGUMENT = re.compile(r"<(?:(?P<converter>\w+):)?(?P<name>\w+)>")
_FORMATS: dict[str | None, Schema] = {"uuid": {"type": "string", "format": "uuid"}}
_BEARER = "bearer"
_EXAMPLE = "00000000-0000-7000-8000-000000000000"


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """What is wrong with one field, by its place in what was sent."""

    field: str
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Problem:
    """A refusal (RFC 9457) with a stable code; facts of the refusal may stand beside it."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    errors: tuple[FieldProblem, ...]
    instance: str | None


_REFUSALS = {
    401: "No bearer token, or none that holds.",
    403: "The holder of the token may not do this.",
    404: "There is no such thing, or the asker may not know of it.",
}
_REFUSALS_OF_INPUT = {422: "What was sent cannot be taken; `errors` names each field."}
_REFUSALS_OF_ACTS = {
    400: "What was sent is no JSON.",
    409: "The state has moved on, or If-Match names another version.",
    413: "What was sent is larger than the route takes: 1 MiB, for a file 10 MiB.",
    415: "What was sent is of another media type.",
}


def document_of(app: Flask, title: str) -> Schema:
    """Return the document of every route of the API that the application serves."""
    definitions = Definitions()
    problem = definitions.add(Problem)
    paths: dict[str, Schema] = {}
    for rule, method, promised in routes(app):
        described = _operation(rule, method, promised, definitions)
        if place_of(app, promised, _example(rule), _EXAMPLE):
            created = described["responses"][str(promised.status)]
            created.setdefault("headers", {})["Location"] = {"schema": {"type": "string"}}
        for status in _statuses(method, promised):
            described["responses"][str(status)] = {"$ref": f"#/components/responses/{status}"}
        paths.setdefault(path_of(rule), {})[method.lower()] = described
    return {
        "openapi": VERSION,
        "info": {"title": title, "version": API_VERSION},
        "paths": paths,
        "security": [{_BEARER: []}],
        "components": {
            "schemas": dict(sorted(definitions.schemas.items())),
            "responses": {
                str(status): {
                    "description": words,
                    "content": {PROBLEM_TYPE: {"schema": problem}},
                }
                for status, words in sorted(_every_refusal().items())
            },
            "securitySchemes": {_BEARER: {"type": "http", "scheme": "bearer"}},
        },
    }


def routes(app: Flask) -> Iterator[tuple[Rule, str, Operation]]:
    """Yield every route of the API with its method and what it promises."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda each: each.rule):
        promised = operation_of(app, rule.endpoint)
        if promised is None:
            continue
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield rule, method, promised


def path_of(rule: Rule) -> str:
    """Return the address as the document writes it."""
    return _ARGUMENT.sub(lambda match: f"{{{match['name']}}}", rule.rule)


def _example(rule: Rule) -> str:
    return _ARGUMENT.sub(_EXAMPLE, rule.rule)


def _operation(rule: Rule, method: str, promised: Operation, definitions: Definitions) -> Schema:
    described: Schema = {
        "operationId": rule.endpoint.rpartition(".")[2],
        "tags": [rule.rule.split("/")[3]],
        "summary": promised.summary,
        "parameters": list(_parameters(rule, method, promised)),
        "responses": {str(promised.status): _answer(promised, definitions)},
    }
    if promised.description:
        described["description"] = promised.description
    if not promised.permissions:
        described["security"] = []
    if promised.body is not Nothing:
        schema = definitions.add(promised.body, is_closed=True)
        described["requestBody"] = {"required": True, "content": {MEDIA_TYPE: {"schema": schema}}}
    return described


def _parameters(rule: Rule, method: str, promised: Operation) -> Iterator[Schema]:
    for match in _ARGUMENT.finditer(rule.rule):
        schema = _FORMATS.get(match["converter"], {"type": "string"})
        yield {"name": match["name"], "in": "path", "required": True, "schema": schema}
    for member in record_of(promised.query).members:
        yield {
            "name": member.name,
            "in": "query",
            "required": member.is_required,
            "schema": member.describe(),
        }
    if promised.has_version:
        yield _header("If-Match", "The ETag of what the asker goes by.")
    if method == "POST":
        key: Schema = {"type": "string", "maxLength": LONGEST_KEY}
        yield {**_header(HEADER, "The same key gets the same answer, once."), "schema": key}


def _header(name: str, words: str) -> Schema:
    return {"name": name, "in": "header", "description": words, "schema": {"type": "string"}}


def _answer(promised: Operation, definitions: Definitions) -> Schema:
    schema = definitions.add(promised.answer) if promised.answer else {"type": "object"}
    answer: Schema = {"description": "Done.", "content": {MEDIA_TYPE: {"schema": schema}}}
    headers: dict[str, Any] = {}
    if promised.answer and any(m.name == "version" for m in record_of(promised.answer).members):
        headers["ETag"] = {"schema": {"type": "string"}}
    return {**answer, "headers": headers} if headers else answer


def _statuses(method: str, promised: Operation) -> list[int]:
    if not promised.permissions:
        return []
    found = {**_REFUSALS, **_REFUSALS_OF_INPUT}
    return sorted({**found, **_REFUSALS_OF_ACTS} if method in ACTS else found)


def _every_refusal() -> dict[int, str]:
    return {**_REFUSALS, **_REFUSALS_OF_INPUT, **_REFUSALS_OF_ACTS}
