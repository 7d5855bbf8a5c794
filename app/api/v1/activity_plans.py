"""活动: announced, changed and called off by officers."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from flask import Blueprint

from app.api.operations import operation
from app.api.schemas import Count, Named, Text, Whole
from app.api.v1.activities import ACTIVITY, ActivityDetail, read
from app.domain.activity import (
    LONGEST_CRITERION,
    LONGEST_PLACE,
    LONGEST_SUMMARY,
    LONGEST_TITLE,
    MOST_CRITERIA,
    MOST_EXPERTS,
    MOST_SEATS,
    WHOLE_WEIGHT,
    ActivityKind,
    Criterion,
    MeanKind,
    Plan,
)
from app.domain.actor import Permission
from app.domain.availability import Mode
from app.http.run import run
from app.services import activities

LONGEST_CODE = 40
MOST_HELPERS = 20
Code = Annotated[str, Text(LONGEST_CODE)]


@dataclass(frozen=True, slots=True)
class CriterionBody:
    """What judges mark by; the weights make 100 together."""

    name: Annotated[str, Text(LONGEST_CRITERION)]
    weight: Annotated[int, Whole(1, WHOLE_WEIGHT)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityBody:
    """Everything said of an activity; what is left out is as usual, not as it was."""

    kind: ActivityKind
    title: Annotated[str, Text(LONGEST_TITLE)]
    summary: Annotated[str, Text(LONGEST_SUMMARY)]
    starts_at: datetime
    ends_at: datetime
    experts: Annotated[
        tuple[UUID, ...],
        Count(1, MOST_EXPERTS),
        Named(says="Who speaks or judges; the first leads."),
    ]
    department: Annotated[Code, Named(says="The one organiser whose column counts it.")]
    co_departments: Annotated[tuple[Code, ...], Count(0, MOST_HELPERS)] = ()
    topic: Code | None = None
    mode: Mode = Mode.ONSITE
    place: Annotated[str, Text(LONGEST_PLACE), Named(says="In words, without `place_id`.")] = ""
    place_id: UUID | None = None
    seat_total: Annotated[int, Whole(0, MOST_SEATS), Named(says="0 for a review.")] = 0
    is_promotion: bool = False
    criteria: Annotated[
        tuple[CriterionBody, ...], Count(0, MOST_CRITERIA), Named(says="Of a review.")
    ] = ()
    mean: MeanKind = MeanKind.PLAIN


@dataclass(frozen=True, slots=True)
class CallingOff:
    """Why it does not take place; everybody concerned reads it."""

    reason: Annotated[str, Text(LONGEST_SUMMARY)]


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.post("/activities")(announce_activity)
    blueprint.put(ACTIVITY)(change_activity)
    blueprint.post(f"{ACTIVITY}/cancel")(cancel_activity)


@operation(Permission.MANAGE_ACTIVITY, answer=ActivityDetail, status=201)
def announce_activity(body: ActivityBody) -> Any:
    """Announce an activity; the time of those in front and of the place is claimed.

    409 `booking.time_taken`: one of them is taken then.
    """
    return read(run(activities.announce, _plan(body)).id)


@operation(Permission.MANAGE_ACTIVITY, answer=ActivityDetail)
def change_activity(activity_id: UUID, body: ActivityBody, version: int | None) -> Any:
    """Replace what is said of an activity that has not begun; its kind stays.

    Who has a seat or waits hears of another time or place; seats that are added reach the line.
    """
    run(activities.change, activity_id, _plan(body), version=version)
    return read(activity_id)


@operation(Permission.MANAGE_ACTIVITY, answer=ActivityDetail)
def cancel_activity(activity_id: UUID, body: CallingOff, version: int | None) -> Any:
    """Call an activity off; the time is free again and everybody concerned is told why."""
    run(activities.cancel, activity_id, body.reason, version=version)
    return read(activity_id)


def _plan(body: ActivityBody) -> Plan:
    given = {each.name: getattr(body, each.name) for each in fields(body)}
    criteria = tuple(Criterion(each.name, each.weight) for each in body.criteria)
    return Plan(**{**given, "criteria": criteria})
