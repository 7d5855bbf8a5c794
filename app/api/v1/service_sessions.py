"""A meeting: somebody came, it was held, or it did not come about."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from flask import Blueprint

from app.api.operations import operation
from app.api.schemas import Count, Named, OneOf, Text, Whole
from app.domain.actor import Permission
from app.domain.booking_panel import MOST_EXPERTS
from app.domain.service_session import LONGEST_MINUTES, SEEN, Evidence, NoShow
from app.http.run import reading, run
from app.http.wire import jsonable
from app.models.service_session import ServiceSession
from app.queries.exchange import ServiceSessionDetail, service_session_detail
from app.services import declared_ties, desk_entries, service_sessions
from app.services.service_sessions import Finish, OwnTimes
from app.unit_of_work import UnitOfWork

LONGEST_REASON = 500
MOST_PEOPLE = 50
SESSION = "/service-sessions/<uuid:session_id>"
# The codes of vocabulary no_show, and the same in short.
WHO = OneOf(
    {
        **{kind.value: kind for kind in NoShow},
        "founder": NoShow.FOUNDER,
        "mentor": NoShow.MENTOR,
        "both": NoShow.BOTH,
    }
)


@dataclass(frozen=True, slots=True)
class ExpertTimes:
    """When one expert came and went."""

    expert_id: UUID
    in_at: datetime
    out_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishBody:
    """What really happened; without lists everybody planned was there the whole time."""

    actual_start: datetime
    actual_end: datetime
    break_minutes: Annotated[int, Whole(0, LONGEST_MINUTES)] = 0
    attendees: Annotated[
        tuple[UUID, ...] | None,
        Count(0, MOST_PEOPLE),
        Named(says="The persons of the founder's side who came, of those in `attendances`."),
    ] = None
    experts: Annotated[tuple[ExpertTimes, ...], Count(0, MOST_PEOPLE)] = ()
    absent_experts: Annotated[
        tuple[UUID, ...],
        Count(0, MOST_EXPERTS),
        Named(says="The experts of a panel who did not come; the others held it without them."),
    ] = ()


@dataclass(frozen=True, slots=True)
class ArrivalBody:
    """Who has come, expected or along with the founder, and how the desk knows it."""

    person_id: UUID
    evidence: Annotated[Evidence, OneOf({way.value: way for way in sorted(SEEN)})]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignBody:
    """When the expert came and went, and in what he does not agree with the record."""

    in_at: datetime
    out_at: datetime
    dissent: Annotated[str | None, Text(service_sessions.LONGEST_DISSENT)] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StandAsideBody:
    """Which expert leaves the meeting for a tie; oneself, and now, when not given."""

    expert_id: UUID | None = None
    left_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class NoShowBody:
    """Who did not come, and what is known of it."""

    who: Annotated[NoShow, WHO]
    reason: Annotated[str, Text(LONGEST_REASON)]
    experts: Annotated[
        tuple[UUID, ...] | None,
        Count(1, MOST_EXPERTS),
        Named(says="The experts of a panel who did not come; all of them when not given."),
    ] = None


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.get(SESSION)(read_service_session)
    blueprint.post(f"{SESSION}/check-in")(check_in)
    blueprint.post(f"{SESSION}/arrivals")(note_arrival)
    blueprint.post(f"{SESSION}/finish")(finish)
    blueprint.post(f"{SESSION}/sign")(sign)
    blueprint.post(f"{SESSION}/stand-aside")(stand_aside)
    blueprint.post(f"{SESSION}/no-show")(report_no_show)


@operation(Permission.READ_SERVICE_SESSION, answer=ServiceSessionDetail)
def read_service_session(session_id: UUID) -> Any:
    """Read a meeting, with its outcome once it was held and whether it counts."""
    with reading() as reader:
        return jsonable(service_session_detail(reader, session_id))


@operation(Permission.CONFIRM_OUTCOME, Permission.RECORD_OUTCOME, answer=ServiceSessionDetail)
def check_in(session_id: UUID, version: int | None) -> Any:
    """Note that the asker has come, from 30 minutes before the planned start."""
    return _step(service_sessions.check_in, session_id, version=version)


@operation(Permission.ENTER_ON_PAPER, answer=ServiceSessionDetail)
def note_arrival(session_id: UUID, body: ArrivalBody, version: int | None) -> Any:
    """Check in at the counter who has come; ten minutes long it can be taken back."""
    return _step(desk_entries.check_in, session_id, body.person_id, body.evidence, version=version)


@operation(Permission.HOLD_SERVICE_SESSION, answer=ServiceSessionDetail)
def finish(session_id: UUID, body: FinishBody, version: int | None) -> Any:
    """Close a meeting with its actual times."""
    facts = Finish(
        actual_start=body.actual_start,
        actual_end=body.actual_end,
        break_minutes=body.break_minutes,
        attendees=None if body.attendees is None else frozenset(body.attendees),
        experts={each.expert_id: OwnTimes(each.in_at, each.out_at) for each in body.experts},
        absent=frozenset(body.absent_experts),
    )
    return _step(service_sessions.finish, session_id, facts, version=version)


@operation(Permission.HOLD_SERVICE_SESSION, answer=ServiceSessionDetail)
def sign(session_id: UUID, body: SignBody, version: int | None) -> Any:
    """Sign one's own times as an expert of a panel, under the record of its lead.

    Times that are not signed do not count.
    """
    own = OwnTimes(body.in_at, body.out_at)
    return _step(service_sessions.sign, session_id, own, dissent=body.dissent, version=version)


@operation(Permission.HOLD_SERVICE_SESSION, answer=ServiceSessionDetail)
def stand_aside(session_id: UUID, body: StandAsideBody, version: int | None) -> Any:
    """Declare a tie while the meeting runs, and leave it; an officer notes it on the expert's word.

    None of his minutes count, and the meeting counts on the time with the others; where he leads
    it or serves alone it does not count.
    """
    who, at = body.expert_id, body.left_at
    return _step(declared_ties.declare, session_id, expert_id=who, left_at=at, version=version)


@operation(Permission.REPORT_NO_SHOW, answer=ServiceSessionDetail)
def report_no_show(session_id: UUID, body: NoShowBody, version: int | None) -> Any:
    """Report that a meeting did not come about, from 30 minutes after the planned start.

    Each side reports the other's absence, that nobody came, or a technical failure. A panel of
    which the lead and the quorum came was held.
    """
    return _step(
        service_sessions.report_no_show,
        session_id,
        body.who,
        note=body.reason,
        experts=body.experts,
        version=version,
    )


def _step(use_case: Callable[..., ServiceSession], *args: Any, **kwargs: Any) -> Any:
    def act(uow: UnitOfWork) -> ServiceSessionDetail:
        row = use_case(uow, *args, **kwargs)
        uow.flush()
        return service_session_detail(uow, row.id)

    return run(act, answer=jsonable)
