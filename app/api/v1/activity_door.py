"""The door of an activity 签到: its code, who came with it, and heads counted apart."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from flask import Blueprint

from app.api.operations import operation
from app.api.schemas import Text, Whole
from app.api.v1.activities import ACTIVITY, LONGEST_CODE
from app.domain.activity import MOST_SEATS
from app.domain.actor import Permission
from app.domain.person import LONGEST_NAME
from app.domain.privacy import mask_name, mask_phone
from app.http.run import reading, run
from app.http.wire import jsonable
from app.queries.activities import activity_desk
from app.services import activities
from app.services.activities import Listener

LONGEST_PHONE = 20


@dataclass(frozen=True, slots=True)
class HeadsBody:
    """How many more, or fewer, who sign in nowhere."""

    by: Annotated[int, Whole(-MOST_SEATS, MOST_SEATS)]


@dataclass(frozen=True, slots=True)
class SignInBody:
    """Somebody at the door without an account, and the code that he read there."""

    code: Annotated[str, Text(LONGEST_CODE)]
    name: Annotated[str, Text(LONGEST_NAME)]
    phone: Annotated[str, Text(LONGEST_PHONE)]


@dataclass(frozen=True, slots=True)
class Door:
    """The code at the door, how many signed in, and the heads counted apart."""

    door_code: str
    signed_in: int
    anonymous_heads: int


@dataclass(frozen=True, slots=True)
class Attendee:
    """Somebody who signed in, as the list of certificates prints him: masked."""

    number: int
    name: str
    phone: str | None
    checked_in_at: datetime


@dataclass(frozen=True, slots=True)
class AttendeeList:
    """Who came, in the order of coming, and the heads counted apart."""

    items: tuple[Attendee, ...]
    anonymous_heads: int


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.get(f"{ACTIVITY}/door")(read_door)
    blueprint.get(f"{ACTIVITY}/certificates")(list_certificates)
    blueprint.post(f"{ACTIVITY}/sign-ins")(sign_in_at_door)
    blueprint.post(f"{ACTIVITY}/heads")(count_heads)


@operation(Permission.MANAGE_ACTIVITY, answer=Door)
def read_door(activity_id: UUID) -> Any:
    """Read the code to put up at the door, and how many have come."""
    return _door(activity_id)


@operation(Permission.READ_ACTIVITIES, answer=AttendeeList)
def list_certificates(activity_id: UUID) -> Any:
    """List who came, with masked names, for certificates of attendance."""
    with reading() as reader:
        desk = activity_desk(reader, activity_id)
    came = tuple(
        Attendee(
            number,
            mask_name(each.name),
            mask_phone(each.phone) if each.phone else None,
            each.checked_in_at,
        )
        for number, each in enumerate(desk.signed_in, start=1)
        if each.checked_in_at is not None
    )
    return jsonable(AttendeeList(came, desk.anonymous_heads))


@operation(Permission.MANAGE_ACTIVITY, answer=Door)
def sign_in_at_door(activity_id: UUID, body: SignInBody) -> Any:
    """Sign in who types the code, his name and number; one number is one listener."""
    run(activities.sign_in, activity_id, body.code, Listener(body.name, body.phone))
    return _door(activity_id)


@operation(Permission.MANAGE_ACTIVITY, answer=Door)
def count_heads(activity_id: UUID, body: HeadsBody) -> Any:
    """Count heads without a name; they are shown apart and never among persons."""
    run(activities.count_heads, activity_id, body.by)
    return _door(activity_id)


def _door(activity_id: UUID) -> Any:
    with reading() as reader:
        desk = activity_desk(reader, activity_id)
    return jsonable(Door(desk.door_code, len(desk.signed_in), desk.anonymous_heads))
