"""What corrections say is right, in the words a reader knows it by."""

from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import select

from app.domain.correction import from_stored
from app.domain.service_record import ActualTimes, CorrectionOp, ServedVenture
from app.models.person import Person, Venture
from app.models.service_record import Correction
from app.unit_of_work import Reader

Shown = str | ActualTimes | bool | None


def named_in(reader: Reader, corrections: Collection[Correction]) -> Mapping[UUID, str]:
    """Return the names of the persons struck and the ventures named, as far as one may know."""
    keys = {key for each in corrections if (key := _key_of(each)) is not None}
    struck = any(each.operation == CorrectionOp.REMOVE_ATTENDEE for each in corrections)
    renamed = any(each.operation == CorrectionOp.SET_VENTURE for each in corrections)
    found: dict[UUID, str] = {}
    for model, is_asked in ((Person, struck), (Venture, renamed)):
        if is_asked:
            rows = reader.session.execute(select(model.id, model.name).where(model.id.in_(keys)))
            found |= {key: name for key, name in rows}
    return found


def shown_value(correction: Correction, named: Mapping[UUID, str]) -> Shown:
    """Return the value; of a person or venture the name, None where the reader may not know it.

    A service that was for no venture is an empty text.
    """
    value = from_stored(CorrectionOp(correction.operation), correction.value)
    if isinstance(value, ServedVenture) and value.venture is None:
        return ""
    key = _key_of(correction)
    if key is not None:
        return named.get(key)
    return None if isinstance(value, ServedVenture) else value


def _key_of(correction: Correction) -> UUID | None:
    value = from_stored(CorrectionOp(correction.operation), correction.value)
    if isinstance(value, ServedVenture):
        return UUID(value.venture.venture_id) if value.venture else None
    return UUID(str(value)) if correction.operation == CorrectionOp.REMOVE_ATTENDEE else None
