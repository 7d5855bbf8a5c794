"""An outcome's states, whose word settles it, and until when."""

import pytest

from app.domain.ids import new_id
from app.domain.outcome import (
    TRANSITIONS,
    ConfirmationOverError,
    IllegalStepError,
    OutcomeEvent,
    OutcomeStatus,
    confirm_until,
    ensure_may_confirm,
    next_status,
    spokespersons,
)
from tests.moments import day


@pytest.mark.parametrize("status", OutcomeStatus)
@pytest.mark.parametrize("event", OutcomeEvent)
def test_a_step_beside_the_table_is_refused_with_both_named(status, event) -> None:
    if (status, event) in TRANSITIONS:
        assert next_status(status, event) is TRANSITIONS[status, event]
        return
    with pytest.raises(IllegalStepError) as refused:
        next_status(status, event)
    assert refused.value.facts == {"status": status.value, "event": event.value}


def test_the_contact_speaks_else_who_booked_and_whoever_came_alone() -> None:
    contact, booker, guest = new_id(), new_id(), new_id()
    assert spokespersons([contact], booker, [booker, guest]) == {contact}
    assert spokespersons([], booker, [booker, guest]) == {booker}
    assert spokespersons([contact], booker, [guest]) == {contact, guest}
    assert spokespersons([], None, [booker, guest]) == frozenset()


def test_the_ninetieth_day_is_the_last_to_confirm() -> None:
    last = confirm_until(day("09-01"), 90)
    ensure_may_confirm(last, day("11-30"))
    with pytest.raises(ConfirmationOverError) as refused:
        ensure_may_confirm(last, day("12-01"))
    assert refused.value.facts == {"until_on": "2026-11-30"}


def test_without_a_last_day_it_can_be_confirmed_for_ever() -> None:
    assert confirm_until(day("09-01"), None) is None
    ensure_may_confirm(None, day("12-01").replace(year=2036))
