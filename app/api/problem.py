"""Refusals and faults as application/problem+json (RFC 9457)."""

import json
import logging
from collections import defaultdict
from collections.abc import Mapping
from http import HTTPStatus

from flask import Response, request

from app.domain.errors import Facts
from app.http.edge import request_id
from app.http.faults import Fault
from app.http.status import UNAUTHORIZED
from app.http.wire import Json, jsonable
from app.http.wording import wording
from app.queries.vocabularies import Locale

log = logging.getLogger("jieban.faults")

MEDIA_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:jieban:problem:"
LANGUAGES = ("zh", "en")
_THIS_FIELD = {"zh": "这一项", "en": "this field"}


def answer(fault: Fault) -> Response:
    """Return the problem document; facts that have a JSON form stand beside its own members."""
    body = _facts(fault.facts)
    body |= {
        "type": f"{TYPE_PREFIX}{fault.code}",
        "title": HTTPStatus(fault.status).phrase,
        "status": fault.status,
        "code": fault.code,
        "detail": _words(fault.code, fault.facts),
        "errors": [
            {
                "field": error.field,
                "code": error.code,
                "detail": _words(error.code, {"label": error.field, **error.facts}),
            }
            for error in fault.errors
        ],
        "instance": request_id(),
    }
    response = Response(
        json.dumps(body, ensure_ascii=False), status=fault.status, content_type=MEDIA_TYPE
    )
    if fault.status == UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def language() -> Locale:
    """Return the language the asker prefers: Chinese unless English is asked for."""
    return "en" if request.accept_languages.best_match(LANGUAGES) == "en" else "zh"


def _words(code: str, facts: Mapping[str, object]) -> str:
    chosen = language()
    try:
        text = wording()[code][chosen]
    except KeyError:
        log.exception("error code %s has no wording", code)
        text = wording()["error"][chosen]
    known = {name: jsonable(fact) for name, fact in facts.items() if _has_form(fact)}
    return text.format_map(defaultdict(str, {"label": _THIS_FIELD[chosen], **known}))


def _facts(facts: Facts) -> dict[str, Json]:
    return {name: jsonable(fact) for name, fact in facts.items() if _has_form(fact)}


def _has_form(fact: object) -> bool:
    try:
        jsonable(fact)
    except TypeError:
        return False
    return True
