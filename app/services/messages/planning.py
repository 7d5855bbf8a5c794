"""On which channels a message goes out, when, and whether it is still of use when it does."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.domain.availability.zones import DISTRICT
from app.domain.message import (
    EVENTS,
    URGENT,
    Channel,
    Choices,
    channels_for,
    send_at,
)
from app.models.message import Delivery, Message, Preference
from app.services.messages.concerning import concern_of
from app.services.messages.dispatching import Plan, plan_delivery
from app.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How one reader is reached.

    Attributes:
        addresses: where, by channel.
        choices: what the reader has switched on or off.
        zone: the reader's time zone.
        is_near: the meeting it is about is close at hand.
    """

    addresses: Mapping[Channel, str]
    choices: Choices
    zone: str = DISTRICT
    is_near: bool = False


def plan_deliveries(
    uow: UnitOfWork,
    message: Message,
    way: Way,
    *,
    is_of_use: bool,
    until: datetime | None = None,
    invitation: dict[str, object] | None = None,
) -> list[Delivery]:
    """Plan the message on each channel its reader wants it on; none is sent at night without need.

    Args:
        uow: the transaction.
        message: what is said.
        way: how its reader is reached.
        is_of_use: whether its subject still is as it says; otherwise it is kept as skipped.
        until: when it is of no use any more.
        invitation: what a letter asks the reader's calendar to do.
    """
    is_urgent = message.event in URGENT
    at = send_at(uow.now, way.zone, is_urgent=is_urgent, until=until)
    planned = []
    channels = channels_for(message.event, way.choices, way.addresses, is_near=way.is_near)
    for channel in channels:
        plan = Plan(
            channel=channel,
            address=way.addresses[channel],
            of_use=is_of_use,
            until=until,
            invitation=invitation if channel is Channel.EMAIL else None,
            run_at=at,
        )
        planned.append(plan_delivery(uow, message, plan))
    return planned


def choices_of(uow: UnitOfWork, account_id: UUID) -> Choices:
    """Return what the account's holder has switched on or off."""
    rows = uow.all(select(Preference).where(Preference.account_id == account_id))
    return {(row.topic, row.channel): row.is_on for row in rows}


def is_still_of_use(uow: UnitOfWork, message: Message) -> bool:
    """Tell whether the subject still is in a state in which the message is worth sending."""
    words = message.facts.get("words")
    rows = [row for row in EVENTS.get(message.event, ()) if row.words == words]
    wanted = rows[0].mail_while if rows else frozenset()
    if not wanted:
        return True
    return concern_of(uow, message.event, message.subject_id, {}).status in wanted
