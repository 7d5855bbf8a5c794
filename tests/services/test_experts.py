from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from app.domain.actor import SYSTEM, Role
from app.domain.errors import ForbiddenError, InvalidInputError, NotFoundError
from app.domain.expert import (
    AppointmentBackDatedError,
    AppointmentKind,
    ExtensionTooLateError,
    OutOfTermError,
)
from app.domain.ids import new_id
from app.domain.recusal import Interest
from app.models.audit_entry import AuditEntry
from app.models.expert import Appointment, DeclaredInterest, Expert
from app.models.service_record import ServiceRecord
from app.models.service_session import ServiceSession
from app.services import experts
from app.services.experts.appointing import AlreadyAppointedError
from app.unit_of_work import Store
from tests.builders import a_founder, a_mentor, a_person, a_venture, an_expert, staff
from tests.founder_road import FounderRoad
from tests.moments import day

DOCUMENT = "历人社聘〔2026〕9号"
CODE = "91350100M000100Y43"


def everything(store: Store, model: Any) -> list[Any]:
    with store.read(SYSTEM) as reader:
        return list(reader.session.scalars(select(model).order_by(model.id)))


def actions(store: Store) -> list[str]:
    return [row.action for row in everything(store, AuditEntry)]


@pytest.fixture
def approver(store: Store):
    return staff(store, Role.APPROVER)


def test_an_approver_appoints_from_today_on(store: Store, approver) -> None:
    expert = an_expert(store, term=None)

    term = store.execute(
        approver, experts.appoint, expert.id, DOCUMENT, day("09-16"), date(2029, 9, 15)
    )

    assert (term.kind, term.document) == (AppointmentKind.TERM, DOCUMENT)
    assert (term.approved_on, term.approved_by_id) == (day("09-16"), approver.account_id)
    assert "appointment.made" in actions(store)


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "error"),
    [
        (day("09-15"), date(2029, 9, 14), AppointmentBackDatedError),
        (day("09-17"), day("09-16"), InvalidInputError),
        (date(2028, 6, 30), date(2031, 6, 30), AlreadyAppointedError),
    ],
)
def test_a_term_in_the_past_backwards_or_twice_is_refused(
    store: Store, approver, starts_on, ends_on, error
) -> None:
    expert = an_expert(store)
    with pytest.raises(error):
        store.execute(approver, experts.appoint, expert.id, DOCUMENT, starts_on, ends_on)
    assert len(everything(store, Appointment)) == 1


@pytest.mark.parametrize("document", ["", "  ", "号" * 201])
def test_an_appointment_names_its_document(store: Store, approver, document: str) -> None:
    expert = an_expert(store, term=None)
    with pytest.raises(InvalidInputError) as refused:
        store.execute(
            approver, experts.appoint, expert.id, document, day("09-16"), date(2029, 9, 15)
        )
    assert refused.value.errors[0].field == "document"


def test_an_officer_who_is_no_approver_appoints_nobody(store: Store) -> None:
    expert = an_expert(store, term=None)
    with pytest.raises(ForbiddenError):
        store.execute(
            staff(store), experts.appoint, expert.id, DOCUMENT, day("09-16"), date(2029, 9, 15)
        )


def test_a_term_that_runs_is_extended_once_more_by_30_days(store: Store, approver) -> None:
    expert = an_expert(store, term=(date(2023, 9, 20), day("09-19")))

    term = store.execute(approver, experts.extend, expert.id, DOCUMENT, day("10-19"))

    assert (term.kind, term.starts_on) == (AppointmentKind.EXTENSION, day("09-20"))
    assert "appointment.extended" in actions(store)


def test_a_term_that_has_ended_is_not_extended(store: Store, approver) -> None:
    ended = an_expert(store, term=(date(2023, 9, 15), day("09-15")))
    with pytest.raises(ExtensionTooLateError):
        store.execute(approver, experts.extend, ended.id, DOCUMENT, day("10-01"))
    with pytest.raises(OutOfTermError):
        store.execute(
            approver, experts.extend, an_expert(store, term=None).id, DOCUMENT, day("10-01")
        )


def test_a_mentor_pauses_himself_and_comes_back(store: Store) -> None:
    expert = an_expert(store)
    mentor = a_mentor(store, expert)

    assert store.execute(mentor, experts.pause, expert.id).is_paused
    store.execute(mentor, experts.pause, expert.id)
    assert not store.execute(mentor, experts.resume, expert.id).is_paused

    assert [each for each in actions(store) if each.startswith("expert.")] == [
        "expert.paused",
        "expert.resumed",
    ]


def test_a_mentor_pauses_nobody_else(store: Store) -> None:
    mentor, other = a_mentor(store, an_expert(store)), an_expert(store, name="王强")
    with pytest.raises(ForbiddenError):
        store.execute(mentor, experts.pause, other.id)


@pytest.mark.parametrize(
    "interest",
    [
        Interest("ci4_equity", " 昉生药业有限公司 ", CODE),
        Interest("ci1_employment", "昉生药业", None, None, date(2020, 1, 1), date(2024, 1, 1)),
    ],
)
def test_a_mentor_declares_an_interest(store: Store, interest: Interest) -> None:
    expert = an_expert(store)
    row = store.execute(a_mentor(store, expert), experts.declare_interest, expert.id, interest)

    assert row.organisation == interest.organisation.strip()
    assert (row.conflict_type, row.credit_code) == (interest.conflict_type, interest.credit_code)
    assert "interest.declared" in actions(store)


def test_the_bureau_declares_a_tie_to_a_person(store: Store) -> None:
    expert, kin = an_expert(store), a_person(store, name="张明")
    row = store.execute(
        staff(store), experts.declare_interest, expert.id, Interest("ci5_kin", "", None, kin.id)
    )
    assert row.person_id == kin.id


@pytest.mark.parametrize(
    ("interest", "fields"),
    [
        (Interest("ci99", "甲"), ["conflict_type"]),
        (Interest("ci4_equity", " "), ["organisation"]),
        (Interest("ci4_equity", "甲" * 201), ["organisation"]),
        (Interest("ci4_equity", "甲", CODE[:-1] + "4"), ["credit_code"]),
        (Interest("ci4_equity", "甲", None, None, day("09-16"), day("09-15")), ["ends_on"]),
    ],
)
def test_an_interest_that_means_nothing_is_refused(store: Store, interest, fields) -> None:
    expert = an_expert(store)
    with pytest.raises(InvalidInputError) as refused:
        store.execute(staff(store), experts.declare_interest, expert.id, interest)
    assert [each.field for each in refused.value.errors] == fields
    assert everything(store, DeclaredInterest) == []


def test_interests_are_declared_for_known_people_by_those_who_may(store: Store) -> None:
    expert = an_expert(store)
    with pytest.raises(NotFoundError):
        store.execute(
            staff(store),
            experts.declare_interest,
            expert.id,
            Interest("ci5_kin", "", None, new_id()),
        )
    with pytest.raises(ForbiddenError):
        store.execute(
            a_founder(store), experts.declare_interest, expert.id, Interest("ci5_kin", "甲")
        )


def test_a_tie_found_later_uncounts_what_was_held(store: Store, clock) -> None:
    road = FounderRoad(store, clock)
    venture = a_venture(store, road.founder.person_id)
    session = road.confirmed(need_id=road.a_need(venture_id=venture.id).id)
    assert newest(store, session) == ("counted", None)

    tie = Interest("ci4_equity", venture.name)
    store.execute(road.mentor, experts.declare_interest, road.expert.id, tie)

    assert newest(store, session) == ("not_counted", "conflict_of_interest")


def newest(store: Store, session: ServiceSession) -> tuple[str, str | None]:
    rows = [row for row in everything(store, ServiceRecord) if row.service_session_id == session.id]
    last = max(rows, key=lambda row: row.number)
    return last.status, last.reason


def test_an_expert_who_is_not_there_is_not_found(store: Store, approver) -> None:
    with pytest.raises(NotFoundError):
        store.execute(approver, experts.pause, new_id())
    assert everything(store, Expert) == []
