from dataclasses import replace

import pytest

from app.domain.booking_panel import Company, Tally, Verdict, ensure_company
from app.domain.errors import InvalidInputError
from app.domain.ids import new_id

LEAD, FOUNDER, SECOND, THIRD = (new_id() for _ in range(4))
COMPANY = Company(expert_ids=(SECOND, THIRD), quorum=2)


@pytest.mark.parametrize(
    ("quorum", "accepted", "waiting", "has_lead", "is_led", "verdict", "missing"),
    [
        (2, 3, 0, True, True, Verdict.AGREED, 0),
        (2, 2, 0, True, True, Verdict.AGREED, 0),
        (2, 2, 1, True, True, Verdict.WAITING, 0),
        (2, 1, 1, True, False, Verdict.WAITING, 0),
        (2, 1, 0, True, True, Verdict.SHORT, 1),
        (3, 0, 1, True, False, Verdict.SHORT, 2),
        (2, 2, 1, False, False, Verdict.SHORT, 1),
        (3, 1, 0, False, False, Verdict.SHORT, 2),
    ],
)
def test_answers_make_a_meeting_wait_or_are_too_few(
    quorum, accepted, waiting, has_lead, is_led, verdict, missing
) -> None:
    tally = Tally(quorum, accepted, waiting, has_lead, is_led)
    assert (tally.verdict, tally.missing) == (verdict, missing)


def test_everybody_is_counted_among_the_heads() -> None:
    assert Company().heads == 2
    assert replace(COMPANY, companion_ids=(new_id(),)).heads == 5


def test_a_company_that_holds_together_passes() -> None:
    ensure_company(COMPANY, LEAD, FOUNDER)


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"quorum": 4}, "quorum", "input.too_large"),
        ({"quorum": 0}, "quorum", "input.too_small"),
        ({"expert_ids": (LEAD,), "quorum": 1}, "expert_ids", "booking.twice"),
        ({"expert_ids": tuple(new_id() for _ in range(5))}, "expert_ids", "input.too_many"),
        ({"companion_ids": (FOUNDER,)}, "companion_ids", "booking.twice"),
        ({"alternate_ids": (THIRD,)}, "alternate_ids", "booking.twice"),
        (
            {"alternate_ids": tuple(new_id() for _ in range(6))},
            "alternate_ids",
            "input.too_many",
        ),
    ],
)
def test_what_contradicts_itself_is_named(changes, field, code) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        ensure_company(replace(COMPANY, **changes), LEAD, FOUNDER)
    assert [(each.field, each.code) for each in refusal.value.errors] == [(field, code)]
