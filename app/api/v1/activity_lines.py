"""候补: the line for a seat of an activity that is full."""

from typing import Any
from uuid import UUID

from flask import Blueprint

from app.api.operations import operation
from app.api.v1.activities import ACTIVITY
from app.domain.actor import Permission
from app.http.run import run
from app.http.wire import jsonable
from app.models.waiting_list import WaitingEntry
from app.queries.activities import SeatPlace, seat_place
from app.services import activities
from app.unit_of_work import UnitOfWork

LINE = f"{ACTIVITY}/waiting-list"


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.post(LINE)(join_line)
    blueprint.post(f"{LINE}/leave")(leave_line)


@operation(Permission.JOIN_ACTIVITY, answer=SeatPlace)
def join_line(activity_id: UUID) -> Any:
    """Wait for a seat of an activity that is full.

    When one is kept, `until` says how long, and `/join` takes it. 422 `activity.seat_free`: there
    is a seat, which is taken, not waited for.
    """
    return _act(activities.join_line, activity_id)


@operation(Permission.JOIN_ACTIVITY, answer=SeatPlace)
def leave_line(activity_id: UUID, version: int | None) -> Any:
    """Wait no longer; a seat that is kept goes to the next. The version is that of the place."""
    return _act(activities.leave_line, activity_id, version=version)


def _act(use_case: Any, *args: Any, **kwargs: Any) -> Any:
    def act(uow: UnitOfWork) -> SeatPlace:
        entry: WaitingEntry = use_case(uow, *args, **kwargs)
        uow.flush()
        return seat_place(uow, entry.id)

    return run(act, answer=jsonable)
