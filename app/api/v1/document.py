"""The description of the API, made from its routes."""

from typing import Any

from flask import Blueprint, current_app

from app.api.openapi import document_of
from app.api.operations import operation
from app.http.edge import the_settings


def register(blueprint: Blueprint) -> None:
    """Add the route."""
    blueprint.get("/openapi.json")(read_document)


@operation(answer=None)
def read_document() -> Any:
    """Read this document."""
    return document_of(current_app, the_settings().site_name)
