"""The base date 基期 of an indicator, changed by a dated row and printed under the figure."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.domain import prose
from app.domain.actor import Permission
from app.domain.errors import FieldError, InvalidInputError, NotFoundError
from app.domain.plan import LONGEST_DOCUMENT, IndicatorKind
from app.models.plan import Indicator, IndicatorBase
from app.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseChange:
    """From when an indicator is counted, and by when a cumulative one is to be reached.

    Attributes:
        valid_from: the day from which figures are told so; what was told before stays.
        document: the paper that decides it.
    """

    valid_from: date
    baseline_on: date
    due_on: date | None
    document: str


def set_base(uow: UnitOfWork, code: str, change: BaseChange) -> IndicatorBase:
    """Count an indicator from another base date, from a day on.

    Raises:
        NotFoundError: there is no such indicator.
        InvalidInputError: naming each field that cannot be so.
        ConflictError: a row begins on that day already.
    """
    uow.require(Permission.CHECK_PLAN)
    indicator = load_indicator(uow, code)
    errors = prose.faults("document", change.document, LONGEST_DOCUMENT)
    if change.valid_from < uow.today:
        errors.append(FieldError("valid_from", "input.too_early", {"first": uow.today}))
    if change.baseline_on > uow.today:
        errors.append(FieldError("baseline_on", "input.too_late", {"last": uow.today}))
    is_cumulative = indicator.kind == IndicatorKind.CUMULATIVE
    if is_cumulative and change.due_on is None:
        errors.append(FieldError("due_on", "input.required"))
    elif is_cumulative and change.due_on is not None and change.due_on <= change.baseline_on:
        errors.append(FieldError("due_on", "input.too_early", {"first": change.baseline_on}))
    if errors:
        raise InvalidInputError(errors=errors)
    base = uow.add(
        IndicatorBase(
            indicator_id=indicator.id,
            valid_from=change.valid_from,
            baseline_on=change.baseline_on,
            due_on=change.due_on if is_cumulative else None,
            document=change.document.strip(),
            entered_by_id=uow.actor.account_id,
            entered_at=uow.now,
        )
    )
    uow.audit("indicator_base.set", base)
    uow.flush()
    return base


def load_indicator(uow: UnitOfWork, code: str, *, lock: bool = False) -> Indicator:
    """Return an indicator, locked when asked, so that two reports of it follow one another.

    Raises:
        NotFoundError: there is none.
    """
    statement = select(Indicator).where(Indicator.code == code)
    found = uow.one(statement.with_for_update() if lock else statement)
    if found is None:
        raise NotFoundError("indicator.not_found")
    return found
