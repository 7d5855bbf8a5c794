import pytest

from app.domain.actor import Role
from app.domain.expert import ExpertCategory
from app.domain.recusal import Guidance
from app.models.booking import Booking, BookingExpert, PanelAnswer
from app.models.expert import DeclaredInterest
from app.queries import booking_pages, bureau_desk
from app.queries import mentor_home as pages
from app.queries.guidance import guidance_of
from tests.builders import a_mentor, a_venture, an_expert, keep, staff
from tests.founder_road import plays, road, statements
from tests.moments import day

__all__ = ["plays", "road"]

CODE = "91370112MA3C000013"


@pytest.fixture
def official(road):
    road.expert = an_expert(road.store, name="张敏", category=ExpertCategory.OFFICIAL)
    road.mentor = a_mentor(road.store, road.expert)
    return road.expert


def declare(road, **values) -> None:
    row = DeclaredInterest(
        expert_id=road.expert.id,
        conflict_type="ci7_regulator",
        **{"organisation": "", "person_id": road.founder.person_id, **values},
    )
    keep(road.store, row)


def limit_of(road, booking: Booking, actor=None) -> Guidance | None:
    with road.store.read(actor or road.mentor) as reader:
        return guidance_of(reader, booking.id)


def test_advice_of_others_is_not_limited(road) -> None:
    assert limit_of(road, road.accepted()) is None


def test_an_officials_advice_is_general(road, official) -> None:
    booking = road.accepted()
    with road.store.read(road.founder) as reader, statements(road.store) as sent:
        assert guidance_of(reader, booking.id) is Guidance.GENERAL
    assert len(sent) == 1


def test_who_decides_on_the_founders_application_is_restricted(road, official) -> None:
    declare(road)
    booking = road.accepted()
    for actor in (road.mentor, road.founder, staff(road.store)):
        assert limit_of(road, booking, actor) is Guidance.RESTRICTED


def test_who_decides_on_the_application_of_the_venture_is_restricted(road, official) -> None:
    declare(road, person_id=None, organisation="鲁泉电子有限公司", credit_code=CODE)
    venture = a_venture(
        road.store, road.founder.person_id, name="鲁泉电子有限公司", credit_code=CODE
    )
    road.need = road.a_need(venture_id=venture.id)
    assert limit_of(road, road.accepted()) is Guidance.RESTRICTED


@pytest.mark.parametrize("ended", [{"ends_on": day("09-17")}, {"starts_on": day("09-19")}])
def test_a_duty_that_is_over_or_still_to_come_restricts_nothing(road, official, ended) -> None:
    declare(road, **ended)
    assert limit_of(road, road.accepted("09-18 14:00")) is Guidance.GENERAL


def test_somebody_elses_application_restricts_nothing(road, official) -> None:
    declare(road, person_id=road.mentor.person_id)
    assert limit_of(road, road.accepted()) is Guidance.GENERAL


def test_an_official_of_a_panel_limits_it_until_he_declines(road) -> None:
    other = an_expert(road.store, name="王处长", category=ExpertCategory.OFFICIAL)
    booking = road.accepted()
    seat = BookingExpert(
        booking_id=booking.id, expert_id=other.id, answer=PanelAnswer.ACCEPTED, is_lead=False
    )
    keep(road.store, seat)
    assert limit_of(road, booking) is Guidance.GENERAL
    road.store.execute(staff(road.store), _decline, seat.id)
    assert limit_of(road, booking) is None


def test_both_sides_and_the_written_record_say_it(road, official) -> None:
    declare(road)
    session = road.recorded()
    with road.store.read(road.mentor) as reader:
        assert pages.report_page(reader, session.id).guidance is Guidance.RESTRICTED
    with road.store.read(road.founder) as reader:
        assert booking_pages.meeting_page(reader, session.id).guidance is Guidance.RESTRICTED
    with road.store.read(staff(road.store)) as reader:
        assert bureau_desk.evidence(reader, session.id).guidance is Guidance.RESTRICTED


def test_who_may_not_read_declarations_learns_of_none(road, official) -> None:
    declare(road)
    session = road.recorded()
    liaison = staff(road.store, Role.DEPT_LIAISON, department=session.department)
    with road.store.read(liaison) as reader:
        assert bureau_desk.evidence(reader, session.id).guidance is Guidance.GENERAL


def _decline(uow, seat_id) -> None:
    uow.load(BookingExpert, seat_id).answer = PanelAnswer.DECLINED
