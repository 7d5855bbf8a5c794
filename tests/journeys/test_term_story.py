"""Scenario 9 in one go: reminded, extended, served, renewed; and the variant of a dismissal.

What is decided about the term is done twice: at the pages, and by the API.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from app.domain.actor import SYSTEM, Actor
from app.domain.availability import Mode, NotFreeError
from app.domain.booking import BookingStatus
from app.domain.calendar import Month
from app.domain.suspension import SuspensionCause
from app.domain.task import TaskKind
from app.models.dismissal import Dismissal
from app.models.expert import Appointment, Expert
from app.models.message import Message
from app.models.service_session import ServiceSession
from app.models.suspension import Suspension
from app.models.task import Task
from app.queries.exchange import TimesAsked, free_times_page
from app.services import bookings
from app.services.bookings import Choice
from app.unit_of_work import UnitOfWork
from tests.builders import a_need
from tests.journeys.district import District, Founder, Mentor
from tests.journeys.test_term_end import PAPER, state, watch, way
from tests.journeys.visits import Api, Pages, deliver, told
from tests.moments import at, day
from tests.scenes import Plays, after
from tests.serving import app, bearer, sign_in

__all__ = ["app", "bearer", "sign_in", "way"]

SEPTEMBER, OCTOBER = Month(2026, 9), Month(2026, 10)
RECORD = {"question": "怎么办营业执照？", "advice": "先核名，再到大厅一窗办理。"}


@dataclass(frozen=True)
class Ending:
    """Mid-September: a term ends on the 30th, two meetings are agreed beyond it, one was held."""

    district: District
    m7: Mentor
    f4: Founder
    f1: Founder
    held: ServiceSession
    soon: ServiceSession
    late: ServiceSession

    @property
    def term_page(self) -> str:
        return f"/bureau/mentors/{self.m7.expert.id}/term"


@after(District)
def an_ending(district: District) -> Ending:
    """Agree on two meetings while the term was long, then end it before them."""
    m7 = district.mentor("郑工", category="scholar", term=(day("01-01"), day("12-31")))
    f4, f1 = district.founder("孙丽", name="孙丽网店"), district.founder("李晓")
    held = district.served(m7, f1, "09-14 10:00", 40)
    soon = district.accepted(m7, f4, "10-09 14:00")
    late = district.accepted(m7, f1, "11-05 14:00")

    def cut(uow: UnitOfWork) -> None:
        (term,) = uow.session.query(Appointment).filter_by(expert_id=m7.expert.id)
        term.ends_on = day("09-30")
        uow.audit("test.built", term)

    district.store.execute(SYSTEM, cut)
    district.wait_until("09-15 10:00")
    return Ending(district, m7, f4, f1, held, soon, late)


@pytest.fixture
def plays() -> Plays:
    return {"ending": an_ending}


@pytest.fixture
def ending(scene: Ending) -> Ending:
    return scene


@pytest.fixture
def pages(app, sign_in) -> Pages:
    return Pages(app, sign_in)


@pytest.fixture
def api(app, bearer) -> Api:
    return Api(app, bearer)


def own_figures(district: District, month: Month) -> list[int]:
    found = district.measures(month).own.figures()
    return [found[name] for name in ("sessions", "person_times", "session_minutes")]


def reminders(district: District, who: Actor) -> int:
    deliver(district.store)
    own = Message.account_id == who.account_id
    return len(district.rows(Message, own, Message.event == "appointment.ending"))


def serve(ending: Ending, api: Api) -> None:
    """Hold F4's meeting for 45 minutes, write it down, and confirm it on worked Saturday."""
    district, key = ending.district, ending.soon.id
    district.wait_until("10-09 14:45")
    times = {"actual_start": at("10-09 14:00"), "actual_end": at("10-09 14:45")}
    sent = {name: moment.isoformat() for name, moment in times.items()}
    api.post(ending.m7.actor, f"/service-sessions/{key}/finish", **sent)
    api.post(ending.m7.actor, f"/service-sessions/{key}/outcome", **RECORD, result="advised")
    district.wait_until("10-10 10:00")
    outcome = district.outcome_of(ending.soon)
    api.post(ending.f4.actor, f"/outcomes/{outcome.id}/confirm", agrees=True)


def test_a_term_is_reminded_of_extended_served_in_and_renewed(ending, way, pages, api) -> None:
    district, m7 = ending.district, ending.m7
    # 90, 30 and 7 days before the 30th of September, and on no day between.
    for moment, so_far in (
        ("07-01 08:00", 0),
        ("07-02 08:00", 1),
        ("08-30 08:00", 1),
        ("08-31 08:00", 2),
        ("09-22 08:00", 2),
        ("09-23 08:00", 3),
        ("09-24 08:00", 3),
    ):
        watch(district, moment)
        assert reminders(district, m7.actor) == reminders(district, district.officer) == so_far

    district.wait_until("09-28 10:00")
    way.extend(district.approver, m7, day("10-30"))
    states = {"soon": BookingStatus.ACCEPTED, "late": BookingStatus.SUSPENDED}
    assert {"soon": state(district, ending.soon), "late": state(district, ending.late)} == states
    of_late = (Task.kind == TaskKind.SUSPENDED_BOOKING, Task.subject_id == ending.late.booking_id)
    assert district.one(Task, *of_late).closed_at is None
    # What the bureau may do about it: renew, which only an approver may, reassign, cancel.
    suspended = pages.read(district.approver, "/bureau/suspended")
    reassign = f"/bureau/bookings/{ending.late.booking_id}/reassign"
    for choice in (ending.term_page, reassign, 'value="cancel"'):
        assert choice in suspended
    assert ending.term_page not in pages.read(district.officer, "/bureau/suspended")

    serve(ending, api)
    assert district.decision(ending.soon).status == "counted"
    assert own_figures(district, OCTOBER) == [1, 1, 45]

    district.wait_until("11-02 09:00")
    way.renew(district.approver, m7, day("11-01"), date(2029, 10, 31))
    assert state(district, ending.late) is BookingStatus.SUSPENDED
    way.renew(district.approver, m7, day("11-02"), date(2029, 11, 1))
    terms = district.rows(Appointment, Appointment.expert_id == m7.expert.id)
    assert max(term.starts_on for term in terms) == day("11-02")
    assert state(district, ending.late) is BookingStatus.ACCEPTED
    assert district.one(Task, *of_late).closed_at is not None
    for side in (ending.f1.actor, m7.actor):
        assert told(district, side).count("booking.resumed") == 1
    assert "booking.resumed" not in told(district, ending.f4.actor)
    # What was counted in the extension still is.
    assert own_figures(district, OCTOBER) == [1, 1, 45]


def test_after_the_last_day_of_his_term_he_is_not_offered_until_it_is_renewed(ending, way) -> None:
    district, m7 = ending.district, ending.m7
    district.mentor("陈教授")
    wu_di = district.founder("吴迪")

    def offered(moment: str) -> bool:
        district.wait_until(moment)
        found = way.proposed(wu_di, a_need(district.store, wu_di.person_id))
        assert "陈教授" in found
        return m7.expert.name in found

    assert offered("09-16 09:00")
    assert not offered("10-01 09:00")
    district.wait_until("11-02 09:00")
    way.renew(district.approver, m7, day("11-02"), date(2029, 11, 1))
    assert offered("11-02 09:10")


def test_an_extension_keeps_what_was_agreed_and_takes_nothing_new(ending, way) -> None:
    district, m7 = ending.district, ending.m7
    district.mentor("陈教授")
    wu_di = district.founder("吴迪")
    district.wait_until("09-28 10:00")
    way.extend(district.approver, m7, day("10-30"))
    assert state(district, ending.soon) is BookingStatus.ACCEPTED

    # Within the term anybody may still book him, for days of the term alone.
    need = a_need(district.store, wu_di.person_id)
    choice = Choice(
        need_id=need.id,
        expert_id=m7.expert.id,
        starts_at=at("10-12 14:00"),
        mode=Mode.ONSITE,
    )
    with pytest.raises(NotFreeError) as refused:
        district.store.execute(wu_di.actor, bookings.request_now, choice)
    assert refused.value.code == "expert.only_extended"
    with district.store.read(wu_di.actor) as reader:
        days = {"first_on": day("10-01"), "last_on": day("10-30")}
        asked = TimesAsked(**days, session_type="consultation")
        assert free_times_page(reader, m7.expert.id, asked).items == ()

    # From 1 October the matcher never offers him (scenario 9).
    district.wait_until("10-01 09:00")
    found = way.proposed(wu_di, need)
    assert "陈教授" in found
    assert m7.expert.name not in found

    # What was agreed may still be moved within the extension, and no further.
    key = ending.soon.booking_id
    with pytest.raises(NotFreeError) as refused:
        district.store.execute(ending.f4.actor, bookings.move, key, at("11-02 14:00"))
    assert refused.value.code == "expert.out_of_term"
    moved = district.store.execute(ending.f4.actor, bookings.move, key, at("10-12 14:00"))
    assert (moved.status, moved.starts_at) == (BookingStatus.ACCEPTED, at("10-12 14:00"))


def test_a_heard_dismissal_holds_back_all_at_once_and_what_counted_stays(
    ending, pages, monkeypatch
) -> None:
    district, m7 = ending.district, ending.m7
    figures = own_figures(district, SEPTEMBER)
    assert figures == [1, 1, 40]
    page = f"/bureau/duty/{m7.expert.id}/dismissal"
    pages.post(district.officer, page, ground="absences", statement="9月两次约好没有到")
    pages.post(m7.actor, "/mentor/hearing", words="那两天在住院")
    case = district.one(Dismissal)
    act = {"verdict": "approve", "document": PAPER}

    # Where the second booking cannot be held back, nothing at all is done.
    with monkeypatch.context() as broken:
        tried = break_at_the_second(broken)
        pages.post(district.approver, page, f"{page}/{case.id}", **act)
    assert len(tried) == 2
    both = (ending.soon, ending.late)
    assert {state(district, each) for each in both} == {BookingStatus.ACCEPTED}
    assert district.one(Dismissal).status == case.status
    assert not district.one(Expert, Expert.id == m7.expert.id).is_paused
    assert district.rows(Suspension) == []

    pages.post(district.approver, page, f"{page}/{case.id}", **act)
    assert {state(district, each) for each in both} == {BookingStatus.SUSPENDED}
    assert {row.cause for row in district.rows(Suspension)} == {SuspensionCause.DISMISSAL}
    assert district.one(Expert, Expert.id == m7.expert.id).is_paused
    for side in (ending.f4.actor, ending.f1.actor, m7.actor):
        assert "booking.suspended" in told(district, side)
    assert district.decision(ending.held).status == "counted"
    assert own_figures(district, SEPTEMBER) == figures


class BrokenError(Exception):
    """The machine gives up half-way."""


def break_at_the_second(patch: pytest.MonkeyPatch) -> list[UUID]:
    """Let one booking be held back as ever and the next fail; return which were tried."""
    real = bookings.fall_out
    tried: list[UUID] = []

    def fall_out(uow: UnitOfWork, booking_id: UUID, *given: Any, **named: Any) -> Any:
        tried.append(booking_id)
        if len(tried) > 1:
            raise BrokenError
        return real(uow, booking_id, *given, **named)

    patch.setattr(bookings, "fall_out", fall_out)
    return tried
