from uuid import UUID

import pytest
from sqlalchemy import select, update

from app.domain.actor import SYSTEM, Role
from app.domain.errors import NotFoundError
from app.domain.ids import new_id
from app.domain.job import ClaimedJob, DeliveryState, JobState
from app.domain.message import EVENTS
from app.domain.service_session import NoShow
from app.models.account import Account
from app.models.booking import Booking
from app.models.job import Job
from app.models.message import Message
from app.queries.inbox import inbox, unread
from app.queries.outbox import outbox
from app.services import bookings, messages, outcomes, service_sessions
from app.unit_of_work import UnitOfWork
from tests.builders import an_expert, staff
from tests.moments import at
from tests.scenes import Plays
from tests.services.scene import SITE, Scene, give_email, give_phone, set_scene


@pytest.fixture
def plays() -> Plays:
    return {"scene": set_scene}


def claimed(job: Job) -> ClaimedJob:
    return ClaimedJob(
        id=job.id,
        kind=job.kind,
        subject_id=job.subject_id,
        payload=job.payload,
        run_at=job.run_at,
        not_after=job.not_after,
        attempts=1,
        max_attempts=8,
        owner=new_id(),
    )


def test_a_request_tells_the_mentor_who_when_where_by_when_and_what_else(scene: Scene) -> None:
    scene.request()
    scene.work()
    (message,) = scene.told(scene.mentor, "booking.requested")
    assert "李晓" in message.title
    assert "9月18日（周五）14:00–14:50" in message.text
    assert "面谈" in message.text
    assert "9月18日（周五）10:00前" in message.text
    assert "转给下一位导师" in message.text
    assert message.href == "/mentor"
    assert scene.told(scene.founder, "booking.requested") == []


def test_a_letter_goes_to_who_has_an_address_and_lands_in_the_outbox(scene: Scene) -> None:
    scene.request()
    scene.work()
    (message,) = scene.told(scene.mentor, "booking.requested")
    (delivery,) = scene.letters(message)
    assert (delivery.state, delivery.provider_ref) == (DeliveryState.DELIVERED, "outbox")
    with scene.store.read(scene.officer) as reader:
        (item,) = outbox(reader, SITE, "历城创业导师").items
    assert item.to == "mentor@example.org"
    assert item.subject == message.title
    assert item.text.startswith("张敏，您好：")
    assert message.text in item.text
    assert f"{SITE}/mentor" in item.text


def test_who_has_no_address_is_told_in_the_service_only(scene: Scene) -> None:
    give_email(scene.store, scene.expert.person_id, None)
    give_phone(scene.store, scene.expert.person_id, None)
    scene.request()
    scene.work()
    (message,) = scene.told(scene.mentor, "booking.requested")
    assert scene.letters(message) == []


def test_who_has_a_mobile_number_and_no_mail_gets_a_text_message(scene: Scene) -> None:
    give_email(scene.store, scene.expert.person_id, None)
    give_phone(scene.store, scene.expert.person_id, "139 0000 0001")
    scene.request()
    scene.work()
    (message,) = scene.told(scene.mentor, "booking.requested")
    (text,) = scene.letters(message)
    assert (text.channel, text.address, text.state) == (
        "sms",
        "13900000001",
        DeliveryState.DELIVERED,
    )


def test_telling_the_same_twice_leaves_one_message(scene: Scene) -> None:
    booking = scene.request()
    scene.work()

    def again(uow: UnitOfWork) -> list[Message]:
        (job,) = uow.all(select(Job).where(Job.kind == "notify"))
        return messages.tell(uow, "booking.requested", booking.id, job.payload["revision"], {})

    assert scene.store.execute(SYSTEM, again) == []
    assert len(scene.told(scene.mentor, "booking.requested")) == 1


def test_a_letter_that_asks_what_is_no_longer_open_is_not_sent(scene: Scene) -> None:
    booking = scene.request()
    scene.store.execute(scene.founder, bookings.withdraw, booking.id, "f_solved")
    scene.work()
    (message,) = scene.told(scene.mentor, "booking.requested")
    (delivery,) = scene.letters(message)
    assert (delivery.state, delivery.reason) == (DeliveryState.SKIPPED, "superseded")
    (withdrawn,) = scene.told(scene.mentor, "booking.withdrawn")
    assert [row.state for row in scene.letters(withdrawn)] == [DeliveryState.DELIVERED]
    assert scene.told(scene.founder, "booking.withdrawn") == []


def test_an_acceptance_leads_the_founder_to_the_booking(scene: Scene) -> None:
    booking = scene.accepted()
    scene.work()
    (message,) = scene.told(scene.founder, "booking.accepted")
    assert message.href == f"/bookings/{booking.id}"


def test_a_decline_without_a_successor_leads_back_to_the_list(scene: Scene) -> None:
    booking = scene.request()
    scene.store.execute(scene.mentor, bookings.decline, booking.id, "m_overload")
    scene.work()
    (message,) = scene.told(scene.founder, "booking.declined")
    assert message.href == f"/needs/{booking.need_id}/mentors"
    assert "另选导师" in message.text


def test_a_decline_with_a_successor_names_him_and_his_deadline(scene: Scene) -> None:
    booking = scene.request()
    other = an_expert(scene.store, name="徐总")

    def decline(uow: UnitOfWork) -> UUID:
        successor = uow.add(copy_of(uow.load(Booking, booking.id), other.id))
        uow.flush()
        uow.audit("booking.requested", successor)
        uow.tell("booking.declined", uow.load(Booking, booking.id), next=str(successor.id))
        return successor.id

    successor_id = scene.store.execute(SYSTEM, decline)
    scene.work()
    (message,) = scene.told(scene.founder, "booking.declined")
    assert message.title == "已为您改约徐总"
    assert message.href == f"/bookings/{successor_id}"
    assert "9月18日（周五）10:00前" in message.text


def copy_of(booking: Booking, expert_id: UUID) -> Booking:
    columns = {
        column.key: getattr(booking, column.key)
        for column in Booking.__table__.columns
        if column.key not in ("id", "version")
    }
    return Booking(**{**columns, "lead_expert_id": expert_id, "reference": new_id().hex[:12]})


def test_who_cancels_gets_a_letter_for_his_calendar_in_words_of_his_own(scene: Scene) -> None:
    booking = scene.accepted()
    scene.store.execute(scene.founder, bookings.cancel, booking.id, "f_solved")
    scene.work()
    (own,) = scene.told(scene.founder, "booking.cancelled")
    (other,) = scene.told(scene.mentor, "booking.cancelled")
    assert own.title == "您取消了与张敏的见面"
    assert other.title == "与李晓的见面已取消"


def test_an_expired_request_is_told_to_both_and_the_officers(scene: Scene) -> None:
    scene.request("09-22 14:00")
    scene.clock.put(at("09-18 10:00"))
    scene.work()
    for actor in (scene.founder, scene.mentor, scene.officer):
        assert len(scene.told(actor, "booking.expired")) == 1


def test_both_are_reminded_a_day_and_two_hours_before(scene: Scene) -> None:
    scene.accepted()
    scene.clock.put(at("09-17 14:00"))
    scene.work()
    for actor in (scene.founder, scene.mentor):
        assert len(scene.told(actor, "service_session.reminded")) == 1
    scene.clock.put(at("09-18 12:00"))
    scene.work()
    for actor in (scene.founder, scene.mentor):
        assert len(scene.told(actor, "service_session.reminded")) == 2


def test_a_cancelled_meeting_is_not_reminded_of(scene: Scene) -> None:
    booking = scene.accepted()
    scene.store.execute(scene.founder, bookings.cancel, booking.id, "f_solved")
    scene.clock.put(at("09-17 14:00"))
    scene.work()
    assert scene.rows(Message, Message.event == "service_session.reminded") == []


def test_a_reminder_that_ran_late_still_asks_whether_the_meeting_stands(scene: Scene) -> None:
    booking = scene.accepted()
    scene.store.execute(scene.founder, bookings.cancel, booking.id, "f_solved")

    def revive(uow: UnitOfWork) -> None:
        uow.session.execute(
            update(Job).where(Job.kind == "remind_session").values(state=JobState.READY)
        )

    scene.store.execute(SYSTEM, revive)
    scene.clock.put(at("09-18 13:00"))
    scene.work()
    assert scene.rows(Message, Message.event == "service_session.reminded") == []


def test_a_reminder_after_the_start_expires(scene: Scene) -> None:
    scene.accepted()
    scene.clock.put(at("09-18 14:01"))
    scene.work()
    states = {job.state for job in scene.rows(Job, Job.kind == "remind_session")}
    assert states == {JobState.EXPIRED}
    assert scene.rows(Message, Message.event == "service_session.reminded") == []


def test_a_letter_not_sent_before_the_meeting_expires_with_its_job(scene: Scene) -> None:
    scene.accepted()
    scene.work()
    scene.clock.put(at("09-18 12:00"))
    (job,) = [
        j for j in scene.rows(Job, Job.kind == "remind_session") if j.run_at == at("09-18 12:00")
    ]

    def remind(uow: UnitOfWork) -> list[Message]:
        session_id = UUID(job.payload["service_session_id"])
        return messages.tell(uow, "service_session.reminded", session_id, 1, {}, job=claimed(job))

    told = scene.store.execute(SYSTEM, remind)
    scene.clock.put(at("09-18 14:01"))
    scene.work()
    for message in told:
        (delivery,) = scene.letters(message)
        assert (delivery.state, delivery.reason) == (DeliveryState.EXPIRED, "too_late")


@pytest.mark.parametrize(
    ("who", "founder", "mentor"),
    [(NoShow.FOUNDER, 1, 0), (NoShow.MENTOR, 0, 1), (NoShow.BOTH, 1, 1), (NoShow.TECHNICAL, 1, 1)],
)
def test_a_no_show_is_told_to_whom_it_is_held_against(
    scene: Scene, who: NoShow, founder: int, mentor: int
) -> None:
    scene.accepted()
    scene.clock.put(at("09-18 14:31"))
    scene.store.execute(scene.officer, service_sessions.report_no_show, scene.session().id, who)
    scene.work()
    assert len(scene.told(scene.founder, "service_session.no_show")) == founder
    assert len(scene.told(scene.mentor, "service_session.no_show")) == mentor
    (message, *_) = scene.rows(Message, Message.event == "service_session.no_show")
    assert "9月22日（周二）24:00前" in message.text


def test_a_record_asks_the_founder_and_his_word_is_told_to_the_mentor(scene: Scene) -> None:
    outcome = scene.recorded()
    scene.work()
    (message,) = scene.told(scene.founder, "outcome.recorded")
    assert message.href == f"/bookings/{scene.session().booking_id}"
    assert "9月24日（周四）24:00前" in message.text
    scene.store.execute(scene.founder, outcomes.confirm, outcome.id, agrees=True)
    scene.work()
    (told,) = scene.told(scene.mentor, "outcome.confirmed")
    assert told.href == f"/mentor/sessions/{scene.session().id}/report"


def test_a_silent_founder_is_reminded_twice_and_told_that_nothing_counts(scene: Scene) -> None:
    scene.recorded()
    for moment in ("09-22 16:00", "09-24 16:00"):
        scene.clock.put(at(moment))
        scene.work()
    assert len(scene.told(scene.founder, "outcome.confirm_due")) == 2
    scene.clock.put(at("09-26 00:00"))
    scene.work()
    (message,) = scene.told(scene.founder, "outcome.unconfirmed")
    assert "90 天" in message.text


def test_who_confirmed_is_not_reminded(scene: Scene) -> None:
    outcome = scene.recorded()
    scene.store.execute(scene.founder, outcomes.confirm, outcome.id, agrees=True)
    scene.clock.put(at("09-26 00:00"))
    scene.work()
    assert scene.told(scene.founder, "outcome.confirm_due") == []
    assert scene.told(scene.founder, "outcome.unconfirmed") == []


def test_a_mentor_without_a_record_is_reminded_of_it(scene: Scene) -> None:
    scene.finished()
    scene.clock.put(at("09-20 18:00"))
    scene.work()
    (message,) = scene.told(scene.mentor, "outcome.record_due")
    assert "9月21日（周一）24:00" in message.text


def test_a_disagreement_is_told_to_the_mentor_and_to_those_who_rule(scene: Scene) -> None:
    outcome = scene.recorded()
    approver = staff(scene.store, Role.APPROVER)
    scene.store.execute(
        scene.founder, outcomes.confirm, outcome.id, agrees=False, remark="只谈了二十分钟"
    )
    scene.work()
    for actor in (scene.mentor, scene.officer, approver):
        (message,) = scene.told(actor, "outcome.disputed")
        assert "9月24日（周四）24:00前" in message.text
    assert message.href == f"/bureau/sessions/{scene.session().reference}"


def test_a_contested_absence_is_told_to_the_side_that_did_not_contest_it(scene: Scene) -> None:
    scene.accepted()
    scene.clock.put(at("09-18 14:31"))
    session = scene.session()
    scene.store.execute(scene.founder, service_sessions.report_no_show, session.id, NoShow.MENTOR)
    scene.work()
    (told,) = scene.told(scene.mentor, "service_session.no_show")
    assert told.href == f"/mentor/sessions/{session.id}/report"
    assert scene.told(scene.founder, "service_session.no_show") == []

    scene.store.execute(scene.mentor, service_sessions.contest, session.id, "14:00 已在三楼")
    scene.work()
    (message,) = scene.told(scene.founder, "outcome.disputed")
    assert message.href == f"/bookings/{session.booking_id}"
    assert "张敏" in message.title
    assert scene.told(scene.mentor, "outcome.disputed") == []
    assert len(scene.told(scene.officer, "outcome.disputed")) == 1


def test_messages_are_read_by_their_reader_in_both_languages(scene: Scene) -> None:
    scene.request()
    scene.work()
    with scene.store.read(scene.mentor) as reader:
        (chinese,) = inbox(reader).items
        (english,) = inbox(reader, locale="en").items
        assert unread(reader) == 1
    assert english.title == "李晓 would like to meet you on Fri 18 Sep 14:00–14:50"
    assert chinese.title != english.title
    scene.store.execute(scene.mentor, messages.mark_read, chinese.id)
    with scene.store.read(scene.mentor) as reader:
        assert unread(reader) == 0


def test_nobody_reads_or_marks_what_others_were_told(scene: Scene) -> None:
    scene.request()
    scene.work()
    (message,) = scene.told(scene.mentor, "booking.requested")
    for stranger in (scene.founder, scene.officer):
        with scene.store.read(stranger) as reader:
            assert inbox(reader).items == []
        with pytest.raises(NotFoundError):
            scene.store.execute(stranger, messages.mark_read, message.id)


def test_an_inbox_is_read_page_by_page(scene: Scene) -> None:
    for hour in (9, 11, 13, 15):
        scene.request(f"09-2{2 + hour % 3} {hour:02}:00")
    scene.work()
    seen: list[UUID] = []
    after = None
    with scene.store.read(scene.mentor) as reader:
        while True:
            page = inbox(reader, after=after, limit=3)
            seen += [item.id for item in page.items]
            after = page.next
            if after is None:
                break
    assert len(seen) == len(set(seen)) == 4
    assert seen == sorted(seen, reverse=True)


def test_letters_to_a_closed_account_are_skipped(scene: Scene) -> None:
    booking = scene.request()

    def tell_then_close(uow: UnitOfWork) -> None:
        messages.tell(uow, "booking.requested", booking.id, 9, {})
        uow.session.execute(
            update(Account).where(Account.id == scene.mentor.account_id).values(is_active=False)
        )

    scene.store.execute(SYSTEM, tell_then_close)
    scene.work()
    (message,) = scene.told(scene.mentor, "booking.requested")
    (delivery,) = scene.letters(message)
    assert (delivery.state, delivery.reason) == (DeliveryState.SKIPPED, "account_closed")


def test_every_event_that_is_told_stands_in_the_table(scene: Scene) -> None:
    scene.recorded()
    scene.work()
    told = {job.payload["event"] for job in scene.rows(Job, Job.kind == "notify")}
    assert told
    assert told <= EVENTS.keys()
    assert {job.state for job in scene.rows(Job, Job.kind == "notify")} == {JobState.DONE}
