"""The verbs of an erratum 勘误: one officer proposes the words, another lets them be printed."""

from uuid import UUID

from sqlalchemy import select

from app.domain import prose
from app.domain.actor import Permission
from app.domain.calendar import Month
from app.domain.erratum import (
    LONGEST_WORDS,
    ErratumStatus,
    MonthOpenError,
)
from app.models.erratum import Erratum
from app.models.period import Period
from app.services.checks import check
from app.unit_of_work import UnitOfWork


def propose(uow: UnitOfWork, month: Month, words: str) -> Erratum:
    """Propose what the report of a closed month shall say was wrong; figures never move.

    Raises:
        MonthOpenError: the month is not closed.
        InvalidInputError: at field `words`.
    """
    uow.require(Permission.MAKE_CORRECTION)
    text = prose.ensure("words", words, LONGEST_WORDS)
    period = uow.one(select(Period).where(Period.month == str(month)))
    if period is None:
        raise MonthOpenError(month=str(month))
    erratum = uow.add(
        Erratum(
            period_id=period.id,
            words=text,
            status=ErratumStatus.PROPOSED,
            made_by_id=uow.actor.account_id,
            made_at=uow.now,
        )
    )
    uow.audit("erratum.proposed", erratum)
    return erratum


def approve(uow: UnitOfWork, erratum_id: UUID, *, version: int | None = None) -> Erratum:
    """Let the words be printed on every report that holds the month, from now on.

    Raises:
        ErratumCheckerError: who proposed it does not check it.
        ErratumCheckedError: it has been approved or refused.
    """
    return _decide(uow, erratum_id, ErratumStatus.APPROVED, version)


def refuse(uow: UnitOfWork, erratum_id: UUID, *, version: int | None = None) -> Erratum:
    """Print nothing; the proposal stays in the file.

    Raises:
        ErratumCheckerError: who proposed it does not check it.
        ErratumCheckedError: it has been approved or refused.
    """
    return _decide(uow, erratum_id, ErratumStatus.REFUSED, version)


def _decide(
    uow: UnitOfWork, erratum_id: UUID, status: ErratumStatus, version: int | None
) -> Erratum:
    erratum = check(uow, Erratum, erratum_id, status, Permission.CHECK_CORRECTION, version)
    uow.audit(f"erratum.{status}", erratum)
    return erratum
