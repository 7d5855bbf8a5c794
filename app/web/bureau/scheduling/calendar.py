"""工作日历: what each year's notice says, and taking a new one over after a look."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.adapters.import_rows import CALENDAR
from app.adapters.sheets import pasted_rows, read_rows
from app.domain.actor import Permission, may
from app.domain.calendar_year import FIRST_YEAR, LAST_YEAR
from app.domain.errors import InvalidInputError, NotFoundError
from app.domain.import_row import ImportRefusedError, SourceRow
from app.http.actor import current_actor
from app.http.limits import takes_file
from app.http.policy import policy
from app.http.run import reading, run
from app.queries import calendar_years
from app.services import calendars
from app.services.calendars import CalendarReport
from app.web.bureau.pool.import_faults import ToldFault, told
from app.web.shared.forms import Form

LARGEST_FILE = 200_000
LONGEST_NAME, LONGEST_TABLE = 200, 20_000
PASTED = ".txt"


@dataclass(frozen=True, slots=True)
class Checked:
    """A notice as it came, its rows, and what taking it over would do."""

    name: str
    packed: str
    rows: Sequence[SourceRow]
    report: CalendarReport


def register(blueprint: Blueprint) -> None:
    """Add the page and its two acts."""
    blueprint.get("/bureau/calendar")(calendar)
    blueprint.post("/bureau/calendar")(check_calendar)
    blueprint.post("/bureau/calendar/confirm")(confirm_calendar)


@policy(Permission.READ_TASKS, Permission.SET_CALENDAR)
def calendar() -> ResponseReturnValue:
    """Show the days of a year that differ from the plain week."""
    return _page(Form())


@policy(Permission.SET_CALENDAR)
@takes_file
def check_calendar() -> ResponseReturnValue:
    """Check every row and write nothing; show the rows and what would follow, or every fault."""
    form = Form(request.form)
    try:
        name, content = _sent(form)
        rows = _rows(name, content)
        report = _imported(rows, is_rehearsal=True)
    except ImportRefusedError as error:
        return _page(form, faults=told(CALENDAR, error.faults)), 422
    except InvalidInputError as error:
        form.refuse(error)
        return _page(form), 422
    packed = base64.b64encode(content).decode()
    return _page(form, checked=Checked(name, packed, rows, report))


@policy(Permission.SET_CALENDAR)
def confirm_calendar() -> ResponseReturnValue:
    """Take over the notice that was checked; it is checked again."""
    form = Form(request.form)
    try:
        with form:
            name = form.text("name", longest=LONGEST_NAME)
        report = _imported(_rows(name, _unpacked(form.raw("content"))), is_rehearsal=False)
    except ImportRefusedError as error:
        return _page(Form(), faults=told(CALENDAR, error.faults)), 422
    except InvalidInputError as error:
        form.refuse(error)
        return _page(form), 422
    flash(
        _(
            "已导入：新增 %(created)s 天，更改 %(updated)s 天，撤去 %(withdrawn)s 天；"
            "挂起预约 %(suspended)s 个，恢复 %(resumed)s 个，延长期限 %(lengthened)s 处。",
            **asdict(report),
        ),
        "ok",
    )
    return redirect(url_for("bureau.calendar"), code=303)


def _sent(form: Form) -> tuple[str, bytes]:
    """Return name and content of the file chosen, or else of the table pasted."""
    file = request.files.get("file")
    if file is not None and file.filename:
        content = file.stream.read(LARGEST_FILE + 1)
        if len(content) > LARGEST_FILE:
            megabytes = LARGEST_FILE / 10**6
            raise InvalidInputError.at("file", "import.file_too_large", megabytes=megabytes)
        return file.filename[-LONGEST_NAME:], content
    with form:
        table = form.text("table", longest=LONGEST_TABLE)
    return _("粘贴的表格") + PASTED, table.encode()


def _rows(name: str, content: bytes) -> Sequence[SourceRow]:
    if not name.endswith(PASTED):
        return read_rows(name, content, CALENDAR.by_name)
    fields = [heading.field for heading in CALENDAR.headings]
    return pasted_rows(content.decode(errors="replace"), CALENDAR.by_name, fields)


def _unpacked(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise InvalidInputError.at("file", "input.not_chosen") from None


def _imported(rows: Sequence[SourceRow], *, is_rehearsal: bool) -> CalendarReport:
    # A second press is answered by what was kept of the first, which is plain JSON.
    return CalendarReport(**run(calendars.import_rows, rows, dry_run=is_rehearsal, answer=asdict))


def _year() -> int | None:
    text = request.args.get("year")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and FIRST_YEAR <= int(text) <= LAST_YEAR):
        raise NotFoundError
    return int(text)


def _page(form: Form, *, checked: Checked | None = None, faults: Sequence[ToldFault] = ()) -> str:
    with reading() as reader:
        page = calendar_years.year_page(reader, _year())
    return render_template(
        "bureau/scheduling/calendar.html",
        page=page,
        form=form,
        checked=checked,
        faults=faults,
        columns=CALENDAR.headings,
        may_import=may(current_actor(), Permission.SET_CALENDAR),
    )
