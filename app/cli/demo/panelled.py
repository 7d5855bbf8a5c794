"""A panel of the demo asked for the first time at which all of it and a room can."""

from collections.abc import Sequence
from uuid import UUID

from app.domain.actor import SYSTEM, Actor
from app.domain.availability import Mode
from app.domain.booking_panel import Company
from app.domain.panel import SERVICE
from app.models.booking import Booking
from app.models.need import Need
from app.queries.joint_times import JointAsked, joint_page
from app.services import bookings
from app.services.bookings import Choice
from app.unit_of_work import Store


def ask_panel(
    store: Store, officer: Actor, experts: Sequence[UUID], need_id: UUID, room: UUID
) -> Booking | None:
    """Ask the experts, the leading one first, on the founder's behalf; None if no time is common.

    Args:
        store: of the demo.
        officer: who asks.
        experts: at least two.
        need_id: what it is about.
        room: where they meet.
    """
    lead, *others = experts
    with store.read(SYSTEM) as reader:
        asked = JointAsked(
            expert_ids=(lead, *others),
            person_ids=(reader.session.get_one(Need, need_id).person_id,),
            session_type=SERVICE,
            modes=(Mode.ONSITE.value,),
            place_ids=(room,),
        )
        times = joint_page(reader, asked, count=1).items
    if not times:
        return None
    choice = Choice(
        need_id=need_id,
        expert_id=lead,
        starts_at=times[0].starts_at,
        mode=Mode.ONSITE,
        session_type=SERVICE,
        company=Company(expert_ids=tuple(others), quorum=2, place_id=room),
    )
    return store.execute(officer, bookings.request_now, choice)
