"""What a mentor says when he declines or cancels."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.web.shared.forms import Form

LONGEST_NOTE = 500


@dataclass(frozen=True, slots=True)
class Ending:
    """A reason by its code, a word besides, and the version he saw."""

    reason: str
    note: str | None
    version: int


def read_ending(form: Form, reasons: Sequence[str]) -> Ending:
    """Read the reason, one of those offered.

    Raises:
        InvalidInputError: naming each field at fault.
    """
    with form:
        reason = form.choice("reason", reasons)
        note = form.text("note", longest=LONGEST_NOTE, required=False)
        version = form.version()
    return Ending(reason, note or None, version)


def read_version(form: Form) -> int:
    """Read the version of the row that the page showed.

    Raises:
        InvalidInputError: when the field is missing or is no number.
    """
    with form:
        return form.version()
