"""How large a request may be."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, request
from werkzeug.exceptions import RequestEntityTooLarge

MIB = 1024 * 1024
BODY_LIMIT = 1 * MIB
UPLOAD_LIMIT = 10 * MIB
_ATTRIBUTE = "jieban_body_limit"

View = TypeVar("View", bound=Callable[..., Any])


def takes_file(view: View) -> View:
    """Let the view receive a file of up to UPLOAD_LIMIT bytes; other views take BODY_LIMIT."""
    setattr(view, _ATTRIBUTE, UPLOAD_LIMIT)
    return view


def install(app: Flask) -> None:
    """Refuse larger bodies with status 413 before anything of them is read."""
    app.config["MAX_CONTENT_LENGTH"] = BODY_LIMIT
    app.config["MAX_FORM_MEMORY_SIZE"] = BODY_LIMIT
    app.before_request(_limit)
    app.teardown_request(_close_files)


def _close_files(_error: BaseException | None) -> None:
    request.close()


def _limit() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    request.max_content_length = getattr(view, _ATTRIBUTE, BODY_LIMIT)
    if (request.content_length or 0) > request.max_content_length:
        raise RequestEntityTooLarge
