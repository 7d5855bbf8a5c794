"""Everything of the last months that is looked at for signals."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from app.domain.calendar import Month, day_starts_at, local_day
from app.domain.correction import times_from_stored
from app.domain.outcome import ConfirmationKind
from app.domain.service_record import CorrectionOp, Reason, SessionType, Status
from app.domain.service_session import Party
from app.domain.signal import (
    Confirmed,
    Hand,
    Served,
    SignalPolicy,
    Written,
    policy_on,
)
from app.models.mail_link import RecordHand
from app.models.outcome import Outcome, OutcomeVersion
from app.models.service_record import Correction, CorrectionStatus
from app.models.service_session import Attendance, ServiceSession
from app.models.signal import SignalPolicyRow
from app.models.standing_record import StandingRecord
from app.queries.free_times import Look

# Where one expert and one founder sit together.
_TOGETHER = frozenset({SessionType.CONSULTATION, SessionType.DIAGNOSIS, SessionType.TUTORING})
_IGNORED = frozenset({Reason.VOIDED, Reason.TEST_DATA})


@dataclass(frozen=True, slots=True)
class Material:
    """What is looked at, by which thresholds, from which month on."""

    policy: SignalPolicy
    looked_at: datetime
    first: Month
    served: tuple[Served, ...]
    written: tuple[Written, ...]
    confirmed: tuple[Confirmed, ...]
    hands: tuple[Hand, ...]


def gather(look: Look) -> Material:
    """Return what the last months hold; six statements.

    Raises:
        NoSignalPolicyError: no thresholds are in force.
    """
    today = local_day(look.now)
    policy = policy_on(_policies(look), today)
    first = Month.of(today)
    for _ in range(policy.look_back_months):
        first = first.preceding()
    sessions = _sessions(look, day_starts_at(first.first_on))
    served = tuple(_served(look, sessions))
    kept = {row.id: row for row in sessions}
    return Material(
        policy=policy,
        looked_at=look.now,
        first=first,
        served=served,
        written=tuple(_written(look, kept)),
        confirmed=tuple(_confirmed(look, first)),
        hands=tuple(_hands(look, kept)),
    )


def _policies(look: Look) -> list[SignalPolicy]:
    rows = look.session.scalars(select(SignalPolicyRow))
    return [SignalPolicy.of(row.valid_from, row.rules) for row in rows]


def _sessions(look: Look, since: datetime) -> list[Any]:
    """Return the meetings held since, without those that were no real ones."""
    filed_at = (
        select(func.min(OutcomeVersion.created_at))
        .join(Outcome, Outcome.id == OutcomeVersion.outcome_id)
        .where(Outcome.service_session_id == ServiceSession.id)
        .correlate(ServiceSession)
        .scalar_subquery()
    )
    rows = look.session.execute(
        select(
            ServiceSession.id,
            ServiceSession.lead_expert_id,
            ServiceSession.founder_person_id,
            ServiceSession.session_type,
            ServiceSession.actual_start,
            ServiceSession.actual_end,
            StandingRecord.reason,
            filed_at.label("filed_at"),
        )
        .outerjoin(StandingRecord, StandingRecord.service_session_id == ServiceSession.id)
        .where(
            ServiceSession.actual_start >= since,
            ServiceSession.actual_end.is_not(None),
            ServiceSession.voided_at.is_(None),
            ~ServiceSession.is_test,
            ~ServiceSession.is_written,
        )
    ).all()
    return [row for row in rows if row.reason not in _IGNORED]


def _served(look: Look, sessions: list[Any]) -> list[Served]:
    corrected = _corrected(look, sessions)
    present = _present(look, sessions)
    served = []
    for row in sessions:
        sides = present.get(row.id, [])
        founders = {str(each.person_id) for each in sides if each.side is Party.FOUNDER}
        together = row.session_type in _TOGETHER
        for each in sides:
            if each.expert_id is None:
                continue
            own = (each.in_at or row.actual_start, each.out_at or row.actual_end)
            starts_at, ends_at = corrected.get(row.id, own)
            served.append(
                Served(
                    session_id=str(row.id),
                    expert_id=str(each.expert_id),
                    starts_at=starts_at,
                    ends_at=max(starts_at, ends_at),
                    founders=frozenset(founders) if together else frozenset(),
                    filed_at=row.filed_at if each.expert_id == row.lead_expert_id else None,
                )
            )
    return served


def _present(look: Look, sessions: list[Any]) -> Mapping[UUID, list[Any]]:
    rows = look.session.execute(
        select(
            Attendance.service_session_id,
            Attendance.side,
            Attendance.person_id,
            Attendance.expert_id,
            Attendance.in_at,
            Attendance.out_at,
        ).where(
            Attendance.service_session_id.in_([row.id for row in sessions]),
            Attendance.is_present,
            Attendance.voided_at.is_(None),
        )
    )
    found: dict[UUID, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.service_session_id].append(row)
    return found


def _corrected(look: Look, sessions: list[Any]) -> dict[UUID, tuple[datetime, datetime]]:
    rows = look.session.execute(
        select(Correction.service_session_id, Correction.value)
        .where(
            Correction.service_session_id.in_([row.id for row in sessions]),
            Correction.operation == CorrectionOp.SET_ACTUAL_TIMES,
            Correction.status == CorrectionStatus.APPROVED,
        )
        .order_by(Correction.checked_at)
    )
    spans = {key: times_from_stored(value).span for key, value in rows}
    return {key: (span.starts_at, span.ends_at) for key, span in spans.items()}


def _written(look: Look, sessions: Mapping[UUID, Any]) -> list[Written]:
    rows = look.session.execute(
        select(Outcome.service_session_id, OutcomeVersion.question, OutcomeVersion.advice)
        .join(Outcome, Outcome.id == OutcomeVersion.outcome_id)
        .where(Outcome.service_session_id.in_(sessions))
        .order_by(OutcomeVersion.number)
    )
    newest = {key: f"{question}\n{advice}" for key, question, advice in rows}
    written = []
    for key, text in newest.items():
        row = sessions[key]
        day = local_day(row.actual_start)
        group = f"{row.lead_expert_id}:{row.founder_person_id}:{day}"
        written.append(Written(str(key), str(row.lead_expert_id), day, text, group))
    return written


def _confirmed(look: Look, first: Month) -> list[Confirmed]:
    rows = look.session.execute(
        select(
            StandingRecord.service_session_id,
            StandingRecord.started_at,
            StandingRecord.confirmation,
        ).where(StandingRecord.month >= str(first), StandingRecord.status == Status.COUNTED)
    )
    return [
        Confirmed(str(key), local_day(started_at), kind == ConfirmationKind.CALL_BACK)
        for key, started_at, kind in rows
    ]


def _hands(look: Look, sessions: Mapping[UUID, Any]) -> list[Hand]:
    rows = look.session.execute(
        select(RecordHand.service_session_id, RecordHand.account_id, RecordHand.device).where(
            RecordHand.service_session_id.in_(sessions), RecordHand.device.is_not(None)
        )
    )
    return [
        Hand(str(key), str(account_id), device or "", local_day(sessions[key].actual_start))
        for key, account_id, device in rows
    ]
