"""Whether somebody still has a word on a meeting."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from app.domain.calendar import local_day
from app.domain.outcome import OutcomeStatus, confirm_until
from app.domain.service_record import CountingPolicy, policy_on
from app.domain.service_session import (
    NO_SHOW_GRACE,
    NOT_HELD,
    Party,
    ServiceSessionStatus,
    contestants,
)
from app.models.outcome import Dispute, Outcome
from app.models.service_session import ServiceSession
from app.queries.service_counts.policies import load_policies
from app.unit_of_work import Reader

OPEN_FOR_WORD = frozenset({OutcomeStatus.RECORDED, OutcomeStatus.UNCONFIRMED})


def confirm_until_on(session: ServiceSession, policies: Iterable[CountingPolicy]) -> date | None:
    """Return the last day on which the record can be confirmed, None without end.

    Args:
        session: the meeting.
        policies: every counting policy; the one in force on its day says it.
    """
    held_on = local_day(session.actual_start or session.planned_starts_at)
    return confirm_until(held_on, policy_on(policies, held_on).late_confirmation_days)


def late_word(reader: Reader, session: ServiceSession, outcome: Outcome | None) -> date | None:
    """Return the last day for what was not confirmed in time; None where nothing waits so."""
    is_over = outcome is not None and outcome.status is OutcomeStatus.UNCONFIRMED
    return confirm_until_on(session, load_policies(reader)) if is_over else None


def may_confirm(outcome: Outcome | None, last: date | None, now: datetime) -> bool:
    """Tell whether a record waits for the founder's word and it is not too late."""
    waits = outcome is not None and outcome.status in OPEN_FOR_WORD
    return waits and (last is None or local_day(now) <= last)


def is_disputed(session: ServiceSession, outcome: Outcome | None) -> bool:
    """Tell whether a dispute on the meeting or its record waits for its ruling."""
    is_contested = session.status is ServiceSessionStatus.CONTESTED
    return is_contested or (outcome is not None and outcome.status is OutcomeStatus.DISPUTED)


def open_ruling(
    reader: Reader, session: ServiceSession, outcome: Outcome | None
) -> datetime | None:
    """Return until when the open dispute is ruled on, None where there is none."""
    if not is_disputed(session, outcome):
        return None
    return ruling_due(reader, [session.id]).get(session.id)


def ruling_due(reader: Reader, session_ids: Collection[UUID]) -> Mapping[UUID, datetime]:
    """Return until when the open dispute on each of these meetings is ruled on."""
    if not session_ids:
        return {}
    rows = reader.session.execute(
        select(Dispute.service_session_id, Dispute.rule_by).where(
            Dispute.service_session_id.in_(session_ids), Dispute.ruling.is_(None)
        )
    )
    return {key: rule_by for key, rule_by in rows}


def may_contest(session: ServiceSession, side: Party, now: datetime) -> bool:
    """Tell whether a reported no-show is held against the side and can still be contested."""
    if session.no_show is None or side not in contestants(session.no_show):
        return False
    return is_contestable(session, now)


def is_contestable(session: ServiceSession, now: datetime) -> bool:
    """Tell whether a reported no-show can still be contested by whom it is held against."""
    in_time = session.contest_by is None or now < session.contest_by
    return session.status is ServiceSessionStatus.NO_SHOW and in_time


def may_report_absence(session: ServiceSession, now: datetime) -> bool:
    """Tell whether it can be reported by now that the meeting did not come about."""
    return session.status in NOT_HELD and now >= session.planned_starts_at + NO_SHOW_GRACE
