from datetime import date, timedelta
from uuid import UUID

import pytest

from app.domain.recusal import CONFLICT_TYPES, Counterpart, Effect, Interest, blocking, live

FOUNDER, OTHER = UUID(int=1), UUID(int=2)
CODE, OTHER_CODE = "91350100M000100Y43", "91110000600037341L"
DAY = date(2026, 9, 16)
SIDE = Counterpart(frozenset({FOUNDER}), "芯感微电子（有限公司）", CODE)


def tie(kind: str = "ci4_equity", organisation: str = "", **values) -> Interest:
    return Interest(conflict_type=kind, organisation=organisation, **values)


@pytest.mark.parametrize(
    ("interest", "concerns"),
    [
        (tie(credit_code=CODE), True),
        (tie(credit_code=OTHER_CODE), False),
        (tie(organisation="芯感微电子有限公司"), True),
        (tie(organisation="芯感 微电子"), True),
        (tie(organisation="芯感微电子股份有限公司"), True),
        (tie(organisation="芯感光电有限公司"), False),
        # The code is surer than the name.
        (tie(organisation="芯感微电子有限公司", credit_code=OTHER_CODE), False),
        (tie(person_id=FOUNDER), True),
        (tie(person_id=OTHER), False),
        (tie(), False),
        (tie(organisation="有限公司"), False),
    ],
)
def test_a_tie_is_known_by_person_code_or_name(interest: Interest, concerns: bool) -> None:
    assert (blocking([interest], SIDE, DAY) is interest) is concerns


def test_a_venture_without_code_is_known_by_name() -> None:
    side = Counterpart(frozenset({FOUNDER}), "芯感微电子")
    assert blocking([tie(organisation="芯感微电子有限公司", credit_code=CODE)], side, DAY)


def test_nobody_is_tied_to_a_founder_without_venture_by_an_empty_name() -> None:
    assert (
        blocking([tie(organisation="芯感微电子")], Counterpart(frozenset({FOUNDER})), DAY) is None
    )


@pytest.mark.parametrize(
    ("interest", "concerns"),
    [
        (tie(credit_code=OTHER_CODE), True),
        (tie(organisation="鲁泉电子有限公司"), True),
        (tie(organisation="芯感微电子"), True),
        (tie(organisation="禾墒科技"), False),
    ],
)
def test_a_tie_to_another_venture_of_the_founder_is_a_tie_to_him(interest, concerns) -> None:
    others = (("远景设计", OTHER_CODE), ("鲁泉电子", None))
    side = Counterpart(frozenset({FOUNDER}), "芯感微电子", CODE, others)
    assert (blocking([interest], side, DAY) is interest) is concerns


@pytest.mark.parametrize("kind", sorted(CONFLICT_TYPES))
def test_every_kind_blocks_or_has_to_be_declared(kind: str) -> None:
    interest = tie(kind, credit_code=CODE)
    blocks = CONFLICT_TYPES[kind].effect is Effect.BLOCKS
    assert (blocking([interest], SIDE, DAY) is not None) is blocks
    assert list(live([interest], SIDE, DAY)) == [interest]


@pytest.mark.parametrize(
    ("kind", "days_since_end", "stands"),
    [
        ("ci2_board", 3 * 365, True),
        ("ci2_board", 3 * 365 + 1, False),
        ("ci4_equity", 0, True),
        ("ci4_equity", 1, False),
        ("ci8_prior_coach", 365, True),
        ("ci8_prior_coach", 366, False),
    ],
)
def test_an_ended_tie_looks_back_as_far_as_its_kind(kind, days_since_end, stands) -> None:
    interest = tie(kind, credit_code=CODE, ends_on=DAY - timedelta(days=days_since_end))
    assert bool(list(live([interest], SIDE, DAY))) is stands


def test_a_tie_that_begins_later_does_not_stand_yet() -> None:
    interest = tie(credit_code=CODE, starts_on=DAY + timedelta(days=1))
    assert blocking([interest], SIDE, DAY) is None
