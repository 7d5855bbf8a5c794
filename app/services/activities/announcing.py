"""An activity announced, changed and called off by the bureau."""

from collections.abc import Collection
from dataclasses import asdict, replace
from uuid import UUID

from sqlalchemy import select

from app.domain import prose
from app.domain.activity import (
    LONGEST_SUMMARY,
    ActivityKind,
    ActivityStatus,
    Plan,
    SeatsTakenError,
    ensure_open,
    ensure_plan,
    new_code,
)
from app.domain.actor import Permission
from app.domain.errors import InvalidInputError
from app.domain.message import hours_before
from app.domain.place import PlaceRetiredError, PlaceUnfitError
from app.models.activity import Activity
from app.models.place import Place
from app.models.vocabulary import Term
from app.services.activities import claiming, fronts, projects, waiting
from app.services.bookings.versions import ensure_version
from app.services.jobs import cancel_open
from app.unit_of_work import UnitOfWork

REMIND = "remind_activity"
# A change of these is told to everybody who has a seat.
_TOLD = ("title", "starts_at", "ends_at", "mode", "place")


def announce(uow: UnitOfWork, plan: Plan) -> Activity:
    """Announce an activity, with the time of those in front and of the place claimed.

    Raises:
        InvalidInputError: naming each field at fault.
        SpeakerOutOfTermError: an expert is not appointed on the day.
        TimeTakenError: an expert or the place is taken.
    """
    uow.require(Permission.MANAGE_ACTIVITY)
    ensure_plan(plan, uow.now)
    _ensure_codes(uow, plan)
    plan = _placed(uow, plan)
    activity = Activity(
        kind=plan.kind,
        status=ActivityStatus.OPEN,
        door_code=new_code(),
        announced_by_id=uow.actor.account_id,
        announced_at=uow.now,
    )
    _write(activity, plan)
    uow.add(activity)
    uow.flush()
    fronts.put(uow, activity, plan.experts)
    claiming.settle(uow, activity, plan.experts)
    _plan_reminder(uow, activity)
    uow.audit("activity.announced", activity, **_facts(activity, plan))
    return activity


def change(
    uow: UnitOfWork, activity_id: UUID, plan: Plan, *, version: int | None = None
) -> Activity:
    """Change an activity that has not begun; who has a seat or waits hears of what concerns him.

    Seats that are added reach who waits before anybody else.
    Its kind stays. What judges have marked by stays once one of them has handed in a sheet.

    Raises:
        OverError: it was cancelled or closed.
        SeatsTakenError: more people have a seat than would be left.
        TimeTakenError: an expert or the place is taken at the new time.
    """
    activity = uow.load(Activity, activity_id, lock=True)
    uow.require(Permission.MANAGE_ACTIVITY)
    ensure_version(activity, version)
    ensure_open(activity.status)
    plan = replace(plan, kind=activity.kind)
    ensure_plan(plan, uow.now)
    _ensure_codes(uow, plan)
    plan = _placed(uow, plan)
    if plan.seat_total < activity.seat_taken:
        raise SeatsTakenError(taken=activity.seat_taken)
    projects.ensure_fits(uow, activity, plan)
    before = [getattr(activity, name) for name in _TOLD]
    _write(activity, plan)
    uow.flush()
    fronts.put(uow, activity, plan.experts)
    claiming.settle(uow, activity, plan.experts)
    projects.look_for_ties(uow, activity)
    cancel_open(uow, activity.id, [REMIND])
    _plan_reminder(uow, activity)
    uow.audit("activity.changed", activity, **_facts(activity, plan))
    if before != [getattr(activity, name) for name in _TOLD]:
        uow.tell("activity.changed", activity)
        waiting.follow(uow, activity)
    waiting.offer_freed(uow, activity)
    return activity


def cancel(
    uow: UnitOfWork, activity_id: UUID, reason: str, *, version: int | None = None
) -> Activity:
    """Call an activity off; the time is free again and everybody concerned is told why.

    Raises:
        OverError: it was cancelled or closed already.
    """
    activity = uow.load(Activity, activity_id, lock=True)
    uow.require(Permission.MANAGE_ACTIVITY)
    ensure_version(activity, version)
    ensure_open(activity.status)
    activity.ended_note = prose.ensure("reason", reason, LONGEST_SUMMARY)
    waiting.close_line(uow, activity)
    activity.status = ActivityStatus.CANCELLED
    claiming.free(uow, activity.id)
    cancel_open(uow, activity.id)
    uow.audit("activity.cancelled", activity, reason=activity.ended_note)
    uow.tell("activity.cancelled", activity)
    return activity


def _write(activity: Activity, plan: Plan) -> None:
    activity.title, activity.summary = plan.title.strip(), plan.summary.strip()
    activity.topic, activity.department = plan.topic, plan.department
    activity.co_departments = list(plan.co_departments)
    activity.is_promotion = plan.is_promotion
    activity.mode, activity.place = plan.mode, plan.place.strip()
    activity.place_id = plan.place_id
    activity.starts_at, activity.ends_at = plan.starts_at, plan.ends_at
    activity.seat_total = plan.seat_total if plan.kind.has_seats else 0
    is_review = plan.kind is ActivityKind.REVIEW
    activity.criteria = [asdict(each) for each in plan.criteria] if is_review else None
    activity.mean = plan.mean


def _placed(uow: UnitOfWork, plan: Plan) -> Plan:
    """Return the plan with the name of the place it claims; whether it is open, officers know.

    Raises:
        PlaceRetiredError: it is no longer used.
        PlaceUnfitError: it has too few seats.
    """
    if plan.place_id is None:
        return plan
    place = uow.load(Place, plan.place_id)
    if place.retired_at is not None:
        raise PlaceRetiredError
    if place.seats < plan.seat_total:
        raise PlaceUnfitError(seats=place.seats)
    return replace(plan, place=place.name)


def _facts(activity: Activity, plan: Plan) -> dict[str, object]:
    return {
        "kind": activity.kind.value,
        "starts_at": activity.starts_at,
        "ends_at": activity.ends_at,
        "seats": activity.seat_total,
        "experts": list(plan.experts),
        "department": activity.department,
        "co_departments": activity.co_departments,
        "is_promotion": activity.is_promotion,
    }


def _plan_reminder(uow: UnitOfWork, activity: Activity) -> None:
    for before in hours_before("activity.reminded"):
        due_at = activity.starts_at - before
        if due_at > uow.now:
            key = f"{REMIND}:{activity.id}:{activity.version}:{int(due_at.timestamp())}"
            uow.later(REMIND, key, due_at, subject_id=activity.id, not_after=activity.starts_at)


def _ensure_codes(uow: UnitOfWork, plan: Plan) -> None:
    if plan.topic is not None and not _known(uow, "need_topic", {plan.topic}):
        raise InvalidInputError.at("topic", "input.unknown_code")
    if not _known(uow, "department", {plan.department}):
        raise InvalidInputError.at("department", "input.unknown_code")
    if not _known(uow, "department", plan.co_departments):
        raise InvalidInputError.at("co_departments", "input.unknown_code")


def _known(uow: UnitOfWork, vocabulary: str, codes: Collection[str]) -> bool:
    found = uow.all(select(Term.code).where(Term.vocabulary == vocabulary, Term.code.in_(codes)))
    return set(found) == set(codes)
