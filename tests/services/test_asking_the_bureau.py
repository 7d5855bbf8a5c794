import pytest

from app.domain.actor import SYSTEM, Role
from app.domain.errors import InvalidInputError, NotFoundError
from app.domain.job import ClaimedJob
from app.domain.need import NeedClosedError, NeedInServiceError, NeedStatus
from app.models.audit_entry import AuditEntry
from app.models.job import Job
from app.models.message import Message
from app.models.need import Need
from app.services import messages, needs
from tests.builders import a_founder, staff
from tests.founder_road import plays, road
from tests.moments import at

__all__ = ["plays", "road"]


def ask(road, actor=None, reason="都不熟悉食品许可"):
    return road.store.execute(actor or road.founder, needs.ask_bureau, road.need.id, reason)


def test_a_need_is_left_to_the_bureau_until_the_end_of_the_next_working_day(road) -> None:
    need = ask(road)
    assert (need.bureau_asked_at, need.bureau_due_at) == (at("09-16 10:00"), at("09-18 00:00"))
    assert need.bureau_reason == "都不熟悉食品许可"
    assert need.status is NeedStatus.SUBMITTED
    assert len(road.rows(AuditEntry, AuditEntry.action == "need.bureau_asked")) == 1


def test_asking_again_leaves_the_first_deadline(road) -> None:
    ask(road)
    road.put("09-17 12:00")
    assert ask(road, reason="再问一次").bureau_due_at == at("09-18 00:00")
    assert len(road.rows(AuditEntry, AuditEntry.action == "need.bureau_asked")) == 1


def test_officers_and_the_founder_are_told(road) -> None:
    officer = staff(road.store, Role.OFFICER)
    ask(road)
    (job,) = road.rows(Job, Job.kind == "notify")
    claimed = ClaimedJob(
        id=job.id,
        kind=job.kind,
        subject_id=job.subject_id,
        payload=job.payload,
        run_at=job.run_at,
        not_after=None,
        attempts=1,
        max_attempts=3,
        owner=job.id,
    )
    road.store.execute(SYSTEM, messages.notify, claimed)
    told = {row.account_id: (row.title, row.href) for row in road.rows(Message)}
    assert told[officer.account_id][1] == "/bureau/needs"
    assert told[road.founder.account_id] == (
        "已请人社局帮您找导师",
        f"/needs/{road.need.id}/mentors",
    )


@pytest.mark.parametrize(
    ("status", "refusal"),
    [
        (NeedStatus.BOOKED, NeedInServiceError),
        (NeedStatus.SERVED, NeedInServiceError),
        (NeedStatus.WITHDRAWN, NeedClosedError),
        (NeedStatus.DRAFT, NeedClosedError),
    ],
)
def test_only_a_waiting_need_is_left_to_the_bureau(road, status, refusal) -> None:
    submitted_at = None if status is NeedStatus.DRAFT else at("09-16 09:00")
    road.need = road.a_need(status=status, submitted_at=submitted_at)
    with pytest.raises(refusal):
        ask(road)
    assert road.row(Need, Need.id == road.need.id).bureau_asked_at is None


@pytest.mark.parametrize("reason", ["长" * 501, "看不见\x00的字符"])
def test_a_reason_that_cannot_be_kept_is_refused(road, reason) -> None:
    with pytest.raises(InvalidInputError) as refused:
        ask(road, reason=reason)
    assert [error.field for error in refused.value.errors] == ["reason"]


def test_somebody_elses_need_is_not_found(road) -> None:
    with pytest.raises(NotFoundError):
        ask(road, a_founder(road.store, name="王强"))
