"""The edge cases 4 to 8 of docs/counting.md played through the services, each under its number."""

from datetime import date

import pytest

from app.domain.actor import Role
from app.domain.service_record import ActualTimes, CorrectionOp, Ruling, Span
from app.models.outcome import Dispute
from app.models.period import Adjustment
from app.services import disputes
from tests.builders import a_venture, staff
from tests.journeys.counted import (
    CLOSED,
    SEPTEMBER,
    restated,
)
from tests.moments import at


def test_case_4_a_founder_of_two_ventures_serves_the_one_that_was_named(
    district, gao, wang
) -> None:
    second = a_venture(
        district.store, wang.person_id, name="第二家", registered_on=date(2025, 1, 1)
    )
    session = district.served(gao, wang, "09-17 14:00")

    figures = district.measures(SEPTEMBER).own.figures()
    names = ("person_times", "distinct_persons", "enterprises", "teams")
    assert [figures[name] for name in names] == [1, 1, 1, 0]
    assert district.decision(session).detail["venture"]["venture_id"] != str(second.id)


def test_case_5_striking_the_last_attendee_after_the_close_takes_it_all_back(
    district, gao, wang
) -> None:
    session = district.served(gao, wang, "09-17 14:00")
    district.close(SEPTEMBER, CLOSED)
    district.correct(session, CorrectionOp.REMOVE_ATTENDEE, wang.person_id, "10-20 10:00")

    assert district.decision(session).reason == "no_attendee"
    assert restated(district) == ([1, 1, 50, 50], [0, 0, 0, 0])
    (posted,) = district.rows(Adjustment)
    assert posted.deltas["measures"] == {
        "sessions": -1,
        "person_times": -1,
        "session_minutes": -50,
        "mentor_minutes": -50,
    }
    assert posted.deltas["persons_removed"] == [str(wang.person_id)]
    counts = district.measures(SEPTEMBER)
    assert (counts.as_reported.enterprises, counts.restated.enterprises) == (1, 0)


def test_case_5_shorter_times_are_merged_again_before_the_minimum_is_tested(
    district, gao, wang
) -> None:
    first = district.served(gao, wang, "09-10 09:00", 20)
    second = district.served(gao, wang, "09-10 10:00", 15)
    district.close(SEPTEMBER, CLOSED)
    assert restated(district)[0] == [1, 1, 35, 35]

    shorter = ActualTimes(Span(at("09-10 10:00"), at("09-10 10:05")))
    district.correct(second, CorrectionOp.SET_ACTUAL_TIMES, shorter, "10-20 10:00")

    assert district.decision(first).reason == "below_minimum"
    assert restated(district) == ([1, 1, 35, 35], [0, 0, 0, 0])


@pytest.mark.parametrize("ruling", [Ruling.DELIVERED, Ruling.NO_SHOW_FOUNDER])
def test_case_6_a_dispute_open_at_the_cut_counts_once_it_is_ruled_delivered(
    district, gao, wang, ruling: Ruling
) -> None:
    session = district.held(gao, wang, "09-29 14:00")
    district.record(gao, session, "09-30 10:00")
    district.confirm(wang, session, "10-12 10:00", agrees=False, remark="只谈了十分钟")
    district.close(SEPTEMBER, CLOSED)
    counts = district.measures(SEPTEMBER)
    assert counts.not_counted == {session.id: "disputed"}
    assert counts.pending["awaiting_ruling"] == 1

    district.wait_until("10-15 10:00")
    ruler = staff(district.store, Role.APPROVER, name="老李")
    (dispute,) = district.rows(Dispute)
    district.store.execute(ruler, disputes.rule, dispute.id, ruling, "已核实")

    is_delivered = ruling is Ruling.DELIVERED
    assert restated(district) == ([0, 0, 0, 0], [1, 1, 50, 50] if is_delivered else [0, 0, 0, 0])
    causes = [row.cause for row in district.rows(Adjustment)]
    assert causes == (["ruling"] if is_delivered else [])
