"""What a correction would change is told before it is checked, and comes so when it is."""

import pytest

from app.domain.calendar import Month
from app.domain.clock import FixedClock
from app.domain.correction import Value
from app.domain.service_record import Correction, CorrectionOp
from app.models.period import Adjustment
from app.models.service_record import ServiceRecord
from app.services.service_records import Preview, preview
from app.unit_of_work import Store
from tests.acquainted import People, acquainted
from tests.scenes import Plays
from tests.services.test_corrections import times

SEPTEMBER, OCTOBER = Month(2026, 9), Month(2026, 10)


def once_met(store: Store, clock: FixedClock) -> People:
    people = acquainted(store, clock)
    people.meet("09-17 14:00", 60)
    return people


@pytest.fixture
def plays() -> Plays:
    return {"people": once_met}


@pytest.fixture
def people(scene: People) -> People:
    return scene


def previewed(people: People, operation: CorrectionOp, value: Value) -> Preview:
    session = people.sessions[0]
    stored = str(value) if operation is CorrectionOp.REMOVE_ATTENDEE else value
    with people.district.store.read(people.district.approver) as reader:
        proposed = Correction(str(session.id), reader.now, operation, stored)
        return preview(reader, session.id, proposed)


def changes(told: Preview) -> dict[str, dict[str, int]]:
    return {
        str(each.month): {name: after - before for name, (before, after) in each.moved.items()}
        for each in told.months
    }


@pytest.mark.parametrize("operation", [CorrectionOp.VOID, CorrectionOp.REMOVE_ATTENDEE])
def test_the_figures_move_as_told(people: People, operation: CorrectionOp) -> None:
    district, session = people.district, people.sessions[0]
    value = people.founder.person_id if operation is CorrectionOp.REMOVE_ATTENDEE else None
    before = district.measures(SEPTEMBER).restated.figures()
    rows = len(district.rows(ServiceRecord))

    told = previewed(people, operation, value)
    assert len(district.rows(ServiceRecord)) == rows
    district.correct(session, operation, value)

    after = district.measures(SEPTEMBER).restated.figures()
    (month,) = told.months
    assert month.moved == {
        name: (value, after[name])
        for name, value in before.items()
        if isinstance(value, int) and value != after[name]
    }
    assert month.posted_month is None
    decided = district.decision(session)
    assert (told.before.status.value, told.after.reason) == ("counted", decided.reason)


def test_times_in_another_month_move_both_and_its_neighbours(people: People) -> None:
    people.district.wait_until("10-08 10:00")
    people.meet("10-08 12:15", 20)
    assert people.district.decision(people.sessions[1]).reason == "below_minimum"
    people.district.wait_until("10-09 09:00")

    told = previewed(people, CorrectionOp.SET_ACTUAL_TIMES, times("10-08 11:30", 40))
    assert changes(told)["2026-09"]["sessions"] == -1
    assert changes(told)["2026-10"]["sessions"] == 1
    assert changes(told)["2026-10"]["session_minutes"] == 60
    assert told.others == 1


def test_of_a_closed_month_the_difference_is_told_as_it_is_posted(people: People) -> None:
    district = people.district
    district.close(SEPTEMBER, "10-13 09:00")
    told = previewed(people, CorrectionOp.VOID, None)
    (month,) = told.months
    assert (month.month, month.posted_month) == (SEPTEMBER, OCTOBER)

    district.correct(people.sessions[0], CorrectionOp.VOID, None)
    posted = district.one(Adjustment)
    additive = posted.deltas["measures"]
    assert {name: changes(told)["2026-09"][name] for name in additive} == additive
    assert posted.posted_month == str(month.posted_month)


def test_what_changes_nothing_says_so(people: People) -> None:
    told = previewed(people, CorrectionOp.SET_TOPIC, "finance_tax")
    assert told.months == ()
    assert told.before.status == told.after.status
