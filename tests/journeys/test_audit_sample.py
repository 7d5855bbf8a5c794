"""Scenario 10, step 4: the auditor draws twenty records, telephones, and one of them differs.

本期报告的封存公布以后，按说好的种子抽 20 条；
19 条相符，1 条不符，由两人更正，差额记入下一个月。
"""

import re
from collections.abc import Callable
from html import unescape

import pytest

from app.adapters.email import Outbox
from app.domain.actor import SYSTEM, Actor, Role
from app.domain.calendar import Month
from app.domain.clock import FixedClock
from app.domain.sample import wilson
from app.jobs.registry import registry
from app.jobs.worker import Worker
from app.models.sample import Sample, SampleCall
from app.models.task import Task
from app.services import audit_entries, messages
from app.unit_of_work import Store
from tests.builders import staff
from tests.journeys.district import District, Founder
from tests.scenes import Plays
from tests.serving import app, serve, sign_in
from tests.web.bureau.conftest import Desk, enter

__all__ = ["app", "enter", "serve", "sign_in"]

AUGUST, SEPTEMBER = Month(2026, 8), Month(2026, 9)
SIZE = 20
NEW = "/bureau/samples/new"
REPORT = f"/bureau/reports/{AUGUST}"
_PASSWORD = re.compile(r'<span class="hash">([a-z2-9-]{24})</span>')

Enter = Callable[[Actor], Desk]


class August:
    """A closed August of twenty-one services, all of one firm, by three mentors."""

    def __init__(self, store: Store, clock: FixedClock) -> None:
        self.district = District(store, clock)
        self.firm = self.district.founder("王强", name="历城某商贸")
        mentors = [self.district.mentor(name) for name in ("高源", "田野", "张敏")]
        for place in range(SIZE + 1):
            mentor, day = mentors[place % 3], 3 + place // 3
            self.district.served(mentor, self.firm, f"08-{day:02} {9 + 3 * (place % 3):02}:00", 50)
        self.district.close(AUGUST, "09-09 10:00")

    @property
    def store(self) -> Store:
        return self.district.store

    def seal(self) -> None:
        self.store.execute(SYSTEM, audit_entries.seal, self.store.audit_key())

    def publish(self) -> None:
        """Seal, and tell the head in the next morning's letter."""
        self.seal()
        self.district.wait_until("09-10 09:00")
        self.store.execute(SYSTEM, messages.watch_seal)
        Worker(self.store, registry(Outbox(), "https://example.org", "历城")).work()


@pytest.fixture
def plays() -> Plays:
    return {"august": August}


@pytest.fixture
def august(scene: August) -> August:
    return scene


@pytest.fixture
def auditor(august: August, enter: Enter, app) -> Desk:
    """Somebody from outside, whose account was opened before the head was told."""
    keeper = enter(staff(august.store, Role.SEC_ADMIN))
    who = {
        "name": "区审计局 周明",
        "login": "zhouming",
        "days": "14",
        "purpose": "审通〔2026〕9 号",
    }
    opened = keeper.get(keeper.post("/bureau/accounts/new-auditor", **who).location)
    (password,) = _PASSWORD.findall(opened)
    desk = Desk(app.test_client())
    desk.post("/login", login="zhouming", password=password)
    return desk


def drawn(august: August, auditor: Desk) -> Sample:
    auditor.post(NEW, size=str(SIZE), number="20260910", basis="first")
    return august.district.rows(Sample)[-1]


def answer(auditor: Desk, sample: Sample, session_id: str, founder: Founder, **fields: str) -> None:
    here = f"/bureau/samples/{sample.id}/records/{session_id}"
    told = {"person": str(founder.person_id), "called_on": "2026-09-10", "called_at": "09:00"}
    auditor.post(here, **told, **{"result": "agreed", "said": "", **fields})


def called(august: August, auditor: Desk, sample: Sample) -> str:
    """Note twenty calls, the last of which says that nobody came; return that record's key."""
    *agreeing, differing = sample.session_ids
    for session_id in agreeing:
        answer(auditor, sample, session_id, august.firm)
    said = {"result": "differs", "differs": "persons", "said": "那天我没有去"}
    answer(auditor, sample, differing, august.firm, **said)
    return differing


def corrected(august: August, enter: Enter, record: str) -> None:
    """Let an officer propose what the call showed, and an approver check it."""
    desk = enter(august.district.officer)
    (path,) = re.findall(r'href="(/bureau/sessions/[^"]+sample_call=[^"]+)"', desk.get(record))
    form = f"{unescape(path)}&operation=remove_attendee"
    fields = {"value": str(august.firm.person_id), "reason": "电话核实：那天没有去"}
    desk.post(form, path.split("?")[0], **fields)
    checker = enter(august.district.approver)
    (review,) = set(
        re.findall(r'href="(/bureau/reviews/[0-9a-f-]{36})"', checker.get("/bureau/reviews"))
    )
    checker.post(review, verdict="approve")


def ensure_looked(august: August, enter: Enter, page: str) -> None:
    """Let others read what he looked at: subject, object, time, address."""
    keeper = enter(staff(august.store, Role.AUDIT_ADMIN))
    looks = keeper.get("/bureau/log/looks?who=zhouming")
    for words in ("区审计局 周明", page, "127.0.0.1", "9月10日"):
        assert words in looks, words


def test_nineteen_agree_one_differs_and_is_put_right(august, auditor, enter) -> None:
    august.publish()
    assert "共有 21 条记录" in auditor.get(NEW)
    sample = drawn(august, auditor)
    assert len(sample.session_ids) == SIZE
    page = f"/bureau/samples/{sample.id}"
    assert "名单一样" in auditor.get(page)
    assert sample.seed in auditor.get(page)
    # The same seed draws the same records.
    assert drawn(august, auditor).session_ids == sample.session_ids

    differing = called(august, auditor, sample)
    shown = auditor.get(page)
    rate = wilson(19, SIZE)
    assert rate is not None
    for number in (rate.share, rate.low, rate.high):
        assert f"{number * 100:.1f}%" in shown, number
    # A difference changes nothing by itself: somebody at the bureau has a task.
    assert august.district.measures(AUGUST).restated.additive.sessions == SIZE + 1
    assert august.district.rows(Task, Task.kind == "sample_differs")

    corrected(august, enter, f"{page}/records/{differing}")

    counts = august.district.measures(AUGUST)
    assert counts.as_reported is not None
    assert counts.as_reported.additive.sessions == SIZE + 1
    assert counts.restated.additive.sessions == SIZE
    (posted,) = august.district.measures(SEPTEMBER).adjustments
    assert (posted.month, posted.additive.sessions) == (str(AUGUST), -1)
    # Side by side on the report, and the cause beside the call.
    report = auditor.get(REPORT)
    for value in ("21", "20"):
        assert re.search(rf">{value}<", report), value
    assert "-1" in auditor.get(f"/bureau/reports/{SEPTEMBER}")
    assert "已同意" in auditor.get(page)
    ensure_looked(august, enter, page)
    call = august.district.one(SampleCall, SampleCall.result == "differs")
    assert str(call.service_session_id) == differing
