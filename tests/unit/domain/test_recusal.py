from datetime import date
from uuid import UUID

import pytest

from app.domain.company_name import is_same_name, may_be_one
from app.domain.recusal import (
    CONFLICT_TYPES,
    WAIVABLE_TYPES,
    Background,
    Counterpart,
    Effect,
    Guidance,
    Interest,
    Tie,
    binds,
    forbidding,
    guidance,
    ties,
)

FOUNDER, OTHER = UUID(int=1), UUID(int=2)
CODE, OTHER_CODE = "91350100M000100Y43", "91110000600037341L"
DAY = date(2026, 9, 16)
SIDE = Counterpart(frozenset({FOUNDER}), "芯感微电子（有限公司）", CODE)


def tie(kind: str = "ci4_equity", organisation: str = "", **values) -> Interest:
    return Interest(conflict_type=kind, organisation=organisation, **values)


def kinds(interest: Interest, side: Counterpart = SIDE, day: date = DAY, **options) -> list[str]:
    return [each.kind for each in ties(Background(interests=(interest,)), side, day, **options)]


@pytest.mark.parametrize(
    ("interest", "concerns"),
    [
        (tie(credit_code=CODE), True),
        (tie(credit_code=OTHER_CODE), False),
        (tie(organisation="芯感微电子有限公司"), True),
        (tie(organisation="芯感 微电子"), True),
        (tie(organisation="芯感微电子股份有限公司"), True),
        (tie(organisation="济南芯感微电子有限公司"), True),
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
    assert bool(kinds(interest)) is concerns


def test_a_venture_without_code_is_known_by_name() -> None:
    side = Counterpart(frozenset({FOUNDER}), "芯感微电子")
    assert kinds(tie(organisation="芯感微电子有限公司", credit_code=CODE), side)


def test_another_venture_of_the_founder_ties_as_well() -> None:
    side = Counterpart(frozenset({FOUNDER}), other_ventures=(("芯感微电子", CODE),))
    assert kinds(tie(credit_code=CODE), side)


def test_nobody_is_tied_to_a_founder_without_venture_by_an_empty_name() -> None:
    assert kinds(tie(organisation="芯感微电子"), Counterpart(frozenset({FOUNDER}))) == []


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
    assert bool(kinds(interest, side)) is concerns


@pytest.mark.parametrize("kind", sorted(CONFLICT_TYPES))
def test_a_review_bears_no_kind_of_tie(kind: str) -> None:
    (found,) = ties(Background(interests=(tie(kind, credit_code=CODE),)), SIDE, DAY, is_review=True)
    assert found.effect is Effect.FORBIDS


@pytest.mark.parametrize("kind", sorted(CONFLICT_TYPES))
def test_two_officers_can_waive_in_advice_what_is_waivable(kind: str) -> None:
    found = ties(Background(interests=(tie(kind, credit_code=CODE),)), SIDE, DAY)
    is_forbidden = CONFLICT_TYPES[kind].in_advice in (Effect.FORBIDS, Effect.WAIVABLE)
    assert bool(forbidding(found)) is is_forbidden
    assert bool(forbidding(found, {kind})) is (is_forbidden and kind not in WAIVABLE_TYPES)


def test_a_waiver_covers_the_ties_it_names_and_no_others() -> None:
    interests = (tie(credit_code=CODE), tie("ci2_board", credit_code=CODE))
    found = ties(Background(interests=interests), SIDE, DAY)
    assert [each.kind for each in forbidding(found, {"ci4_equity"})] == ["ci2_board"]


@pytest.mark.parametrize(
    ("kind", "ends_on", "stands"),
    [
        ("ci2_board", date(2023, 9, 16), True),
        ("ci2_board", date(2023, 9, 15), False),
        ("ci4_equity", date(2026, 9, 16), True),
        ("ci4_equity", date(2026, 9, 15), False),
        ("ci8_prior_coach", date(2025, 9, 16), True),
        ("ci8_prior_coach", date(2025, 9, 15), False),
        ("ci5_kin", date(1990, 1, 1), True),
        ("ci2_board", date.max, True),
    ],
)
def test_an_ended_tie_looks_back_as_far_as_its_kind(kind, ends_on, stands) -> None:
    assert bool(kinds(tie(kind, credit_code=CODE, ends_on=ends_on))) is stands


def test_a_tie_ended_on_leap_day_binds_until_the_last_of_february() -> None:
    assert binds("ci2_board", date(2024, 2, 29), date(2027, 2, 28))
    assert not binds("ci2_board", date(2024, 2, 29), date(2027, 3, 1))


def test_a_tie_that_begins_later_does_not_stand_yet() -> None:
    assert kinds(tie(credit_code=CODE, starts_on=date(2026, 9, 17))) == []


@pytest.mark.parametrize(
    ("expert", "expected"),
    [
        (Background(frozenset({FOUNDER})), ["same_person"]),
        (Background(organisation="芯感微电子有限公司"), ["own_venture"]),
        (Background(organisation="芯感"), []),
        (Background(ventures=(("旧名字", CODE),)), ["own_venture"]),
        (Background(ventures=(("济南芯感微电子", None),)), ["own_venture"]),
        (Background(ventures=(("芯感微电子", OTHER_CODE),)), []),
        (Background(frozenset({OTHER}), "区政务中心"), []),
    ],
)
def test_nobody_advises_himself_or_his_own_venture(expert: Background, expected: list) -> None:
    found = ties(expert, SIDE, DAY)
    assert [each.kind for each in found] == expected
    assert forbidding(found, {"same_person", "own_venture"}) == found


@pytest.mark.parametrize(
    ("advised_on", "in_review"),
    [
        (None, ()),
        (date(2025, 9, 15), ()),
        (date(2025, 9, 16), (Tie("ci8_prior_coach", Effect.FORBIDS, date(2025, 9, 16)),)),
        (date.max, (Tie("ci8_prior_coach", Effect.FORBIDS, date.max),)),
    ],
)
def test_who_advised_may_not_judge_for_a_year(advised_on, in_review) -> None:
    expert = Background(advised_on=advised_on)
    assert forbidding(ties(expert, SIDE, DAY, is_review=True)) == in_review
    assert forbidding(ties(expert, SIDE, DAY)) == ()


@pytest.mark.parametrize(
    ("one", "other", "is_same", "may_be"),
    [
        ("青桥科技", "青桥科技有限责任公司", True, True),
        ("青桥", "山东青桥餐饮管理有限公司", False, True),
        ("山东青桥餐饮管理有限公司", "青桥", False, True),
        ("青桥商贸", "青桥科技", False, False),
        ("", "", False, False),
        ("青桥", "公司", False, False),
    ],
)
def test_names_are_one_in_full_or_in_short(one, other, is_same, may_be) -> None:
    assert (is_same_name(one, other), may_be_one(one, other)) == (is_same, may_be)


@pytest.mark.parametrize(
    ("is_official", "kinds_of_ties", "limit"),
    [
        (False, [], None),
        (False, ["ci9_paid_service"], None),
        (True, ["ci9_paid_service"], Guidance.GENERAL),
        (True, ["ci9_paid_service", "ci7_regulator"], Guidance.RESTRICTED),
        (False, ["ci7_regulator"], Guidance.RESTRICTED),
    ],
)
def test_an_official_speaks_in_general_and_who_decides_of_procedure_alone(
    is_official: bool, kinds_of_ties: list[str], limit: Guidance | None
) -> None:
    assert guidance(is_official, [Tie(kind, Effect.DECLARED) for kind in kinds_of_ties]) is limit
