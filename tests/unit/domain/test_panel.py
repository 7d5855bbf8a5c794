import pytest

from app.domain.errors import InvalidInputError
from app.domain.expert import ExpertCategory
from app.domain.panel import (
    NotForPanelError,
    PanelWish,
    ensure_sense,
    ensure_wish,
    makes_sense,
)

SCHOLAR, OFFICIAL = ExpertCategory.SCHOLAR, ExpertCategory.OFFICIAL


@pytest.mark.parametrize(
    ("session_type", "topics", "does"),
    [
        ("diagnosis", 0, True),
        ("diagnosis", 3, True),
        ("consultation", 2, True),
        ("consultation", 1, False),
        ("tutoring", 3, False),
        ("lecture", 3, False),
    ],
)
def test_a_panel_is_for_a_diagnosis_or_for_several_questions(session_type, topics, does) -> None:
    assert makes_sense(session_type, topics) is does
    if does:
        ensure_sense(session_type, topics)
    else:
        with pytest.raises(NotForPanelError):
            ensure_sense(session_type, topics)


@pytest.mark.parametrize(
    "wish",
    [
        PanelWish(),
        PanelWish(2, {SCHOLAR: 1, OFFICIAL: 1}),
        PanelWish(5, {SCHOLAR: 5}),
        PanelWish(5, {}, dict.fromkeys(ExpertCategory, 2)),
    ],
)
def test_what_some_pool_could_fulfil_may_be_wished(wish) -> None:
    ensure_wish(wish)


@pytest.mark.parametrize(
    ("wish", "faults"),
    [
        (PanelWish(1), {"size": "input.too_small"}),
        (PanelWish(6), {"size": "input.too_large"}),
        (PanelWish(3, {SCHOLAR: -1}), {"least_scholar": "input.too_small"}),
        (PanelWish(3, {}, {OFFICIAL: 6}), {"most_official": "input.too_large"}),
        (PanelWish(3, {SCHOLAR: 2}, {SCHOLAR: 1}), {"least_scholar": "panel.least_above_most"}),
        (PanelWish(3, {SCHOLAR: 2, OFFICIAL: 2}), {"size": "panel.least_too_many"}),
        (
            PanelWish(5, {}, dict.fromkeys(ExpertCategory, 1)),
            {"size": "panel.most_too_few"},
        ),
    ],
)
def test_a_wish_that_nobody_can_fulfil_names_its_fields(wish, faults) -> None:
    with pytest.raises(InvalidInputError) as refused:
        ensure_wish(wish)
    assert {fault.field: fault.code for fault in refused.value.errors} == faults
