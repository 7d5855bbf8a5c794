import pytest

from app.domain.actor import Actor, Role
from app.domain.availability import Closing, ExceptionKind, Opening, Week, WeekSpan
from app.domain.errors import NotFoundError
from app.domain.expert import ExpertCategory
from app.domain.ids import new_id
from app.domain.outcome import OutcomeStatus
from app.domain.service_record import Status
from app.domain.service_session import NoShow
from app.models.proposal import Proposal
from app.models.service_session import ServiceSession
from app.queries import mentor_home as pages
from app.queries.booking_pages import Stage
from app.queries.mentor_home.hours import DayState
from app.services import availability, bookings, outcomes, service_sessions
from tests.builders import a_founder, a_mentor, a_venture, an_expert
from tests.founder_road import plays, road, statements
from tests.moments import at, day

__all__ = ["plays", "road"]

MOST_STATEMENTS = 12
ALL = frozenset({"onsite", "online", "phone"})


def look(road, query, *args, actor=None):
    with road.store.read(actor or road.mentor) as reader, statements(road.store) as sent:
        found = query(reader, *args)
    assert len(sent) <= MOST_STATEMENTS, sent
    return found


def home(road, **who) -> pages.MentorHome:
    return look(road, pages.mentor_home, **who)


def another_need(road, name: str = "王强"):
    founder = a_founder(road.store, name=name)
    return founder, road.a_need(founder)


def ask(road, when: str, **values):
    founder, need = another_need(road)
    choice = road.choice(when, need_id=need.id, **values)
    return road.store.execute(founder, bookings.request_now, choice)


def test_a_request_shows_the_founders_words_and_why_him(road) -> None:
    newest = road.proposed()
    proposal = road.row(Proposal, Proposal.match_round_id == newest.id)
    road.requested(proposal_id=proposal.id)

    (request,) = home(road).requests

    meeting = request.meeting
    assert (meeting.founder, meeting.topic.code) == ("李晓", "registration")
    assert meeting.text.startswith("我想办营业执照")
    assert [reason["code"] for reason in meeting.reasons] == ["words", "stage"]
    assert meeting.answer_by == at("09-18 10:00")


def test_requests_come_by_their_deadline_with_the_same_days_neighbours(road) -> None:
    road.accepted("09-22 09:00")
    late, soon = ask(road, "09-22 15:00"), ask(road, "09-17 14:00")

    found = home(road)

    assert [request.meeting.booking_id for request in found.requests] == [soon.id, late.id]
    assert [other.starts_at for other in found.requests[1].same_day] == [at("09-22 09:00")]
    assert found.requests[0].same_day == ()


def test_what_founders_hold_for_ten_minutes_is_not_asked_yet(road) -> None:
    road.held()
    assert home(road).requests == ()


def test_an_answered_or_declined_request_leaves_the_page(road) -> None:
    road.store.execute(road.mentor, bookings.decline, road.requested().id, "m_overload")
    assert (home(road).requests, home(road).month_load) == ((), 0)


def test_a_venture_and_a_stage_are_named_where_there_are_some(road) -> None:
    founder, _ = another_need(road)
    venture = a_venture(road.store, founder.person_id, name="鲁泉电子")
    need = road.a_need(founder, venture_id=venture.id)
    choice = road.choice("09-21 14:00", need_id=need.id)
    road.store.execute(founder, bookings.request_now, choice)

    (request,) = home(road).requests
    assert request.meeting.venture == "鲁泉电子"
    assert request.meeting.founder_stage.code == "preparing"


def test_today_offers_the_check_in_half_an_hour_before(road) -> None:
    session = road.session_of(road.accepted("09-16 14:00"))
    (before,) = home(road).today
    road.put("09-16 13:30")
    (then,) = home(road).today
    road.store.execute(road.mentor, service_sessions.check_in, session.id)
    (after,) = home(road).today

    assert [row.may_check_in for row in (before, then, after)] == [False, True, False]
    assert after.checked_in_at == at("09-16 13:30")


def test_a_meeting_that_is_over_waits_for_its_record(road) -> None:
    booking = road.accepted("09-17 14:00")
    assert home(road).to_record == ()
    road.put("09-17 14:50")
    assert [meeting.booking_id for meeting in home(road).to_record] == [booking.id]


def test_a_closed_meeting_waits_for_its_record_also_from_an_earlier_month(road) -> None:
    road.finished("09-30 14:00")
    road.put("10-08 09:00")

    found = home(road)

    assert [meeting.stage for meeting in found.to_record] == [Stage.AWAITS_RECORD]
    assert found.to_record[0].record_by == at("10-10 00:00")
    assert found.month_load == 0


def test_the_month_counts_what_is_asked_agreed_and_held(road) -> None:
    road.accepted("09-18 14:00")
    ask(road, "09-22 14:00")
    ask(road, "10-09 14:00")
    assert (home(road).month_load, home(road).monthly_limit) == (2, 8)


def test_somebody_elses_requests_are_not_seen(road) -> None:
    booking = road.requested()
    stranger = a_mentor(road.store, an_expert(road.store, name="刘总"))

    assert home(road, actor=stranger).requests == ()
    with pytest.raises(NotFoundError):
        look(road, pages.own_request, booking.id, actor=stranger)
    with pytest.raises(NotFoundError):
        look(road, pages.own_booking, booking.id, actor=stranger)


@pytest.mark.parametrize("expert_id", [None, new_id()])
def test_an_account_without_an_expert_finds_nothing(road, expert_id) -> None:
    nobody = Actor(roles=frozenset({Role.MENTOR}), expert_id=expert_id)
    for query in (pages.mentor_home, pages.hours):
        with pytest.raises(NotFoundError):
            look(road, query, actor=nobody)


def test_the_ledger_counts_own_minutes_once_both_sides_have_spoken(road) -> None:
    road.confirmed("09-18 14:00")

    found = look(road, pages.ledger)

    assert (found.counted, found.counted_minutes, found.pending) == (1, 50, 0)
    (row,) = found.rows
    assert (row.status, row.own_minutes, row.reason) == (Status.COUNTED, 50, None)


def test_the_ledger_says_what_an_unconfirmed_record_waits_for(road) -> None:
    road.recorded("09-18 14:00")
    found = look(road, pages.ledger)
    assert (found.counted, found.pending, found.not_counted) == (0, 1, 0)
    assert found.rows[0].pending == "awaiting_confirmation"


def test_the_ledger_gives_the_reason_of_what_does_not_count(road) -> None:
    session = road.session_of(road.accepted("09-18 14:00"))
    road.put("09-18 15:00")
    road.store.execute(road.mentor, service_sessions.report_no_show, session.id, NoShow.FOUNDER)

    found = look(road, pages.ledger)

    assert (found.counted, found.not_counted) == (0, 1)
    assert found.rows[0].reason.zh == "创业者未到"


def test_the_ledger_is_kept_by_year(road) -> None:
    road.confirmed("09-18 14:00")
    assert look(road, pages.ledger, 2025).rows == ()
    assert look(road, pages.ledger, 9999).rows == ()
    assert look(road, pages.ledger).years == (2026,)


def test_the_report_opens_once_the_meeting_has_begun(road) -> None:
    session = road.session_of(road.accepted("09-18 14:00"))
    before = look(road, pages.report_page, session.id)
    road.put("09-18 14:30")
    during = look(road, pages.report_page, session.id)

    assert (before.is_too_early, before.may_write) == (True, False)
    assert (during.is_too_early, during.may_write, during.may_report_absence) == (False, True, True)
    assert [person.name for person in during.expected] == ["李晓"]


def test_the_report_shows_the_newest_version_until_it_is_confirmed(road) -> None:
    recorded = look(road, pages.report_page, road.recorded().id)
    assert (recorded.outcome, recorded.written.number) == (OutcomeStatus.RECORDED, 1)
    assert recorded.may_write

    outcome = road.outcome_of(road.row(ServiceSession))
    road.store.execute(road.founder, outcomes.confirm, outcome.id, agrees=True)
    assert not look(road, pages.report_page, recorded.session_id).may_write


def test_a_strangers_report_is_not_found(road) -> None:
    session = road.finished()
    stranger = a_mentor(road.store, an_expert(road.store, name="刘总"))
    with pytest.raises(NotFoundError):
        look(road, pages.report_page, session.id, actor=stranger)


def test_special_days_in_a_row_stand_together_beside_the_holidays(road) -> None:
    store, mentor, expert = road.store, road.mentor, road.expert
    store.execute(
        mentor, availability.close_day, expert.id, Closing(day("09-28"), day("09-30"), "出差")
    )
    evening = Opening(day("10-10"), 19 * 60, 20 * 60, ALL)
    store.execute(mentor, availability.open_day, expert.id, evening)

    found = look(road, pages.hours)

    shown = [
        (each.first_on, each.last_on, each.reason, len(each.ids)) for each in found.special_days
    ]
    assert shown == [
        (day("09-25"), day("09-27"), "中秋节", 0),
        (day("09-28"), day("09-30"), "出差", 3),
        (day("10-01"), day("10-07"), "国庆节", 0),
        (day("10-10"), day("10-10"), "", 1),
    ]
    assert found.special_days[-1].kind is ExceptionKind.EXTRA


def test_two_trips_with_a_day_between_stand_apart(road) -> None:
    for on in ("09-28", "09-30"):
        closing = Closing(day(on), day(on), "出差")
        road.store.execute(road.mentor, availability.close_day, road.expert.id, closing)

    own = [each for each in look(road, pages.hours).special_days if each.ids]

    assert [(each.first_on, each.last_on) for each in own] == [
        (day("09-28"), day("09-28")),
        (day("09-30"), day("09-30")),
    ]


def test_the_preview_follows_the_unsaved_week(road) -> None:
    page = look(road, pages.hours)
    thursday = Week([WeekSpan(3, 14 * 60, 16 * 60, ALL)], 8, 0, 0)

    shown = {each.on: each for each in pages.preview(page, thursday).days}

    assert (shown[day("09-17")].count, shown[day("09-17")].state) == (5, DayState.FREE)
    assert shown[day("09-18")].state is DayState.CLOSED
    assert (shown[day("09-25")].state, shown[day("09-25")].holiday) == (DayState.HOLIDAY, "中秋节")
    assert [week.total for week in pages.preview(page, thursday).weeks] == [5, 5, 0, 5, 0]
    assert len(shown) == 28


def test_a_booked_up_day_of_the_preview_is_full(road) -> None:
    road.accepted("09-17 14:00")
    page = look(road, pages.hours)
    hour = Week([WeekSpan(3, 14 * 60, 15 * 60, ALL)], 8, 0, 0)
    assert page.bookings_ahead == 1
    assert {d.on: d.state for d in pages.preview(page, hour).days}[day("09-17")] is DayState.FULL


def test_an_official_without_rules_is_told_of_his_office_hours(road) -> None:
    official = an_expert(road.store, weekly=False, category=ExpertCategory.OFFICIAL)
    page = look(road, pages.hours, actor=a_mentor(road.store, official))
    assert page.has_office_hours
    assert {d.on: d.count > 0 for d in pages.preview(page, page.week).days}[day("09-20")]
