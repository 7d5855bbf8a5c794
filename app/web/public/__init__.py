"""Pages for everybody: the front door, signing in and out, messages, settings, explanations."""

from flask import Blueprint

from app.web.public import (
    calendars,
    display,
    events,
    explanations,
    figures,
    front_door,
    inbox,
    log_lines,
    meeting_files,
    password,
    plan,
    record_sheets,
    settings,
    sign_in,
    verify,
)

blueprint = Blueprint("public", __name__)
front_door.register(blueprint)
sign_in.register(blueprint)
password.register(blueprint)
display.register(blueprint)
explanations.register(blueprint)
figures.register(blueprint)
events.register(blueprint)
plan.register(blueprint)
calendars.register(blueprint)
inbox.register(blueprint)
log_lines.register(blueprint)
meeting_files.register(blueprint)
record_sheets.register(blueprint)
settings.register(blueprint)
verify.register(blueprint)

__all__ = ["blueprint"]
