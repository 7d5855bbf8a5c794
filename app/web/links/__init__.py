"""Pages that links in letters open: one act each, without signing in."""

from flask import Blueprint

from app.web.links import door

blueprint = Blueprint("links", __name__)
door.register(blueprint)

__all__ = ["blueprint"]
