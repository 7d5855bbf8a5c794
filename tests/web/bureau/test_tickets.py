"""整改单 on its pages: listed, taken, called about, closed; hostile input answered at its field."""

from dataclasses import dataclass
from urllib.parse import quote

import pytest

from app.domain.actor import SYSTEM, Role
from app.domain.clock import FixedClock
from app.models.audit_entry import AccessEntry
from app.models.outcome import Outcome
from app.models.ticket import Ticket, TicketTry
from app.services import outcomes
from app.unit_of_work import Store
from tests.builders import staff
from tests.journeys.district import District, Mentor
from tests.scenes import Plays

HEARD = {"result": "satisfied", "said": "讲得太快，没有听懂。", "done": "另约一位导师再谈一次。"}


@dataclass(frozen=True)
class Complaint:
    """A district in which one service was rated badly."""

    district: District
    mentor: Mentor
    ticket: Ticket

    @property
    def path(self) -> str:
        return f"/bureau/tickets/{self.ticket.id}"

    def now(self) -> Ticket:
        return self.district.one(Ticket, Ticket.id == self.ticket.id)


def a_complaint(store: Store, clock: FixedClock) -> Complaint:
    district = District(store, clock)
    mentor, founder = district.mentor("高源"), district.founder("王强")
    session = district.held(mentor, founder, "09-17 15:00")
    district.record(mentor, session)
    outcome = district.one(Outcome, Outcome.service_session_id == session.id)
    store.execute(
        founder.actor, outcomes.confirm, outcome.id, agrees=True, rating=1, remark="<b>没听懂</b>"
    )
    return Complaint(district, mentor, district.one(Ticket))


@pytest.fixture
def plays() -> Plays:
    return {"complaint": a_complaint, "district": District}


@pytest.fixture
def complaint(scene: Complaint) -> Complaint:
    return scene


@pytest.fixture
def officer(complaint, enter):
    return enter(complaint.district.officer)


def test_a_ticket_is_listed_taken_tried_and_closed_with_a_call(complaint, officer) -> None:
    page = officer.get("/bureau/tickets")
    assert f'href="{complaint.path}"' in page
    assert "未办结 1 张" in page
    assert "10月14日" in page
    assert 'href="/bureau/tickets"' in officer.get("/bureau")
    itself = officer.get(complaint.path)
    assert "非常不满意" in itself
    assert "&lt;b&gt;没听懂" in itself
    assert 'value="王强"' in itself
    officer.post(complaint.path, f"{complaint.path}/take")
    assert "小郭" in officer.get("/bureau/tickets")
    today = complaint.district.clock.now().date().isoformat()
    call = {"called": "王强", "called_on": today, "called_at": "15:50"}
    officer.post(complaint.path, **call, result="not_reached")
    assert "打过 1 次没有打通" in officer.get("/bureau/tickets")
    assert "没有打通的电话" in officer.get(complaint.path)
    assert officer.post(complaint.path, **call, **HEARD).location == "/bureau/tickets"
    assert complaint.path not in officer.get("/bureau/tickets")
    assert complaint.path in officer.get("/bureau/tickets?state=closed")
    closed = officer.get(complaint.path)
    assert "讲得太快，没有听懂。" in closed
    assert 'name="said"' not in closed


def test_a_stale_page_is_refused_and_keeps_what_was_typed(complaint, officer) -> None:
    call = {"called": "王强", "called_on": "2026-09-17", "called_at": "15:50"}
    fields = officer.hidden(complaint.path)
    officer.send(complaint.path, **{**fields, **call, "result": "not_reached"})
    # The same press again is answered as before; another from the same page is not taken.
    officer.send(complaint.path, **{**fields, **call, "result": "not_reached"})
    assert complaint.now().tries == 1
    key = {"idempotency_key": officer.hidden(complaint.path)["idempotency_key"]}
    answer = officer.send(complaint.path, 409, **{**fields, **key, **call, **HEARD})
    assert "另约一位导师再谈一次。" in answer.get_data(as_text=True)
    assert complaint.now().closed_at is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("called", ""),
        ("called", "王" * 61),
        ("called_on", ""),
        ("called_on", "2026-02-30"),
        ("called_on", "0001-01-01"),
        ("called_on", "9999-12-31"),
        ("called_at", "25:00"),
        ("called_at", "15：5"),
        ("result", ""),
        ("result", "closed"),
        ("said", ""),
        ("said", "\x00"),
        ("done", "好" * 2001),
        ("version", "x"),
        ("version", "99999999999999999999"),
    ],
)
def test_what_cannot_be_so_is_named_and_closes_nothing(complaint, officer, field, value) -> None:
    call = {"called": "王强", "called_on": "2026-09-17", "called_at": "15:50", **HEARD}
    answer = officer.post(complaint.path, status=422, **{**call, field: value})
    assert "处需要修改" in answer.get_data(as_text=True)
    assert complaint.now().closed_at is None
    assert complaint.district.rows(TicketTry) == []


@pytest.mark.parametrize(
    "query", ["state=lost", "state=" + quote("' OR 1=1 --"), "state=" + "x" * 500]
)
def test_an_unknown_filter_is_refused(district, desk, query: str) -> None:
    assert desk.get(f"/bureau/tickets?{query}", 422)
    desk.get("/bureau/tickets?after=x", 404)
    desk.get(f"/bureau/tickets?after={district.officer.account_id}", 404)
    desk.get(f"/bureau/tickets/{district.officer.account_id}", 404)


def test_without_tickets_the_pages_say_so(desk) -> None:
    assert "没有要整改的评价" in desk.get("/bureau/tickets")
    assert "没有要整改的评价" in desk.get("/bureau/tickets?state=overdue")
    assert "还没有办结的整改单" in desk.get("/bureau/tickets?state=closed")


def test_only_the_bureau_sees_tickets_and_an_auditor_only_looks(complaint, enter) -> None:
    store = complaint.district.store
    strangers = (
        staff(store, Role.STREET_LIAISON, street="tangye"),
        staff(store, Role.DEPT_LIAISON, department="hrss"),
        staff(store, Role.SYS_ADMIN),
    )
    for somebody in strangers:
        enter(somebody).get("/bureau/tickets", 403)
    enter(complaint.mentor.actor).get(complaint.path, 403)
    auditor = enter(staff(store, Role.AUDITOR))
    assert complaint.path in auditor.get("/bureau/tickets")
    assert 'name="said"' not in auditor.get(complaint.path)
    auditor.send(f"{complaint.path}/take", 403, csrf_token=auditor.token("/bureau/tickets"))


def test_the_mentor_never_reads_who_rated_or_how(complaint, enter) -> None:
    desk = enter(complaint.mentor.actor)
    (outcome,) = complaint.district.rows(Outcome)
    page = desk.get(f"/mentor/sessions/{outcome.service_session_id}/report")
    assert "不满意" not in page
    assert "整改" not in page
    inbox = desk.get("/mentor")
    assert "整改" not in inbox


def test_looking_changes_nothing_and_is_noted(complaint, officer) -> None:
    before = complaint.now().version
    for path in ("/bureau/tickets", complaint.path):
        officer.get(path)
    # Who rated is read there: that somebody looked is kept.
    assert len(complaint.district.rows(AccessEntry)) == 1
    assert complaint.now().version == before
    with complaint.district.store.read(SYSTEM) as reader:
        assert reader.session.get(Ticket, complaint.ticket.id).owner_id is None
