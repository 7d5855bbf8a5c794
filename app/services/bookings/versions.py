"""The version a person saw against the version there is."""

from app.db import StaleVersionError
from app.models.base import Versioned


def ensure_version(row: Versioned, version: int | None) -> None:
    """Refuse a step taken from a stale page; None asks for no check.

    Raises:
        StaleVersionError: when the row has changed since.
    """
    if version is not None and row.version != version:
        raise StaleVersionError(version=row.version)
