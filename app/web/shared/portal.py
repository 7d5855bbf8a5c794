"""Which portal somebody belongs to and where it begins."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.actor import Actor, Role

HOMES: Mapping[str, str] = {"founder": "/me", "mentor": "/mentor", "bureau": "/bureau"}


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks at a page, as its frame shows him."""

    name: str
    portal: str


def portal_of(actor: Actor) -> str | None:
    """Return the portal of the actor's work, None for visitors; staff work comes first."""
    if actor.is_staff:
        return "bureau"
    return "mentor" if actor.has(Role.MENTOR) else "founder" if actor.has(Role.FOUNDER) else None


def home_of(actor: Actor) -> str:
    """Return where the actor begins."""
    portal = portal_of(actor)
    return HOMES[portal] if portal else "/"


def viewer_of(actor: Actor) -> Viewer | None:
    """Return what the frame shows of the actor, None for visitors."""
    portal = portal_of(actor)
    return Viewer(actor.name, portal) if portal else None
