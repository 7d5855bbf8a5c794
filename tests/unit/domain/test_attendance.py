import pytest

from app.domain.attendance import absent_of, ensure_held, ensure_not_held
from app.domain.errors import InvalidInputError
from app.domain.ids import new_id
from app.domain.service_session import NoShow, PanelHeldError

LEAD, SECOND, THIRD, STRANGER = (new_id() for _ in range(4))
EXPECTED = frozenset({LEAD, SECOND, THIRD})


def test_all_are_absent_unless_some_are_named() -> None:
    assert absent_of(NoShow.MENTOR, EXPECTED, None) == EXPECTED
    assert absent_of(NoShow.BOTH, EXPECTED, [SECOND]) == {SECOND}
    assert absent_of(NoShow.FOUNDER, EXPECTED, None) == frozenset()


@pytest.mark.parametrize(
    ("who", "named"),
    [(NoShow.FOUNDER, [SECOND]), (NoShow.MENTOR, []), (NoShow.MENTOR, [STRANGER])],
)
def test_only_experts_who_were_expected_are_named_where_it_is_their_absence(who, named) -> None:
    with pytest.raises(InvalidInputError):
        absent_of(who, EXPECTED, named)


@pytest.mark.parametrize(
    ("who", "came", "is_held"),
    [
        (NoShow.MENTOR, {LEAD, SECOND}, True),
        (NoShow.MENTOR, {LEAD}, False),
        (NoShow.MENTOR, {SECOND, THIRD}, False),
        (NoShow.BOTH, {LEAD, SECOND}, False),
    ],
)
def test_a_panel_is_held_when_its_lead_and_its_quorum_came(who, came, is_held) -> None:
    if not is_held:
        ensure_not_held(who, came, LEAD, 2)
        return
    with pytest.raises(PanelHeldError):
        ensure_not_held(who, came, LEAD, 2)


@pytest.mark.parametrize(
    ("absent", "code"),
    [
        ({STRANGER}, "service_session.unknown_expert"),
        ({LEAD}, "service_session.lead_needed"),
        ({SECOND, THIRD}, "service_session.below_quorum"),
        ({SECOND}, None),
        (set(), None),
    ],
)
def test_what_is_held_names_who_was_missing(absent, code) -> None:
    if code is None:
        ensure_held(EXPECTED, absent, LEAD, 2)
        return
    with pytest.raises(InvalidInputError) as refused:
        ensure_held(EXPECTED, absent, LEAD, 2)
    assert [each.code for each in refused.value.errors] == [code]
