"""Which rules one record fails, in which column it belongs, and what it waits for."""

from collections.abc import Callable, Mapping

from app.domain.service_record.case import Case
from app.domain.service_record.codes import (
    REASON_PRECEDENCE,
    VOID_CODES,
    Column,
    Pending,
    Reason,
    SessionType,
)

# What does not keep a record from being a part of a service: a part may be short by itself,
# and a service for outsiders is one service all the same.
_NO_BAR_TO_MERGING = frozenset({Reason.BELOW_MINIMUM, Reason.OUTSIDE_DISTRICT})


def reasons_of(case: Case) -> tuple[Reason, ...]:
    """Return all reasons that apply to the record alone, in the order of precedence."""
    return tuple(r for r in REASON_PRECEDENCE if r in CHECKS and CHECKS[r](case))


def may_merge(case: Case) -> bool:
    """Tell whether the record meets every rule a part must meet."""
    return _NO_BAR_TO_MERGING.issuperset(reasons_of(case))


def column_of(case: Case) -> Column | None:
    """Return the column of its own in which the record belongs, None for the headline."""
    return next((column for column, belongs in _COLUMNS if belongs(case)), None)


def pending_of(case: Case, shown: Reason | None) -> Pending | None:
    """Return what the record still waits for, given the reason shown."""
    if shown is Reason.DISPUTED:
        return Pending.RULING
    if shown is not Reason.UNCONFIRMED or case.is_too_late(case.asof):
        return None
    return Pending.CONFIRMATION if case.is_recorded else Pending.RECORD


def _is_void(code: Reason) -> Callable[[Case], bool]:
    return lambda case: case.void_code is code


def _is_not_a_session(case: Case) -> bool:
    in_writing = case.facts.is_text and not case.is_text
    return in_writing or case.void_code is Reason.NOT_A_SESSION


def _has_no_lead_in_term(case: Case) -> bool:
    return case.facts.lead is None or not case.facts.lead.is_in_term(case.day)


def _is_below_minimum(case: Case) -> bool:
    """Tell whether the length is settled and too short.

    A part with times that waits for its confirmation may still join others, so that its
    length is not settled.
    """
    if case.is_text or (case.facts.is_timed and not case.is_confirmed):
        return False
    return case.measured.minutes < case.policy.minimum(case.facts.session_type)


CHECKS: Mapping[Reason, Callable[[Case], bool]] = {
    **{code: _is_void(code) for code in VOID_CODES},
    Reason.TEST_DATA: lambda case: case.facts.is_test,
    Reason.NOT_A_SESSION: _is_not_a_session,
    Reason.DISPUTED: lambda case: case.is_disputed,
    Reason.CONFLICT_OF_INTEREST: lambda case: case.has_conflict,
    Reason.MENTOR_SUSPENDED: lambda case: (
        (lead := case.facts.lead) is not None and lead.is_suspended
    ),
    Reason.MENTOR_OUT_OF_TERM: _has_no_lead_in_term,
    Reason.IDENTITY_UNVERIFIED: lambda case: (
        bool(case.present) and not case.attendees and not case.is_review
    ),
    Reason.NO_ATTENDEE: lambda case: not case.present and not case.is_review,
    Reason.BELOW_MINIMUM: _is_below_minimum,
    Reason.UNCONFIRMED: lambda case: not case.is_confirmed,
    Reason.OUTSIDE_DISTRICT: lambda case: not case.facts.is_in_district,
}

_COLUMNS: tuple[tuple[Column, Callable[[Case], bool]], ...] = (
    (Column.OUTSIDE_DISTRICT, lambda case: not case.facts.is_in_district),
    (Column.WAIVED_CONFLICT, lambda case: case.is_waived),
    (Column.TEXT, lambda case: case.is_text),
    (Column.FOLLOW_UP, lambda case: case.facts.session_type is SessionType.FOLLOW_UP),
    (Column.REVIEW, lambda case: case.is_review),
)
