"""可约时间: the mentor's own plain week, special days, limits, and what founders see of them."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app.domain.actor import Permission
from app.http.policy import policy
from app.web.shared import hours as editor
from app.web.shared import special_days as days

DOOR = editor.Door("mentor", "layouts/mentor.html", "availability")
HOURS, DAYS = "/mentor/availability", "/mentor/availability/days"


def register(blueprint: Blueprint) -> None:
    """Add the pages."""
    blueprint.get(HOURS)(hours)
    blueprint.post(HOURS)(change_hours)
    blueprint.get(DAYS)(ask_day)
    blueprint.post(DAYS)(add_day)
    blueprint.post(f"{DAYS}/remove")(remove_days)


@policy(Permission.SET_AVAILABILITY)
def hours() -> ResponseReturnValue:
    """Show the hours as they are."""
    return editor.show(DOOR)


@policy(Permission.SET_AVAILABILITY)
def change_hours() -> ResponseReturnValue:
    """Save the week, or only show the changed form."""
    return editor.change(DOOR)


@policy(Permission.SET_AVAILABILITY)
def ask_day() -> ResponseReturnValue:
    """Ask which days differ, and how."""
    return days.ask(DOOR)


@policy(Permission.SET_AVAILABILITY)
def add_day() -> ResponseReturnValue:
    """Close or open the days."""
    return days.add(DOOR)


@policy(Permission.SET_AVAILABILITY)
def remove_days() -> ResponseReturnValue:
    """Let the week hold again on the days."""
    return days.remove(DOOR)
