"""Written answers of officials: asked, answered, read, and counted by the piece alone."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.adapters.email import Outbox
from app.domain.actor import SYSTEM, Role
from app.domain.booking import BookingStatus
from app.domain.calendar import Month
from app.domain.errors import ForbiddenError, InvalidInputError, NotFoundError
from app.domain.expert import ExpertCategory, PausedError, RecusalError
from app.domain.need import NeedStatus
from app.domain.written_answer import (
    AlreadyAskedError,
    AlreadySaidError,
    IllegalStepError,
    NotOfficialError,
    OverError,
    WrittenAnswerStatus,
)
from app.jobs.registry import registry
from app.jobs.worker import Worker
from app.models.booking import Booking
from app.models.message import Message
from app.models.need import Need
from app.models.outcome import Outcome
from app.models.person import IdentityLevel
from app.models.service_session import ServiceSession
from app.models.written_answer import WrittenAnswer
from app.services import bookings, experts, outcomes, written_answers
from tests.builders import a_need, staff
from tests.desk import ServiceDesk, a_desk
from tests.journeys.district import Founder, Mentor
from tests.moments import at
from tests.scenes import Plays

SEPTEMBER = Month(2026, 9)
ANSWER = "个体工商户登记在区政务大厅一楼办，带身份证和经营场所证明，当天就能办好。"
QUESTION = "个体户办营业执照要带哪些材料？"


class Writing:
    """A founder with a need, an official who answers, and what they do."""

    def __init__(self, desk: ServiceDesk) -> None:
        self.desk = desk
        self.district = desk.district
        self.store = desk.store
        self.founder: Founder = self.district.founder("李晓")
        self.official: Mentor = self.district.mentor("田野", category=ExpertCategory.OFFICIAL)
        self.need = a_need(self.store, self.founder.person_id)

    def asked(self, **values) -> WrittenAnswer:
        actor = values.pop("actor", self.founder.actor)
        mentor = values.pop("mentor", self.official)
        question = values.pop("question", QUESTION)
        return self.store.execute(
            actor, written_answers.ask, self.need.id, mentor.expert.id, question
        )

    def answers(self, row: WrittenAnswer, text: str = ANSWER) -> WrittenAnswer:
        return self.store.execute(self.official.actor, written_answers.answer, row.id, text)

    def says(self, row: WrittenAnswer, helped: bool = True) -> WrittenAnswer:
        return self.store.execute(self.founder.actor, written_answers.say, row.id, helped=helped)

    def requested(self) -> Booking:
        choice = bookings.Choice(
            need_id=self.need.id,
            expert_id=self.official.expert.id,
            starts_at=at("09-22 14:00"),
            mode="onsite",
        )
        return self.store.execute(self.founder.actor, bookings.request_now, choice)

    def session(self) -> ServiceSession:
        return self.district.one(ServiceSession)

    def need_now(self) -> Need:
        return self.district.one(Need, Need.id == self.need.id)


@pytest.fixture
def plays() -> Plays:
    return {"writing": a_writing}


def a_writing(store, clock) -> Writing:
    return Writing(a_desk(store, clock))


@pytest.fixture
def writing(scene: Writing) -> Writing:
    return scene


def test_the_official_has_two_working_days_by_the_calendar(writing) -> None:
    # Asked on Wednesday 23 September: the 25th to 27th are off, so Monday the 28th.
    writing.district.wait_until("09-23 10:00")
    row = writing.asked()
    assert (row.status, row.due_at) == (WrittenAnswerStatus.ASKED, at("09-28 10:00"))


def test_an_answer_that_was_read_is_one_piece_in_its_own_column_and_nothing_else(writing) -> None:
    before = writing.district.measures(SEPTEMBER).own.figures()
    row = writing.answers(writing.asked())
    session = writing.session()
    assert writing.district.decision(session).reason == "unconfirmed"

    said = writing.says(row)

    assert (said.helped, said.service_session_id) == (True, session.id)
    decision = writing.district.decision(session)
    assert (decision.status, decision.apart, decision.minutes) == ("counted_apart", "text", 0)
    after = writing.district.measures(SEPTEMBER).own.figures()
    assert after.pop("text_answers") == before.pop("text_answers") + 1
    assert after == before
    assert writing.need_now().status is NeedStatus.SERVED


def test_the_month_is_that_of_the_day_on_which_it_was_sent(writing) -> None:
    writing.district.wait_until("09-30 23:30")
    row = writing.answers(writing.asked())
    writing.district.wait_until("10-08 09:00")
    writing.says(row)
    assert writing.district.measures(SEPTEMBER).own.figures()["text_answers"] == 1
    assert writing.district.measures(Month(2026, 10)).own.figures()["text_answers"] == 0


def test_silence_never_counts(writing) -> None:
    writing.answers(writing.asked())
    writing.district.wait_until("10-20 09:00")
    assert writing.district.measures(SEPTEMBER).own.figures()["text_answers"] == 0


@pytest.mark.parametrize(
    ("level", "reason"), [(IdentityLevel.NONE, "identity_unverified"), (IdentityLevel.PHONE, None)]
)
def test_only_somebody_identified_counts(writing, level, reason) -> None:
    writing.founder = writing.district.founder("无名", level)
    writing.need = a_need(writing.store, writing.founder.person_id)
    writing.says(writing.answers(writing.asked()))
    assert writing.district.decision(writing.session()).reason == reason


def test_two_answers_of_one_day_are_two_pieces_and_never_merge_with_a_meeting(writing) -> None:
    writing.says(writing.answers(writing.asked()))
    writing.need = a_need(writing.store, writing.founder.person_id)
    writing.says(writing.answers(writing.asked()))
    writing.district.served(writing.official, writing.founder, "09-17 14:00")
    figures = writing.district.measures(SEPTEMBER).own.figures()
    assert (figures["text_answers"], figures["sessions"]) == (2, 1)


def test_an_answer_that_did_not_help_leaves_the_need_open_for_a_meeting(writing) -> None:
    writing.says(writing.answers(writing.asked()), helped=False)
    assert writing.need_now().status is NeedStatus.SUBMITTED
    assert writing.requested().status is BookingStatus.REQUESTED
    assert writing.district.decision(writing.session()).apart == "text"


def test_after_an_answer_that_helped_a_meeting_can_still_be_asked_for(writing) -> None:
    writing.says(writing.answers(writing.asked()))
    assert writing.requested().status is BookingStatus.REQUESTED


def test_only_an_official_who_is_in_office_and_not_tied_is_asked(writing) -> None:
    scholar = writing.district.mentor("高源", category=ExpertCategory.SCHOLAR)
    with pytest.raises(NotOfficialError):
        writing.asked(mentor=scholar)
    own = writing.district.mentor("自己", category=ExpertCategory.OFFICIAL)
    writing.need = a_need(writing.store, own.expert.person_id)
    with pytest.raises((InvalidInputError, RecusalError)):
        writing.asked(mentor=own, actor=writing.district.officer)
    writing.store.execute(writing.official.actor, experts.pause, writing.official.expert.id)
    writing.need = a_need(writing.store, writing.founder.person_id)
    with pytest.raises(PausedError):
        writing.asked()
    assert writing.district.rows(WrittenAnswer) == []


def test_one_official_is_asked_once_at_a_time_about_a_need(writing) -> None:
    writing.asked()
    with pytest.raises(AlreadyAskedError):
        writing.asked()


def test_a_desk_asks_on_behalf_of_its_own_people_alone(writing) -> None:
    row = writing.asked(actor=writing.desk.clerk)
    assert row.person_id == writing.founder.person_id
    writing.need = a_need(writing.store, writing.founder.person_id)
    with pytest.raises(NotFoundError):
        writing.asked(actor=writing.desk.stranger)
    stranger = writing.district.founder("别人")
    with pytest.raises(NotFoundError):
        writing.asked(actor=stranger.actor)


@pytest.mark.parametrize(
    ("question", "code"), [("短", "input.too_short"), ("长" * 601, "input.too_long")]
)
def test_a_question_has_its_bounds_and_is_by_default_that_of_the_need(
    writing, question, code
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        writing.asked(question=question)
    assert [(e.field, e.code) for e in refused.value.errors] == [("question", code)]
    assert writing.asked(question="").question == writing.need.text


@pytest.mark.parametrize(
    ("text", "code"), [("好。", "input.too_short"), ("长" * 2001, "input.too_long")]
)
def test_an_answer_has_its_bounds(writing, text, code) -> None:
    row = writing.asked()
    with pytest.raises(InvalidInputError) as refused:
        writing.answers(row, text)
    assert [(e.field, e.code) for e in refused.value.errors] == [("answer", code)]
    assert writing.district.rows(ServiceSession) == []


def test_nobody_answers_for_another_and_nobody_after_the_time(writing) -> None:
    row = writing.asked()
    other = writing.district.mentor("高源", category=ExpertCategory.OFFICIAL)
    with pytest.raises(NotFoundError):
        writing.store.execute(other.actor, written_answers.answer, row.id, ANSWER)
    with pytest.raises(ForbiddenError):
        writing.store.execute(writing.founder.actor, written_answers.answer, row.id, ANSWER)
    writing.district.clock.put(row.due_at)
    with pytest.raises(OverError):
        writing.answers(row)
    expired = writing.store.execute(SYSTEM, written_answers.expire, row.id)
    assert expired.status is WrittenAnswerStatus.EXPIRED
    with pytest.raises(IllegalStepError):
        writing.answers(row)


def test_a_question_with_time_left_does_not_expire(writing) -> None:
    row = writing.asked()
    writing.district.clock.put(row.due_at - timedelta(seconds=1))
    assert writing.store.execute(SYSTEM, written_answers.expire, row.id).status == "asked"


def test_the_official_may_say_that_a_meeting_serves_better(writing) -> None:
    row = writing.asked()
    row = writing.store.execute(
        writing.official.actor, written_answers.decline, row.id, "要看材料原件，请约见面。"
    )
    assert (row.status, row.end_note) == ("declined", "要看材料原件，请约见面。")
    assert writing.asked().status is WrittenAnswerStatus.ASKED


def test_the_founder_takes_a_question_back_and_says_his_word_once(writing) -> None:
    row = writing.asked()
    writing.store.execute(writing.founder.actor, written_answers.withdraw, row.id)
    with pytest.raises(IllegalStepError):
        writing.says(row)
    row = writing.answers(writing.asked())
    with pytest.raises(IllegalStepError):
        writing.store.execute(writing.founder.actor, written_answers.withdraw, row.id)
    writing.says(row)
    with pytest.raises(AlreadySaidError):
        writing.says(row)
    with pytest.raises(ForbiddenError):
        writing.store.execute(writing.district.officer, written_answers.say, row.id, helped=True)


def test_an_offer_on_a_request_is_taken_in_place_of_the_meeting(writing) -> None:
    booking = writing.requested()
    offer = writing.store.execute(writing.official.actor, written_answers.offer, booking.id)
    assert (offer.status, offer.due_at) == (WrittenAnswerStatus.OFFERED, booking.answer_by)

    taken = writing.store.execute(writing.founder.actor, written_answers.take, offer.id)

    assert taken.status is WrittenAnswerStatus.ASKED
    row = writing.district.one(Booking)
    assert (row.status, row.end_reason) == (BookingStatus.WITHDRAWN, "f_in_writing")
    writing.says(writing.answers(taken))
    assert writing.district.measures(SEPTEMBER).own.figures()["text_answers"] == 1


def test_an_offer_left_alone_changes_nothing_of_the_request(writing) -> None:
    booking = writing.requested()
    offer = writing.store.execute(writing.official.actor, written_answers.offer, booking.id)
    writing.store.execute(writing.official.actor, bookings.accept, booking.id)
    with pytest.raises(Exception, match="illegal_transition"):
        writing.store.execute(writing.founder.actor, written_answers.take, offer.id)
    assert writing.district.one(Booking).status is BookingStatus.ACCEPTED
    with pytest.raises(IllegalStepError):
        writing.store.execute(writing.official.actor, written_answers.offer, booking.id)


def test_who_may_see_an_answer(writing) -> None:
    row = writing.answers(writing.asked())
    other = writing.district.mentor("高源", category=ExpertCategory.OFFICIAL)
    sees = {
        writing.founder.actor: 1,
        writing.official.actor: 1,
        writing.district.officer: 1,
        writing.desk.clerk: 1,
        writing.desk.stranger: 0,
        other.actor: 0,
        staff(writing.store, Role.DEPT_LIAISON, department="hrss"): 0,
    }
    for actor, count in sees.items():
        with writing.store.read(actor) as reader:
            assert reader.session.query(WrittenAnswer).filter_by(id=row.id).count() == count


def reminders(writing) -> list[Message]:
    Worker(writing.store, registry(Outbox(), "https://example.org", "历城创业导师")).work()
    with writing.store.read(SYSTEM) as reader:
        told = select(Message).where(Message.event == "written_answer.read_due")
        return list(reader.session.scalars(told))


def test_who_has_not_said_a_word_is_reminded_once_after_two_working_days(writing, clock) -> None:
    clock.put(at("09-17 10:00"))
    row = writing.asked()
    writing.answers(row)
    # The Sunday is worked for a holiday to come.
    for moment, count in (("09-20 09:59", 0), ("09-20 10:00", 1), ("10-20 10:00", 1)):
        clock.put(at(moment))
        assert len(reminders(writing)) == count
    [told] = reminders(writing)
    assert told.account_id == writing.founder.actor.account_id
    assert told.href == f"/written-answers/{row.id}"


@pytest.mark.parametrize("word", ["said", "certified"])
def test_who_has_said_his_word_is_not_reminded(writing, clock, word) -> None:
    row = writing.answers(writing.asked())
    if word == "said":
        writing.says(row, helped=False)
    else:
        outcome = writing.district.one(Outcome)
        writing.store.execute(writing.district.officer, outcomes.certify, outcome.id, "已电话核实")
    clock.put(at("10-20 10:00"))
    assert reminders(writing) == []
