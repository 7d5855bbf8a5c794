"""Scenario 12, what the bureau owes its mentors and they owe it: tickets, duties, claims, points.

What people do is done at the pages; what they read is read there and by the API.
"""

import math
import re
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from app.domain.clock import FixedClock
from app.domain.service_record import CorrectionOp
from app.models.claim import Claim
from app.models.dismissal import RenewalReason
from app.models.expert import Appointment
from app.models.point import PointEntry
from app.models.service_session import ServiceSession
from app.models.ticket import Ticket
from app.unit_of_work import Store
from tests.journeys.district import District, Founder, Mentor
from tests.journeys.visits import Api, Pages
from tests.moments import at, day
from tests.scenes import Plays
from tests.services.test_points import worked_out
from tests.serving import app, bearer, sign_in

__all__ = ["app", "bearer", "sign_in"]

PAPER = "历人社聘〔2026〕9号"
WHY = "带出两家企业，另有 20 小时政策调研"
MINUTES = (*[180] * 9, 160)
HEARD = {"result": "satisfied", "said": "讲得太快，没有听懂。", "done": "另约一位导师再谈一次。"}
SEEN = "公示系统：存续"


@dataclass(frozen=True)
class Quarter:
    """The end of September: who served, and the meeting that was rated badly."""

    district: District
    m5: Mentor
    m7: Mentor
    m9: Mentor
    sun_li: Founder
    rated: ServiceSession

    @property
    def mentors(self) -> tuple[Mentor, ...]:
        return (self.m5, self.m7, self.m9)


def a_quarter(store: Store, clock: FixedClock) -> Quarter:
    """Serve twenty minutes too little, tutor a young firm, be rated 2 on the 21st."""
    district = District(store, clock)
    m5 = district.mentor("高源")
    m7 = district.mentor("郑工", category="scholar", term=(day("01-01"), day("09-30")))
    sun_li = district.founder("孙丽", name="孙丽网店", registered_on=date(2025, 11, 20))
    zhou_tao = district.founder("周涛", name="周涛商贸")
    for number, minutes in enumerate(MINUTES):
        month, on = 7 + number // 4, 7 + 2 * (number % 4)
        district.served(m7, zhou_tao, f"{month:02}-{on:02} 09:00", minutes)
    district.served(m5, sun_li, "09-16 15:00", session_type="tutoring")
    rated = district.held(m5, zhou_tao, "09-21 15:00")
    district.record(m5, rated)
    district.confirm(zhou_tao, rated, rating=2)
    m9 = district.mentor("新聘", term=(day("09-01"), day("12-31")))
    return Quarter(district, m5, m7, m9, sun_li, rated)


@pytest.fixture
def plays() -> Plays:
    return {"quarter": a_quarter}


@pytest.fixture
def quarter(scene: Quarter) -> Quarter:
    return scene


@pytest.fixture
def pages(app, sign_in) -> Pages:
    return Pages(app, sign_in)


@pytest.fixture
def api(app, bearer) -> Api:
    return Api(app, bearer)


def test_a_bad_rating_is_due_in_fifteen_working_days_and_closed_by_a_call_only(
    quarter, pages
) -> None:
    district = quarter.district
    ticket = district.one(Ticket)
    # The 25th and the first week of October are off, Saturday the 10th is worked.
    assert ticket.due_at == at("10-20 00:00")
    assert "10月19日" in pages.read(district.officer, "/bureau/tickets")

    page = f"/bureau/tickets/{ticket.id}"
    pages.post(district.officer, page, **HEARD)
    called = {"called": "周涛", "called_on": "2026-09-21", "called_at": "15:50"}
    pages.post(district.officer, page, **called, **{**HEARD, "said": ""})
    pages.post(district.officer, page, **called, result="not_reached")
    assert (district.one(Ticket).closed_at, district.one(Ticket).tries) == (None, 1)

    pages.post(district.officer, page, **called, **HEARD)
    assert district.one(Ticket).closed_at is not None


def test_who_was_appointed_in_september_owes_a_part_of_the_year(quarter, pages, api) -> None:
    officer, m9 = quarter.district.officer, quarter.m9.expert
    told = api.read(officer, f"/experts/{m9.id}/duty")
    assert told["services_wished"] == math.ceil(10 * 122 / 365) == 4
    assert told["services_owed"] == math.ceil(2 * 122 / 365) == 1
    assert "至少 1 次，目标 4 次。" in pages.read(officer, f"/bureau/duty/{m9.id}")


def test_twenty_minutes_short_of_thirty_hours_is_renewed_only_with_a_reason(
    quarter, pages, api
) -> None:
    district, m7 = quarter.district, quarter.m7.expert
    district.wait_until("09-30 09:00")
    assert api.read(district.officer, f"/experts/{m7.id}/duty")["term_minutes"] == 29 * 60 + 40
    listed = pages.read(district.officer, "/bureau/duty/renewals")
    for words in ("29 小时 40 分", "不到 30 小时", "续聘要写理由"):
        assert words in listed

    page = f"/bureau/mentors/{m7.id}/term"
    days = {"starts_on": "2026-10-01", "ends_on": "2029-09-30"}
    sent = {"document": PAPER, **days}
    assert "续聘要写明" in pages.post(district.approver, page, act="renew", **sent)
    api.post(district.approver, f"/experts/{m7.id}/terms", **sent)
    of_m7 = Appointment.expert_id == m7.id
    assert len(district.rows(Appointment, of_m7)) == 1

    pages.post(district.approver, page, act="renew", reason=WHY, **sent)
    assert [row.starts_on for row in district.rows(Appointment, of_m7)][1:] == [date(2026, 10, 1)]
    kept = district.one(RenewalReason)
    assert (kept.reason, kept.minutes, kept.owed) == (WHY, 1780, 1800)


def test_a_tutored_firm_is_claimed_for_once_after_twelve_months(quarter, pages) -> None:
    district, officer = quarter.district, quarter.district.officer
    page = f"/bureau/duty/{quarter.m5.expert.id}/claims"
    to = f"{page}/ventures/{quarter.sun_li.venture.id}"
    district.wait_until("11-19 17:00")
    shown = pages.read(officer, page)
    assert "2026-11-20 起" in shown
    assert "起可以申领" in pages.send(officer, to, **token(pages, district), **seen(SEEN, "19"))

    district.wait_until("11-20 09:00")
    pages.post(officer, page, to, **seen(" ", "20"))
    assert district.rows(Claim) == []
    pages.post(officer, page, to, **seen(SEEN, "20"))
    first = district.one(Claim)
    again = pages.send(officer, to, **token(pages, district), **seen("第二次", "20"))
    assert SEEN in again
    assert "第二次" not in again
    assert (district.one(Claim).id, district.one(Claim).evidence) == (first.id, SEEN)


def seen(evidence: str, on: str) -> dict[str, str]:
    return {"evidence": evidence, "seen_on": f"2026-11-{on}"}


def token(pages: Pages, district: District) -> dict[str, Any]:
    """Return what any form of the officer carries, with no key of its own."""
    carried = pages.hidden(district.officer, "/bureau/duty")
    return {"csrf_token": carried["csrf_token"]}


def test_points_are_the_sum_of_their_entries_and_what_the_counted_rows_come_to(
    quarter, pages, api
) -> None:
    district = quarter.district
    # Ten services of 4 and ten records of 1 fill both caps; two of each do not; nothing is nothing.
    assert balances(quarter, pages, api) == [10, 50, 0]
    district.correct(quarter.rated, CorrectionOp.VOID, None, "09-28 10:00")
    assert balances(quarter, pages, api) == [5, 50, 0]
    last = district.rows(ServiceSession, ServiceSession.id != quarter.rated.id)[0]
    district.correct(last, CorrectionOp.VOID, None, "09-29 10:00")
    assert balances(quarter, pages, api) == [5, 45, 0]


def balances(quarter: Quarter, pages: Pages, api: Api) -> list[int]:
    """Return everybody's points, told alike by page, API, entries and counted rows."""
    district, found = quarter.district, []
    expected = worked_out(district)
    for mentor in quarter.mentors:
        key = mentor.expert.id
        book = api.read(district.officer, f"/experts/{key}/points?year=2026")
        page = pages.read(district.officer, f"/bureau/duty/{key}/points?year=2026")
        (shown,) = re.findall(r'<h1>.*?<span class="num">(-?\d+)</span>', page)
        entries = district.rows(PointEntry, PointEntry.expert_id == key)
        told = {
            int(shown),
            book["balance"],
            sum(line["points"] for line in book["items"]),
            sum(entry.points for entry in entries),
            expected[key],
        }
        assert len(told) == 1, (mentor.expert.name, told)
        found.append(told.pop())
    return found
