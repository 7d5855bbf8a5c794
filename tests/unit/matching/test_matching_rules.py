from datetime import date

import pytest

from matching import Interest
from matching.rules import breaches, declared_ties
from tests.unit.matching.profiles import a_need, an_expert

TODAY = date(2026, 9, 30)


def rules_of(need: object, expert: object) -> list[str]:
    return [breach.rule for breach in breaches(need, expert, TODAY)]  # type: ignore[arg-type]


def test_an_expert_against_whom_nothing_speaks_may_be_paired() -> None:
    expert = an_expert(
        term_from_on=TODAY, term_until_on=TODAY, capacity=3, open_load=2, interests=(Interest(),)
    )
    assert rules_of(a_need(), expert) == []


@pytest.mark.parametrize(
    ("facts", "rule"),
    [
        ({"term_from_on": date(2026, 10, 1)}, "mentor_out_of_term"),
        ({"term_until_on": date(2026, 9, 29)}, "mentor_out_of_term"),
        ({"capacity": 3, "open_load": 3}, "capacity_reached"),
        ({"capacity": 0}, "capacity_reached"),
        ({"is_paused": True}, "mentor_paused"),
    ],
)
def test_each_fact_breaks_its_rule(facts: dict[str, object], rule: str) -> None:
    assert rules_of(a_need(), an_expert(**facts)) == [rule]


def test_every_broken_rule_is_named() -> None:
    expert = an_expert(
        term_until_on=date(2026, 1, 1),
        interests=(Interest("青桥科技", kind="ci4_equity"),),
        capacity=1,
        open_load=1,
        is_paused=True,
    )
    assert rules_of(a_need(venture_name="青桥科技"), expert) == [
        "mentor_out_of_term",
        "conflict_of_interest",
        "capacity_reached",
        "mentor_paused",
    ]


@pytest.mark.parametrize(
    ("need", "interest"),
    [
        ({"venture_name": "青桥科技"}, Interest("青桥科技有限公司")),
        ({"venture_name": "青桥科技（有限责任公司）"}, Interest("青桥科技")),
        ({"venture_name": " ＡＢ 科技"}, Interest("ab科技股份有限公司")),
        ({"venture_name": "芯谷智联"}, Interest("济南芯谷智联科技有限公司")),
        ({"venture_name": "山东青桥餐饮管理有限公司"}, Interest("青桥")),
        ({"venture_code": "91370112MA3ABCDE1X"}, Interest(credit_code="91370112ma3abcde1x")),
        ({"linked_ventures": ("某店", "青桥科技")}, Interest("青桥科技")),
        ({"founder_person_id": "P7"}, Interest(person_id="P7", kind="ci5_kin")),
    ],
)
def test_a_tie_is_found_by_name_code_linked_venture_or_person(
    need: dict[str, object], interest: Interest
) -> None:
    expert = an_expert(interests=(interest,))
    assert rules_of(a_need(**need), expert) == ["conflict_of_interest"]


@pytest.mark.parametrize(
    "interest",
    [
        Interest("青桥科技二厂"),
        Interest("青桥商贸"),
        Interest("科技有限公司"),
        Interest(),
        Interest("公司"),
        Interest(person_id="P8"),
    ],
)
def test_other_names_and_empty_ties_are_no_conflict(interest: Interest) -> None:
    need = a_need(venture_name="青桥科技", founder_person_id="P7")
    assert rules_of(need, an_expert(interests=(interest,))) == []


def test_nobody_is_his_own_mentor() -> None:
    need = a_need(founder_person_id="P7")
    (breach,) = breaches(need, an_expert(person_id="P7"), TODAY)
    assert breach.facts == (("kinds", "same_person"),)


def test_a_venture_without_name_and_a_tie_without_name_do_not_meet() -> None:
    assert rules_of(a_need(venture_name="有限公司"), an_expert(interests=(Interest("公司"),))) == []


@pytest.mark.parametrize(
    ("kind", "in_advice", "in_review"),
    [
        ("ci1_employment", "declared", "forbidden"),
        ("ci2_board", "forbidden", "forbidden"),
        ("ci3_controller", "forbidden", "forbidden"),
        ("ci4_equity", "forbidden", "forbidden"),
        ("ci5_kin", "forbidden", "forbidden"),
        ("ci6_dispute", "forbidden", "forbidden"),
        ("ci7_regulator", "declared", "forbidden"),
        ("ci8_prior_coach", "unheeded", "forbidden"),
        ("ci9_paid_service", "declared", "forbidden"),
        ("ci10_same_unit", "declared", "forbidden"),
        ("ci11_competitor", "declared", "forbidden"),
        ("ci12_other", "declared", "forbidden"),
        ("", "forbidden", "forbidden"),
        ("a_kind_of_next_year", "forbidden", "forbidden"),
    ],
)
def test_each_kind_of_tie_binds_by_kind_of_service(
    kind: str, in_advice: str, in_review: str
) -> None:
    expert = an_expert(interests=(Interest("青桥科技", kind=kind),))
    for session_type, expected in (("consultation", in_advice), ("review", in_review)):
        need = a_need(venture_name="青桥科技", session_type=session_type)
        is_forbidden = rules_of(need, expert) == ["conflict_of_interest"]
        assert is_forbidden == (expected == "forbidden")
        assert declared_ties(need, expert, TODAY) == ((kind,) if expected == "declared" else ())


@pytest.mark.parametrize(
    ("kind", "until_on", "is_live"),
    [
        ("ci4_equity", date(2026, 9, 30), True),
        ("ci4_equity", date(2026, 9, 29), False),
        ("ci2_board", date(2023, 9, 30), True),
        ("ci2_board", date(2023, 9, 29), False),
        ("ci5_kin", date(1990, 1, 1), True),
        ("", date(1990, 1, 1), True),
        ("ci2_board", date.max, True),
    ],
)
def test_an_ended_tie_binds_as_long_as_its_kind_looks_back(
    kind: str, until_on: date, is_live: bool
) -> None:
    expert = an_expert(interests=(Interest("青桥科技", kind=kind, until_on=until_on),))
    expected = ["conflict_of_interest"] if is_live else []
    assert rules_of(a_need(venture_name="青桥科技"), expert) == expected


def test_a_tie_ended_on_leap_day_binds_until_the_last_of_february() -> None:
    expert = an_expert(interests=(Interest("青桥", kind="ci2_board", until_on=date(2024, 2, 29)),))
    need = a_need(venture_name="青桥")
    assert breaches(need, expert, date(2027, 2, 28))
    assert not breaches(need, expert, date(2027, 3, 1))
