"""A term is renewed; one that fell short of its hours only with a reason, kept beside it."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from app.domain import prose
from app.domain.actor import Permission
from app.domain.duty import Meter, term_meter, term_of
from app.domain.errors import InvalidInputError
from app.models.dismissal import RenewalReason
from app.models.expert import Appointment
from app.queries.duty import own_services, present_policy
from app.queries.duty.standing import as_term
from app.services.experts.appointing import appoint
from app.unit_of_work import UnitOfWork

LONGEST_REASON = 1000
_AN_HOUR = 60


@dataclass(frozen=True, slots=True)
class Renewal:
    """The term that follows, by which document, and why where the last one fell short."""

    document: str
    starts_on: date
    ends_on: date
    reason: str = ""


def renew(
    uow: UnitOfWork, expert_id: UUID, renewal: Renewal, *, version: int | None = None
) -> Appointment:
    """Appoint an expert anew, or for the first time.

    Raises:
        InvalidInputError: at field `reason`, the last term fell short and no reason is given;
            besides as `appoint` says.
    """
    uow.require(Permission.APPOINT_EXPERT)
    meter = _last_term(uow, expert_id)
    is_short = meter is not None and meter.is_short
    term = appoint(
        uow, expert_id, renewal.document, renewal.starts_on, renewal.ends_on, version=version
    )
    if meter is not None and is_short and not renewal.reason.strip():
        hours, minutes = divmod(meter.done, _AN_HOUR)
        raise InvalidInputError.at(
            "reason",
            "expert.short_term",
            hours=hours,
            minutes=minutes,
            owed=meter.owed // _AN_HOUR,
        )
    if meter is not None and is_short:
        kept = uow.add(
            RenewalReason(
                appointment_id=term.id,
                minutes=meter.done,
                owed=meter.owed,
                reason=prose.ensure("reason", renewal.reason, LONGEST_REASON),
                made_by_id=uow.actor.account_id,
                made_at=uow.now,
            )
        )
        uow.audit("appointment.renewed_with_reason", kept)
    return term


def _last_term(uow: UnitOfWork, expert_id: UUID) -> Meter | None:
    terms = uow.all(select(Appointment).where(Appointment.expert_id == expert_id))
    span = term_of(map(as_term, terms), uow.today)
    if span is None:
        return None
    with uow.beyond_scope("the counted services of the term"):
        services = own_services(uow, span.first_on, span.last_on, [expert_id])
    done = sum(row.minutes for row in services)
    return term_meter(done, span, uow.today, present_policy(uow))
