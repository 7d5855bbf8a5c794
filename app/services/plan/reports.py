"""What departments report of an indicator, where the service keeps no rows of its own."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from app.domain import prose
from app.domain.actor import Permission, Reach
from app.domain.errors import InvalidInputError, NotFoundError
from app.domain.plan import (
    LONGEST_DOCUMENT,
    LONGEST_GROUNDS,
    CheckStatus,
    Comparison,
    KnownError,
    OwnRowsError,
    ReportPeriod,
    ensure_waits,
    source_of,
    target_of,
)
from app.models.plan import Indicator, ReportedFigure
from app.queries.plan import may_be_reported
from app.services.plan.bases import load_indicator
from app.services.plan.checks import decide
from app.unit_of_work import UnitOfWork

MOST = 10**9


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What is reported: how much came about in the period, in the printed unit.

    Attributes:
        document: number of the paper that shows it.
        replaces: the figure this one puts right; `is_void` says that there was none at all.
    """

    code: str
    period: str
    amount: int
    document: str
    note: str = ""
    replaces: UUID | None = None
    is_void: bool = False


def report(uow: UnitOfWork, given: Report) -> ReportedFigure:
    """Report a figure for the department that owns the indicator; it counts once signed off.

    Raises:
        NotFoundError: there is no such indicator, or it is another department's.
        OwnRowsError: the service counts it from rows of its own.
        InvalidInputError: naming the field that cannot be so.
        KnownError: the period is reported already, or the figure was put right by another.
    """
    uow.require(Permission.REPORT_PLAN)
    indicator = load_indicator(uow, given.code, lock=True)
    _ensure_own(uow, indicator)
    period = _period(uow, given)
    if not may_be_reported(uow, source_of(indicator.code), period):
        raise OwnRowsError(indicator=indicator.code)
    document = prose.ensure("document", given.document, LONGEST_DOCUMENT)
    note = prose.ensure("note", given.note, LONGEST_GROUNDS) if given.note.strip() else None
    if not 0 <= given.amount <= MOST:
        raise InvalidInputError.at("amount", "input.too_large", low=0, high=MOST)
    _ensure_fits(uow, indicator, period, given, note)
    scale = target_of(Comparison(indicator.comparison), indicator.target, indicator.unit).scale
    figure = uow.add(
        ReportedFigure(
            indicator_id=indicator.id,
            department=indicator.owner,
            period=period.code,
            first_on=period.first_on,
            last_on=period.last_on,
            amount=given.amount * scale,
            document=document,
            note=note,
            replaces_id=given.replaces,
            is_void=given.is_void,
            status=CheckStatus.PROPOSED,
            made_by_id=uow.actor.account_id,
            made_at=uow.now,
        )
    )
    uow.audit("reported_figure.proposed", figure)
    uow.flush()
    return figure


def approve_report(
    uow: UnitOfWork, figure_id: UUID, *, version: int | None = None
) -> ReportedFigure:
    """Sign a figure off: from now on it counts.

    Raises:
        SameHandsError: the actor entered it.
        CheckedError: it has been decided.
    """
    figure = decide(uow, ReportedFigure, figure_id, CheckStatus.APPROVED, version)
    uow.audit("reported_figure.approved", figure)
    return figure


def refuse_report(
    uow: UnitOfWork, figure_id: UUID, answer: str, *, version: int | None = None
) -> ReportedFigure:
    """Send a figure back with the reason; it stays in the file and counts nothing.

    Raises:
        SameHandsError: the actor entered it.
        CheckedError: it has been decided.
    """
    figure = decide(uow, ReportedFigure, figure_id, CheckStatus.REFUSED, version, answer)
    uow.audit("reported_figure.refused", figure)
    return figure


def _ensure_own(uow: UnitOfWork, indicator: Indicator) -> None:
    """Refuse who works for another department; the bureau enters for all, from their paper."""
    is_bureau = Reach.ALL in uow.actor.reaches
    if not is_bureau and uow.actor.department != indicator.owner:
        raise NotFoundError("indicator.not_found")


def _period(uow: UnitOfWork, given: Report) -> ReportPeriod:
    period = ReportPeriod.parse(given.period)
    if period.last_on >= uow.today:
        raise InvalidInputError.at("period", "plan.period_running", last=period.last_on)
    return period


def _ensure_fits(
    uow: UnitOfWork, indicator: Indicator, period: ReportPeriod, given: Report, note: str | None
) -> None:
    """Refuse a first figure over a period reported already, and a correction of another period."""
    if given.replaces is not None:
        old = uow.load(ReportedFigure, given.replaces, lock=True)
        ensure_waits(old.status, CheckStatus.APPROVED)
        if (old.indicator_id, old.period) != (indicator.id, period.code):
            raise InvalidInputError.at("period", "input.not_a_choice")
        if note is None:
            raise InvalidInputError.at("note", "input.required")
        return
    if given.is_void:
        raise InvalidInputError.at("is_void", "input.not_a_choice")
    others = select(ReportedFigure.id).where(
        ReportedFigure.indicator_id == indicator.id,
        ReportedFigure.status != CheckStatus.REFUSED,
        ReportedFigure.first_on <= period.last_on,
        ReportedFigure.last_on >= period.first_on,
    )
    if uow.all(others):
        raise KnownError
