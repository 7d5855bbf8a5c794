"""Static files kept by browsers for a year, under addresses that change with their content."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, request

STATIC_SECONDS = 365 * 24 * 3600
VERSION = "v"
VERSION_LENGTH = 12


def register(app: Flask) -> None:
    """Add the content's version to every address of a static file, and its long life to the file.

    A file asked for without its version is checked anew at each use.
    """
    folder = Path(app.static_folder or "")

    def versioned(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static" and VERSION not in values:
            values[VERSION] = version_of(folder / values["filename"])

    def live_long(response: Response) -> Response:
        if request.endpoint == "static" and response.status_code < 400:
            lasting = f"public, max-age={STATIC_SECONDS}, immutable"
            response.headers["Cache-Control"] = lasting if VERSION in request.args else "no-cache"
        return response

    app.url_defaults(versioned)
    app.after_request(live_long)


@cache
def version_of(path: Path) -> str:
    """Return a name of the file's content."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:VERSION_LENGTH]
