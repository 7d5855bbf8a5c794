"""What an event of an activity is about, and whom it concerns."""

from sqlalchemy import select

from app.domain.activity import RegistrationStatus
from app.models.activity import Activity, ActivityExpert, Registration
from app.models.expert import Expert
from app.models.waiting_list import WaitingEntry
from app.services.messages.concern import Concern, span
from app.unit_of_work import UnitOfWork


def of_activity(uow: UnitOfWork, activity: Activity) -> Concern:
    """Return what is told to everybody who has a seat, and to those in front."""
    concern = _plain(activity)
    concern.seated = tuple(
        uow.all(
            select(Registration.person_id)
            .where(
                Registration.activity_id == activity.id,
                Registration.status == RegistrationStatus.JOINED,
            )
            .order_by(Registration.id)
        )
    )
    concern.mentors = tuple(
        uow.all(
            select(Expert.person_id)
            .join(ActivityExpert, ActivityExpert.expert_id == Expert.id)
            .where(ActivityExpert.activity_id == activity.id)
            .order_by(ActivityExpert.position)
        )
    )
    return concern


def of_registration(uow: UnitOfWork, registration: Registration) -> Concern:
    """Return what is told to the one whose seat it is."""
    concern = _plain(uow.load(Activity, registration.activity_id))
    concern.seated = (registration.person_id,)
    return concern


def of_place_in_line(uow: UnitOfWork, entry: WaitingEntry) -> Concern:
    """Return what is told to the one who waits for a seat."""
    concern = _plain(uow.load(Activity, entry.ref_id))
    concern.status = entry.status.value
    concern.seated = (entry.person_id,)
    return concern


def _plain(activity: Activity) -> Concern:
    return Concern(
        facts={
            "title": activity.title,
            "mode": activity.mode.value,
            "place": activity.place or None,
            "why": activity.ended_note,
            **span(activity.starts_at, activity.ends_at),
        },
        status=activity.status.value,
        pages={"activity_id": str(activity.id)},
    )
