"""The faults of an imported file as people read them: row, column, reason."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.adapters.import_rows import Form
from app.domain.import_row import RowFault
from app.web.shared.errors import error_text
from app.web.shared.layout import reader_locale


@dataclass(frozen=True, slots=True)
class ToldFault:
    """One cell that cannot be taken, in words."""

    row: int
    field: str
    text: str


def told(form: Form, faults: Sequence[RowFault]) -> list[ToldFault]:
    """Return the faults with the names of their columns and the reasons in words."""
    locale = reader_locale()
    return [
        ToldFault(
            fault.row,
            form.label(fault.field),
            error_text(fault.code, {**fault.facts, "label": form.label(fault.field)}, locale),
        )
        for fault in faults
    ]
