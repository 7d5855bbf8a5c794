"""What is announced of an activity, and what makes it whole."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.domain import prose
from app.domain.activity.life import ActivityKind
from app.domain.activity.review import Criterion, MeanKind, ensure_criteria
from app.domain.availability import Mode
from app.domain.booking import LONGEST_SPAN
from app.domain.errors import FieldError, InvalidInputError

LONGEST_TITLE = 80
LONGEST_SUMMARY = 2000
LONGEST_PLACE = 200
MOST_SEATS = 5000
MOST_EXPERTS = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """An activity as an officer writes it down.

    Attributes:
        experts: who speaks or judges; the first leads.
        department: the one organiser whose column counts it.
        co_departments: others who help; they are noted, not counted.
        is_promotion: whether it is one of the plan's 创业促进活动.
    """

    kind: ActivityKind
    title: str
    summary: str
    starts_at: datetime
    ends_at: datetime
    experts: tuple[UUID, ...]
    department: str
    co_departments: tuple[str, ...] = ()
    topic: str | None = None
    mode: Mode = Mode.ONSITE
    place: str = ""
    place_id: UUID | None = None
    seat_total: int = 0
    is_promotion: bool = False
    criteria: tuple[Criterion, ...] = ()
    mean: MeanKind = MeanKind.PLAIN


def ensure_plan(plan: Plan, now: datetime) -> None:
    """Refuse a plan that leaves open what, when, where or who.

    Raises:
        InvalidInputError: naming each field at fault.
    """
    errors = [
        *prose.faults("title", plan.title, LONGEST_TITLE),
        *prose.faults("summary", plan.summary, LONGEST_SUMMARY),
        *_time(plan, now),
        *_place(plan),
        *_people(plan),
    ]
    if errors:
        raise InvalidInputError(errors=errors)
    if plan.kind is ActivityKind.REVIEW:
        ensure_criteria(plan.criteria)


def _time(plan: Plan, now: datetime) -> Iterator[FieldError]:
    if plan.starts_at <= now:
        yield FieldError("starts_at", "activity.in_past")
    if plan.ends_at <= plan.starts_at:
        yield FieldError("ends_at", "activity.end_before_start")
    elif plan.ends_at - plan.starts_at > LONGEST_SPAN:
        yield FieldError("ends_at", "activity.too_long")


def _place(plan: Plan) -> Iterator[FieldError]:
    if plan.place_id is None:
        yield from prose.faults("place", plan.place, LONGEST_PLACE)


def _people(plan: Plan) -> Iterator[FieldError]:
    if not plan.experts:
        yield FieldError("experts", "input.required")
    elif len(set(plan.experts)) != len(plan.experts) or len(plan.experts) > MOST_EXPERTS:
        yield FieldError("experts", "activity.experts", {"most": MOST_EXPERTS})
    if plan.kind.has_seats and not 1 <= plan.seat_total <= MOST_SEATS:
        yield FieldError("seat_total", "activity.seats", {"most": MOST_SEATS})
    if plan.department in plan.co_departments:
        yield FieldError("co_departments", "activity.own_co_department")
