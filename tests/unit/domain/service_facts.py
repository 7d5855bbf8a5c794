"""Facts of counted services, valid by default, one override per test."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from app.domain.expert import Term
from app.domain.outcome import ConfirmationKind
from app.domain.service_record import (
    AttendeeFacts,
    Confirmation,
    CountingPolicy,
    Decision,
    Dimensions,
    ExpertFacts,
    SessionFacts,
    SessionType,
    Span,
    VentureFacts,
    decide,
    decide_all,
)
from tests.moments import at

LONG_AFTER = datetime(2027, 6, 1, tzinfo=UTC)
TERM = Term(date(2025, 7, 1), date(2028, 6, 30), approved_on=date(2025, 6, 1))
ENTERPRISE = VentureFacts("V2", date(2024, 3, 1))
TEAM = VentureFacts("V1", None)
POLICY = CountingPolicy(
    code="LC-COUNT-1",
    valid_from=date(2026, 1, 1),
    min_minutes={
        SessionType.CONSULTATION: 30,
        SessionType.TUTORING: 30,
        SessionType.DIAGNOSIS: 60,
        SessionType.LECTURE: 45,
        SessionType.ROUNDTABLE: 45,
        SessionType.REVIEW: 0,
    },
    merge_gap_minutes=120,
    close_working_day=5,
    overrun_cap_minutes=30,
    standard_minutes={SessionType.CONSULTATION: 50, SessionType.DIAGNOSIS: 90},
    late_confirmation_days=90,
)


def a_span(start: str, minutes: int) -> Span:
    return Span(at(start), at(start) + timedelta(minutes=minutes))


def an_expert(expert_id: str = "M1", *, is_lead: bool = False, **overrides: Any) -> ExpertFacts:
    signed: dict[str, Any] = {"signed_at": at("01-01 00:00"), "terms": (TERM,)}
    return ExpertFacts(expert_id=expert_id, is_lead=is_lead, **(signed | overrides))


def a_lead(expert_id: str = "M1", **overrides: Any) -> ExpertFacts:
    return an_expert(expert_id, is_lead=True, **overrides)


def a_person(person_id: str = "F1", **overrides: Any) -> AttendeeFacts:
    known: dict[str, Any] = {"is_identified": True, "vouched_at": at("01-01 00:00")}
    return AttendeeFacts(person_id=person_id, **(known | overrides))


def confirmed(moment: str, kind: ConfirmationKind = ConfirmationKind.SIGNED_IN) -> Confirmation:
    return Confirmation(kind, at(moment))


def a_session(
    session_id: str = "S1", start: str = "09-15 10:00", minutes: int = 60, **overrides: Any
) -> SessionFacts:
    span = a_span(start, minutes)
    facts: dict[str, Any] = {
        "session_type": SessionType.CONSULTATION,
        "actual": span,
        "planned": span,
        "experts": (a_lead(),),
        "attendees": (a_person(is_contact=True),),
        "venture": ENTERPRISE,
        "topic": "marketing",
        "entered_at": span.ends_at,
        "recorded_at": span.ends_at,
        "confirmation": Confirmation(ConfirmationKind.SIGNED_IN, span.ends_at),
        "dimensions": Dimensions("hrss", "east_new_area", "guodian", "digital_economy"),
    }
    return SessionFacts(session_id=session_id, **(facts | overrides))


def decided(facts: SessionFacts, asof: datetime = LONG_AFTER) -> Decision:
    return decide(facts, POLICY, asof)


def all_decided(*records: SessionFacts, asof: datetime = LONG_AFTER) -> dict[str, Decision]:
    return {d.session_id: d for d in decide_all(records, [POLICY], asof)}
