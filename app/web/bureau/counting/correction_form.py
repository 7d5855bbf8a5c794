"""Reading what a correction says is right, each kind with fields of its own."""

from collections.abc import Callable, Mapping

from app.domain.correction import LONGEST_REASON, Value, VentureChoice
from app.domain.service_record import CorrectionOp
from app.domain.service_record.slices import LONGEST_NAME
from app.web.bureau.scheduling.times import read_times
from app.web.shared.forms import Form

NO_VENTURE = "none"
APPROVED, CAPPED = "approved", "capped"


def read_correction(form: Form, operation: CorrectionOp) -> tuple[Value, str]:
    """Return what is right and how it is known.

    Raises:
        InvalidInputError: naming each field at fault.
    """
    if operation is CorrectionOp.SET_ACTUAL_TIMES:
        with form:
            reason, sent = _reason(form), read_times(form)
        return sent.understood(), reason
    with form:
        reason = _reason(form)
        value = _READERS[operation](form)
    return value, reason


def _reason(form: Form) -> str:
    return form.text("reason", longest=LONGEST_REASON)


def _venture(form: Form) -> Value:
    if form.raw("value").strip() == NO_VENTURE:
        return VentureChoice(None)
    return VentureChoice(form.identifier("value"))


def _overrun(form: Form) -> Value:
    return form.choice("value", (APPROVED, CAPPED)) == APPROVED


_READERS: Mapping[CorrectionOp, Callable[[Form], Value]] = {
    CorrectionOp.REMOVE_ATTENDEE: lambda form: form.identifier("value"),
    CorrectionOp.SET_TOPIC: lambda form: form.text("value", longest=LONGEST_NAME),
    CorrectionOp.SET_VENTURE: _venture,
    CorrectionOp.SET_OVERRUN: _overrun,
    CorrectionOp.VOID: lambda _: None,
}
