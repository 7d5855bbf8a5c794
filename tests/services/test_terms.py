from datetime import date

import pytest

from app.domain.actor import SYSTEM, Role
from app.domain.booking import BookingStatus
from app.domain.dismissal import DismissalOpenError, Ground, SameOfficerError
from app.domain.errors import ForbiddenError, InvalidInputError
from app.domain.expert import ExtensionTooLateError, NotAppointedError
from app.domain.suspension import SuspensionCause
from app.models.booking import Booking
from app.models.expert import Appointment, Expert
from app.models.message import Message
from app.models.service_record import ServiceRecord
from app.models.suspension import Suspension
from app.models.task import Task
from app.services import dismissals, experts, outcomes
from app.unit_of_work import UnitOfWork
from tests.builders import staff
from tests.moments import at
from tests.scenes import Plays
from tests.services.scene import Scene, set_scene


class Pool(Scene):
    """A scene whose expert's term ends on the 30th of September, with meetings beyond it."""

    approver: object

    def end_term(self, ends_on: date = date(2026, 9, 30)) -> None:
        def use_case(uow: UnitOfWork) -> None:
            for row in uow.session.query(Appointment).filter_by(expert_id=self.expert.id):
                row.ends_on = ends_on
                uow.audit("test.built", row)

        self.store.execute(SYSTEM, use_case)

    def status(self, booking: Booking) -> BookingStatus:
        return self.rows(Booking, Booking.id == booking.id)[0].status

    def watch(self) -> int:
        return self.store.execute(SYSTEM, experts.watch_terms)


def a_pool(store, clock) -> Pool:
    pool = Pool(**vars(set_scene(store, clock)))
    pool.approver = staff(store, Role.APPROVER)
    return pool


@pytest.fixture
def plays() -> Plays:
    return {"pool": a_pool}


@pytest.fixture
def pool(scene: Pool) -> Pool:
    return scene


def test_reminders_go_out_once_each_at_ninety_thirty_and_seven_days(pool, clock) -> None:
    pool.end_term(date(2026, 12, 31))
    sent = []
    for day in ("10-01 08:00", "10-02 08:00", "10-03 09:00", "12-01 08:00", "12-24 08:00"):
        clock.put(at(day))
        sent.append(pool.watch())
        assert pool.watch() == 0
    assert sent == [0, 1, 0, 1, 1]
    pool.work()
    assert len(pool.told(pool.mentor, "appointment.ending")) == 3
    assert "12月31日（周四）24:00" in pool.told(pool.officer, "appointment.ending")[0].text


def test_a_renewed_term_is_not_reminded_of(pool, clock) -> None:
    pool.end_term(date(2026, 12, 31))
    days = date(2027, 1, 1), date(2029, 12, 31)
    pool.store.execute(pool.approver, experts.appoint, pool.expert.id, "续聘", *days)
    clock.put(at("12-24 08:00"))
    assert pool.watch() == 0


def test_on_the_last_day_of_a_term_what_lies_beyond_it_is_held_back(pool, clock) -> None:
    inside, beyond = pool.accepted("09-30 14:00"), pool.accepted("10-09 14:00")
    pool.end_term()
    clock.put(at("09-29 23:00"))
    pool.watch()
    assert pool.status(beyond) is BookingStatus.ACCEPTED
    clock.put(at("09-30 00:05"))
    pool.watch()
    pool.watch()
    assert pool.status(inside) is BookingStatus.ACCEPTED
    assert pool.status(beyond) is BookingStatus.SUSPENDED
    assert [row.cause for row in pool.rows(Suspension)] == [SuspensionCause.TERM]
    assert len(pool.rows(Task)) == 1


def test_an_extension_covers_some_and_a_renewal_lets_the_rest_stand_again(pool, clock) -> None:
    soon, late = pool.accepted("10-09 14:00"), pool.accepted("11-05 14:00")
    pool.end_term()
    clock.put(at("09-28 10:00"))
    extend = (pool.approver, experts.extend, pool.expert.id, "临时延聘")
    with pytest.raises(ExtensionTooLateError):
        pool.store.execute(*extend, date(2026, 10, 31))
    pool.store.execute(*extend, date(2026, 10, 30))
    assert pool.status(soon) is BookingStatus.ACCEPTED
    assert pool.status(late) is BookingStatus.SUSPENDED
    clock.put(at("11-02 09:00"))
    renew = (pool.approver, experts.appoint, pool.expert.id, "续聘文件")
    with pytest.raises(Exception, match="back_dated"):
        pool.store.execute(*renew, date(2026, 10, 31), date(2029, 10, 30))
    pool.store.execute(*renew, date(2026, 11, 2), date(2029, 11, 1))
    pool.work()
    assert pool.status(late) is BookingStatus.ACCEPTED
    for person in (pool.founder, pool.mentor):
        assert [told.subject_id for told in pool.told(person, "booking.resumed")] == [late.id]
    assert all(task.closed_at for task in pool.rows(Task))


def test_an_extension_for_the_past_is_refused(pool, clock) -> None:
    pool.end_term()
    clock.put(at("10-12 10:00"))
    with pytest.raises(ExtensionTooLateError):
        pool.store.execute(
            pool.approver, experts.extend, pool.expert.id, "补办", date(2026, 10, 30)
        )


def standing(rows) -> dict[object, tuple[str, int]]:
    """Return what the newest version says of each meeting."""
    return {
        row.service_session_id: (row.status, row.minutes)
        for row in sorted(rows, key=lambda row: row.number)
    }


def test_who_resigns_leaves_what_was_counted_and_has_everything_to_come_held(pool) -> None:
    outcome = pool.recorded()
    pool.store.execute(pool.founder, outcomes.confirm, outcome.id, agrees=True)
    counted = pool.rows(ServiceRecord)
    today, later = pool.accepted("09-20 14:00"), pool.request("10-09 14:00")
    resign = experts.resign, pool.expert.id
    with pytest.raises(ForbiddenError):
        pool.store.execute(pool.officer, *resign, "辞聘申请")
    with pytest.raises(InvalidInputError):
        pool.store.execute(pool.approver, *resign, " ")
    pool.store.execute(pool.approver, *resign, "本人辞聘申请，2026-09-18")
    pool.work()
    (told,) = pool.told(pool.mentor, "appointment.resigned")
    assert "如果不是您本人的意思" in told.text
    assert {pool.status(each) for each in (today, later)} == {BookingStatus.SUSPENDED}
    assert {row.cause for row in pool.rows(Suspension)} == {SuspensionCause.DISMISSAL}
    assert len(pool.rows(Message, Message.event == "booking.suspended")) == 4
    # The end of the term is a fact of the decision: it is decided anew, and still counts.
    assert standing(pool.rows(ServiceRecord)) == standing(counted)
    assert {row.id for row in counted} <= {row.id for row in pool.rows(ServiceRecord)}
    assert pool.rows(Appointment)[0].ends_on == date(2026, 9, 18)
    assert pool.rows(Expert)[0].is_paused


def test_who_is_proposed_for_dismissal_is_heard_first_and_cannot_be_let_go_meanwhile(pool) -> None:
    proposal = dismissals.propose, pool.expert.id, Ground.MISCONDUCT, "有关部门来函。"
    row = pool.store.execute(pool.officer, *proposal)
    resign = experts.resign, pool.expert.id, "辞聘申请"
    with pytest.raises(DismissalOpenError):
        pool.store.execute(pool.approver, *resign)
    assert pool.rows(Appointment)[0].ends_on > date(2026, 9, 16)
    pool.store.execute(pool.mentor, dismissals.hear, row.id, "愿意配合。")
    pool.store.execute(pool.approver, dismissals.refuse, row.id)
    pool.store.execute(pool.approver, *resign)
    assert pool.rows(Appointment)[0].ends_on == date(2026, 9, 16)


def test_no_approver_ends_a_term_for_a_cause_alone(pool) -> None:
    with pytest.raises(InvalidInputError):
        pool.store.execute(
            pool.officer, dismissals.propose, pool.expert.id, Ground.OWN_REQUEST, "本人申请"
        )
    row = pool.store.execute(
        pool.approver, dismissals.propose, pool.expert.id, Ground.LOW_SCORE, "考评平均 52 分。"
    )
    pool.store.execute(pool.mentor, dismissals.hear, row.id, "没有意见。")
    with pytest.raises(SameOfficerError):
        pool.store.execute(pool.approver, dismissals.approve, row.id, "解聘文件")
    assert pool.rows(Appointment)[0].ends_on > date(2026, 9, 18)


def test_who_is_in_no_term_cannot_resign(pool, clock) -> None:
    pool.end_term()
    clock.put(at("10-01 09:00"))
    with pytest.raises(NotAppointedError):
        pool.store.execute(pool.approver, experts.resign, pool.expert.id, "辞聘申请")
