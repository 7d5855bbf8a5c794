from uuid import uuid4

import pytest

from app.domain.booking import IllegalTransitionError
from app.domain.errors import NotFoundError
from app.domain.outcome import OutcomeStatus
from app.domain.service_session import NoShow
from app.models.availability import AvailabilityException
from app.models.proposal import Proposal
from app.queries import booking_pages
from app.queries.booking_pages import Asked, Stage
from app.services import bookings, outcomes, service_sessions
from tests.builders import a_founder, a_venture, an_expert, keep
from tests.founder_road import plays, road, statements
from tests.moments import at, day

__all__ = ["plays", "road"]

MOST_STATEMENTS = 8


def look(road, query, *args, actor=None):
    with road.store.read(actor or road.founder) as reader, statements(road.store) as sent:
        found = query(reader, *args)
    assert len(sent) <= MOST_STATEMENTS, sent
    return found


def times(road, asked=None, **who):
    return look(road, booking_pages.times_for_need, road.need.id, road.expert.id, asked, **who)


def test_days_show_how_many_times_are_left_and_which_holiday_closes_them(road) -> None:
    page = times(road)
    counts = {row.on: row for row in page.days}
    assert page.on == day("09-16")
    assert counts[day("09-17")].count == 23
    assert (counts[day("09-25")].count, counts[day("09-25")].closed) == (0, "中秋节")
    assert day("09-29") in counts
    assert day("09-30") not in counts
    assert page.later_from == day("09-30")
    assert page.earlier_from is None


def test_the_next_two_weeks_begin_where_the_first_end(road) -> None:
    page = times(road, Asked(from_on=day("09-30")))
    assert page.days[0].on == day("09-30")
    assert page.earlier_from == day("09-16")
    assert {row.closed for row in page.days if row.on == day("10-01")} != {""}


def test_a_day_of_a_later_block_brings_its_block(road) -> None:
    page = times(road, Asked(on=day("10-14")))
    assert page.on == day("10-14")
    assert page.days[0].on == day("10-14")


def test_what_the_address_asks_in_vain_is_passed_over(road) -> None:
    page = times(road, Asked(mode="telepathy", on=day("01-01"), from_on=day("01-02")))
    assert (page.mode, page.on) == ("onsite", day("09-16"))


def test_a_taken_time_is_shown_and_cannot_be_chosen(road) -> None:
    other = a_founder(road.store, name="王强")
    need = road.a_need(other)
    road.store.execute(other, bookings.request_now, road.choice(need_id=need.id))
    page = times(road, Asked(on=day("09-18")))
    slots = {slot.starts_at: slot.is_free for slot in page.slots}
    assert slots[at("09-18 13:00")] is True
    assert slots[at("09-18 13:30")] is False
    assert slots[at("09-18 14:00")] is False
    assert slots[at("09-18 14:30")] is False
    # The first start after the gap is off the half hour and is shown all the same.
    assert slots[at("09-18 15:00")] is True
    assert at("09-18 14:45") not in slots


def test_the_founders_own_meetings_are_not_offered_again(road) -> None:
    other = an_expert(road.store, name="许言")
    road.store.execute(
        road.founder,
        bookings.request_now,
        road.choice(expert_id=other.id, need_id=road.a_need().id),
    )
    slots = {slot.starts_at: slot.is_free for slot in times(road, Asked(on=day("09-18"))).slots}
    assert slots[at("09-18 14:00")] is False
    assert slots[at("09-18 15:00")] is True


def test_the_time_a_founder_keeps_stays_open_to_him(road) -> None:
    road.held()
    slots = {slot.starts_at: slot.is_free for slot in times(road, Asked(on=day("09-18"))).slots}
    assert slots[at("09-18 14:00")] is True


def test_three_alternatives_stand_nearest_to_the_wanted_time(road) -> None:
    other = a_founder(road.store, name="王强")
    road.store.execute(other, bookings.request_now, road.choice(need_id=road.a_need(other).id))
    page = times(road, Asked(on=day("09-18"), wanted_at=at("09-18 14:00")))
    starts = [time.starts_at for time in page.alternatives]
    assert len(starts) == 3
    assert at("09-18 15:00") in starts
    assert all(abs(start - at("09-18 14:00")).total_seconds() <= 2 * 3600 for start in starts)


def test_an_expert_without_hours_has_no_days_but_holidays(road) -> None:
    closed = an_expert(road.store, name="许言", weekly=False)
    page = look(road, booking_pages.times_for_need, road.need.id, closed.id, Asked())
    assert {row.on for row in page.days} == {day("09-25"), day("09-26"), day("09-27")}
    assert not page.has_free
    assert page.first_open_on is None


def test_an_expert_who_meets_in_no_way_has_no_times(road) -> None:
    closed = an_expert(road.store, name="许言", modes=[])
    page = look(road, booking_pages.times_for_need, road.need.id, closed.id, Asked())
    assert (page.mode, page.modes, page.has_free) == ("", (), False)


def test_the_first_open_day_is_told_when_two_weeks_are_full(road) -> None:
    days = [day(f"09-{number}") for number in range(16, 30)]
    keep(
        road.store,
        *(
            AvailabilityException(
                expert_id=road.expert.id,
                day=on,
                kind="off",
                starts_minute=0,
                ends_minute=1440,
                modes=[],
                reason="",
            )
            for on in days
        ),
    )
    page = times(road)
    assert not page.has_free
    assert page.first_open_on == day("09-30")


def test_people_meet_at_the_place_of_the_needs_street(road) -> None:
    assert times(road).place == "历城区创业孵化基地"
    assert times(road, Asked(mode="online")).place == ""
    other = road.a_need(street="huashan")
    found = look(road, booking_pages.circumstances, other.id, road.expert.id)
    assert (found.place, found.proposal_id) == ("华山社区就业服务站", None)


def test_a_choice_follows_the_newest_proposal_of_the_expert(road) -> None:
    road.proposed()
    newest = road.proposed()
    found = look(road, booking_pages.circumstances, road.need.id, road.expert.id)
    (proposal,) = road.rows(Proposal, Proposal.match_round_id == newest.id)
    assert found.proposal_id == proposal.id


def test_a_wanted_time_that_is_free_is_shown_and_needs_no_alternative(road) -> None:
    page = times(road, Asked(wanted_at=at("09-18 14:15")))
    assert page.on == day("09-18")
    assert at("09-18 14:15") in {slot.starts_at for slot in page.slots}
    assert page.alternatives == ()


def test_times_for_somebody_elses_need_are_not_found(road) -> None:
    stranger = a_founder(road.store, name="王强")
    with pytest.raises(NotFoundError):
        times(road, actor=stranger)


def test_times_of_an_unknown_expert_are_not_found(road) -> None:
    with pytest.raises(NotFoundError):
        look(road, booking_pages.times_for_need, road.need.id, uuid4(), Asked())


def test_a_booking_is_moved_in_its_own_way_and_its_own_time_is_free(road) -> None:
    booking = road.accepted()
    asked = Asked(mode="phone", on=day("09-18"))
    page = look(road, booking_pages.times_for_booking, booking.id, asked)
    assert (page.mode, page.modes, page.minutes) == ("onsite", ("onsite",), 50)
    assert page.moved_from.version == booking.version
    assert {s.starts_at: s.is_free for s in page.slots}[at("09-18 14:00")] is True


def test_a_booking_that_is_over_is_not_moved(road) -> None:
    booking = road.requested()
    road.store.execute(road.founder, bookings.withdraw, booking.id, "f_solved")
    with pytest.raises(IllegalTransitionError):
        look(road, booking_pages.times_for_booking, booking.id, Asked())


def test_somebody_elses_booking_is_not_found(road) -> None:
    booking = road.accepted()
    stranger = a_founder(road.store, name="王强")
    for query in (booking_pages.booking_of, booking_pages.times_for_booking):
        with pytest.raises(NotFoundError):
            look(road, query, booking.id, actor=stranger)
    # The mentor has pages of his own.
    with pytest.raises(NotFoundError):
        look(road, booking_pages.booking_of, booking.id, actor=road.mentor)


def test_a_booking_passes_through_its_stages(road) -> None:
    def stage(booking):
        return look(road, booking_pages.booking_of, booking.id).stage

    booking = road.held()
    assert stage(booking) is Stage.ON_HOLD
    road.put("09-16 10:10")
    assert stage(booking) is Stage.HOLD_OVER
    booking = road.requested()
    assert stage(booking) is Stage.AWAITS_ANSWER
    road.store.execute(road.mentor, bookings.accept, booking.id)
    assert stage(booking) is Stage.AGREED
    road.put("09-18 13:30")
    assert stage(booking) is Stage.MEETING
    assert look(road, booking_pages.booking_of, booking.id).may_check_in
    road.put("09-18 14:50")
    assert stage(booking) is Stage.AWAITS_FINISH


def test_a_held_meeting_passes_through_its_stages(road) -> None:
    session = road.recorded()
    (view,) = look(road, booking_pages.bookings_of)
    assert view.stage is Stage.AWAITS_CONFIRMATION
    assert view.meeting.confirm_by == at("09-25 00:00")
    outcome = road.outcome_of(session)
    road.put("09-25 00:00")
    road.store.execute(road.founder, outcomes.lapse, outcome.id)
    (view,) = look(road, booking_pages.bookings_of)
    assert view.stage is Stage.UNCONFIRMED
    road.store.execute(road.founder, outcomes.confirm, outcome.id, agrees=True)
    (view,) = look(road, booking_pages.bookings_of)
    assert view.stage is Stage.DONE


def test_holds_that_are_over_are_left_out_of_the_list(road) -> None:
    road.held()
    assert [view.stage for view in look(road, booking_pages.bookings_of)] == [Stage.ON_HOLD]
    road.put("09-16 10:10")
    assert look(road, booking_pages.bookings_of) == []


def test_the_reason_of_an_end_is_named(road) -> None:
    booking = road.requested()
    road.store.execute(road.mentor, bookings.decline, booking.id, "m_time_conflict")
    view = look(road, booking_pages.booking_of, booking.id)
    assert (view.stage, view.end_side, view.end_reason.zh) == (Stage.DECLINED, "mentor", "时间冲突")


def test_proposals_stand_in_order_with_reasons_times_and_levels(road) -> None:
    second = an_expert(road.store, name="许言")
    road.proposed(second)
    road.proposed(road.expert, second)
    page = look(road, booking_pages.proposals_page, road.need.id)
    assert [row.expert.name for row in page.proposals] == ["张敏", "许言"]
    first = page.proposals[0]
    assert [reason["evidence"] for reason in first.reasons] == ["营业执照", ""]
    assert first.cautions[0]["text"] == "名额不多，还剩2个"
    starts = [time.starts_at for time in first.free]
    assert starts == [at("09-16 10:15"), at("09-16 11:30"), at("09-16 12:30")]
    assert first.levels == {"text": "high", "topic": "none"}
    assert page.proposals[1].levels["text"] == "middle"
    assert [topic.label.zh for topic in page.need.topics] == ["注册登记、变更与注销"]


def test_a_need_nobody_was_proposed_for_has_an_empty_list(road) -> None:
    page = look(road, booking_pages.proposals_page, road.need.id)
    assert (page.matched_at, page.proposals) == (None, ())


def test_struck_topics_are_not_shown(road) -> None:
    need = look(road, booking_pages.need_of, road.need.id)
    assert [topic.code for topic in need.topics] == ["registration"]
    with pytest.raises(NotFoundError):
        look(road, booking_pages.need_of, road.need.id, actor=a_founder(road.store, name="王强"))


def test_a_meeting_shows_planned_times_until_it_was_held(road) -> None:
    session = road.session_of(road.accepted())
    page = look(road, booking_pages.meeting_page, session.id)
    assert (page.facts.is_actual, page.facts.minutes) == (False, 50)
    assert not page.check_in.is_open
    road.put("09-18 13:30")
    assert look(road, booking_pages.meeting_page, session.id).check_in.is_open
    road.store.execute(road.founder, service_sessions.check_in, session.id)
    page = look(road, booking_pages.meeting_page, session.id)
    assert (page.check_in.is_open, page.check_in.done_at) == (False, at("09-18 13:30"))


def test_a_recorded_meeting_waits_for_the_founders_word(road) -> None:
    session = road.recorded()
    page = look(road, booking_pages.meeting_page, session.id)
    assert (page.facts.is_actual, page.facts.people) == (True, 1)
    assert page.word.is_open
    assert page.word.record.advice.startswith("先办个体户")
    assert page.word.record.result.zh == "已提供方案,待落实"
    assert page.word.until_on == day("12-17")


def test_a_confirmed_meeting_shows_word_and_rating(road) -> None:
    page = look(road, booking_pages.meeting_page, road.confirmed().id)
    assert (page.word.status, page.word.is_open) == (OutcomeStatus.CONFIRMED, False)
    assert (page.word.agreed, page.word.score) == (True, 5)


def test_a_dispute_names_the_day_of_its_ruling(road) -> None:
    session = road.recorded()
    outcome = road.outcome_of(session)
    road.store.execute(
        road.founder, outcomes.confirm, outcome.id, agrees=False, remark="只谈了 10 分钟"
    )
    page = look(road, booking_pages.meeting_page, session.id)
    assert (page.word.agreed, page.word.status) == (False, OutcomeStatus.DISPUTED)
    assert page.word.rule_by is not None


def test_a_reported_no_show_can_be_contested_in_time(road) -> None:
    session = road.session_of(road.accepted())
    road.put("09-18 14:40")
    road.store.execute(road.mentor, service_sessions.report_no_show, session.id, NoShow.FOUNDER)
    page = look(road, booking_pages.meeting_page, session.id)
    assert (page.no_show.who, page.no_show.is_open) == ("no_show_founder", True)
    road.put(page.no_show.contest_by)
    assert not look(road, booking_pages.meeting_page, session.id).no_show.is_open


def test_somebody_elses_meeting_is_not_found(road) -> None:
    session = road.recorded()
    for actor in (a_founder(road.store, name="王强"), road.mentor):
        with pytest.raises(NotFoundError):
            look(road, booking_pages.meeting_page, session.id, actor=actor)


def test_the_contact_of_the_venture_has_a_word_on_its_meetings(road) -> None:
    contact = a_founder(road.store, name="王强")
    venture = a_venture(road.store, contact.person_id)
    session = road.recorded(need_id=road.a_need(venture_id=venture.id).id)
    page = look(road, booking_pages.meeting_page, session.id, actor=contact)
    assert page.word.is_open
    assert not page.check_in.is_open
