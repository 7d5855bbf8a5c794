"""Every refusal and every fault as one value, answered by a page or by a problem document."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field as made_by

from flask import Flask
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError
from werkzeug.exceptions import HTTPException

from app.domain.errors import DomainError, Facts, FieldError, InvalidInputError
from app.http.edge import is_api, request_id
from app.http.status import INTERNAL, status_of

log = logging.getLogger("jieban.faults")

CODES = {
    400: "request.malformed",
    401: "account.not_signed_in",
    403: "forbidden",
    404: "not_found",
    405: "request.wrong_method",
    413: "request.too_large",
    415: "request.media_type",
    500: "error.internal",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is told to whoever asked: status, stable code, facts, and each faulty field."""

    status: int
    code: str
    facts: Facts = made_by(default_factory=dict)
    errors: tuple[FieldError, ...] = ()
    cause: Exception | None = None


Answer = Callable[[Fault], ResponseReturnValue]


def install(app: Flask, *, pages: Answer, api: Answer) -> None:
    """Answer every error: `pages` for people, `api` for machines."""

    def answer(fault: Fault) -> ResponseReturnValue:
        return api(fault) if is_api() else pages(fault)

    def refused(error: DomainError) -> ResponseReturnValue:
        return answer(_of_refusal(error))

    def http_error(error: HTTPException) -> ResponseReturnValue:
        if error.response is not None or error.code is None or error.code < 400:
            return error
        return answer(_of_http(error))

    def broken(error: Exception) -> ResponseReturnValue:
        log.error("request %s failed", request_id(), exc_info=error)
        return answer(Fault(INTERNAL, CODES[INTERNAL], cause=error))

    def unstorable(error: DataError) -> ResponseReturnValue:
        log.warning("request %s sent what no column takes: %s", request_id(), error.orig)
        return answer(Fault(422, InvalidInputError.default_code, cause=error))

    app.register_error_handler(DomainError, refused)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(DataError, unstorable)
    app.register_error_handler(Exception, broken)


def _of_refusal(error: DomainError) -> Fault:
    status = status_of(error)
    if status == INTERNAL:
        log.error("request %s failed", request_id(), exc_info=error)
        return Fault(INTERNAL, CODES[INTERNAL], cause=error)
    errors = error.errors if isinstance(error, InvalidInputError) else ()
    return Fault(status, error.code, error.facts, errors, error)


def _of_http(error: HTTPException) -> Fault:
    if isinstance(error, CSRFError):
        return Fault(400, "request.page_expired", cause=error)
    status = error.code or INTERNAL
    code = CODES.get(status, CODES[400] if status < INTERNAL else CODES[INTERNAL])
    return Fault(status, code, cause=error)
