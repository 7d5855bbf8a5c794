"""可约时间 of any expert of the pool, as an officer sets it for him."""

from uuid import UUID

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app.domain.actor import Permission
from app.http.policy import policy
from app.web.shared import hours as editor
from app.web.shared import special_days as days

HOURS = "/bureau/mentors/<uuid:expert_id>/availability"


def register(blueprint: Blueprint) -> None:
    """Add the pages."""
    blueprint.get(HOURS)(hours)
    blueprint.post(HOURS)(change_hours)
    blueprint.get(f"{HOURS}/days")(ask_day)
    blueprint.post(f"{HOURS}/days")(add_day)
    blueprint.post(f"{HOURS}/days/remove")(remove_days)


def _door(expert_id: UUID) -> editor.Door:
    return editor.Door("bureau", "layouts/bureau.html", "mentors", expert_id)


@policy(Permission.SET_AVAILABILITY)
def hours(expert_id: UUID) -> ResponseReturnValue:
    """Show an expert's hours as they are."""
    return editor.show(_door(expert_id))


@policy(Permission.SET_AVAILABILITY)
def change_hours(expert_id: UUID) -> ResponseReturnValue:
    """Save an expert's week, or only show the changed form."""
    return editor.change(_door(expert_id))


@policy(Permission.SET_AVAILABILITY)
def ask_day(expert_id: UUID) -> ResponseReturnValue:
    """Ask which days of an expert differ, and how."""
    return days.ask(_door(expert_id))


@policy(Permission.SET_AVAILABILITY)
def add_day(expert_id: UUID) -> ResponseReturnValue:
    """Close or open days of an expert."""
    return days.add(_door(expert_id))


@policy(Permission.SET_AVAILABILITY)
def remove_days(expert_id: UUID) -> ResponseReturnValue:
    """Let an expert's week hold again on the days."""
    return days.remove(_door(expert_id))
