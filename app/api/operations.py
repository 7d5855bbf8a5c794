"""A route of the API: what it takes, what it answers, who may; read, run and answered one way."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from inspect import signature
from typing import Any, get_type_hints

from flask import Flask, Response, current_app, request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException

from app.api.schemas import Record, record_of
from app.domain.actor import Permission
from app.domain.errors import InvalidInputError
from app.http.policy import policy, public

MEDIA_TYPE = "application/json"
CREATED = 201
ACTS = frozenset({"POST", "PUT"})
_ATTRIBUTE = "jieban_operation"
# No row ever has it: a tag that is not ours names a state that is not there.
NO_VERSION = -1

View = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Nothing:
    """No members at all."""


@dataclass(frozen=True, slots=True)
class Operation:
    """What a route promises; the document of the API is made of these.

    Attributes:
        answer: the dataclass of a good answer, None where its form is described elsewhere.
        has_version: the route heeds If-Match.
        kept_at: the collection in which what is made is read; None, that of the route.
    """

    summary: str
    description: str
    permissions: frozenset[Permission]
    answer: type[Any] | None
    status: int
    body: type[Any]
    query: type[Any]
    has_version: bool
    kept_at: str | None


@dataclass(frozen=True, slots=True)
class _Reading:
    """How the parts of a request are read."""

    operation: Operation
    body: Record
    query: Record
    wanted: frozenset[str]

    def given(self) -> dict[str, Any]:
        """Return what the view takes of the present request."""
        query = self.query.read(_asked(self.query), "")
        body = self.body.read(_sent(), "") if request.method in ACTS else None
        found = {"query": query, "body": body, "version": None}
        if self.operation.has_version:
            found["version"] = seen_version()
        return {name: found[name] for name in self.wanted}


def operation(
    *permissions: Permission,
    answer: type[Any] | None,
    status: int = 200,
    logged: bool = False,
    kept_at: str | None = None,
) -> Callable[[View], View]:
    """Make a route of a view that may take `body`, `query` and the `version` the asker saw.

    The annotations of the view say what body and query hold; its docstring is the summary.

    Args:
        permissions: who may, by any of them; nobody named is everybody.
        answer: the dataclass that describes what the view returns as plain JSON.
        status: of a good answer.
        logged: each look is written to the access log first.
        kept_at: the collection in which what is made is read, where it is another one.
    """

    def mark(view: View) -> View:
        reading = _reading(view, permissions, answer, status, kept_at)

        @wraps(view)
        def endpoint(**path: Any) -> Response:
            return _respond(view(**path, **reading.given()), reading.operation)

        setattr(endpoint, _ATTRIBUTE, reading.operation)
        return policy(*permissions, logged=logged)(endpoint) if permissions else public(endpoint)

    return mark


def _reading(
    view: View,
    permissions: tuple[Permission, ...],
    answer: type[Any] | None,
    status: int,
    kept_at: str | None,
) -> _Reading:
    taken = frozenset(signature(view).parameters) & {"body", "query", "version"}
    hints = get_type_hints(view)
    summary, description = _words(view)
    declared = Operation(
        summary=summary,
        description=description,
        permissions=frozenset(permissions),
        answer=answer,
        status=status,
        body=hints.get("body", Nothing),
        query=hints.get("query", Nothing),
        has_version="version" in taken,
        kept_at=kept_at,
    )
    return _Reading(declared, record_of(declared.body), record_of(declared.query), taken)


def operation_of(app: Flask, endpoint: str) -> Operation | None:
    """Return what the endpoint promises, None when it is no route of the API."""
    return getattr(app.view_functions.get(endpoint), _ATTRIBUTE, None)


def seen_version() -> int | None:
    """Return the version that the asker goes by, None when any will do."""
    tag = request.headers.get("If-Match")
    if tag is None or tag.strip() == "*":
        return None
    own = re.fullmatch(r'\s*"([0-9]{1,9})"\s*', tag)
    return int(own[1]) if own else NO_VERSION


def _sent() -> object:
    # Nothing sent is an object without members, so that every missing one is named.
    return request.get_json() if request.get_data() else {}


def _asked(query: Record) -> Mapping[str, object]:
    args: MultiDict[str, str] = request.args
    kinds = {member.name: member.kind for member in query.members}
    for name in args:
        if len(args.getlist(name)) > 1:
            raise InvalidInputError.at(name[:100], "input.given_twice")
    return {
        name: kinds[name].heard(text) if name in kinds else text
        for name, text in args.items()
        if text
    }


def place_of(app: Flask, promised: Operation, address: str, key: object) -> str | None:
    """Return where what a POST to the address makes is read; None where it is read nowhere."""
    if promised.status != CREATED:
        return None
    made = f"{promised.kept_at or address}/{key}"
    try:
        app.url_map.bind("").match(made, method="GET")
    except HTTPException:
        return None
    return made


def _respond(body: Any, promised: Operation) -> Response:
    response = Response(
        json.dumps(body, ensure_ascii=False), status=promised.status, content_type=MEDIA_TYPE
    )
    if isinstance(body, dict) and isinstance(body.get("version"), int):
        response.set_etag(str(body["version"]))
    if promised.status == CREATED:
        place = place_of(current_app, promised, request.path, body["id"])
        if place is not None:
            response.headers["Location"] = place
    return response


def _words(view: View) -> tuple[str, str]:
    summary, _, description = (view.__doc__ or "").strip().partition("\n")
    return summary, " ".join(description.split())
