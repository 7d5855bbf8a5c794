"""暂停期: days on which an expert serves nobody, ordered and lifted by an approver."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from flask import Blueprint

from app.api.operations import operation
from app.api.schemas import Named, Text
from app.domain.actor import Permission
from app.domain.stand_down import LONGEST_REASON, StandDownOrder
from app.http.run import reading, run
from app.http.wire import jsonable
from app.queries.stand_downs import StandDowns, stand_downs_detail
from app.services import stand_downs


@dataclass(frozen=True, slots=True, kw_only=True)
class StandDownBody:
    """The first and the last day, both included, and why."""

    first_on: date
    last_on: date
    reason: Annotated[str, Text(LONGEST_REASON), Named(says="For the file; the expert reads it.")]


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    path = "/experts/<uuid:expert_id>/stand-downs"
    blueprint.get(path)(list_stand_downs)
    blueprint.post(path)(order_stand_down)
    blueprint.post(f"{path}/<uuid:stand_down_id>/lift")(lift_stand_down)


@operation(Permission.SET_AVAILABILITY, answer=StandDowns)
def list_stand_downs(expert_id: UUID) -> Any:
    """List the stand-downs of an expert; for himself and for who looks after him."""
    return _detail(expert_id)


@operation(Permission.APPOINT_EXPERT, answer=StandDowns)
def order_stand_down(expert_id: UUID, body: StandDownBody) -> Any:
    """Let an expert serve nobody on the days; the bookings on them are suspended.

    No day lies in the past; what he serves all the same is not counted (`mentor_suspended`).
    """
    run(stand_downs.order, expert_id, StandDownOrder(body.first_on, body.last_on, body.reason))
    return _detail(expert_id)


@operation(Permission.APPOINT_EXPERT, answer=StandDowns)
def lift_stand_down(expert_id: UUID, stand_down_id: UUID, version: int | None) -> Any:
    """End a stand-down from now on; what it held back stands again by itself."""
    run(stand_downs.lift, stand_down_id, version=version)
    return _detail(expert_id)


def _detail(expert_id: UUID) -> Any:
    with reading() as reader:
        return jsonable(stand_downs_detail(reader, expert_id))
