from datetime import date
from uuid import UUID

import pytest

from app.domain.errors import InvalidInputError
from app.domain.pairing import is_full
from app.domain.person import with_doubles
from app.domain.recusal import Effect, Tie, side_of
from app.domain.waiver import (
    NothingToWaiveError,
    NotWaivableError,
    ensure_agreed,
    ensure_waivable,
)
from app.services.service_records.material import KnownVenture
from tests.builders import PROJECTS_A_YEAR

ONE, TWO, THREE, FOUR = (UUID(int=number) for number in range(1, 5))
STAKE, BOARD = Tie("ci4_equity", Effect.WAIVABLE), Tie("ci2_board", Effect.WAIVABLE)


def test_a_waiver_names_the_kinds_of_ties_it_covers() -> None:
    again = Tie("ci4_equity", Effect.WAIVABLE, date(2026, 12, 31))
    assert ensure_waivable([STAKE, BOARD, again]) == ("ci2_board", "ci4_equity")


@pytest.mark.parametrize(
    ("ties", "error"),
    [
        ([], NothingToWaiveError),
        ([Tie("ci6_dispute", Effect.FORBIDS)], NotWaivableError),
        ([STAKE, Tie("same_person", Effect.FORBIDS)], NotWaivableError),
        # In a review the same tie forbids for good.
        ([Tie("ci4_equity", Effect.FORBIDS)], NotWaivableError),
    ],
)
def test_what_nobody_can_waive_is_refused(ties, error) -> None:
    with pytest.raises(error):
        ensure_waivable(ties)


def test_a_founder_who_was_not_asked_is_asked_first() -> None:
    ensure_agreed(True)
    with pytest.raises(InvalidInputError) as refusal:
        ensure_agreed(False)
    assert [fault.field for fault in refusal.value.errors] == ["founder_agrees"]


@pytest.mark.parametrize(
    ("guided", "service", "is_beyond"),
    [
        (PROJECTS_A_YEAR, "tutoring", True),
        (PROJECTS_A_YEAR - 1, "tutoring", False),
        (PROJECTS_A_YEAR, "consultation", False),
    ],
)
def test_a_sixth_project_is_one_too_many_to_tutor(guided, service, is_beyond) -> None:
    projects = {UUID(int=number) for number in range(100, 100 + guided)}
    assert is_full(projects, ONE, service, PROJECTS_A_YEAR) is is_beyond
    assert not is_full(projects | {ONE}, ONE, service, PROJECTS_A_YEAR)


@pytest.mark.parametrize(
    ("aliases", "persons", "everybody"),
    [
        ({}, {ONE}, {ONE}),
        ({TWO: ONE}, {ONE}, {ONE, TWO}),
        ({TWO: ONE, THREE: TWO}, {THREE}, {ONE, TWO, THREE}),
        ({TWO: ONE}, {FOUR}, {FOUR}),
    ],
)
def test_a_person_is_all_records_of_his(aliases, persons, everybody) -> None:
    known = {str(alias): str(person) for alias, person in aliases.items()}
    assert with_doubles(persons, known) == everybody


def test_the_founders_side_is_all_his_ventures_and_their_people() -> None:
    asked = KnownVenture("青桥", "C1", None, frozenset({ONE}), frozenset())
    other = KnownVenture("晨光", None, None, frozenset({TWO, THREE}), frozenset())
    strange = KnownVenture("别家", "C9", None, frozenset({FOUR}), frozenset())
    ventures = {UUID(int=10): asked, UUID(int=11): other, UUID(int=12): strange}
    # The second venture is his under another record of his.
    side = side_of([ONE], UUID(int=10), ventures, {str(TWO): str(ONE)})
    assert (side.venture_name, side.credit_code) == ("青桥", "C1")
    assert side.other_ventures == (("晨光", None),)
    assert side.person_ids == {ONE, TWO, THREE}
    assert side.venture_ids == {UUID(int=10), UUID(int=11)}


def test_a_venture_left_out_of_a_need_belongs_to_the_side_all_the_same() -> None:
    own = KnownVenture("青桥", "C1", None, frozenset({ONE}), frozenset())
    side = side_of([ONE], None, {UUID(int=10): own}, {})
    assert side.venture_name is None
    assert side.other_ventures == (("青桥", "C1"),)
