"""Reading a sheet of paper as it was typed in, row by row."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.availability import Mode
from app.domain.errors import FieldError, InvalidInputError
from app.domain.need import LONGEST_TEXT, SERVICES
from app.domain.outcome import RESULTS
from app.domain.paper_sheet import LONGEST_NUMBER, LONGEST_PLACE, MOST_ROWS
from app.domain.person import EARLIEST_BIRTH_YEAR, LONGEST_DOCUMENT, LONGEST_NAME
from app.services.outcomes.recording import LONGEST_TEXT as LONGEST_ADVICE
from app.services.paper_entries import Sheet, SheetRow
from app.services.ventures import LONGEST_NAME as LONGEST_VENTURE
from app.web.bureau.counter.registration_form import LATEST_BIRTH_YEAR, LONGEST_PHONE
from app.web.shared.forms import Form

FIRST_ROWS, MORE_ROWS = 5, 10
LONGEST_CODE = 40
MODES = [mode.value for mode in Mode]
# What shows that a row was filled in; the choices of a row are there before anybody writes.
WRITTEN = ("name", "phone", "birth_year", "expert", "starts", "ends", "text", "advice")
COLUMNS = (
    *WRITTEN,
    "session_type",
    "topic",
    "result",
    "mode",
    "document",
    "consented_on",
    "venture",
)


@dataclass(frozen=True, slots=True)
class Typed:
    """A sheet read, and which printed row each of its rows was."""

    sheet: Sheet

    def faults(self, errors: Iterable[FieldError]) -> InvalidInputError:
        """Return the faults of the sheet at the fields of the page."""
        return InvalidInputError(errors=[self._placed(each) for each in errors])

    def _placed(self, error: FieldError) -> FieldError:
        row, dot, column = error.field.partition("].")
        if not dot:
            return error
        position = self.sheet.rows[int(row.removeprefix("rows["))].position
        return FieldError(named(position, column), error.code, error.facts)


def named(position: int, column: str) -> str:
    """Return the name of a field of the page."""
    return f"r{position}_{column}"


def rows_shown(form: Form) -> int:
    """Return how many rows the page has: what was sent, and more when asked for."""
    sent = form.raw("count")
    count = int(sent) if sent.isascii() and sent.isdigit() and len(sent) < len("100") else 0
    count = count or FIRST_ROWS
    return min(MOST_ROWS, count + (MORE_ROWS if form.given("more") else 0))


def read_sheet(form: Form) -> Typed:
    """Read the rows that were filled in.

    Raises:
        InvalidInputError: naming each field, of rows as `r3_phone`.
    """
    filled = [at for at in range(1, rows_shown(form) + 1) if _is_filled(form, at)]
    with form:
        number = form.text("number", longest=LONGEST_NUMBER)
        day = form.day("day")
        filed_at = form.text("filed_at", longest=LONGEST_PLACE)
        place = form.text("place", longest=LONGEST_PLACE, required=False)
        rows = [_row(form, position) for position in filled]
    return Typed(Sheet(number=number, day=day, filed_at=filed_at, place=place, rows=rows))


def faulty_rows(form: Form) -> Sequence[tuple[int, str, FieldError]]:
    """Return the faults of rows as row, column and fault, in the order of the sheet."""
    found = []
    for fault in form.faults:
        row, _, column = fault.field.partition("_")
        if row.startswith("r") and row[1:].isdigit():
            found.append((int(row[1:]), column, fault))
    return sorted(found, key=lambda each: (each[0], COLUMNS.index(each[1])))


def _is_filled(form: Form, position: int) -> bool:
    return any(form.given(named(position, column)) for column in WRITTEN)


def _row(form: Form, at: int) -> SheetRow:
    mode = form.choice(named(at, "mode"), MODES)
    return SheetRow(
        position=at,
        name=form.text(named(at, "name"), longest=LONGEST_NAME),
        phone=_text(form, at, "phone", LONGEST_PHONE),
        birth_year=_year(form, named(at, "birth_year")),
        document=_text(form, at, "document", LONGEST_DOCUMENT),
        consented_on=_day(form, named(at, "consented_on")),
        expert=form.text(named(at, "expert"), longest=LONGEST_NAME),
        session_type=form.choice(named(at, "session_type"), sorted(SERVICES)),
        topic=form.text(named(at, "topic"), longest=LONGEST_CODE),
        text=form.text(named(at, "text"), longest=LONGEST_TEXT),
        advice=form.text(named(at, "advice"), longest=LONGEST_ADVICE),
        result=form.choice(named(at, "result"), RESULTS),
        starts=form.time_of_day(named(at, "starts"), step=1),
        ends=form.time_of_day(named(at, "ends"), step=1),
        mode=Mode(mode) if mode else Mode.ONSITE,
        venture=_text(form, at, "venture", LONGEST_VENTURE),
    )


def _text(form: Form, at: int, column: str, longest: int) -> str | None:
    return form.text(named(at, column), longest=longest, required=False) or None


def _year(form: Form, name: str) -> int | None:
    return form.integer(name, EARLIEST_BIRTH_YEAR, LATEST_BIRTH_YEAR) if form.given(name) else None


def _day(form: Form, name: str) -> date | None:
    return form.day(name) if form.given(name) else None
