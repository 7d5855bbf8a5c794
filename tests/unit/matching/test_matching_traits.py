import pytest

from matching.traits import Traits
from tests.unit.matching.profiles import a_bare_expert, an_expert

EXPERTS = [
    an_expert("A", industries=("餐饮业", "半导体"), stages=("idea", "growth")),
    a_bare_expert("B"),
    an_expert("C", industries=("半导体",), stages=("unheard_of", "mature")),
]


@pytest.mark.parametrize(
    ("industry", "values"),
    [("餐饮业", [1.0, 0.0, 0.0]), ("餐饮", [0.6, 0.0, 0.0]), ("", [0.0] * 3)],
)
def test_the_industry_value_is_that_of_the_likest_trade(industry: str, values: list[float]) -> None:
    assert Traits.of(EXPERTS).industry_values(industry).tolist() == values


@pytest.mark.parametrize(
    ("stage", "values"),
    [
        ("idea", [1.0, 0.0, 0.0]),
        ("startup", [0.5, 0.0, 0.25]),
        ("distress", [1.0, 0.0, 0.75]),
        ("mature", [0.75, 0.0, 1.0]),
        ("unheard_of", [0.0] * 3),
        ("", [0.0] * 3),
    ],
)
def test_the_stage_value_falls_with_the_distance_to_the_nearest(
    stage: str, values: list[float]
) -> None:
    assert Traits.of(EXPERTS).stage_values(stage).tolist() == values


def test_nobody_has_no_traits() -> None:
    assert Traits.of([]).stage_values("idea").tolist() == []
    assert Traits.of([]).industry_values("餐饮").tolist() == []
