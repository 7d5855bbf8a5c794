from datetime import timedelta
from uuid import UUID

import pytest

from app.domain.correction import VentureChoice, ensure_complete, from_stored, to_stored
from app.domain.errors import InvalidInputError
from app.domain.service_record import (
    ActualTimes,
    CorrectionOp,
    Dimensions,
    ServedVenture,
    Span,
    VentureFacts,
)
from tests.moments import at

TIMES = ActualTimes(Span(at("09-17 14:00"), at("09-17 15:00")), 5)
PERSON = UUID(int=7)
NOW = at("10-20 10:00")


@pytest.mark.parametrize(
    ("operation", "value", "known"),
    [
        (CorrectionOp.REMOVE_ATTENDEE, PERSON, str(PERSON)),
        (CorrectionOp.SET_ACTUAL_TIMES, TIMES, TIMES),
        (CorrectionOp.SET_TOPIC, "marketing", "marketing"),
        (CorrectionOp.SET_OVERRUN, True, True),
        (CorrectionOp.SET_OVERRUN, False, False),
        (CorrectionOp.VOID, None, None),
    ],
)
def test_a_value_survives_being_stored(operation, value, known) -> None:
    ensure_complete(operation, value, "抽查核实", NOW)
    assert from_stored(operation, to_stored(value)) == known


@pytest.mark.parametrize("venture", [VentureFacts(str(PERSON), None), None])
def test_a_venture_is_stored_with_its_labels(venture) -> None:
    ensure_complete(CorrectionOp.SET_VENTURE, VentureChoice(PERSON), "抽查核实", NOW)
    found = ServedVenture(venture, Dimensions(area="outside", street=None, industry="retail"))
    assert from_stored(CorrectionOp.SET_VENTURE, to_stored(found)) == found


@pytest.mark.parametrize(
    ("operation", "value"),
    [
        (CorrectionOp.REMOVE_ATTENDEE, "F3"),
        (CorrectionOp.SET_ACTUAL_TIMES, "14:00"),
        (CorrectionOp.SET_TOPIC, None),
        (CorrectionOp.SET_VENTURE, PERSON),
        (CorrectionOp.SET_OVERRUN, "true"),
        (CorrectionOp.VOID, PERSON),
    ],
)
def test_a_value_of_another_kind_is_refused(operation, value) -> None:
    with pytest.raises(InvalidInputError) as refused:
        ensure_complete(operation, value, "抽查核实", NOW)
    assert [error.code for error in refused.value.errors] == ["correction.value"]


@pytest.mark.parametrize("reason", ["", "  ", "长" * 1001, "有\x00字"])
def test_a_correction_says_why(reason: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        ensure_complete(CorrectionOp.VOID, None, reason, NOW)
    assert [error.field for error in refused.value.errors] == ["reason"]


def test_times_that_cannot_have_been_are_refused() -> None:
    with pytest.raises(InvalidInputError) as refused:
        ensure_complete(CorrectionOp.SET_ACTUAL_TIMES, TIMES, "抽查核实", NOW - timedelta(days=60))
    assert [error.field for error in refused.value.errors] == ["actual_end"]
