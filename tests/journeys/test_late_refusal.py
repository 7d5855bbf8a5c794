"""Scenario 2: a mentor calls off four hours before, and the next one saves the meeting.

Everything people do is done twice: at the pages, and by the API.
"""

import re
from collections.abc import Callable
from html import unescape
from typing import Any, Protocol
from uuid import UUID

import pytest
from flask import Flask

from app.adapters.email import Outbox
from app.domain.actor import Actor
from app.domain.booking import BookingStatus, Side
from app.domain.calendar import Month
from app.domain.task import TaskKind
from app.jobs.registry import registry
from app.jobs.worker import Worker
from app.models.booking import Booking
from app.models.message import Message
from app.models.need import Need
from app.models.service_session import ServiceSession
from app.models.task import Task
from tests.builders import a_need, a_shortlist
from tests.journeys.district import District, Founder, Mentor
from tests.moments import at, day
from tests.serving import app, bearer, sign_in

__all__ = ["app", "bearer", "sign_in"]

MEETING = "09-22 14:00"
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


class Way(Protocol):
    """How somebody does what the story tells; each answers with the status of the request."""

    def request(self, who: Actor, need: Need, mentor: Mentor, when: str) -> int: ...

    def accept(self, who: Actor, booking: Booking) -> int: ...

    def cancel(self, who: Actor, booking: Booking, reason: str) -> int: ...


class ByPages:
    """A browser without scripts."""

    def __init__(self, app: Flask, sign_in: Callable[..., Any]) -> None:
        self._app, self._sign_in = app, sign_in
        self._browsers: dict[Actor, Any] = {}

    def _enter(self, who: Actor) -> Any:
        if who not in self._browsers:
            self._browsers[who] = self._sign_in(self._app.test_client(), who)
        return self._browsers[who]

    def request(self, who: Actor, need: Need, mentor: Mentor, when: str) -> int:
        browser = self._enter(who)
        path = f"/needs/{need.id}/book?mentor={mentor.expert.id}&mode=onsite&day=2026-{when[:5]}"
        chosen = {**self._hidden(browser, path), "starts_at": at(when).isoformat()}
        kept = browser.post("/holds", data=chosen)
        if kept.status_code != 303:
            return int(kept.status_code)
        sent = {**self._hidden(browser, kept.location), "consent": "yes"}
        return int([browser.post("/bookings", data=sent) for _ in range(2)][-1].status_code)

    def accept(self, who: Actor, booking: Booking) -> int:
        browser = self._enter(who)
        sent = {**self._hidden(browser, "/mentor"), "version": booking.version}
        path = f"/mentor/requests/{booking.id}/accept"
        return int(browser.post(path, data=sent).status_code)

    def cancel(self, who: Actor, booking: Booking, reason: str) -> int:
        browser = self._enter(who)
        path = f"/mentor/bookings/{booking.id}/cancel"
        sent = {**self._hidden(browser, path), "reason": reason}
        return int(browser.post(path, data=sent).status_code)

    def _hidden(self, browser: Any, path: str) -> dict[str, str]:
        text = browser.get(path).get_data(as_text=True)
        return {name: unescape(value) for name, value in _HIDDEN.findall(text)}


class ByApi:
    """A program with a token."""

    def __init__(self, app: Flask, bearer: Callable[..., dict[str, str]]) -> None:
        self._client, self._bearer = app.test_client(), bearer
        self._headers: dict[Actor, dict[str, str]] = {}

    def request(self, who: Actor, need: Need, mentor: Mentor, when: str) -> int:
        body = {
            "need_id": str(need.id),
            "expert_ids": [str(mentor.expert.id)],
            "starts_at": at(when).isoformat(),
            "session_type": "consultation",
            "mode": "onsite",
        }
        return [self._post(who, "", body, key=f"{need.id} {when}") for _ in range(2)][-1]

    def accept(self, who: Actor, booking: Booking) -> int:
        return self._post(who, f"/{booking.id}/accept", None)

    def cancel(self, who: Actor, booking: Booking, reason: str) -> int:
        return self._post(who, f"/{booking.id}/cancel", {"reason": reason})

    def _post(self, who: Actor, path: str, body: Any, key: str = "") -> int:
        if who not in self._headers:
            self._headers[who] = self._bearer(who)
        headers = {**self._headers[who], **({"Idempotency-Key": key} if key else {})}
        sent = {} if body is None else {"json": body}
        answer = self._client.post(f"/api/v1/bookings{path}", headers=headers, **sent)
        return int(answer.status_code)


@pytest.fixture(params=["pages", "api"])
def way(request: pytest.FixtureRequest, app: Flask, sign_in, bearer) -> Way:
    return ByPages(app, sign_in) if request.param == "pages" else ByApi(app, bearer)


@pytest.fixture
def wang_qiang(district: District) -> Founder:
    return district.founder("王强", name="强盛科技有限公司", registered_on=day("09-01"))


@pytest.fixture
def gao_yuan(district: District) -> Mentor:
    return district.mentor("高源")


@pytest.fixture
def xu_zong(district: District) -> Mentor:
    return district.mentor("徐总")


@pytest.fixture
def need(district: District, wang_qiang, gao_yuan, xu_zong) -> Need:
    venture_id = wang_qiang.venture.id
    need = a_need(district.store, wang_qiang.person_id, topic="marketing", venture_id=venture_id)
    a_shortlist(district.store, need, gao_yuan.expert, xu_zong.expert)
    return need


@pytest.fixture
def agreed(district: District, way: Way, need, wang_qiang, gao_yuan) -> Booking:
    """The offer to 高源, asked for with two presses of one button, and accepted."""
    assert way.request(wang_qiang.actor, need, gao_yuan, MEETING) in (201, 303)
    asked = district.one(Booking, Booking.status == BookingStatus.REQUESTED)
    assert way.accept(gao_yuan.actor, asked) in (200, 303)
    return district.one(Booking)


def told(district: District, who: Founder) -> list[str]:
    Worker(district.store, registry(Outbox(), "http://localhost", "历城创业导师")).work()
    account_id = who.actor.account_id
    return [row.event for row in district.rows(Message, Message.account_id == account_id)]


def test_a_late_refusal_is_told_at_once_and_the_next_one_saves_the_meeting(
    district, way, agreed, need, wang_qiang, gao_yuan, xu_zong
) -> None:
    district.wait_until("09-22 09:40")
    assert way.cancel(gao_yuan.actor, agreed, "m_late_no_reason") in (200, 303)

    former = district.one(Booking, Booking.id == agreed.id)
    assert (former.status, former.end_side) == (BookingStatus.CANCELLED, Side.MENTOR)
    assert (former.is_late, former.is_excused) == (True, False)
    assert "booking.cancelled" in told(district, wang_qiang)
    task = district.one(Task, Task.kind == TaskKind.MENTOR_CANCELLED.value)
    assert (task.subject_id, task.due_by) == (agreed.id, at(MEETING))
    successor = district.one(Booking, Booking.replaces_id == agreed.id)
    assert successor.lead_expert_id == xu_zong.expert.id
    # What is left until the meeting, not two working days.
    assert (successor.starts_at, successor.answer_by) == (at(MEETING), at(MEETING))

    district.wait_until("09-22 10:15")
    assert way.accept(xu_zong.actor, successor) in (200, 303)

    assert district.one(Booking, Booking.id == successor.id).status is BookingStatus.ACCEPTED
    assert len(district.rows(ServiceSession)) == 2
    assert district.one(Need, Need.id == need.id).submitted_at == need.submitted_at
    assert unexcused(district, gao_yuan.expert.id) == 1
    # Nothing was delivered, so nothing counts.
    assert district.measures(Month(2026, 9)).own.additive.person_times == 0


def test_sudden_illness_excuses_however_late(district, way, agreed, gao_yuan) -> None:
    district.wait_until("09-22 09:40")
    assert way.cancel(gao_yuan.actor, agreed, "m_illness") in (200, 303)
    former = district.one(Booking, Booking.id == agreed.id)
    assert (former.is_late, former.is_excused) == (True, True)
    assert unexcused(district, gao_yuan.expert.id) == 0


@pytest.mark.parametrize(
    ("moment", "is_late"),
    [("09-21 13:00", False), ("09-21 14:00", False), ("09-21 14:01", True)],
)
def test_a_day_before_is_not_late_and_a_minute_less_is(
    district, way, agreed, gao_yuan, moment: str, is_late: bool
) -> None:
    district.wait_until(moment)
    assert way.cancel(gao_yuan.actor, agreed, "m_late_no_reason") in (200, 303)
    assert district.one(Booking, Booking.id == agreed.id).is_late is is_late
    tasks = district.rows(Task, Task.kind == TaskKind.MENTOR_CANCELLED.value)
    assert len(tasks) == is_late


def test_a_holiday_is_refused_and_nothing_is_written(
    district, way, need, wang_qiang, gao_yuan
) -> None:
    assert way.request(wang_qiang.actor, need, gao_yuan, "09-25 14:00") == 422
    assert district.rows(Booking) == []


def unexcused(district: District, expert_id: UUID) -> int:
    """Return how often the expert has called off late without a good reason."""
    return len(
        district.rows(
            Booking,
            Booking.lead_expert_id == expert_id,
            Booking.end_side == Side.MENTOR,
            Booking.is_late,
            Booking.is_excused.is_(False),
        )
    )
