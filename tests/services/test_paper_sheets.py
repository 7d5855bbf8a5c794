"""A sheet typed in as one batch: all of it or nothing, once, and taken back as one."""

from concurrent.futures import ThreadPoolExecutor
from datetime import time
from typing import Any

import pytest

from app.domain.actor import Actor, Role
from app.domain.booking import BookingStatus
from app.domain.calendar import Month
from app.domain.desk_entry import BuiltUponError
from app.domain.errors import ForbiddenError, InvalidInputError
from app.domain.outcome import OutcomeStatus
from app.domain.paper_sheet import MOST_ROWS, SheetKnownError
from app.models.booking import Booking, ResourceClaim
from app.models.consent import Consent
from app.models.job import Job
from app.models.need import Need
from app.models.outcome import Outcome
from app.models.paper_sheet import PaperSheet, PaperSheetRow
from app.models.person import Person, Venture
from app.models.service_session import ServiceSession
from app.services import desk_entries, outcomes
from app.services.paper_entries import Sheet, SheetRow
from tests.builders import staff
from tests.desk import ServiceDesk, a_desk
from tests.moments import day
from tests.scenes import Plays

NUMBER = "QD260915-7KQ4M"


@pytest.fixture
def plays() -> Plays:
    return {"desk": a_desk}


@pytest.fixture
def desk(scene: ServiceDesk) -> ServiceDesk:
    return scene


def a_row(position: int = 1, **values: Any) -> SheetRow:
    start = (8 * 60 + (position - 1) * 31) % (23 * 60)
    defaults: dict[str, Any] = {
        "position": position,
        "name": f"来人{position}",
        "phone": f"139{position:08}",
        "document": "居民身份证",
        "consented_on": day("09-15"),
        "expert": "张敏",
        "session_type": "consultation",
        "topic": "registration",
        "text": "想办营业执照，不知道要带什么材料。",
        "advice": "先在网上核名，再带身份证到大厅。",
        "result": "advised",
        "starts": time(start // 60, start % 60),
        "ends": time((start + 30) // 60, (start + 30) % 60),
    }
    return SheetRow(**{**defaults, **values})


def a_sheet(*rows: SheetRow, **values: Any) -> Sheet:
    defaults: dict[str, Any] = {"number": NUMBER, "day": day("09-15"), "filed_at": "档案柜 3-12"}
    return Sheet(**{**defaults, "rows": rows or (a_row(1), a_row(2)), **values})


def types_in(desk: ServiceDesk, sheet: Sheet, actor: Actor | None = None) -> PaperSheet:
    return desk.store.execute(actor or desk.clerk, desk_entries.enter_sheet, sheet)


def refused_at(desk: ServiceDesk, sheet: Sheet) -> dict[str, str]:
    with pytest.raises(InvalidInputError) as refused:
        types_in(desk, sheet)
    return {error.field: error.code for error in refused.value.errors}


def nothing_written(desk: ServiceDesk) -> bool:
    models = (PaperSheet, PaperSheetRow, Need, Booking, ServiceSession, Consent, Outcome)
    return not any(desk.district.rows(model) for model in models)


def test_every_row_becomes_a_service_that_a_second_clerk_lets_count(desk) -> None:
    sheet = types_in(desk, a_sheet())

    rows = desk.district.rows(PaperSheetRow)
    assert [(row.paper_sheet_id, row.position) for row in rows] == [(sheet.id, 1), (sheet.id, 2)]
    sessions = desk.district.rows(ServiceSession)
    assert {session.street for session in sessions} == {"tangye"}
    assert len(desk.district.rows(Consent)) == 2
    for session in sessions:
        outcome = desk.district.outcome_of(session)
        assert outcome.status is OutcomeStatus.RECORDED
        desk.store.execute(
            staff(desk.store), outcomes.confirm_on_paper, outcome.id, "登记表第 1 行"
        )
        assert desk.district.decision(session).status == "counted"


@pytest.mark.parametrize("dialect", ["postgresql"])
def test_a_full_sheet_of_fifty_rows_is_one_transaction(desk) -> None:
    rows = [
        a_row(at, expert=name, starts=time(8 + at % 12), ends=time(8 + at % 12, 40))
        for at, name in zip(
            range(1, MOST_ROWS + 1),
            [name for name in ("张敏", "高源", "林会计", "田野", "周舟") for _ in range(10)],
            strict=True,
        )
    ]
    for name in ("高源", "林会计", "田野", "周舟"):
        desk.district.mentor(name)
    types_in(desk, a_sheet(*rows))
    assert len(desk.district.rows(ServiceSession)) == MOST_ROWS


def test_each_fault_is_named_by_row_and_column_and_nothing_is_written(desk) -> None:
    found = refused_at(
        desk,
        a_sheet(
            a_row(1, name=" ", topic="happiness"),
            a_row(2, phone="abc", consented_on=None),
            a_row(3, expert="无此人"),
            a_row(4, ends=time(8, 0)),
            a_row(5, advice=" "),
            a_row(6),
        ),
    )
    assert found == {
        "rows[0].name": "input.required",
        "rows[1].consented_on": "paper_sheet.consent",
        "rows[2].expert": "expert.name_unknown",
        "rows[3].ends": "service_session.end_before_start",
        "rows[4].advice": "input.required",
    }
    assert nothing_written(desk)


def test_two_rows_at_one_time_are_refused_at_the_later(desk) -> None:
    found = refused_at(desk, a_sheet(a_row(1), a_row(2, starts=time(8, 10), ends=time(8, 50))))
    assert found == {"rows[1].starts": "booking.time_taken"}
    assert nothing_written(desk)


def test_who_is_registered_is_known_again_and_needs_no_second_consent(desk) -> None:
    person = desk.registers()
    types_in(
        desk,
        a_sheet(
            a_row(1, name="钱 大妈", phone="138 0000 1234", consented_on=None),
            a_row(2, name="钱大妈", phone=None, birth_year=1963, consented_on=None),
        ),
    )
    served = {session.founder_person_id for session in desk.district.rows(ServiceSession)}
    assert served == {person.id}
    assert len(desk.district.rows(Consent)) == 1


@pytest.mark.parametrize(
    "who",
    [
        {"name": "钱大妈", "phone": None},
        {"name": "别人", "phone": "13800001234"},
    ],
)
def test_who_may_be_somebody_known_is_asked_about(desk, who) -> None:
    desk.registers()
    assert refused_at(desk, a_sheet(a_row(1, **who))) == {"rows[0].phone": "paper_sheet.who_is_it"}


def test_one_sheet_is_entered_once_whoever_types_it(desk) -> None:
    types_in(desk, a_sheet())
    again = a_sheet(a_row(1, starts=time(15), ends=time(16)), number=" qd260915-7kq4m ")
    for actor in (desk.clerk, desk.stranger, desk.district.officer):
        with pytest.raises(SheetKnownError):
            types_in(desk, again, actor)
    assert len(desk.district.rows(ServiceSession)) == 2


def test_two_who_type_in_one_sheet_at_once_enter_it_once(desk) -> None:
    colleague = staff(desk.store, Role.STREET_LIAISON, street="tangye")

    def tries(at: int) -> bool:
        actor = (desk.clerk, colleague)[at]
        row = a_row(1, name=f"甲{at}", phone=None, starts=time(9 + at), ends=time(9 + at, 40))
        try:
            types_in(desk, a_sheet(row), actor)
        except SheetKnownError:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(tries, range(2))) == [False, True]
    assert len(desk.district.rows(ServiceSession)) == 1


def test_a_sheet_taken_back_is_void_in_every_row_and_may_be_typed_in_again(desk) -> None:
    sheet = types_in(desk, a_sheet())
    sessions = desk.district.rows(ServiceSession)
    desk.undoes(sheet)

    assert {desk.district.decision(session).reason for session in sessions} == {"voided"}
    bookings = desk.district.rows(Booking)
    assert {(row.status, row.end_reason) for row in bookings} == {
        (BookingStatus.CANCELLED, "b_entry_error")
    }
    assert not any(claim.is_active for claim in desk.district.rows(ResourceClaim))
    outcome_ids = [row.id for row in desk.district.rows(Outcome)]
    waiting = desk.district.rows(Job, Job.subject_id.in_(outcome_ids), Job.state == "ready")
    assert waiting == []
    assert len(desk.district.rows(Person, Person.name.like("来人%"))) == 2

    again = types_in(desk, a_sheet())
    assert again.id != sheet.id
    assert len(desk.district.rows(ServiceSession)) == 4
    figures = desk.district.measures(Month(2026, 9))
    assert list(figures.not_counted.values()).count("voided") == 2


def test_what_a_second_clerk_compared_is_not_taken_back_and_nothing_of_the_sheet_is(desk) -> None:
    sheet = types_in(desk, a_sheet())
    session = desk.district.rows(ServiceSession)[1]
    desk.store.execute(
        staff(desk.store),
        outcomes.confirm_on_paper,
        desk.district.outcome_of(session).id,
        "登记表第 2 行",
    )
    with pytest.raises(BuiltUponError) as refused:
        desk.undoes(sheet)
    assert refused.value.facts["by"] == "confirmation"
    assert {row.status for row in desk.district.rows(Booking)} == {BookingStatus.FULFILLED}
    assert all(row.voided_at is None for row in desk.district.rows(ServiceSession))


def test_only_a_desk_types_in_sheets(desk) -> None:
    for actor in (desk.mentor.actor, desk.district.founder("李晓").actor):
        with pytest.raises(ForbiddenError):
            types_in(desk, a_sheet(), actor)


def test_a_row_names_the_venture_it_was_for_which_a_walk_in_brings_along(desk) -> None:
    first, second = a_row(1, venture="丰收农机"), a_row(2)
    types_in(desk, a_sheet(first, second))
    (venture,) = desk.district.rows(Venture)
    assert (venture.name, venture.registered_on) == ("丰收农机", None)
    named = desk.district.rows(ServiceSession, ServiceSession.venture_id.is_not(None))
    assert [row.venture_id for row in named] == [venture.id]
    outcome = desk.district.outcome_of(named[0])
    clerk = staff(desk.store)
    desk.store.execute(clerk, outcomes.confirm_on_paper, outcome.id, "登记表第 1 行")
    assert desk.district.measures(Month(2026, 9)).own.teams == 1

    # Known again, he names it by its name; nobody else's is his.
    again = a_row(3, name=first.name, phone=first.phone, venture="丰收农机")
    types_in(desk, a_sheet(again, number="QD260915-7KQ4N"))
    assert len(desk.district.rows(ServiceSession, ServiceSession.venture_id == venture.id)) == 2
    assert len(desk.district.rows(Venture)) == 1
    stranger = a_row(4, name=second.name, phone=second.phone, venture="丰收农机")
    faults = refused_at(desk, a_sheet(stranger, number="QD260915-7KQ4P"))
    assert faults == {"rows[0].venture": "paper_entry.not_of_venture"}
