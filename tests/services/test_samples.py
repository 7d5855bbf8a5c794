"""A sample is drawn from a head told before, frozen, drawn again by anybody, and called about."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from app.domain.actor import SYSTEM, Actor, Role
from app.domain.calendar import Month
from app.domain.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from app.domain.sample import (
    AlreadyAnsweredError,
    Basis,
    Call,
    CallerHadHandError,
    Difference,
    HeadNotPublishedError,
    NotClosedError,
    SampleResult,
)
from app.domain.service_record import CorrectionOp
from app.models.audit_entry import AuditSeal
from app.models.period import Adjustment
from app.models.sample import SampleCall
from app.models.task import Task
from app.queries.samples import Found, find_lot, record_page, redraw, sample_list, sample_page
from app.services import corrections
from app.unit_of_work import unscoped
from tests.builders import staff
from tests.sampled import AUGUST, Sampled, closed_august, told_august
from tests.scenes import Plays
from tests.turns import on_each


@pytest.fixture
def plays() -> Plays:
    return {"told": told_august, "closed": closed_august}


@pytest.fixture
def told(scene: Sampled) -> Sampled:
    return scene


@pytest.fixture
def closed(scene: Sampled) -> Sampled:
    return scene


def a_call(scene: Sampled, **values: Any) -> Call:
    now = scene.district.clock.now()
    return Call(**{"result": SampleResult.AGREED, "called_at": now, **values})


def differing(scene: Sampled) -> Call:
    return a_call(
        scene,
        result=SampleResult.DIFFERS,
        differs=(Difference.PERSONS,),
        said="我那天没有去。",
    )


def drawn_all(scene: Sampled) -> Any:
    return scene.draw(size=3)


def first_of(scene: Sampled, sample: Any) -> tuple[UUID, UUID]:
    session_id = scene.year.meetings["first"].id
    assert str(session_id) in sample.session_ids
    return session_id, scene.year.firm.person_id


def test_nothing_is_drawn_before_the_head_was_told_to_anybody(closed: Sampled) -> None:
    with pytest.raises(HeadNotPublishedError):
        closed.draw()
    closed.seal()
    with pytest.raises(HeadNotPublishedError):
        closed.draw()


def test_an_open_month_is_not_drawn_from(told: Sampled) -> None:
    with pytest.raises(NotClosedError):
        told.draw(last=Month(2026, 9))
    with pytest.raises(InvalidInputError):
        told.draw(last=Month(2026, 7))


@on_each
def test_a_draw_is_frozen_and_comes_out_the_same_again(told: Sampled) -> None:
    sample = told.draw()

    assert (sample.population, sample.size, len(sample.session_ids)) == (3, 2, 2)
    assert sample.seed == f"{sample.head_digest}:7"
    with told.district.store.read(told.auditor) as reader:
        assert redraw(reader, sample).is_same
    for attack in ("UPDATE samples SET size = 1", "DELETE FROM samples"):
        with pytest.raises(ConflictError):
            told.district.store.execute(SYSTEM, run_sql, attack)


def run_sql(uow: Any, statement: str) -> None:
    with unscoped():
        uow.session.execute(text(statement))


def test_records_decided_after_the_head_are_not_in_it_and_are_in_the_newest(
    told: Sampled,
) -> None:
    year = told.year
    late = year.district.held(year.official, year.other, "08-20 10:00", 40)
    year.district.wait_until("09-26 12:00")
    told.publish()

    assert told.draw(size=3).population == 3
    again = told.draw(size=4, basis=Basis.NEWEST)
    assert again.population == 4
    assert str(late.id) in again.session_ids


def test_uncounted_records_are_drawn_from_too(closed: Sampled) -> None:
    september = Month(2026, 9)
    closed.district.close(september, "10-14 09:00")
    closed.publish()

    lot = told_lot(closed, september)
    assert {str(closed.year.meetings[name].id) for name in ("short", "unknown", "open")} <= lot


def told_lot(scene: Sampled, month: Month) -> set[str]:
    with scene.district.store.read(scene.auditor) as reader:
        lot = find_lot(reader, month, month, Basis.FIRST)
    assert lot is not None
    return {each.id for each in lot.records}


def test_the_head_is_the_first_told_however_many_follow(told: Sampled) -> None:
    first = told.draw()
    told.year.district.correct(told.year.meetings["team"], CorrectionOp.SET_TOPIC, "finance_tax")
    told.publish()

    assert len({seal.number for seal in told.district.rows(AuditSeal)}) > first.head_number
    assert told.draw().session_ids == first.session_ids


def test_a_changed_seal_or_list_is_named(told: Sampled) -> None:
    sample = told.draw()
    sample.session_ids = sample.session_ids[::-1]
    sample.list_sha256 = "0" * 64
    with told.district.store.read(told.auditor) as reader:
        assert redraw(reader, sample).faults == ("list.differs", "draw.differs")


@pytest.mark.parametrize("role", [Role.OFFICER, Role.STREET_LIAISON, Role.AUDIT_ADMIN])
def test_only_auditors_and_approvers_draw(told: Sampled, role: Role) -> None:
    values = {"street": "tangye"} if role is Role.STREET_LIAISON else {}
    with pytest.raises(ForbiddenError):
        told.draw(staff(told.district.store, role, **values))


def test_mentors_and_founders_see_no_sample(told: Sampled) -> None:
    sample = told.draw()
    for actor in (told.year.scholar.actor, told.year.firm.actor):
        with told.district.store.read(actor) as reader:
            assert sample_list(reader) == ()
            with pytest.raises(NotFoundError):
                sample_page(reader, sample.id)


def test_who_was_not_reached_may_be_called_again_and_is_told_apart(told: Sampled) -> None:
    sample = drawn_all(told)
    session_id, person_id = first_of(told, sample)
    missed = a_call(told, result=SampleResult.NOT_REACHED)

    told.call(told.auditor, sample, session_id, person_id, missed)
    told.call(told.auditor, sample, session_id, person_id, missed)
    assert counted(told, sample) == {Found.NOT_REACHED: 1, Found.OPEN: 2}

    told.call(told.auditor, sample, session_id, person_id, a_call(told))
    with pytest.raises(AlreadyAnsweredError):
        told.call(told.auditor, sample, session_id, person_id, missed)
    assert counted(told, sample) == {Found.AGREED: 1, Found.OPEN: 2}
    assert len(told.district.rows(SampleCall)) == 3


def counted(scene: Sampled, sample: Any) -> dict[Found, int]:
    with scene.district.store.read(scene.auditor) as reader:
        found = +sample_page(reader, sample.id).tally.counts
        (row,) = (each for each in sample_list(reader) if each.sample.id == sample.id)
    assert +row.tally.counts == found
    return dict(found)


def test_the_rate_is_of_those_reached_and_the_worst_of_all_drawn(told: Sampled) -> None:
    sample = drawn_all(told)
    session_id, person_id = first_of(told, sample)
    told.call(told.auditor, sample, session_id, person_id, a_call(told))

    with told.district.store.read(told.auditor) as reader:
        tally = sample_page(reader, sample.id).tally
    assert (tally.reached, round(tally.rate.share, 3), round(tally.at_worst, 3)) == (1, 1, 0.333)
    assert round(tally.rate.low, 3) == 0.207


def test_who_recorded_served_or_entered_it_does_not_ask(told: Sampled) -> None:
    sample = drawn_all(told)
    session_id, person_id = first_of(told, sample)
    scholar = told.year.scholar.actor
    both = Actor(
        roles=frozenset({Role.OFFICER, Role.MENTOR}),
        account_id=scholar.account_id,
        person_id=scholar.person_id,
        expert_id=scholar.expert_id,
    )
    with pytest.raises(CallerHadHandError):
        told.call(both, sample, session_id, person_id, a_call(told))
    told.call(told.district.officer, sample, session_id, person_id, a_call(told))


def test_only_what_was_drawn_and_who_was_there_is_asked(told: Sampled) -> None:
    sample = drawn_all(told)
    session_id, _ = first_of(told, sample)
    other = told.year.meetings["team"].id
    with pytest.raises(NotFoundError):
        told.call(told.auditor, sample, other, None, a_call(told))
    with pytest.raises(InvalidInputError):
        told.call(told.auditor, sample, session_id, told.year.team.person_id, a_call(told))
    assert told.call(told.auditor, sample, session_id, None, a_call(told)).called == "-"


def test_a_number_is_kept_masked(told: Sampled) -> None:
    sample = drawn_all(told)
    call = told.call(told.auditor, sample, *first_of(told, sample), a_call(told))
    assert call.called.startswith("王*")
    assert told.year.firm.person.phone not in call.called


@on_each
def test_a_difference_leads_to_a_correction_that_names_the_call(told: Sampled) -> None:
    """Story 8: of those drawn one says otherwise, and the closed month keeps its figures."""
    district, sample = told.district, drawn_all(told)
    session_id, person_id = first_of(told, sample)
    call = told.call(told.auditor, sample, session_id, person_id, differing(told))
    (task,) = district.rows(Task, Task.subject_id == session_id)
    assert (task.kind, task.closed_at) == ("sample_differs", None)

    given = (session_id, CorrectionOp.REMOVE_ATTENDEE, person_id, "抽查核实没有到场")
    with pytest.raises(ForbiddenError):
        district.store.execute(told.auditor, corrections.propose, *given, sample_call_id=call.id)
    proposed = district.store.execute(
        district.officer, corrections.propose, *given, sample_call_id=call.id
    )
    district.store.execute(district.approver, corrections.approve, proposed.id)

    (task,) = district.rows(Task, Task.subject_id == session_id)
    assert task.ending == "settled"
    posted = district.one(Adjustment)
    assert (posted.correction_id, posted.posted_month) == (proposed.id, "2026-09")
    assert posted.deltas["measures"]["person_times"] == -1
    counts = district.measures(AUGUST)
    assert (counts.as_reported.additive.person_times, counts.restated.additive.person_times) == (
        3,
        2,
    )
    with district.store.read(told.auditor) as reader:
        assert record_page(reader, sample.id, session_id).answer.correction == "approved"
        # What was drawn stays drawn, although it counts no more.
        assert redraw(reader, sample).is_same


def test_a_correction_names_only_a_call_about_its_meeting_that_found_a_difference(
    told: Sampled,
) -> None:
    sample = drawn_all(told)
    session_id, person_id = first_of(told, sample)
    agreed = told.call(told.auditor, sample, session_id, person_id, a_call(told))
    second = told.year.meetings["second"].id
    found = told.call(told.auditor, sample, second, person_id, differing(told))
    for call in (agreed, found):
        with pytest.raises(NotFoundError):
            told.district.store.execute(
                told.district.officer,
                corrections.propose,
                session_id,
                CorrectionOp.VOID,
                None,
                "抽查",
                sample_call_id=call.id,
            )


def test_a_call_before_the_draw_is_refused(told: Sampled) -> None:
    sample = drawn_all(told)
    early = a_call(told, called_at=sample.drawn_at - timedelta(minutes=2))
    with pytest.raises(InvalidInputError):
        told.call(told.auditor, sample, *first_of(told, sample), early)
