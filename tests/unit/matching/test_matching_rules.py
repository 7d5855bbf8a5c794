from datetime import date

import pytest

from matching import Interest, Load, Matcher
from matching.explain import wording
from matching.rules import breaches, declared_ties, forbidding_ties, need_language, places_left
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
        ({"loads": (Load("week", 0, 1), Load("month", 2, 2))}, "capacity_reached"),
        ({"loads": (Load("year", 30, 30),)}, "capacity_reached"),
        ({"is_paused": True}, "mentor_paused"),
        ({"languages": ("en",)}, "language_mismatch"),
        ({"has_common_time": False}, "no_common_time"),
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
        loads=(Load("week", 3, 2),),
        is_paused=True,
        paired_projects=("V1",),
        most_projects=1,
        languages=("en",),
        modes=("phone",),
        has_common_time=False,
    )
    need = a_need(venture_name="青桥科技", session_type="tutoring", modes=("onsite",))
    assert rules_of(need, expert) == [
        "mentor_out_of_term",
        "conflict_of_interest",
        "capacity_reached",
        "capacity_reached",
        "mentor_paused",
        "no_common_time",
        "pairing_cap_reached",
        "language_mismatch",
        "mode_mismatch",
    ]
    matcher = Matcher().fit([expert])
    assert [each.text for each in matcher.propose(need, today=TODAY).exclusions] == [
        "这位导师现在不在聘期内",
        "这位导师与贵企业存在利害关系，需要回避",
        "这位导师本周的名额已满（3/2）",
        "这位导师现在的名额已满（1/1）",
        "这位导师暂停服务",
        "在能预约的日子里，您和这位导师没有都空着的时间",
        "这位导师今年辅导的项目已有1个，到了一年1个的上限",
        "您用中文提问，这位导师用英文服务",
        "您希望当面谈，这位导师提供电话谈",
    ]


def test_what_is_left_open_keeps_nobody_out() -> None:
    need = a_need("！", session_type="tutoring", modes=("onsite",))
    expert = an_expert(
        languages=("en",), has_common_time=None, paired_projects=("V1", "V2"), most_projects=None
    )
    assert rules_of(need, expert) == []
    assert rules_of(a_need(), an_expert(modes=("phone",), has_common_time=True)) == []


@pytest.mark.parametrize(
    ("need", "is_kept_out"),
    [
        ({"session_type": "tutoring", "project_id": "V9"}, True),
        # Who is tutored already takes no further place.
        ({"session_type": "tutoring", "project_id": "V2"}, False),
        ({"session_type": "consultation", "project_id": "V9"}, False),
    ],
)
def test_projects_tutored_a_year_are_capped(need: dict[str, str], is_kept_out: bool) -> None:
    expert = an_expert(paired_projects=("V1", "V2"), most_projects=2)
    assert rules_of(a_need(**need), expert) == (["pairing_cap_reached"] if is_kept_out else [])
    assert rules_of(a_need(**need), an_expert(paired_projects=("V1",), most_projects=2)) == []


@pytest.mark.parametrize(
    ("text", "stated", "language"),
    [
        ("想注册公司", "", "zh"),
        ("想做 Amazon FBA", "", "zh"),
        ("How do I register a company?", "", "en"),
        ("How do I register a company?", "zh", "zh"),
        ("想注册公司", "en", "en"),
        ("……！", "", ""),
    ],
)
def test_a_language_is_the_one_stated_else_that_of_the_text(
    text: str, stated: str, language: str
) -> None:
    assert need_language(a_need(text, language=stated)) == language


@pytest.mark.parametrize(
    ("facts", "left"),
    [
        ({}, None),
        ({"capacity": 5, "open_load": 2}, 3),
        ({"capacity": 5, "open_load": 2, "loads": (Load("week", 1, 2), Load("year", 1, 30))}, 1),
        ({"loads": (Load("month", 9, 8),)}, 0),
    ],
)
def test_the_places_left_are_those_of_the_tightest_limit(
    facts: dict[str, object], left: int | None
) -> None:
    assert places_left(an_expert(**facts)) == left


def test_every_rule_period_mode_and_language_has_words() -> None:
    assert set(wording.RULES) == {
        "mentor_out_of_term",
        "conflict_of_interest",
        "capacity_reached",
        "mentor_paused",
        "pairing_cap_reached",
        "language_mismatch",
        "mode_mismatch",
        "no_common_time",
    }
    assert set(wording.PERIODS) == {"week", "month", "year", ""}
    assert wording.listed(wording.MODES, "phone,video") == "电话谈、video"


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
        Interest("青桥科技", from_on=date(2026, 10, 1)),
        Interest("青桥科技", "91110000600037341L"),
    ],
)
def test_other_names_and_empty_ties_are_no_conflict(interest: Interest) -> None:
    need = a_need(
        venture_name="青桥科技", venture_code="91350100M000100Y43", founder_person_id="P7"
    )
    assert rules_of(need, an_expert(interests=(interest,))) == []


@pytest.mark.parametrize(
    "expert",
    [
        {"organisation": "青桥科技有限公司"},
        {"ventures": ("青桥",)},
        {"ventures": ("旧名字", "91350100M000100Y43")},
    ],
)
def test_nobody_advises_his_own_venture(expert: dict[str, object]) -> None:
    need = a_need(venture_name="青桥科技", venture_code="91350100M000100Y43")
    (breach,) = breaches(need, an_expert(**expert), TODAY)
    assert breach.facts == (("kinds", "own_venture"),)


@pytest.mark.parametrize(
    ("kind", "effect", "is_forbidden", "told"),
    [
        ("ci4_equity", "waivable", True, ()),
        ("ci4_equity", "declared", False, ("ci4_equity",)),
        ("ci1_employment", "forbids", True, ()),
        ("own_venture", "forbids", True, ()),
        ("ci8_prior_coach", "unheeded", False, ()),
        ("", "forbids", True, ()),
    ],
)
def test_the_verdict_of_a_caller_stands(kind, effect, is_forbidden, told) -> None:
    # Nothing of the need meets it, and it is long over: the caller knows better.
    expert = an_expert(interests=(Interest(kind=kind, effect=effect, until_on=date(1990, 1, 1)),))
    found = forbidding_ties(a_need(), expert, TODAY)
    assert [tie.kind for tie in found] == ([kind or "unclassified"] if is_forbidden else [])
    assert declared_ties(a_need(), expert, TODAY) == told


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
        ("ci11_competitor", "forbidden", "forbidden"),
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
