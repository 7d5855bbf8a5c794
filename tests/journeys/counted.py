"""Short words for what counts and why: services entered, panels held, figures read."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from app.domain.actor import Actor
from app.domain.availability import Mode
from app.domain.booking_panel import Company
from app.domain.calendar import Month
from app.domain.policy_change import numbers_of
from app.domain.service_record import SessionType
from app.domain.service_session import Evidence
from app.models.booking import Booking
from app.models.expert import Appointment
from app.models.policy_change import PolicyChange
from app.models.service_session import ServiceSession
from app.queries.service_counts.policies import load_policies
from app.services import bookings, outcomes, paper_entries, policy_changes, service_sessions
from app.services.bookings import Choice
from app.services.paper_entries import PaperEntry
from app.services.service_sessions import Finish, OwnTimes
from app.unit_of_work import UnitOfWork
from tests.builders import a_need
from tests.journeys.district import WRITTEN, District, Founder, Mentor
from tests.moments import at

SEPTEMBER, OCTOBER = Month(2026, 9), Month(2026, 10)
NAMES = ("sessions", "person_times", "session_minutes", "mentor_minutes")
CLOSED = "10-13 09:00"
ENDS_IN_SEPTEMBER = (date(2023, 10, 1), date(2026, 9, 30))


def enter(
    district: District, mentor: Mentor, founder: Founder, start: str, minutes: int, **values: Any
) -> ServiceSession:
    """Have the officer enter a signed sheet, with the mentor's record on it."""
    companions: Collection[Founder] = values.pop("companions", ())
    facts: dict[str, Any] = {
        "person": founder.person_id,
        "venture_id": founder.venture.id if founder.venture else None,
        "expert_id": mentor.expert.id,
        "session_type": "consultation",
        "topic": "registration",
        "text": "想开网店，不知道平台规则和收费，请讲一讲怎么选。",
        "actual_start": at(start),
        "actual_end": at(start) + timedelta(minutes=minutes),
        "mode": Mode.ONSITE,
        "evidence": Evidence.SIGNATURE,
        "companions": frozenset(each.person_id for each in companions),
        "record": WRITTEN,
        **values,
    }
    return district.store.execute(district.officer, paper_entries.enter, PaperEntry(**facts))


def compare(district: District, clerk: Actor, *sessions: ServiceSession) -> None:
    """Have a second clerk compare the signatures."""
    for session in sessions:
        outcome = district.outcome_of(session)
        district.store.execute(clerk, outcomes.confirm_on_paper, outcome.id, "档案柜 3-12")


def own(district: District, month: Month = SEPTEMBER) -> list[Any]:
    found = district.measures(month).own.figures()
    return [found[name] for name in NAMES]


def restated(district: District) -> tuple[list[Any], list[Any]]:
    counts = district.measures(SEPTEMBER)
    both = (counts.as_reported.figures(), counts.restated.figures())
    return tuple([each[name] for name in NAMES] for each in both)


def panel(
    district: District, lead: Mentor, other: Mentor, founder: Founder, start: str
) -> ServiceSession:
    """Have two experts hold two hours together, recorded, signed and confirmed."""
    district.clock.put(at(start) - timedelta(days=1))
    need = a_need(
        district.store,
        founder.person_id,
        session_type="diagnosis",
        topic="business_model",
        venture_id=founder.venture.id,
    )
    choice = Choice(
        need_id=need.id,
        expert_id=lead.expert.id,
        starts_at=at(start),
        ends_at=at(start) + timedelta(hours=2),
        mode="onsite",
        session_type="diagnosis",
        company=Company(expert_ids=(other.expert.id,), quorum=1),
    )
    booking: Booking = district.store.execute(district.officer, bookings.request_now, choice)
    for each in (lead, other):
        district.store.execute(each.actor, bookings.accept, booking.id)
    return district.session_of(booking)


def held_by_both(
    district: District, lead: Mentor, other: Mentor, session: ServiceSession
) -> ServiceSession:
    starts_at, ends_at = session.planned_starts_at, session.planned_ends_at
    district.clock.put(ends_at)
    facts = Finish(actual_start=starts_at, actual_end=ends_at)
    district.store.execute(lead.actor, service_sessions.finish, session.id, facts)
    district.record(lead, session)
    times = OwnTimes(starts_at, ends_at)
    district.store.execute(other.actor, service_sessions.sign, session.id, times)
    return session


def cut(district: District, mentor: Mentor, ends_on: date) -> None:
    """Have it found that the term filed too long ends earlier."""

    def shorten(uow: UnitOfWork) -> None:
        (term,) = uow.session.query(Appointment).filter_by(expert_id=mentor.expert.id)
        term.ends_on = ends_on
        uow.audit("test.built", term)

    district.store.execute(district.approver, shorten)


def longer(district: District, minutes: int, valid_from: date) -> PolicyChange:
    """Have two people let a consultation count from another least length on."""

    def propose(uow: UnitOfWork) -> PolicyChange:
        known = numbers_of(max(load_policies(uow), key=lambda policy: policy.valid_from))
        least = {**known.min_minutes, SessionType.CONSULTATION: minutes}
        given = replace(known, min_minutes=least)
        return policy_changes.propose(uow, valid_from, given, "历人社〔2026〕31号")

    made = district.store.execute(district.approver, propose)
    return district.store.execute(district.officer, policy_changes.enter, made.id)
