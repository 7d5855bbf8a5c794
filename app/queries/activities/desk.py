"""An activity at the bureau's desk: who has a seat, who came, what is still to do."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from app.domain.activity import ActivityKind, RegistrationStatus
from app.domain.errors import NotFoundError
from app.domain.waiting_list import WaitingKind
from app.models.activity import Activity, Registration
from app.models.expert import Appointment, Expert
from app.models.person import Person, Venture
from app.models.service_session import ServiceSession
from app.queries.activities.events import Event, event_of, fronts_of
from app.queries.activities.reviews import Project, projects_of
from app.queries.free_times import Look
from app.queries.waiting_lists import lines
from app.unit_of_work import Reader

DIGITS = 4
MOST_CHOICES = 8


@dataclass(frozen=True, slots=True)
class Listener:
    """Somebody with a seat, or who came without one."""

    person_id: UUID
    name: str
    phone: str | None
    status: RegistrationStatus
    checked_in_at: datetime | None
    identity_level: str


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything an officer needs of one activity."""

    event: Event
    door_code: str
    anonymous_heads: int
    waiting: int
    ranked_at: datetime | None
    closed_at: datetime | None
    note: str | None
    listeners: tuple[Listener, ...]
    projects: tuple[Project, ...]
    session_reference: str | None
    now: datetime

    @property
    def signed_in(self) -> tuple[Listener, ...]:
        """Those who signed in, in the order in which they came."""
        came = [each for each in self.listeners if each.checked_in_at is not None]
        return tuple(sorted(came, key=lambda each: str(each.checked_in_at)))

    @property
    def ranked(self) -> tuple[Project, ...]:
        """The projects by their places, those without one last."""
        return tuple(sorted(self.projects, key=lambda each: (each.place or 10**6, each.position)))

    def found(self, digits: str) -> tuple[Listener, ...]:
        """Return those whose number ends so."""
        return tuple(
            each
            for each in self.listeners
            if len(digits) == DIGITS and (each.phone or "").endswith(digits)
        )


def activity_desk(reader: Reader, activity_id: UUID) -> Desk:
    """Return the activity in eight statements at most.

    Raises:
        NotFoundError: there is none.
    """
    activity = reader.session.get(Activity, activity_id)
    if activity is None:
        raise NotFoundError("activity.not_found")
    is_review = activity.kind is ActivityKind.REVIEW
    reference = select(ServiceSession.reference).where(ServiceSession.activity_id == activity.id)
    return Desk(
        event=event_of(activity, fronts_of(reader, [activity.id])[activity.id]),
        door_code=activity.door_code,
        anonymous_heads=activity.anonymous_heads,
        waiting=len(lines(reader, WaitingKind.ACTIVITY, [activity.id]).get(activity.id, ())),
        ranked_at=activity.ranked_at,
        closed_at=activity.closed_at,
        note=activity.ended_note,
        listeners=_listeners(reader, activity.id),
        projects=projects_of(reader, activity) if is_review else (),
        session_reference=reader.session.scalars(reference).first(),
        now=reader.now,
    )


def venture_choices(look: Look, text: str) -> tuple[tuple[UUID, str], ...]:
    """Return the ventures whose name holds the text, the shortest name first."""
    wanted = text.strip().replace("%", "").replace("_", "")
    if not wanted:
        return ()
    rows = look.session.execute(
        select(Venture.id, Venture.name)
        .where(Venture.name.contains(wanted))
        .order_by(func.length(Venture.name), Venture.name)
        .limit(MOST_CHOICES)
    )
    return tuple((key, name) for key, name in rows)


def _listeners(look: Look, activity_id: UUID) -> tuple[Listener, ...]:
    rows = look.session.execute(
        select(Registration, Person.name, Person.phone)
        .join(Person, Person.id == Registration.person_id)
        .where(
            Registration.activity_id == activity_id,
            Registration.status != RegistrationStatus.LEFT,
        )
        .order_by(Person.name, Registration.id)
    )
    return tuple(
        Listener(
            row.person_id,
            name,
            phone,
            row.status,
            row.checked_in_at,
            row.identity_level.value,
        )
        for row, name, phone in rows
    )


def expert_choices(reader: Reader) -> tuple[tuple[UUID, str], ...]:
    """Return the experts who are appointed today or later, by name."""
    appointed = select(Appointment.expert_id).where(Appointment.ends_on >= reader.today)
    rows = reader.session.execute(
        select(Expert.id, Expert.name, Expert.organisation)
        .where(Expert.id.in_(appointed))
        .order_by(Expert.name, Expert.id)
    )
    return tuple((key, f"{name} · {organisation}") for key, name, organisation in rows)
