"""The edge cases 1 to 3 of docs/counting.md played through the services, each under its number."""

from datetime import date

import pytest

from app.domain.actor import Actor
from app.domain.expert import AppointmentKind
from app.domain.service_record import ActualTimes, CorrectionOp, Span
from app.models.period import Adjustment
from app.models.service_session import ServiceSession
from tests.builders import an_appointment, keep, staff
from tests.bundles import changed, exported, read, seal, verdict
from tests.journeys.counted import (
    CLOSED,
    ENDS_IN_SEPTEMBER,
    OCTOBER,
    SEPTEMBER,
    compare,
    cut,
    enter,
    held_by_both,
    own,
    panel,
    restated,
)
from tests.journeys.district import District, Founder, Mentor
from tests.moments import at


def enter_after(
    district: District, mentor: Mentor, founder: Founder, start: str, minutes: int, clerk: Actor
) -> ServiceSession:
    """Enter it on 8 October and everything else later."""
    district.wait_until("10-08 09:00")
    session = enter(district, mentor, founder, start, minutes)
    compare(district, clerk, session)
    district.wait_until("10-08 09:30")
    return session


def test_case_1_a_service_over_the_end_of_a_month_belongs_whole_to_its_first_day(
    district, clerk, wang
) -> None:
    zheng = district.mentor("郑工", term=ENDS_IN_SEPTEMBER)
    district.wait_until("10-08 09:00")
    session = enter(district, zheng, wang, "09-30 23:20", 70)
    compare(district, clerk, session)

    assert own(district) == [1, 1, 70, 70]
    assert own(district, OCTOBER) == [0, 0, 0, 0]
    assert district.decision(session).day == date(2026, 9, 30)


def test_case_1_parts_on_two_dates_are_two_services(district, gao, clerk, wang) -> None:
    district.wait_until("10-08 09:00")
    parts = [enter(district, gao, wang, start, 40) for start in ("09-30 23:10", "10-01 00:10")]
    compare(district, clerk, *parts)

    assert own(district) == own(district, OCTOBER) == [1, 1, 40, 40]


def test_case_1_time_claimed_twice_over_midnight_is_a_duplicate_until_one_is_corrected(
    district, gao, clerk, wang, zhao
) -> None:
    """The meeting of the evening ran over its plan, into what was entered for the morning."""
    morning = enter_after(district, gao, zhao, "10-01 00:10", 40, clerk)
    evening = enter(district, gao, wang, "09-30 23:20", 40)
    compare(district, clerk, evening)
    assert own(district) == own(district, OCTOBER) == [1, 1, 40, 40]

    until_half_past = ActualTimes(Span(at("09-30 23:20"), at("10-01 00:30")))
    district.correct(evening, CorrectionOp.SET_ACTUAL_TIMES, until_half_past)

    assert district.decision(evening).reason == "duplicate"
    assert district.decision(morning).status == "counted"
    assert (own(district), own(district, OCTOBER)) == ([0, 0, 0, 0], [1, 1, 40, 40])
    district.correct(morning, CorrectionOp.VOID, None)
    assert (own(district), own(district, OCTOBER)) == ([1, 1, 70, 70], [0, 0, 0, 0])


def test_case_1_whoever_recounts_a_closed_month_alone_has_the_night_after_it_too(
    district, gao, clerk, wang, zhao
) -> None:
    enter_after(district, gao, zhao, "10-01 00:10", 40, clerk)
    evening = enter(district, gao, wang, "09-30 23:20", 40)
    compare(district, clerk, evening)
    until_half_past = ActualTimes(Span(at("09-30 23:20"), at("10-01 00:30")))
    district.correct(evening, CorrectionOp.SET_ACTUAL_TIMES, until_half_past)
    district.close(SEPTEMBER, CLOSED)
    seal(district.store)

    files = exported(district.store)

    assert verdict(files) == []
    morning = [row for row in read(files, "records.json") if row["month"] == "2026-10"]
    assert morning
    without = changed(
        files, "records.json", lambda rows: [row for row in rows if row not in morning]
    )
    assert any("recount" in fault for fault in verdict(without))


def test_case_2_parts_are_carried_by_the_first_whoever_confirmed_which_when_and_how(
    district, gao, clerk, wang
) -> None:
    first = district.held(gao, wang, "09-10 09:00", 35)
    district.record(gao, first)
    district.wait_until("09-11 09:00")
    second = enter(district, gao, wang, "09-10 10:00", 30)
    compare(district, clerk, second)
    assert own(district) == [1, 1, 30, 30]

    district.confirm(wang, first, "09-12 10:00")

    assert own(district) == [1, 1, 65, 65]
    carried, merged = district.decision(first), district.decision(second)
    assert (merged.reason, merged.merged_into_id) == ("merged", first.id)
    assert carried.detail["confirmation"] == "paper_signature"
    assert carried.detail["confirmed_at"] == at("09-12 10:00").isoformat()


def test_case_2_a_part_confirmed_after_the_cut_joins_by_an_adjustment(district, gao, wang) -> None:
    district.served(gao, wang, "09-29 09:00", 35)
    second = district.held(gao, wang, "09-29 10:00", 30)
    district.record(gao, second)
    district.close(SEPTEMBER, CLOSED)
    assert restated(district) == ([1, 1, 35, 35], [1, 1, 35, 35])

    district.confirm(wang, second, "10-14 10:00")

    assert restated(district) == ([1, 1, 35, 35], [1, 1, 65, 65])
    (posted,) = district.rows(Adjustment)
    moved = {"session_minutes": 30, "mentor_minutes": 30}
    assert (posted.cause, posted.deltas["measures"]) == ("late_confirmation", moved)


def test_case_2_a_void_part_lends_no_minutes_and_a_correction_follows_its_part(
    district, gao, wang
) -> None:
    district.served(gao, wang, "09-10 09:00", 35)
    second = district.served(gao, wang, "09-10 10:00", 30)
    assert own(district) == [1, 1, 65, 65]

    district.correct(second, CorrectionOp.VOID, None)
    assert own(district) == [1, 1, 35, 35]
    assert district.decision(second).reason == "voided"


@pytest.mark.parametrize("leads", [True, False])
def test_case_3_a_member_of_a_panel_out_of_term_has_no_minutes_and_a_lead_takes_it_with_him(
    district, wang, leads: bool
) -> None:
    """His extension was approved in time for the booking; the day of the service lies beyond it."""
    chen, zheng = district.mentor("陈教授"), district.mentor("郑工")
    lead, other = (zheng, chen) if leads else (chen, zheng)
    session = panel(district, lead, other, wang, "10-09 10:00")
    held_by_both(district, lead, other, session)
    cut(district, zheng, date(2026, 9, 30))
    district.confirm(wang, session)

    decision = district.decision(session)
    if leads:
        assert (decision.reason, own(district, OCTOBER)) == ("mentor_out_of_term", [0, 0, 0, 0])
    else:
        assert own(district, OCTOBER) == [1, 1, 120, 120]
        assert decision.detail["expert_minutes"] == [[str(chen.expert.id), 120]]


def test_case_3_an_extension_approved_after_the_term_holds_for_no_day(district, wang) -> None:
    """Whatever the row says: the counting rules ask when it was approved, not only until when."""
    late, in_time = (district.mentor(name, term=ENDS_IN_SEPTEMBER) for name in ("郑工", "徐总"))
    for mentor, approved_on in ((late, date(2026, 10, 1)), (in_time, date(2026, 9, 30))):
        days = (date(2026, 10, 1), date(2026, 10, 30))
        kind = AppointmentKind.EXTENSION
        keep(
            district.store,
            an_appointment(mentor.expert.id, *days, kind, approved_on=approved_on),
        )
    district.wait_until("10-09 18:00")
    reasons = []
    for mentor, start in ((late, "10-09 10:00"), (in_time, "10-09 11:00")):
        session = enter(district, mentor, wang, start, 40)
        compare(district, staff(district.store, name="小王"), session)
        reasons.append(district.decision(session).reason)
    assert reasons == ["mentor_out_of_term", None]
