"""A sheet of paper with numbered rows, printed to be filled in and typed in later as one batch."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date

from app.domain import prose
from app.domain.errors import ConflictError, FieldError, InvalidInputError

MOST_ROWS = 50
LONGEST_PLACE = 80
LONGEST_NUMBER = 24
# Read off paper: no letters that are taken for each other.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
MARKS = 5
_NUMBER = re.compile(r"[0-9A-Z]{2,8}(?:-[0-9A-Z]{2,10}){0,2}")


class SheetKnownError(ConflictError):
    """The sheet with this number has been typed in already."""

    default_code = "paper_sheet.known"


def sheet_number(day: date, drawn: Sequence[int]) -> str:
    """Return a number to print on a new sheet: the day, then marks that tell it from others.

    Args:
        day: of printing.
        drawn: MARKS numbers drawn at random.
    """
    marks = "".join(ALPHABET[each % len(ALPHABET)] for each in drawn)
    return f"QD{day:%y%m%d}-{marks}"


def clean_number(text: str) -> str:
    """Return the number of a sheet as it is compared: one width, capital letters, no spaces.

    Raises:
        InvalidInputError: at field `number`, it cannot be one.
    """
    number = "".join(unicodedata.normalize("NFKC", text).upper().split())
    if len(number) > LONGEST_NUMBER or not _NUMBER.fullmatch(number):
        raise InvalidInputError.at("number", "paper_sheet.number")
    return number


def ensure_sheet(day: date, today: date, filed_at: str, positions: Sequence[int]) -> None:
    """Refuse a sheet of the future, of no rows or too many, or with one row twice.

    Raises:
        InvalidInputError: naming each field at fault.
    """
    errors = prose.faults("filed_at", filed_at, LONGEST_PLACE)
    if day > today:
        errors.append(FieldError("day", "paper_sheet.in_future"))
    if not positions:
        errors.append(FieldError("rows", "paper_sheet.empty"))
    if len(positions) > MOST_ROWS:
        errors.append(FieldError("rows", "paper_sheet.too_many_rows", {"most": MOST_ROWS}))
    if len(set(positions)) < len(positions) or any(each < 1 for each in positions):
        errors.append(FieldError("rows", "paper_sheet.row_twice"))
    if errors:
        raise InvalidInputError(errors=errors)


def at_row(index: int, errors: Iterable[FieldError]) -> list[FieldError]:
    """Return the faults of a row as faults of the sheet: `rows[3].phone`."""
    return [FieldError(f"rows[{index}].{each.field}", each.code, each.facts) for each in errors]
