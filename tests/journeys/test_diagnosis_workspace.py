"""Scenario 3, steps 3 to 5: five findings, a report that all sign, one with a dissent, printed.

Everything people do is done twice: at the pages, and by the API.
"""

from datetime import date
from typing import Any

import pytest
from flask import Flask

from app.domain.availability import Mode
from app.domain.booking_panel import Company
from app.domain.clock import FixedClock
from app.domain.diagnosis import DiagnosisStatus
from app.models.action_item import ActionItem
from app.models.booking import Booking
from app.models.diagnosis import Diagnosis, DiagnosisSignature
from app.models.person import VentureMember
from app.models.service_session import ServiceSession
from app.services import bookings
from app.services.bookings import Choice
from app.unit_of_work import Store
from tests.builders import a_need, keep
from tests.journeys.diagnosis_ways import DiagnosisByApi, DiagnosisByPages, DiagnosisWay, Finding
from tests.journeys.district import District
from tests.journeys.ways import Browsers, Programs
from tests.moments import at
from tests.panel_meeting import MEETING, MEETING_END
from tests.scenes import Plays
from tests.serving import app, bearer, sign_in

__all__ = ["app", "bearer", "sign_in"]

DISSENT = "现在不宜按年收费，先按月试三个月。"
SUMMARY = "先把客户定清楚，再谈收费。"
TOPICS = ("客户", "收费", "成本", "年费", "门店")


def finding(number: int) -> Finding:
    topic = TOPICS[number - 1]
    return {
        "problem": f"{topic}没有想清楚",
        "cause": f"{topic}一直凭感觉",
        "effect": f"{topic}不清，亏损会扩大",
        "recommendation": f"把{topic}写下来，逐项核对",
        "priority": ("high", "medium", "low")[number % 3],
        "owner": ("founder", "expert", "bureau")[(number - 1) % 3],
        "due_on": "2026-10-15",
    }


class Street:
    """A panel that is going to meet 王强 and 赵敏, who comes along."""

    def __init__(self, store: Store, clock: FixedClock) -> None:
        self.district = District(store, clock)
        self.chen = self.district.mentor("陈教授", category="scholar")
        self.liu = self.district.mentor("刘总")
        self.he = self.district.mentor("何伟", category="investor")
        self.wang_qiang = self.district.founder(
            "王强", name="历城某商贸", registered_on=date(2024, 3, 1)
        )
        self.zhao_min = self.district.founder("赵敏")
        assert self.wang_qiang.venture is not None
        self.venture_id = self.wang_qiang.venture.id
        guest = VentureMember(venture_id=self.venture_id, person_id=self.zhao_min.person_id)
        keep(store, guest)
        self.session = self.district.session_of(self.agreed())

    def agreed(self) -> Booking:
        """Have the officer ask all three, and each of them accept."""
        district, store = self.district, self.district.store
        district.wait_until("09-16 09:00")
        need = a_need(
            store,
            self.wang_qiang.person_id,
            topic="business_model",
            session_type="diagnosis",
            venture_id=self.venture_id,
        )
        company = Company(
            expert_ids=(self.liu.expert.id, self.he.expert.id),
            quorum=2,
            companion_ids=(self.zhao_min.person_id,),
        )
        choice = Choice(
            need_id=need.id,
            expert_id=self.chen.expert.id,
            starts_at=at(MEETING),
            ends_at=at(MEETING_END),
            mode=Mode.ONLINE,
            session_type="diagnosis",
            company=company,
        )
        booking = store.execute(district.officer, bookings.request_now, choice)
        for mentor in (self.chen, self.liu, self.he):
            store.execute(mentor.actor, bookings.accept, booking.id)
        return booking


@pytest.fixture
def plays() -> Plays:
    return {"street": Street}


@pytest.fixture
def street(scene: Street) -> Street:
    return scene


@pytest.fixture(params=["pages", "api"])
def way(request: pytest.FixtureRequest, app: Flask, sign_in: Any, bearer: Any) -> DiagnosisWay:
    if request.param == "pages":
        return DiagnosisByPages(Browsers(app, sign_in))
    return DiagnosisByApi(Programs(app, bearer))


def done(status: int) -> bool:
    return status in (200, 201, 303)


def status_of(street: Street) -> DiagnosisStatus:
    status: DiagnosisStatus = street.district.one(Diagnosis).status
    return status


def written(street: Street, way: DiagnosisWay) -> ServiceSession:
    """Ask for papers, meet, write five findings."""
    district, session = street.district, street.session
    district.wait_until("09-17 09:00")
    assert done(way.want(street.chen, session, "上一年的财务报表", "2026-09-18"))
    assert done(way.have(street.wang_qiang, session))
    district.finish(street.chen, session, 120)
    for number in range(1, 6):
        author = (street.chen, street.liu)[number % 2]
        assert done(way.find(author, session, finding(number)))
    return session


def test_five_findings_are_signed_with_one_dissent_presented_and_done(street, way) -> None:
    district, session = street.district, written(street, way)
    assert way.issue(street.liu, session, SUMMARY) == 422
    assert done(way.issue(street.chen, session, SUMMARY))
    assert done(way.sign(street.liu, session, {}))
    assert way.present(street.chen, session, "09-19 10:00", "王强、赵敏") == 409
    assert done(way.sign(street.he, session, {4: DISSENT}))
    assert status_of(street) is DiagnosisStatus.SIGNED
    (own,) = (row for row in district.rows(DiagnosisSignature) if row.dissented)
    assert (own.expert_id, own.dissented) == (street.he.expert.id, [4])

    district.wait_until("09-19 10:30")
    assert done(way.present(street.chen, session, "09-19 10:00", "王强、赵敏"))
    for reader in (street.he, street.wang_qiang, street.zhao_min):
        printed = way.report(reader, session)
        assert DISSENT in printed
        assert all(f"{topic}没有想清楚" in printed for topic in TOPICS)
    assert done(way.understand(street.wang_qiang, session))
    assert status_of(street) is DiagnosisStatus.UNDERSTOOD

    items = district.rows(ActionItem)
    assert sorted(item.side.value for item in items) == [
        "bureau",
        "expert",
        "expert",
        "founder",
        "founder",
    ]
    assert done(way.finish_first(street.wang_qiang, session))
    assert [item.status for item in district.rows(ActionItem)].count("done") == 1


def test_who_stands_aside_after_signing_leaves_the_others_to_sign_anew(street, way) -> None:
    session = written(street, way)
    assert done(way.issue(street.chen, session, SUMMARY))
    assert done(way.sign(street.he, session, {4: DISSENT}))
    assert done(way.recuse(street.he, session, "和王强的公司谈过入股"))
    assert status_of(street) is DiagnosisStatus.DRAFTING
    assert way.sign_in_vain(street.liu, session) in (404, 409)

    assert done(way.issue(street.chen, session, SUMMARY))
    assert way.sign_in_vain(street.he, session) in (403, 404)
    assert done(way.sign(street.liu, session, {}))
    assert status_of(street) is DiagnosisStatus.SIGNED
    street.district.wait_until("09-19 10:30")
    assert done(way.present(street.chen, session, "09-19 10:00", "王强"))
    assert DISSENT not in way.report(street.wang_qiang, session)
